"""Airflow's components on this machine: migrated, started in order, stopped whole.

The api-server comes first and must be healthy: a task started earlier fails for good on "Connection refused". Each
component has a session of its own, because ``airflow standalone`` leaves its children running on SIGTERM.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import PermanentError, WireError
from pipeline.local.rest import AirflowApi
from pipeline.settings import ROOT, Settings
from pipeline.store import migrate
from pipeline.store.database import embedded_server

Say = Callable[[str], None]
DAG_IDS = (
    "collect_wire", "collect_drops", "build_claims", "link_claims", "reanalyse_claims", "replay_archive", "maintain_warehouse",
)  # fmt: skip
#: what runs: the triggerer sees the flag of the drop folder
COMPONENTS = ("api-server", "dag-processor", "scheduler")
WITH_WATCHERS = (*COMPONENTS, "triggerer")
HOSTS_AT_ONCE = 4
START_TIMEOUT_S = 180
STOP_TIMEOUT_S = 20


def find_free_port() -> int:
    """A port on loopback that nobody holds now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass(slots=True)
class Stack:
    """Api-server, dag-processor and scheduler over one Airflow home below ``settings.var``."""

    settings: Settings
    port: int
    say: Say
    extra_environment: dict[str, str] = field(default_factory=dict)
    dag_ids: tuple[str, ...] = DAG_IDS
    components: tuple[str, ...] = COMPONENTS
    _processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        """AIRFLOW_HOME."""
        return self.settings.var.resolve() / "airflow"

    @property
    def base_url(self) -> str:
        """Where the UI and the API are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api(self) -> AirflowApi:
        """A client of this stack's API."""
        return AirflowApi(self.base_url)

    def environment(self) -> dict[str, str]:
        """The environment of every component: only what it needs, so that nobody's Airflow settings leak in."""
        server = embedded_server(self.settings)
        metadata = os.environ.get("AIRFLOW_DATABASE_URL") or server.url("airflow")
        metadata = metadata.replace("postgresql://", "postgresql+psycopg://", 1)
        kept = {k: v for k, v in os.environ.items() if not k.startswith("AIRFLOW")}
        return {
            **kept,
            "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '/usr/bin:/bin')}",
            "HOME": os.environ.get("HOME", str(self.home)),
            "AIRFLOW_HOME": str(self.home),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": metadata,
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": metadata,  # else Airflow asks for asyncpg
            "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__PARALLELISM": "4",
            "AIRFLOW__CORE__HOSTNAME_CALLABLE": "socket.gethostname",
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",  # unpaused by name below
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.base_url}/execution/",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
            "AIRFLOW__CORE__FERNET_KEY": "",
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(self.port),
            "AIRFLOW__API__BASE_URL": self.base_url,
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__API_AUTH__JWT_SECRET": self._secret(),
            "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "30",
            "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
            "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.3",
            "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "2",
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
            "PYTHONWARNINGS": "ignore",
            "OMP_NUM_THREADS": "2",
            "WIRE_VAR": str(self.settings.var.resolve()),
            "WIRE_DROP": str(self.settings.drop_folder.resolve()),
            **self.extra_environment,
        }

    def start(self) -> None:
        """Migrate the metadata, start every component, wait until each is well; raises :class:`PermanentError`."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._migrate()
        self._launch("api-server")
        self._wait("the api-server", lambda: self.api.is_healthy())
        for name in self.components[1:]:
            self._launch(name)
        pool = {"name": "wire_hosts", "slots": HOSTS_AT_ONCE, "description": "Hosts polled at once."}
        if not any(p["name"] == pool["name"] for p in self.api.get("pools")["pools"]):
            self.api.post("pools", pool)
        self._wait("the DAGs", self._has_dags)
        self.api.unpause(self.dag_ids)

    def _has_dags(self) -> bool:
        known = {d["dag_id"] for d in self.api.get("dags", limit=100)["dags"]}
        if errors := self.api.get("importErrors")["import_errors"]:
            raise PermanentError(
                f"a DAG cannot be imported: {errors[0]['filename']}: {errors[0]['stack_trace'][-300:]}"
            )
        return known.issuperset(DAG_IDS)

    def stop(self) -> None:
        """Stop every component with its children; nothing is left running."""
        for name, process in reversed(list(self._processes.items())):
            signal_session(process.pid, signal.SIGTERM)
            self.say(f"stopping {name}")
        deadline = time.monotonic() + STOP_TIMEOUT_S
        for process in self._processes.values():
            while process.poll() is None or find_session(process.pid):
                if time.monotonic() > deadline:
                    signal_session(process.pid, signal.SIGKILL)
                time.sleep(0.1)
        self._processes.clear()

    @contextmanager
    def running(self) -> Iterator[Stack]:
        """The stack around a block, stopped at its end however that comes."""
        try:
            self.start()
            yield self
        finally:
            self.stop()

    def find_dead(self) -> str | None:
        """Name of a component that has ended by itself, or None."""
        return next((name for name, p in self._processes.items() if p.poll() is not None), None)

    def sessions(self) -> dict[str, int]:
        """Session of each component: its own process and all that this started."""
        return {name: p.pid for name, p in self._processes.items()}

    def _secret(self) -> str:
        path = self.home / "jwt_secret"
        if not path.exists():
            self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_hex(64))
        return path.read_text()

    def _migrate(self) -> None:
        server = embedded_server(self.settings)
        if not os.environ.get("AIRFLOW_DATABASE_URL"):
            migrate.ensure_database(server.url("postgres"), "airflow")
        from importlib.metadata import version

        mark, wanted = (
            self.home / "migrated.json",
            {"airflow": version("apache-airflow"), "data": _created(server.data)},
        )
        if mark.exists() and json.loads(mark.read_text()) == wanted:
            return
        self.say("migrating Airflow's metadata")
        command = [sys.executable, "-m", "airflow", "db", "migrate"]
        done = subprocess.run(command, env=self.environment(), capture_output=True, text=True, cwd=self.home)
        if done.returncode:
            raise PermanentError(f"airflow db migrate failed: {(done.stderr or done.stdout).strip()[-400:]}")
        mark.write_text(json.dumps(wanted))

    def _launch(self, name: str) -> None:
        self.say(f"starting {name}")
        folder = self.home / "logs"
        folder.mkdir(exist_ok=True)
        with (folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, "-m", "airflow", name],
                env=self.environment(),
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _wait(self, what: str, is_ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while not is_ready():
            if dead := self.find_dead():
                raise PermanentError(f"{dead} ended while starting: see {self.home / 'logs' / dead}.log")
            if time.monotonic() > deadline:
                raise PermanentError(f"{what} did not come up in {START_TIMEOUT_S} s: see {self.home / 'logs'}")
            time.sleep(0.3)


def _created(data: Path) -> float | None:
    version_file = data / "PG_VERSION"
    return version_file.stat().st_mtime if version_file.exists() else None


def find_session(session: int) -> list[int]:
    """Processes of a session. LocalExecutor gives its workers process groups of their own, but the session stays."""
    members = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, _, _, sid = (entry / "stat").read_text().rsplit(")", 1)[1].split()[:4]
            except OSError:
                continue
            if int(sid) == session and state not in "ZX":
                members.append(int(entry.name))
    return members


def signal_session(session: int, number: signal.Signals) -> bool:
    """Signal every process of a session; whether there was one."""
    members = find_session(session)
    for pid in members:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
    return bool(members)


def wait_until_idle(stack: Stack, first_run: tuple[str, str], timeout_s: float, say: Say) -> None:
    """Wait until the first run has ended and nothing is queued, running, or waiting on an asset event.

    Raises :class:`WireError` where a run failed or the time is up.
    """
    api, deadline, seen, quiet = stack.api, time.monotonic() + timeout_s, set[str](), 0
    while quiet < 2:
        if time.monotonic() > deadline:
            raise WireError(f"the DAGs were still at work after {timeout_s:.0f} s")
        if dead := stack.find_dead():
            raise PermanentError(f"{dead} ended: see {stack.home / 'logs' / dead}.log")
        every = api.list_runs()
        begin = _run_after(every, first_run)
        runs = [r for r in every if r["run_after"] >= begin or r["state"] in OPEN]
        for run in runs:
            name = f"{run['dag_id']} {run['dag_run_id']}"
            if run["state"] in ("success", "failed") and name not in seen:
                seen.add(name)
                if run["dag_id"] != "maintain_warehouse":
                    say(f"{run['dag_id']}: {run['state']}")
        ended = any((r["dag_id"], r["dag_run_id"]) == first_run and r["state"] in ("success", "failed") for r in runs)
        is_open = any(r["state"] in OPEN for r in runs) or api.has_queued_assets(("build_claims", "link_claims"))
        quiet = quiet + 1 if ended and not is_open else 0
        time.sleep(0.4)
    failed = [r["dag_id"] for r in runs if r["state"] == "failed"]
    if failed:
        raise WireError(f"failed: {', '.join(sorted(set(failed)))}; see the task logs below {stack.home / 'logs'}")


OPEN = ("queued", "running")


def _run_after(runs: list[dict[str, str]], run: tuple[str, str]) -> str:
    return next((r["run_after"] for r in runs if (r["dag_id"], r["dag_run_id"]) == run), "")
