"""What an agency and a steward do, in a process of its own.

``python -m tests.ops.handing_in URL SEED ROUNDS`` hands in, accepts, declines and withdraws at random, beside
others that do the same, and prints how often each was done as JSON. What another process was faster with is
refused with a sentence; anything else ends the process with an error.

``python -m tests.ops.handing_in URL kill ACTION ID STATEMENTS`` does one thing (``receive``, ``accept``,
``withdraw``) and is killed after so many statements that write or read in its transaction.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from collections import Counter
from contextlib import suppress
from typing import Any

from sqlalchemy import Engine, event

from equity.intake.report import IntakeError
from equity.intake.submit import accept, decline, receive, withdraw
from equity.store.engine import open_store
from equity.store.submissions import list_submissions

PROGRAMS, QUARTERS, VERSIONS = ("One", "Two", "Three"), ("2022Q3", "2022Q4"), (40, 42)
_HEAD = (
    "Agency,Program,Model,Funder,Quarter,ZIP,Group,New households,Continuing households,"
    "Maximum service capacity\n"
)


def report(program: str, quarter: str, households: int) -> tuple[str, bytes]:
    """Name and content of a report of one program and quarter; the name says what is in it."""
    start = f"Hand in Hand,{program},PAT,State,{quarter}"
    rows = f"{start},,,5,{households - 5},100\n"
    rows += f"{start},63106,all,5,{households - 25},\n{start},63107,all,0,20,\n"
    return f"{program}_{quarter}_{households}.csv", (_HEAD + rows).encode()


def _one_step(engine: Engine, dice: random.Random, who: str) -> str:
    """Do one thing at random; what was done."""
    if dice.random() < 0.5:
        name, content = report(dice.choice(PROGRAMS), dice.choice(QUARTERS), dice.choice(VERSIONS))
        return "again" if receive(engine, name, content, who).again else "receive"
    status = dice.choices(["waiting", "accepted"], [3, 1])[0]
    listed = list_submissions(engine, [status])
    if not listed:
        return "nothing"
    found = dice.choice(listed).id
    if status == "accepted":
        withdraw(engine, found, who, "a trial")
        return "withdraw"
    if dice.random() < 0.1:
        decline(engine, found, who, "a trial")
        return "decline"
    accept(engine, found, who, "a trial")
    return "accept"


def _at_random(url: str, seed: int, rounds: int) -> Counter[str]:
    engine, dice, done = open_store(url), random.Random(seed), Counter[str]()  # noqa: S311 - no secret
    for _ in range(rounds):
        try:
            done[_one_step(engine, dice, f"agency {seed}")] += 1
        except IntakeError:
            done["refused"] += 1
    return done


def _killed(url: str, action: str, name: str, statements: int) -> None:
    engine = open_store(url)
    left = statements

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "after_cursor_execute", count)
    event.listen(engine, "commit", count)
    if action == "receive":
        receive(engine, *report("Four", "2022Q4", 50), "agency")
    else:
        {"accept": accept, "withdraw": withdraw}[action](engine, name, "steward", "a trial")


def main() -> None:
    url, *rest = sys.argv[1:]
    if rest[0] == "kill":
        _killed(url, rest[1], rest[2], int(rest[3]))
    else:
        with suppress(BrokenPipeError):
            sys.stdout.write(json.dumps(_at_random(url, int(rest[0]), int(rest[1]))))


if __name__ == "__main__":
    main()
