"""kill -9 at random moments of a run: what is run again ends where an undisturbed run ends.

WIRE_KILLS=30 pytest tests/integration/test_killed.py        (six kills where it is not set)
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from demo.server import DemoWire
from pipeline import jobs
from pipeline.settings import ROOT, Settings
from pipeline.store.database import connect, transaction
from pipeline.store.runs import list_checksums
from pipeline.store.server import Server
from tests.integration.conftest import copy_database, demo_settings, run_all

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

KILLS = int(os.environ.get("WIRE_KILLS", "6"))
STAGES = (1, 2, 3)
BATCH = 10


def read_checksums(settings: Settings) -> dict[str, tuple[int, str]]:
    """Row count and digest by table, without when things were seen: two pollings are at two times."""
    assert settings.database_url is not None
    with connect(settings.database_url.get_secret_value()) as connection, transaction(connection, "wire_reader"):
        return {r["table_name"]: (r["row_count"], r["digest"]) for r in list_checksums(connection, is_timeless=True)}


def count_runs(settings: Settings) -> int:
    assert settings.database_url is not None
    with connect(settings.database_url.get_secret_value()) as connection:
        row = connection.execute("select count(*) as it from ops.run").fetchone()
    assert row is not None
    return int(row["it"])


def start_run(settings: Settings) -> subprocess.Popen[bytes]:
    """`wire run --force` as a process of its own, in a session of its own."""
    assert settings.database_url is not None
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(settings.var),
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "WIRE_VAR": str(settings.var),
        "WIRE_FEEDS": str(settings.feeds),
        "WIRE_CONNECT_TO": json.dumps(settings.connect_to),
        "WIRE_BATCH_SIZE": str(BATCH),
    }
    command = [str(Path(sys.executable).parent / "wire"), "run", "--force"]
    with (settings.var / "run.log").open("ab") as log:
        return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)


def kill_at(settings: Settings, moment_s: float) -> bool:
    """Start a run and kill it so long after it has begun to work; whether it was still at work."""
    before = count_runs(settings)
    process = start_run(settings)
    while count_runs(settings) == before and not has_ended(process, 0.1):
        """Python and the models are being loaded."""
    if has_ended(process, moment_s):
        return False
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return True


def has_ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether a process ends within that time."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def test_runs_that_are_killed_end_as_an_undisturbed_one(server: Server, tmp_path: Path) -> None:
    seed = int(os.environ.get("WIRE_SEED", "20261123"))
    moments = random.Random(seed)
    with DemoWire(stage=1) as wire:
        calm = demo_settings(copy_database(server, "template_wire"), tmp_path / "calm", wire)
        killed = demo_settings(copy_database(server, "template_wire"), tmp_path / "killed", wire)
        (tmp_path / "killed").mkdir()
        kills = 0
        for number, stage in enumerate(STAGES, 1):
            wire.stage = stage
            started = time.monotonic()
            run_all(calm.model_copy(update={"batch_size": BATCH}))
            # So short that the kills of a stage are spread over its work, which each run takes up where the last one fell.
            reach_s = (time.monotonic() - started) * min(1.0, 3 * len(STAGES) / KILLS)
            while kills < KILLS * number / len(STAGES):
                started = time.monotonic()
                if kill_at(killed, moments.uniform(0, reach_s)):
                    kills += 1
                else:  # nothing was left to do: the next ones are drawn from so short a run
                    reach_s = (time.monotonic() - started) / 2
            assert start_run(killed).wait() == 0, (killed.var / "run.log").read_text()[-2000:]
    assert kills >= KILLS
    wanted, found = read_checksums(calm), read_checksums(killed)
    assert {table: found[table] for table in wanted if found.get(table) != wanted[table]} == {}
    assert jobs.check_warehouse(killed) == {"broken": 0}
