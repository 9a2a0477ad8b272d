"""The frame of every page: its address, its title, the release it shows, and the footer."""

from __future__ import annotations

from typing import Final

import streamlit as st

from equity.config import ROOT
from equity.release.load import ReleaseError
from equity.store.errors import StoreError
from equity.ui.language import hear, offer_languages
from equity.ui.notices import footer
from equity.ui.problem import show_problem
from equity.ui.session import pin_release
from equity.ui.show import wrap_addresses
from equity.ui.sign_in import arrive, welcome
from equity.words import say

#: The pages in the order of the menu, the first one at ``/``: each is a file of ``pages/`` and its address.
PAGES: Final = ("overview", "map", "coverage", "planner", "profile", "targets", "data", "about")
#: A file of our own: Streamlit's icons for the browser tab come from another server.
ICON: Final = ROOT / "equity" / "ui" / "static" / "icon.svg"


def main() -> None:
    """Draw the page that the address names."""
    hear()
    pages = [
        st.Page(
            ROOT / "pages" / f"{name}.py",
            title=say(f"ui.page.{name}"),
            url_path=name,
            default=name == PAGES[0],
        )
        for name in PAGES
    ]
    page = st.navigation(pages, position="top")
    st.set_page_config(
        page_title=f"{page.title} – {say('ui.site.title')}",
        page_icon=str(ICON),
        layout="wide",
        menu_items={"About": say("ui.site.about"), "Get help": None, "Report a bug": None},
    )
    offer_languages()
    try:
        visitor = arrive()
        release, closed = pin_release(visitor.policy, visitor.areas)
    except (StoreError, ReleaseError) as reason:
        show_problem(reason)
        return
    welcome(visitor, release, closed)
    wrap_addresses()
    page.run()
    footer(release)


main()
