"""Data: where the figures come from, how complete they are, and the steward's desk."""

import streamlit as st

from equity.ui.lead import lead
from equity.ui.session import current_release
from equity.ui.show import Download, downloads, table
from equity.ui.sign_in import current_visitor
from equity.ui.steward import acting_as
from equity.ui.templates import templates
from equity.views.about import sources_table
from equity.views.completeness import QUARTERS, open_problems, reporting, reporting_notice
from equity.views.documents.frame_csv import frame_csv
from equity.words import say

release = current_release()
lead("ui.page.data", "data.lead", reporting_notice(release))

# loaded only where there is somebody to use it
if acting_as():
    from equity.ui.desk import desk
    from equity.ui.history import history

    desk()
    history()
if sender := current_visitor().own:
    from equity.ui.own import own

    own(sender)

st.header(say("data.to_do_title"), divider="gray", anchor="open")
problems = open_problems(release)
table(problems, say("data.to_do_caption"), whole=True)

st.header(say("data.complete_title"), divider="gray", anchor="complete")
complete = reporting(release)
table(complete, say("data.complete_caption", quarters=QUARTERS), whole=True)

st.header(say("data.templates_title"), divider="gray", anchor="templates")
templates()

st.header(say("data.sources_title"), divider="gray", anchor="sources")
sources = sources_table(release)
table(sources, say("about.sources_caption"), whole=True)

downloads(
    [
        Download(
            say("data.download_sources"),
            f"sources-{release.id}.csv",
            "text/csv",
            lambda: frame_csv(sources, release),
        ),
        Download(
            say("data.download_complete"),
            f"reporting-{release.id}.csv",
            "text/csv",
            lambda: frame_csv(complete, release),
        ),
    ]
)
