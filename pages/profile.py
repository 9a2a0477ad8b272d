"""Profile: one place, to read and to hand out."""

import streamlit as st

from equity.ui import gathered
from equity.ui.choose import choose
from equity.ui.files import profile_files
from equity.ui.foot import foot
from equity.ui.home_visiting import home_visiting
from equity.ui.lead import lead
from equity.ui.other_years import other_years
from equity.ui.plain import plain
from equity.ui.session import current_release
from equity.ui.show import chart, table
from equity.ui.statements import cards, say_statements
from equity.views.charts.dots import group_dots, spine_chart
from equity.views.charts.trend import trend_chart
from equity.views.disparities import gap_notes, gap_statements, inequality_view, other_gap_statements
from equity.views.drivers import drivers, pace
from equity.views.format import period_text
from equity.views.notes import demonstration_notice, widened
from equity.views.overview import state
from equity.views.profile import rows_table
from equity.views.selecting import period_codes
from equity.words import say

release = current_release()
places = gathered.place_codes()
names = {code: release.area_name(*place) for code, place in places.items()}
blocks = period_codes([(first, last) for first, last in reversed(release.manifest["blocks"])])

head = st.container()
with st.container(horizontal=True):
    area = choose(
        say("profile.pick_place"), "area", list(places), names, default="29510", noun=say("profile.noun")
    )
    period = choose(
        say("map.pick_period"),
        "period",
        list(blocks),
        {code: period_text(*years) for code, years in blocks.items()},
    )

profile = gathered.profile(places[area], blocks[period])
with head:
    lead("ui.page.profile", "profile.lead", demonstration_notice(profile.figures()))
st.header(say("profile.title", place=profile.name), divider="gray")
cards([state(release, row.figure) for row in profile.headline])
if profile.stand_in:
    st.markdown(widened(release, profile.name, profile.stand_in))
    say_statements([state(release, profile.stand_in)])

st.subheader(say("profile.race_title"))
race = group_dots(release, [row.figure for row in profile.by_race], profile.name)
chart(race.figure, alt=race.alt, sentence=race.sentence, table=race.table, key="race")
cards([state(release, row.figure) for row in profile.comparisons], across=2)
st.markdown(say("profile.race_state"))
say_statements([state(release, row.figure) for row in profile.state_by_race])

st.subheader(say("drivers.gap_title"))
say_statements(gap_statements(profile))
for note in gap_notes(profile):
    st.markdown(plain(note))
for words, statements in other_gap_statements(profile):
    st.markdown(plain(words))
    say_statements(statements)
if summary := inequality_view(profile):
    with st.expander(say("drivers.inequality_title")):
        table(summary[1], summary[0])

st.subheader(say("profile.trend_title"))
trend = trend_chart(release, list(profile.trend), profile.name)
chart(trend.figure, alt=trend.alt, sentence=trend.sentence, table=trend.table, key="trend")
st.markdown(f"**{say('drivers.trend_title')}**")
st.markdown("\n".join(f"- {plain(sentence)}" for sentence in pace(profile)))

other_years(profile)

st.subheader(say("profile.spine_title"))
st.caption(say("profile.spine_lead"))
for start in range(0, len(profile.spine), 2):
    for half, row in zip(st.columns(2, gap="large"), profile.spine[start : start + 2], strict=False):
        spine = spine_chart(release, row)
        with half:
            chart(spine.figure, alt=spine.alt, sentence=spine.sentence, table=spine.table, key=row.measure.id)

st.subheader(say("drivers.what_title"))
st.caption(say("drivers.what_lead"))
for part in drivers(profile):
    if drawn := part.chart:
        chart(drawn.figure, alt=drawn.alt, sentence=drawn.sentence, table=drawn.table, key=part.key)
    else:
        st.markdown(plain(part.sentence))

home_visiting(profile)
st.subheader(say("profile.context_title"))
table(rows_table(release, profile.context, groups=False), say("profile.context_lead"))

foot(release, profile.figures(), profile_files(profile, f"equity-profile-{area}-{period}-{release.id}"))
