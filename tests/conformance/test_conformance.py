"""Runs the table."""

from __future__ import annotations

import pytest

from . import cases_addresses, cases_bodies, cases_entries, cases_feeds, cases_polling, cases_robots, cases_statuses
from .world import CASES, Case, World

MODULES = (cases_statuses, cases_bodies, cases_addresses, cases_feeds, cases_polling, cases_entries, cases_robots)


@pytest.mark.parametrize("entered", CASES, ids=[f"{entered.group}: {entered.name}" for entered in CASES])
def test_case(entered: Case, world: World) -> None:
    entered.check(world)


def test_the_table_is_as_long_as_promised_and_names_each_case_once() -> None:
    names = [(entered.group, entered.name) for entered in CASES]
    assert len(names) == len(set(names))
    assert len(names) >= 70
    assert {entered.check.__module__ for entered in CASES} == {module.__name__ for module in MODULES}
