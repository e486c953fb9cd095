"""Every figure beside its floor: what ``make evaluate`` prints. A floor in ``tests/evaluation/floors.toml`` only rises."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from pipeline.settings import ROOT

SUBJECTS = ("body", "wire", "attribution", "confidence", "seed", "stance", "left_open", "entities", "link")
#: whose figures come from gold in tests/, so that ../shared is not needed
OURS = ("stance", "left_open", "link")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; ``floor`` is None where none is set, and a ceiling where ``is_ceiling``."""

    subject: str
    name: str
    value: float
    floor: float | None
    is_ceiling: bool = False

    @property
    def holds(self) -> bool:
        """Whether the figure keeps to its floor (or ceiling)."""
        if self.floor is None:
            return True
        return self.value <= self.floor if self.is_ceiling else self.value >= self.floor


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
            yield _with_floor(floors, Figure(subject, name, float(value), None))


def _with_floor(floors: Mapping[str, Mapping[str, float]], figure: Figure) -> Figure:
    """A floor stands in the figure's section (``dateline.recall``: section dateline) or its subject's, a ceiling under
    the name with ``_at_most``."""
    section, _, rest = figure.name.rpartition(".")
    for table, key in ((section, rest), (figure.subject, figure.name)):
        for name, is_ceiling in ((key, False), (f"{key}_at_most", True)):
            if (floor := floors.get(table, {}).get(name)) is not None:
                return replace(figure, floor=float(floor), is_ceiling=is_ceiling)
    return figure
