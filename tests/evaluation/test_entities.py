"""The measure of source entities, and the floor under it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.evaluate.entities import evaluate, fits, same
from pipeline.records import Entity


def entity(name: str, kind: str = "person", key: str = "k") -> Entity:
    return Entity(0, name, kind, None, (), key)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("label", "found", "right"),
    [
        ("person:ada-moor", entity("Ada Moor"), True),
        ("person:ada-moor", entity("Ada B. Moor"), True),
        ("person:ada-moor", entity("Moor"), True),
        ("person:ada-moor", entity("Eva Moor"), False),
        ("person:ada-moor", entity("Ada Moor", "organisation"), False),
        ("org:bank-of-vale", entity("the Bank of Vale", "organisation"), True),
        ("org:world-herring-council", entity("WHC", "organisation"), True),
        ("org:bank-of-vale", entity("Ministry of Vale", "organisation"), False),
    ],
)
def test_labels_and_entities_are_compared_by_name(label: str, found: Entity, *, right: bool) -> None:
    assert same(label, found) is right


def test_joint_and_unnamed_sources_need_all_and_none() -> None:
    moor, lind, police = entity("Ada Moor"), entity("Otto Lind"), entity("police", "organisation", "")
    assert fits("person:otto-lind+person:ada-moor", (moor, lind))
    assert not fits("person:ada-moor", (moor, lind))
    assert fits("-", (None,))
    assert fits("-", (police,))
    assert not fits("-", (moor,))


@pytest.mark.slow
def test_the_source_is_right_in_85_of_100_and_people_are_not_mixed_up(shared_dir: Path) -> None:
    figures = evaluate(shared_dir)
    assert figures["source_entity_right"] >= 0.85
    assert figures["wrong_merges"] < 0.01
