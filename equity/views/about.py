"""About: methods in plain words, glossary, sources, and what of it is demonstration."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from equity.registry import measures
from equity.release.load import Release
from equity.words import say, topic


def glossary() -> dict[str, str]:
    """Terms and what they mean, in alphabetical order."""
    return dict(sorted(topic("glossary").items(), key=lambda item: item[0].lower()))


def methods() -> list[tuple[str, str]]:
    """Questions a reader has about the figures, each with its answer."""
    entries = topic("method")
    return [
        (text, entries[f"{key.removesuffix('.question')}.answer"])
        for key, text in entries.items()
        if key.endswith(".question")
    ]


def measures_table(today: dt.date) -> pd.DataFrame:
    """Every measure: what it means, its unit, which way is better, its interval, when it misleads."""
    rows = measures().values()
    return pd.DataFrame(
        {
            say("table.measure"): [entry.name for entry in rows],
            say("about.column.definition"): [entry.definition for entry in rows],
            say("about.column.unit"): [entry.unit for entry in rows],
            say("table.better"): [say(f"table.{entry.direction}") for entry in rows],
            say("about.column.interval"): [entry.interval for entry in rows],
            say("about.column.misleads"): [entry.misleads for entry in rows],
            say("about.column.defined_by"): [entry.defined_by for entry in rows],
            say("about.column.review"): [
                say(
                    "about.overdue" if entry.overdue(today) else "about.reviewed",
                    date=entry.next_review.isoformat(),
                )
                for entry in rows
            ],
        }
    )


def sources_table(release: Release) -> pd.DataFrame:
    """Every source of the release, with its vintage and licence."""
    sources = (
        release.tables["sources"]
        .fillna("")
        .sort_values(["basis", "publisher", "title"], ascending=[False, True, True])
    )
    return pd.DataFrame(
        {
            say("about.column.publisher"): sources["publisher"],
            say("about.column.title"): sources["title"],
            say("about.column.vintage"): sources["vintage"],
            say("table.basis"): [say(f"figure.basis_short.{basis}") for basis in sources["basis"]],
            say("about.column.licence"): sources["licence"],
            say("about.column.note"): sources["note"],
            say("about.column.address"): sources["url"],
        }
    ).reset_index(drop=True)


def release_facts(release: Release) -> dict[str, str]:
    """What the release is: id, date, rules, boundaries, and how many figures are of which kind."""
    rules = release.manifest["rules"]
    counts = release.manifest["figures"]
    by_basis = {
        basis: sum(n for key, n in counts.items() if key.startswith(f"{basis}/"))
        for basis in ("reported", "demonstration")
    }
    hidden = sum(n for key, n in counts.items() if key.endswith("/suppressed"))
    return {
        say("about.fact.id"): release.id,
        say("about.fact.made"): release.created_at[:10],
        say("about.fact.policy"): release.policy,
        say("about.fact.rules"): say(
            "about.rules",
            low=rules["hidden_counts"][0],
            high=rules["hidden_counts"][1],
            floor=rules["deaths_for_a_rate"],
            widest=round(rules["widest_relative_interval_percent"]),
            steady=rules["marked_below_deaths"],
        ),
        say("about.fact.figures"): say(
            "about.figures", hidden=f"{hidden:,}", **{k: f"{v:,}" for k, v in by_basis.items()}
        ),
        say("about.fact.boundaries"): release.manifest["boundaries"],
    }
