"""A page for tests: notices."""

import streamlit as st

from equity.ui import notices
from equity.ui.links import page_link

st.title("Targets")
notices.withheld(
    ["Dunklin: withheld by the publisher, fewer than 20 deaths.", "Costs of $5 to $7 are *not* hidden."]
)
notices.withheld([])
notices.demonstration("Coverage by ZIP is.")
page_link("profile", "Dunklin's profile, $5", area="29069", period="")
