"""``make up`` and ``make down``: a supervisor that holds the stack until it is told to stop."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from pipeline.errors import PermanentError, UsageError
from pipeline.jobs.session import open_store
from pipeline.local.stack import WITH_WATCHERS, Stack, find_session, signal_session
from pipeline.screen import console, say
from pipeline.settings import Settings, get_settings

START_TIMEOUT_S = 240
STOP_TIMEOUT_S = 90


def start_detached(settings: Settings, port: int) -> None:
    """Start the supervisor in the background and wait until everything is up; raises :class:`PermanentError`."""
    if running := _read_state(settings):
        raise UsageError(f"already up: {running.get('url', 'starting')} (`make down` stops it)")
    _refuse_taken_port(port)
    settings.var.mkdir(parents=True, exist_ok=True)
    _state_path(settings).unlink(missing_ok=True)
    with (settings.var / "supervise.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.local.supervise", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    say("starting Postgres and Airflow (about half a minute)")
    deadline = time.monotonic() + START_TIMEOUT_S
    while not (state := _read_state(settings) or {}).get("is_ready"):
        if process.poll() is not None or time.monotonic() > deadline:
            tail = (settings.var / "supervise.log").read_text(errors="replace").strip().splitlines()[-1:]
            raise PermanentError(f"did not come up: {' '.join(tail)} (see {settings.var / 'supervise.log'})")
        time.sleep(0.3)
    console.print(f"Airflow is up: [bold]{state['url']}[/bold]   (`make down` stops everything)")


def stop_detached(settings: Settings) -> None:
    """Stop the supervisor and all that it started; where it was killed, what it left."""
    state = _read_state(settings)
    if state is None:
        left = _stop_groups(settings)
        say("stopped what a killed supervisor had left" if left else "nothing is up")
        return
    os.kill(state["pid"], signal.SIGTERM)
    deadline = time.monotonic() + STOP_TIMEOUT_S
    while _is_supervisor(state["pid"]):
        if time.monotonic() > deadline:
            raise PermanentError(f"the supervisor (process {state['pid']}) does not stop")
        time.sleep(0.2)
    say("everything is down")


def supervise(settings: Settings, port: int) -> None:
    """Hold Postgres and Airflow until SIGTERM or until a component ends by itself."""
    should_stop = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal should_stop
        should_stop = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    _write_state(settings, {"pid": os.getpid(), "is_ready": False})
    try:
        with open_store(settings), Stack(settings, port, print, components=WITH_WATCHERS).running() as stack:
            sessions = stack.sessions()
            _write_state(settings, {"pid": os.getpid(), "is_ready": True, "url": stack.base_url, "sessions": sessions})
            while not should_stop and stack.find_dead() is None:
                time.sleep(0.5)
            if dead := stack.find_dead():
                print(f"{dead} ended by itself: stopping the rest", flush=True)  # noqa: T201 (goes to supervise.log)
    finally:
        _state_path(settings).unlink(missing_ok=True)


def _state_path(settings: Settings) -> Path:
    return settings.var / "supervise.json"


def _write_state(settings: Settings, state: dict[str, object]) -> None:
    fresh = _state_path(settings).with_suffix(".new")
    fresh.write_text(json.dumps(state))
    fresh.rename(_state_path(settings))


def _read_state(settings: Settings) -> dict[str, Any] | None:
    try:
        state = json.loads(_state_path(settings).read_text())
    except (FileNotFoundError, ValueError):
        return None
    return state if _is_supervisor(state["pid"]) else None


def _is_supervisor(pid: int) -> bool:
    return b"pipeline.local.supervise" in _read_command(pid).split(b"\0")


def _read_command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _stop_groups(settings: Settings) -> bool:
    """Stop Airflow's processes that a killed supervisor wrote down, if they are still Airflow's."""
    try:
        sessions = json.loads(_state_path(settings).read_text()).get("sessions", {})
    except (FileNotFoundError, ValueError):
        return False
    found = False
    for session in sessions.values():
        if any(b"airflow" in _read_command(pid) for pid in find_session(session)):
            found = signal_session(session, signal.SIGTERM) or found
    _state_path(settings).unlink(missing_ok=True)
    if found:
        with open_store(settings):
            pass  # holding and leaving stops an embedded server that nobody else holds
    return found


def _refuse_taken_port(port: int) -> None:
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise UsageError(f"port {port} is taken: `make up PORT=…`") from None


if __name__ == "__main__":
    supervise(get_settings(), int(sys.argv[1]))
