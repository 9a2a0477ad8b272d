"""A page for tests: notices."""

import streamlit as st

from equity.ui import notices

st.title("Targets")
notices.withheld(
    ["Dunklin: withheld by the publisher, fewer than 20 deaths.", "Costs of $5 to $7 are *not* hidden."]
)
notices.withheld([])
notices.demonstration("Coverage by ZIP is.")
