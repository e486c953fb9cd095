"""How many of what."""

from __future__ import annotations

import pytest

from pipeline.analyse.language import parse_text
from pipeline.analyse.quantities import read_quantities
from pipeline.records import Quantity


def read(text: str) -> list[Quantity]:
    return list(read_quantities(parse_text(text), [(0, len(text))]))


@pytest.mark.parametrize(
    ("text", "words", "low", "high", "unit", "approximate"),
    [
        ("They sent 10,000 soldiers to the coast.", "10,000", 10_000, 10_000, "soldier", False),
        ("They sent about 10,000 soldiers to the coast.", "10,000", 10_000, 10_000, "soldier", True),
        ("At least 20 boats sank.", "20", 20, None, "boat", False),
        ("Up to 20 boats sank.", "20", None, 20, "boat", False),
        ("Between 20 and 30 boats sank.", "20 and 30", 20, 30, "boat", False),
        ("Twenty-one boats sank.", "Twenty-one", 21, 21, "boat", False),
        ("Two hundred and five boats sank.", "Two hundred and five", 205, 205, "boat", False),
        ("The bank lost $2.5 million.", "$2.5 million", 2_500_000, 2_500_000, "USD", False),
        ("The bank lost 3 billion euros.", "3 billion euros", 3e9, 3e9, "EUR", False),
        ("Turnout was 40.5%.", "40.5%", 40.5, 40.5, "percent", False),
        ("Turnout was 40 percent.", "40 percent", 40, 40, "percent", False),
        ("Dozens of people fled.", "Dozens", 24, 99, "person", True),
    ],
)
def test_amounts(text: str, words: str, low: float | None, high: float | None, unit: str, approximate: bool) -> None:
    (found,) = read(text)
    assert (found.text, found.low, found.high, found.unit, found.approximate) == (words, low, high, unit, approximate)


def test_hundreds_of_thousands_count_what_follows() -> None:
    (found,) = read("Hundreds of thousands of islanders have been killed or wounded.")
    assert (found.text, found.unit, found.measure) == ("Hundreds of thousands", "islander", "killed or wounded")
    assert found.low is not None
    assert found.low >= 100_000


@pytest.mark.parametrize(
    "text", ["The vote is on May 5.", "It began in 2019.", "An F-16 landed.", "It is over.", "The Group of Seven met."]
)
def test_nothing_is_counted(text: str) -> None:
    assert read(text) == []


def test_spans_hold() -> None:
    text = "He said 12 men, about $40 and at least 3 dogs were lost."
    assert all(text[q.start : q.end] == q.text for q in read(text))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Two people were killed and five wounded.", [(2, 2, "person", "killed"), (5, 5, "person", "wounded")]),
        ("The quake killed at least 200 and injured 1,500.", [(200, None, "person", "killed"), (1500, 1500, "person", "injured")]),
        ("Some 14 civilians were killed or wounded.", [(14, 14, "civilian", "killed or wounded")]),
        ("It lost between 120 billion yen and 135 billion yen.", [(120e9, 135e9, "JPY", None)]),
        ("The plan costs $2 to $3 million.", [(2e6, 3e6, "USD", None)]),
        ("Exports fell 4.5 percent to 1.2 billion euros.", [(4.5, 4.5, "percent", None), (1.2e9, 1.2e9, "EUR", None)]),
        ("The firm paid €3.4m.", [(3.4e6, 3.4e6, "EUR", None)]),
        ("Half a million people fled.", [(5e5, 5e5, "person", None)]),
        ("They lost after a 2-1 defeat.", []),
        ("About two-thirds of voters agreed.", []),
        ("One in five children is ill.", []),
        ("Rates rose by 25 basis points.", [(25, 25, "basis point", None)]),
        ("It packed winds of 185 kilometres per hour.", [(185, 185, "kilometre per hour", None)]),
        ("Some 300 of the 900 miners were rescued.", [(300, 300, "miner", "rescued"), (900, 900, "miner", None)]),
    ],
)  # fmt: skip
def test_each_number_has_its_own_unit_and_fate(text: str, wanted: list[tuple[object, ...]]) -> None:
    found = read_quantities(parse_text(text), [(0, len(text))])
    assert [(q.low, q.high, q.unit, q.measure) for q in found] == wanted
