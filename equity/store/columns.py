"""The columns and rules that tables of the store share."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import CheckConstraint, Column, Double, ForeignKey, Integer, Text

from equity.store import codes


def required(name: str) -> Column[str]:
    """Text that is always there."""
    return Column(name, Text, nullable=False)


def blank(name: str) -> Column[str]:
    """Part of a key, so never NULL: ``''`` where there is nothing to say."""
    return Column(name, Text, nullable=False, server_default="")


def text(name: str) -> Column[str]:
    """Text, or NULL where there is nothing to say."""
    return Column(name, Text)


def number(name: str) -> Column[float]:
    """A number, or NULL."""
    return Column(name, Double)


def source(nullable: bool = False) -> Column[str]:
    """The source a row comes from."""
    return Column("source_id", Text, ForeignKey("source.id"), nullable=nullable)


def program() -> Column[str]:
    """The program a row is a fact of."""
    return Column("program_id", Text, ForeignKey("program.id", ondelete="CASCADE"), nullable=False)


def area() -> tuple[Column[str], Column[str]]:
    """Kind and code of a place."""
    return required("area_kind"), required("area")


def years() -> tuple[Column[int], Column[int]]:
    """First and last year, both inclusive."""
    return Column("first_year", Integer, nullable=False), Column("last_year", Integer, nullable=False)


def one_of(column: str, allowed: Iterable[str]) -> CheckConstraint:
    """Only these codes."""
    listed = ", ".join(f"'{code}'" for code in allowed)
    return CheckConstraint(f'"{column}" IN ({listed})', name=column)


def area_kind(column: str = "area_kind") -> CheckConstraint:
    """Only kinds of place that are known."""
    return one_of(column, codes.AREA_KINDS)


def group() -> CheckConstraint:
    """Only groups that are known."""
    return one_of("group", codes.GROUPS)


def period() -> CheckConstraint:
    """The first year is not after the last."""
    return CheckConstraint("first_year <= last_year", name="period")


def not_negative(*columns: str) -> CheckConstraint:
    """No number below zero."""
    return CheckConstraint(" AND ".join(f'"{name}" >= 0' for name in columns), name="not_negative")


def quarter() -> CheckConstraint:
    """A quarter is ``YYYYQn``."""
    shape = "length(quarter) = 6 AND quarter LIKE '____Q_' AND substr(quarter, 6, 1) IN ('1', '2', '3', '4')"
    return CheckConstraint(shape, name="quarter")
