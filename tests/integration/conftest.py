"""A real Postgres: one embedded server a session, a template database made once and copied for each test."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from demo.server import DemoWire
from pipeline import jobs
from pipeline.jobs.session import open_store
from pipeline.settings import ROOT, Settings
from pipeline.store import migrate
from pipeline.store.database import Connection
from pipeline.store.server import Server

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An embedded server of the tests' own."""
    server = Server(tmp_path_factory.mktemp("wire"))
    with server.running():
        migrate.ensure_database(server.url("postgres"), "template_wire")
        migrate.migrate(server.url("template_wire"), ROOT / "sql")
        yield server


def copy_database(server: Server, template: str) -> str:
    """A fresh copy of a database; its URL."""
    name = f"test_{next(_NUMBERS)}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f'create database "{name}" template "{template}"')
    return server.url(name)


@pytest.fixture
def database(server: Server) -> str:
    """URL of an empty, migrated database."""
    return copy_database(server, "template_wire")


def demo_settings(url: str, var: Path, wire: DemoWire) -> Settings:
    """Settings that poll the demo wire into a database."""
    connect_to = dict.fromkeys(wire.hosts, f"127.0.0.1:{wire.port}")
    return Settings(database_url=url, var=var, feeds=ROOT / "demo" / "feeds", connect_to=connect_to)


def run_all(settings: Settings) -> dict[str, int]:
    """Poll, read, analyse and link what there is, as the DAGs do."""
    for host in jobs.list_due_hosts(force=True, settings=settings):
        jobs.collect_host(host, settings=settings)
    counts = jobs.read_pages(settings=settings)
    counts["claims"] = jobs.analyse_all(settings)["claims"]
    jobs.link_new(settings=settings)
    return counts


@pytest.fixture(scope="session")
def demo_wire() -> Iterator[DemoWire]:
    """The demo wire, served over loopback."""
    with DemoWire(stage=1) as wire:
        yield wire


@pytest.fixture(scope="session")
def loaded_demo(server: Server, demo_wire: DemoWire, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a database that holds the demo's three stages; not to be written to."""
    settings = demo_settings(copy_database(server, "template_wire"), tmp_path_factory.mktemp("demo"), demo_wire)
    for stage in (1, 2, 3):
        demo_wire.stage = stage
        run_all(settings)
    return settings


@pytest.fixture
def demo_database(server: Server, loaded_demo: Settings) -> str:
    """URL of a copy of the demo's database, for a test to write to."""
    assert loaded_demo.database_url is not None
    return copy_database(server, loaded_demo.database_url.get_secret_value().split("@/")[1].split("?")[0])


@pytest.fixture
def demo(loaded_demo: Settings) -> Iterator[Connection]:
    """A connection to the loaded demo, for reading."""
    with open_store(loaded_demo) as connection:
        yield connection
