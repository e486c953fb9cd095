"""The whole way, as a new user goes it: a real scheduler, real HTTP, real Postgres; then again, adding nothing."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.airflow, pytest.mark.postgres, pytest.mark.slow]

WIRE = Path(sys.executable).parent / "wire"


def wire(var: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `wire` in an empty environment."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(var), "WIRE_VAR": str(var), "LANG": "C.UTF-8"}
    done = subprocess.run([str(WIRE), *arguments], env=environment, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    return done


def list_processes_of(var: Path) -> list[str]:
    """Command lines of processes that carry this folder in their environment."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if f"WIRE_VAR={var}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                    found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue
    return found


def test_the_demo_twice(tmp_path: Path) -> None:
    first = wire(tmp_path, "demo")
    found = re.findall(r"(\d+) (feeds polled|articles|revisions|claims|entities)", first.stdout)
    counts = {name: int(value) for value, name in found}
    assert counts["articles"] >= 40
    assert counts["revisions"] >= 50
    assert counts["claims"] >= 150
    assert "report.html" in first.stdout.replace("\n", "")
    assert (tmp_path / "report.html").stat().st_size > 10_000
    assert list_processes_of(tmp_path) == []
    before = json.loads(wire(tmp_path, "checksum", "--json").stdout)
    wire(tmp_path, "demo")
    assert json.loads(wire(tmp_path, "checksum", "--json").stdout) == before
    runs = json.loads(wire(tmp_path, "sql", "--json", "select status, count(*) from mart.run group by 1").stdout)
    assert {r["status"] for r in runs} == {"done"}
    assert list_processes_of(tmp_path) == []
