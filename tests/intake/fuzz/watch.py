"""What a reader did to the machine: files, network and programs it touched, memory and time it took."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

#: A case that takes longer than this never ends, as far as a person can tell.
SECONDS: Final = 60
#: Where Python looks for its modules and packages for their data: reading there is no harm.
_HOME: Final = (sys.prefix, sys.base_prefix, str(Path(os.__file__).parent), str(Path(__file__).parents[3]))
_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
#: Events of the interpreter that touch something outside the process.
_OUTSIDE: Final = (
    "socket.connect", "socket.getaddrinfo", "socket.bind", "socket.gethostbyname", "urllib.Request",
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.remove", "os.rename",
    "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "shutil.", "tempfile.",
    "webbrowser.open", "ftplib.", "http.client.connect", "pickle.find_class",
)  # fmt: skip
_seen: list[str] | None = None
_hooked = False


class TooLong(BaseException):
    """A case took longer than :data:`SECONDS`. No reader may swallow it."""


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _seen is None:
        return
    if event == "open":
        path, flags = arguments[0], arguments[2] if isinstance(arguments[2], int) else 0
        if not isinstance(path, str | bytes | os.PathLike):
            return  # a descriptor that is open already
        written = os.fsdecode(path)
        if flags & _WRITES or not written.startswith(_HOME):
            _seen.append(f"open {written}")
    elif event.startswith(_OUTSIDE):
        _seen.append(f"{event} {arguments!r}"[:200])


@contextmanager
def inert() -> Iterator[None]:
    """Fails where the work inside opened, wrote, fetched or started anything, or never came to an end.

    Reading Python's and the project's own files is allowed.
    """
    global _seen, _hooked
    if not _hooked:
        sys.addaudithook(_hook)
        _hooked = True
    before = signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(SECONDS)
    touched: list[str] = []
    _seen = touched
    try:
        yield
    finally:
        _seen = None
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert touched == []


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TooLong(f"still at work after {SECONDS} seconds")


@contextmanager
def bounded(megabytes: float) -> Iterator[None]:
    """Fails where this process held so much more memory at any moment inside (MB, 10^6 bytes)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts anew
    before = _memory("VmRSS")
    yield
    grown = _memory("VmHWM") - before
    assert grown <= megabytes, f"{grown:.0f} MB more than before"


def _memory(name: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) * 1024 / 1e6
