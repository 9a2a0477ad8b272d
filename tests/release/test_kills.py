"""A crash at any moment leaves the previous release current and the store consistent: proved by killing."""

from __future__ import annotations

import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, text

from equity.release.freeze import Draft, release_id
from equity.release.load import load_release
from equity.release.publish import publish_draft
from equity.store.engine import open_store, upgrade
from equity.store.releases import current_release_id, list_releases
from tests.release.cells import cells, rate
from tests.shipped import ROOT, run_equity, shipped_home, surroundings

LOGS = ROOT / "artifacts"
#: Bytes and number of parts: the script writes each in a statement of its own, so that there are many
#: moments to die.
BULK, LAYERS = 30_000, 18
#: Every moment with the heavy simulations, else every fourth.
STEP = 1 if os.environ.get("EQUITY_SLOW") == "1" else 4
#: Figures, one table and the layers.
PARTS = LAYERS + 2


def _draft(deaths: int, seed: int) -> Draft:
    places = pd.DataFrame({"kind": ["county"], "geoid": ["29510"], "name": ["City"], "region": ["stl"]})
    noise = random.Random(seed)  # noqa: S311 - bulk, not a secret
    layers = {f"layer{n}": {"bulk": noise.randbytes(BULK).hex()} for n in range(LAYERS)}
    return Draft(cells(rate(deaths, 3000, status="shown")), {"areas": places}, layers, {"policy": "public"})


def _die(url: str, draft: Path, point: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.release.die_publishing", url, str(draft), str(point)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )


def _parts(engine: Engine) -> dict[str, int]:
    """Parts of each release; a part without its release is a fault."""
    query = (
        "SELECT p.release_id, r.id, count(*) FROM release_part p LEFT JOIN release r ON r.id = p.release_id"
    )
    with engine.connect() as connection:
        rows = connection.execute(text(query + " GROUP BY p.release_id, r.id")).all()
    assert all(known is not None for _, known, _ in rows)
    return {found: count for found, _, count in rows}


def _consistent(engine: Engine) -> list[str]:
    """Every release is whole: content that still gives its id."""
    ids = []
    for row in list_releases(engine):
        found = load_release(engine, row.id)
        again = Draft(found.figures, found.tables, found.layers, found.manifest)
        assert release_id(again) == row.id
        ids.append(row.id)
    return ids


def test_kills_inside_the_publish_transaction(store_url: str, tmp_path: Path) -> None:
    engine = open_store(store_url, create=True)
    upgrade(engine)
    first = publish_draft(engine, _draft(30, seed=1), "public").id
    file = tmp_path / "draft.pickle"
    second = _draft(31, seed=2)
    file.write_bytes(pickle.dumps(second))
    log, kills, point = [], 0, 0
    while True:
        done = _die(store_url, file, point)
        moments = [line.split("\t")[1] for line in done.stdout.splitlines()]
        committed = "committed" in moments
        current = current_release_id(engine, "public")
        log.append(
            f"{engine.dialect.name}\tpoint {point}\t{moments[-1]}\texit {done.returncode}\tcurrent {current}"
        )
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
        kills += 1
        assert current == (release_id(second) if committed else first)
        wanted = {first: PARTS} | ({release_id(second): PARTS} if committed else {})
        assert _parts(engine) == wanted
        point += STEP
        if committed:
            break
    LOGS.mkdir(exist_ok=True)
    (LOGS / f"kills-publish-{engine.dialect.name}.log").write_text("\n".join(log) + "\n", encoding="utf-8")
    assert kills >= 30 // STEP
    assert sorted(_consistent(engine)) == sorted([first, release_id(second)])
    engine.dispose()


def test_kills_at_random_moments_of_bootstrap_leave_a_store_that_bootstrap_finishes(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = open_store(f"sqlite:///{shipped_home(tmp_path_factory) / 'equity.sqlite3'}")
    expected = current_release_id(whole, "public")
    whole.dispose()
    noise, log = random.Random(33), []  # noqa: S311 - delays, not a secret
    home = tmp_path / "home"
    for kill in range(3 if STEP > 1 else 8):
        delay = noise.uniform(0.6, 7.0)
        process = subprocess.Popen(
            [sys.executable, "-m", "equity", "bootstrap"],
            cwd=ROOT,
            env=surroundings(home),
            stderr=subprocess.PIPE,
            text=True,
        )
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        _, progress = process.communicate()
        step = progress.replace("\r", "\n").strip().splitlines()[-1:] or ["before the first step"]
        log.append(f"sqlite\tkill {kill}\tafter {delay:.2f} s\t{step[0].split('  ')[0]}")
        if kill % 3 == 2:
            shutil.rmtree(home, ignore_errors=True)
    LOGS.mkdir(exist_ok=True)
    (LOGS / "kills-bootstrap.log").write_text("\n".join(log) + "\n", encoding="utf-8")
    done = run_equity(home, "bootstrap")
    assert done.returncode == 0, done.stderr
    engine = open_store(f"sqlite:///{home / 'equity.sqlite3'}")
    assert current_release_id(engine, "public") == expected
    engine.dispose()
