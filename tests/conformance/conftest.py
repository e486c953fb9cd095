"""Servers and clients for the cases, and the table at the end."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import pytest

from pipeline.collect.client import Client

from .server import ScriptedServer
from .world import HURRIED, PATIENT, Case, World

_ROWS: list[tuple[Case, str, float]] = []


@pytest.fixture(scope="session")
def ssl_context() -> ssl.SSLContext:
    """Made once: reading the list of authorities takes longer than most cases."""
    return ssl.create_default_context()


@pytest.fixture
def world(ssl_context: ssl.SSLContext) -> Iterator[World]:
    server = ScriptedServer()
    with (
        Client("Wireledger/test", PATIENT, ssl_context=ssl_context) as client,
        Client("Wireledger/test", HURRIED, ssl_context=ssl_context) as hurried,
    ):
        yield World(server, client, hurried, ssl_context)
    server.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    outcome = yield
    report = outcome.get_result()
    entered = getattr(item, "callspec", None)
    found = entered.params.get("entered") if entered else None
    if report.when == "call" and isinstance(found, Case):
        _ROWS.append((found, report.outcome, report.duration))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _ROWS:
        return
    terminalreporter.section("conformance")
    for number, (entered, outcome, seconds) in enumerate(_ROWS, 1):
        row = f"{number:3}  {entered.group:<10} {entered.name:<68} {outcome:<7} {seconds * 1000:6.0f} ms"
        terminalreporter.write_line(row)
    passed = sum(outcome == "passed" for _, outcome, _ in _ROWS)
    total = sum(seconds for *_, seconds in _ROWS)
    terminalreporter.write_line(f"{passed} of {len(_ROWS)} cases passed in {total:.1f} s")
