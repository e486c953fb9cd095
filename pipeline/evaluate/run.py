"""Every figure beside its floor: what ``make evaluate`` prints. A floor in ``tests/evaluation/floors.toml`` only rises."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from pipeline.settings import ROOT

SUBJECTS = ("body", "wire", "attribution", "seed", "stance", "entities", "link")
#: whose figures come from gold in tests/, so that ../shared is not needed
OURS = ("stance", "link")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; ``floor`` is None where none is set. Names that end in ``_at_most`` are ceilings."""

    subject: str
    name: str
    value: float
    floor: float | None

    @property
    def holds(self) -> bool:
        """Whether the figure keeps to its floor (or ceiling)."""
        if self.floor is None:
            return True
        return self.value <= self.floor if self.name.endswith("_at_most") else self.value >= self.floor


def read_floors() -> Mapping[str, Mapping[str, float]]:
    """Floors by section."""
    floors: Mapping[str, Mapping[str, float]] = tomllib.loads((ROOT / "tests/evaluation/floors.toml").read_text())
    return floors


def evaluate(subject: str, shared: Path) -> Iterator[Figure]:
    """Figures of one subject; FileNotFoundError where the data is absent."""
    measure: Callable[[Path], Mapping[str, Any]] = import_module(f"pipeline.evaluate.{subject}").evaluate
    floors = read_floors()
    for name, value in measure(ROOT / "tests" if subject in OURS else shared).items():
        if isinstance(value, int | float):
            yield Figure(subject, name, float(value), _find_floor(floors, subject, name))


def _find_floor(floors: Mapping[str, Mapping[str, float]], subject: str, name: str) -> float | None:
    section, _, rest = name.partition(".") if "." in name else (subject, "", name)
    for table, key in ((section, rest), (subject, name)):
        if (floor := floors.get(table, {}).get(key)) is not None:
            return float(floor)
    return None
