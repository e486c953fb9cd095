"""Sign-offs: roles, names and places in every form that agencies sign with; all names and texts are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.wire import sign_off_facts
from pipeline.wire import mask, read_wire
from pipeline.wire.house import load_grammar

BODY = "LAGOS, June 5 (Reuters) - The ferry stopped.\nIt was late, the harbour board said."
R, A, W, E, C = "reporting", "additional_reporting", "writing", "editing", "compiling"

CASES = [
    ("(Reporting by Ana Vale in Lagos, Tom Reed in Accra; Editing by Jo Hale)",
     {(R, "Ana Vale", "Lagos"), (R, "Tom Reed", "Accra"), (E, "Jo Hale", "")}),
    ("(Reporting by Ana Vale and Tom Reed in Lagos and Jo Hale in Accra, Writing by Sue Lee Editing by Max Orr)",
     {(R, "Ana Vale", "Lagos"), (R, "Tom Reed", "Lagos"), (R, "Jo Hale", "Accra"), (W, "Sue Lee", ""), (E, "Max Orr", "")}),
    ("Reporting and writing by Ana Vale; Editing by Tom Reed",
     {(R, "Ana Vale", ""), (W, "Ana Vale", ""), (E, "Tom Reed", "")}),
    ("(Reporting By Ana Vale. Editing by Tom Reed)", {(R, "Ana Vale", ""), (E, "Tom Reed", "")}),
    ("(Additional reporting by Ana Vale in West Novo, Florida; writing by Tom Reed)",
     {(A, "Ana Vale", "West Novo, Florida"), (W, "Tom Reed", "")}),
    ("(Reporting by Reuters staff; Editing by Jo Hale)", {(E, "Jo Hale", "")}),
    ("(Reporting by Ana Vale and the Reuters Lagos bureau; Editing by Jo Hale)",
     {(R, "Ana Vale", ""), (E, "Jo Hale", "")}),
    ("(Reporting by Ana Vale; +44 20 7555 0100; ana.vale@example.org; Editing by Tom Reed)",
     {(R, "Ana Vale", ""), (E, "Tom Reed", "")}),
    ("(Reporting by Ana Vale; Editing by Tom Reed) ((ana.vale@example.org; +44 20 7555 0100))",
     {(R, "Ana Vale", ""), (E, "Tom Reed", "")}),
    ("Compiled by Ana Vale", {(C, "Ana Vale", "")}),
    ("(Reporting by Ana O'Neil; Editing by Jean-Luc Moreau, Siân Rees and Łukasz Żak)",
     {(R, "Ana O'Neil", ""), (E, "Jean-Luc Moreau", ""), (E, "Siân Rees", ""), (E, "Łukasz Żak", "")}),
    ("(Reporting by Ana Vale in Washington, D.C.; Editing by Jo Hale)",
     {(R, "Ana Vale", "Washington, D.C."), (E, "Jo Hale", "")}),
    ("(Writing by Ana Vale with reporting by Tom Reed in Lagos)", {(W, "Ana Vale", ""), (R, "Tom Reed", "Lagos")}),
    ("Reporting by Ana Vale | Editing by Tom Reed", {(R, "Ana Vale", ""), (E, "Tom Reed", "")}),
    ("Reporting by: Ana Vale in Lagos - Editing by: Tom Reed, Tel: +49 30 555 0100",
     {(R, "Ana Vale", "Lagos"), (E, "Tom Reed", "")}),
    ("—With reporting by Ana Vale/Lagos", {(R, "Ana Vale", "Lagos")}),
    ("—With assistance from Ana Vale and Tom Reed.", {(A, "Ana Vale", ""), (A, "Tom Reed", "")}),
    ("-- Ana Vale, Lagos newsroom +44 171 555 0100", {(R, "Ana Vale", "Lagos")}),
    ("Associated Press writers Ana Vale in Lagos and Tom Reed in Accra, Ghana, contributed to this report.",
     {(A, "Ana Vale", "Lagos"), (A, "Tom Reed", "Accra, Ghana")}),
    ("Vale reported from Lagos and Reed from Accra. AP video journalist Jo Hale contributed.",
     {(R, "Vale", "Lagos"), (R, "Reed", "Accra"), (A, "Jo Hale", "")}),
    ("Ana Vale contributed reporting from Lagos.", {(A, "Ana Vale", "Lagos")}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "credits"), CASES, ids=[line[:50] for line, _ in CASES])
def test_on_a_line_of_its_own(line: str, credits: set[tuple[str, str, str]]) -> None:
    text = f"{BODY}\n{line}"
    copy = read_wire(text)
    assert sign_off_facts(copy.sign_off) == credits
    assert mask(text, copy)[len(BODY) :].strip() == ""
    assert mask(text, copy).rstrip().endswith("board said.")


@pytest.mark.parametrize(
    ("line", "credits"), [case for case in CASES if not case[0].startswith(("Asso", "Vale", "Ana V"))]
)
def test_glued_to_the_last_sentence(line: str, credits: set[tuple[str, str, str]]) -> None:
    text = f"{BODY} {line}"
    copy = read_wire(text)
    assert sign_off_facts(copy.sign_off) == credits
    assert mask(text, copy).rstrip().endswith("board said.")


@pytest.mark.parametrize("row", load_grammar()["work"], ids=lambda row: row["role"])
def test_each_kind_of_work_by_its_example(row: dict[str, str]) -> None:
    text = f"{BODY}\n{row['example']}"
    assert mask(text, read_wire(text)).rstrip().endswith("board said.")


def test_two_lines_are_one_sign_off() -> None:
    text = f"{BODY}\nReporting by: Ana Vale in Lagos\nEditing by: Tom Reed, +49 30 555 0100"
    sign_off = read_wire(text).sign_off
    assert sign_off is not None
    assert sign_off_facts(sign_off) == {(R, "Ana Vale", "Lagos"), (E, "Tom Reed", "")}
    assert text[sign_off.start : sign_off.end] == sign_off.text


@pytest.mark.parametrize(
    "line",
    [
        "The report was written by Ana Vale, a harbour pilot, in 2019.",
        "Editing by hand is slow, the printers said.",
        "She praised reporting by local papers as brave.",
        "The rules, compiled by Mr Vale, were read out.",
        "Vale reported from the witness stand that the lamps were out and the crew asleep.",
    ],
)
def test_copy_that_speaks_of_reporting_stays_copy(line: str) -> None:
    copy = read_wire(f"{BODY}\n{line}")
    assert copy.sign_off is None
    assert copy.body[1] == len(BODY) + 1 + len(line)


NAME = st.sampled_from(["Ana Vale", "Tom Reed", "Jo Hale", "Siân Rees", "Lee Chu Yan", "Max van der Orr", "A. B. Cole"])
PLACE = st.sampled_from(["", "Lagos", "New Accra", "São Paulo"])


@given(st.lists(st.tuples(NAME, PLACE), min_size=1, max_size=5), st.lists(NAME, min_size=1, max_size=3))
def test_what_is_signed_is_read_back(reporters: list[tuple[str, str]], editors: list[str]) -> None:
    reporters = [(name, place) for name, place in reporters[:-1] if place] + [reporters[-1]]
    parts = [f"{name} in {place}" if place else name for name, place in reporters]
    line = f"(Reporting by {', '.join(parts)}; Editing by {' and '.join(editors)})"
    sign_off = read_wire(f"{BODY}\n{line}").sign_off
    assert sign_off is not None
    assert sign_off.text == line
    assert [(credit.name, credit.place or "") for credit in sign_off.reporting] == reporters
    assert [credit.name for credit in sign_off.editing] == editors
