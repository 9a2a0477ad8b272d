"""About: methods in plain words, glossary, sources, and what of it is demonstration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from equity.registry import measures
from equity.release.load import Release
from equity.views.format import number
from equity.views.notes import thresholds
from equity.words import say, topic

_NO_RULES: Final[Mapping[str, Any]] = {}
SMOOTHED: Final = "infant_mortality_smoothed"
#: Sections of the page; the methods stand after the first.
SECTIONS: Final = ("demonstration", "measures", "glossary", "sources", "release")
#: Methods by the topic they stand under, in reading order.
TOPICS: Final = {
    "basics": ("rate", "interval", "share", "small", "period", "race"),
    "gap": ("ratio", "excess", "shares", "levelling", "inequality", "gradient", "score"),
    "areas": ("smoothing", "simpler", "probability", "cluster", "pattern"),
    "time": ("pace", "joint", "marker", "next_year", "jump"),
    "targets": ("target", "status", "chance"),
    "drivers": ("kitagawa", "periods", "association"),
    "visits": ("need", "need_rules", "slots", "counted_twice", "reach", "follow", "map"),
}


@dataclass(frozen=True)
class Method:
    """A question a reader has, its answer, when the method misleads, and who defined it."""

    key: str
    question: str
    answer: str
    misleads: str
    defined_by: str

    @property
    def anchor(self) -> str:
        """The end of an address that leads to it."""
        return f"method-{self.key.replace('_', '-')}"

    @property
    def text(self) -> str:
        """All of it below the question, as Markdown."""
        return "\n\n".join(
            (
                self.answer,
                f"**{say('about.misleads')}** {self.misleads}",
                f"**{say('about.defined_by')}** {self.defined_by}",
            )
        )


def glossary(rules: Mapping[str, Any] = _NO_RULES) -> dict[str, str]:
    """Terms and what they mean, in alphabetical order; ``rules`` of the release that is shown."""
    limits = thresholds(rules)
    codes = dict.fromkeys(key.partition(".")[0] for key in topic("glossary"))
    meanings = {say(f"glossary.{code}.term"): say(f"glossary.{code}.text", **limits) for code in codes}
    return dict(sorted(meanings.items(), key=lambda entry: entry[0].lower()))


@dataclass(frozen=True)
class Topic:
    """Methods that belong together."""

    key: str
    title: str
    methods: tuple[Method, ...]

    @property
    def links(self) -> str:
        """Links to the answers, as a Markdown list."""
        return "\n".join(f"- [{method.question}](#{method.anchor})" for method in self.methods)


def method_topics(rules: Mapping[str, Any] = _NO_RULES) -> tuple[Topic, ...]:
    """Everything that is said of how the figures are made, in reading order; ``rules`` of the release."""
    limits = thresholds(rules)
    return tuple(
        Topic(f"methods-{key}", say(f"method.topic.{key}"), tuple(_method(name, limits) for name in names))
        for key, names in TOPICS.items()
    )


def _method(key: str, limits: Mapping[str, int]) -> Method:
    said = {name: say(f"method.{key}.{name}", **limits) for name in topic(f"method.{key}")}
    return Method(key, said["question"], said["answer"], said["misleads"], said["defined_by"])


def methods() -> list[tuple[str, str]]:
    """Questions a reader has about the figures, each with all that is said of it."""
    return [(method.question, method.text) for found in method_topics() for method in found.methods]


def contents() -> str:
    """Links to the sections of the page, as a Markdown list."""
    topics = [(found.key, found.title) for found in method_topics()]
    first, *rest = [(name, say(f"about.{name}_title")) for name in SECTIONS]
    return "\n".join(f"- [{title}](#{key})" for key, title in (first, *topics, *rest))


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
        say("about.fact.rules"): _rules(rules),
        say("about.fact.figures"): say(
            "about.figures", hidden=f"{hidden:,}", **{k: f"{v:,}" for k, v in by_basis.items()}
        ),
        say("about.fact.boundaries"): release.manifest["boundaries"],
        **_model_fact(release.manifest.get("models", {}).get(SMOOTHED, {})),
    }


def _rules(rules: Mapping[str, Any]) -> str:
    """The rules of a release's policy in words."""
    told = [
        say(
            "about.rules",
            room=rules.get("values_left_open", 5),
            low=rules["hidden_counts"][0],
            high=rules["hidden_counts"][1],
            floor=rules["deaths_for_a_rate"],
            widest=round(rules["widest_relative_interval_percent"]),
            steady=rules["marked_below_deaths"],
        )
    ]
    if births := rules.get("births_for_a_rate"):
        told.append(say("about.rules_births", births=births))
    if not rules.get("zero_shown", True):
        told.append(say("about.rules_zero"))
    return " ".join(told)


def _model_fact(found: Mapping[str, Any]) -> dict[str, str]:
    """Whether the model for small places passed its checks, and how far simpler ones agree with it."""
    if not found:
        return {}
    order = "; ".join(
        say("about.model_order", name=name, agreement=number(agreement, 2))
        for name, agreement in found.get("same_order", {}).items()
    )
    passed = "model_passed" if order else "model_passed_alone"
    outcome = passed if found["diagnostics"] == "passed" else "model_failed"
    return {say("about.fact.model"): say(f"about.{outcome}", model=found["model"], order=order)}
