"""A file that was handed in: what it is, what its reader found, and the file with these marks."""

from __future__ import annotations

import streamlit as st

from equity.intake.findings import Finding, as_table
from equity.intake.marked import marked_copy
from equity.intake.submit import findings_of
from equity.intake.upload import open_upload
from equity.store.submissions import Submission
from equity.ui.plain import plain
from equity.ui.show import XLSX, table
from equity.words import say


def show_file(row: Submission) -> None:
    """Show what a file is and what its reader found."""
    report, findings = row.report, findings_of(row)
    st.markdown(f"**{plain(row.file_name)}**")
    when = row.received_at[:16].replace("T", " ")
    read, refused = f"{report['rows_read']:,}", f"{report['rows_refused']:,}"
    st.markdown(plain(say("data.desk.rows", title=report["title"], read=read, refused=refused, when=when)))
    if findings:
        grave = any(finding.level != "note" for finding in findings)
        with st.expander(say("data.desk.findings", findings=counted_findings(row)), expanded=grave):
            shown = as_table(findings).astype("str").replace({"row": {"0": ""}})
            table(shown, say("data.desk.findings_caption"))
            _marked(row, findings)


def counted_findings(row: Submission) -> str:
    """``1 error, 0 warnings, 2 notes``: how much its reader found in a file."""
    levels = [finding.level for finding in findings_of(row)]
    return say(
        "data.desk.findings_counted",
        **{f"{level}s": levels.count(level) for level in ("error", "warning", "note")},
    )


def keep_bytes(submission_id: str, content: bytes) -> None:
    """Keep a file for its marked copy only, for as long as this session lasts; the store never has it."""
    st.session_state[f"desk:bytes:{submission_id}"] = content


def _marked(row: Submission, findings: tuple[Finding, ...]) -> None:
    content = st.session_state.get(f"desk:bytes:{row.id}")
    if content is not None:
        name = f"marked-{row.id}.xlsx"
        st.download_button(
            say("data.desk.marked"),
            data=lambda: marked_copy(open_upload(row.file_name, content), findings),
            file_name=name,
            mime=XLSX,
            key=f"desk:{name}",
            on_click="ignore",
        )
