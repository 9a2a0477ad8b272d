"""Columns that more than one report has."""

from __future__ import annotations

from typing import Final

from equity.intake.schemas.column import Column

#: Models by the names used here, and the short forms by which people know them.
MODELS: Final[dict[str, tuple[str, ...]]] = {
    "Parents as Teachers": ("pat",),
    "Nurse-Family Partnership": ("nfp",),
    "Healthy Families America": ("hfa", "healthy families"),
    "Early Head Start home-based": ("ehs", "early head start", "early head start home based option"),
    "Nurse home visiting": ("nurse home visits", "nurse visiting"),
}
FUNDERS: Final = ("Federal MIECHV", "State", "County", "Foundation", "Medicaid")

AGENCY: Final = Column(
    name="agency",
    title="Agency",
    description="The agency that runs the program.",
    write="The agency's name, or its id where it has one here; always written alike.",
    example="Example Family Center (example)",
    holds="name",
    needed="always",
    aliases=(
        "agency name", "name of agency", "agency id", "organization", "organization name", "provider",
        "provider agency", "local implementing agency", "implementing agency", "lia",
    ),
)  # fmt: skip
PROGRAM: Final = Column(
    name="program",
    title="Program",
    description="The home-visiting program: one model, run by one agency.",
    write="The program's name, or its id where it has one here; always written alike.",
    example="Example First Steps (example)",
    holds="name",
    needed="always",
    aliases=(
        "program name", "name of program", "program id", "home visiting program", "program site", "site name",
    ),
)  # fmt: skip
MODEL: Final = Column(
    name="model",
    title="Model",
    description="The home-visiting model the program follows.",
    write="The model's name. Needed once for every program.",
    example="Parents as Teachers",
    holds="name",
    needed="sometimes",
    choices=tuple(MODELS),
    aliases=("program model", "home visiting model", "evidence based model", "model name", "curriculum"),
)
FUNDER: Final = Column(
    name="funder",
    title="Funder",
    description="Who pays for most of the places.",
    write="One name.",
    example="Federal MIECHV",
    holds="name",
    choices=FUNDERS,
    aliases=("funding source", "funding", "funded by", "primary funder", "main funder"),
)
FTE: Final = Column(
    name="home_visitor_fte",
    title="Home visitor FTE",
    description="Home visitors at the end of the quarter, in full-time positions (Form 4, A.4).",
    write="Full-time positions, with a point for decimals; in the program's own row.",
    example="2.5",
    holds="number",
    low=0,
    high=1000,
    aliases=(
        "fte", "home visitors fte", "home visitors", "home visitor ftes", "staff fte", "fte home visitors",
        "home visitor full time equivalents", "a 4 home visitor fte", "number of home visitor ftes",
    ),
)  # fmt: skip
