"""Profiles as files, alone or all counties in one archive: the same bytes for page and command line."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Final

from equity.release.figure import period_code
from equity.release.load import Release
from equity.views.documents.about import release_sentence
from equity.views.documents.pdf import profile_pdf
from equity.views.documents.spreadsheet import profile_xlsx
from equity.views.documents.tables import csv_bytes
from equity.views.documents.wording import profile_title
from equity.views.profile import Profile, build_profile
from equity.views.selecting import place_codes
from equity.words import DEFAULT, language, say

#: What a profile is made as, by the ending of the file's name.
FORMATS: Final[dict[str, Callable[[Profile], bytes]]] = {
    "pdf": profile_pdf,
    "xlsx": profile_xlsx,
    "csv": lambda profile: csv_bytes(profile.release, profile.figures()),
}


def profile_name(profile: Profile, code: str) -> str:
    """The name of a profile's files without its ending; ``code`` is the place's in addresses."""
    return _name(f"profile-{code}", profile.period, profile.release)


def pack_name(release: Release, period: tuple[int, int]) -> str:
    """The name of the archive of all counties."""
    return f"{_name('profiles', period, release)}.zip"


def _name(what: str, period: tuple[int, int], release: Release) -> str:
    """Files of a language other than the first one are named after it too."""
    spoken = () if language() == DEFAULT else (language(),)
    return "-".join(("equity", what, period_code(*period), release.id, *spoken))


def counties(release: Release) -> dict[str, tuple[str, str]]:
    """Every county that has a profile, by its code, in the order of names."""
    return place_codes(release, ("county",))


def profile_pack(release: Release, period: tuple[int, int]) -> bytes:
    """A ZIP archive of every county's profile in every format, with a text that says what it is.

    The same release and period give the same bytes: entries carry the release's date.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _entries(release, period):
            archive.writestr(zipfile.ZipInfo(name, _moment(release)), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _entries(release: Release, period: tuple[int, int]) -> Iterator[tuple[str, bytes]]:
    profiles = {code: build_profile(release, *place, period) for code, place in counties(release).items()}
    yield "README.txt", _read_me(release, list(profiles.values())).encode()
    for code, profile in profiles.items():
        for ending, make in FORMATS.items():
            yield f"{profile_name(profile, code)}.{ending}", make(profile)


def _read_me(release: Release, profiles: list[Profile]) -> str:
    titles = "\n".join(f"- {profile_title(profile)}" for profile in profiles)
    what = f"{say('document.pack.what')}\n{release_sentence(release)}"
    return "\n\n".join((what, titles, say("document.pack.how"))) + "\n"


def _moment(release: Release) -> tuple[int, int, int, int, int, int]:
    year, month, day = (int(part) for part in release.created_at[:10].split("-"))
    return year, month, day, 0, 0, 0
