"""The pairs that the relation model is taught: read, put in plain words, split by matter, crossed within a matter."""

from __future__ import annotations

import csv
import itertools
import random
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.link.reading import LABELS

HERE = Path(__file__).parent
# Either of two sentences may come first: the label stays.
EVEN = frozenset(LABELS.index(name) for name in ("none", "repeats", "supports", "contradicts"))
SWAPPED, UNLIKE, SMOOTHING = 0.3, 0.3, 0.05
Example = tuple[str, str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sentences on one invented matter, the earlier first; ``label`` is None where nobody has labelled them."""

    matter: str
    first: str
    second: str
    label: int | None


def read_pairs(folder: Path = HERE) -> list[Pair]:
    """Every row of a folder's TSV files; a matter is known by its file too."""
    found = []
    for path in sorted(folder.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            found += [
                Pair(f"{path.stem} {row['matter']}", row["first"], row["second"], LABELS.index(row["relation"]))
                for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            ]
    return found


def read_plain(path: Path) -> dict[str, str]:
    """What `training.relations.plain` wrote: the plain text of the claim of each sentence that holds one."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["sentence"]: row["plain"] for row in rows}


def in_plain(pairs: Iterable[Pair], plain: Mapping[str, str]) -> list[Pair]:
    """The pairs as the pipeline reads them, where it reads one claim in each sentence."""
    return [
        replace(pair, first=plain[pair.first], second=plain[pair.second])
        for pair in pairs if pair.first in plain and pair.second in plain
    ]  # fmt: skip


def fold_of(pair: Pair, folds: int) -> int:
    """Which of so many parts a pair's matter falls into."""
    return zlib.crc32(pair.matter.encode()) % folds


def cross(pairs: Sequence[Pair], each: int, seed: int) -> list[Pair]:
    """So many pairs a matter that nobody has labelled: two of its later sentences, or a later one before the first."""
    chance, found = random.Random(seed), []
    for matter, own in itertools.groupby(pairs, key=lambda pair: pair.matter):
        rows = list(own)
        texts = list(dict.fromkeys([rows[0].first, *(row.second for row in rows)]))
        known = {(row.first, row.second) for row in rows}
        free = [two for two in itertools.permutations(texts, 2) if two not in known]
        found += [Pair(matter, *two, None) for two in chance.sample(free, min(each, len(free)))]
    return found


def sure(label: int) -> tuple[float, ...]:
    """The chances of a labelled pair, a little of them on every relation."""
    rest = SMOOTHING / len(LABELS)
    return tuple(1 - SMOOTHING + rest if n == label else rest for n in range(len(LABELS)))


def mix(label: int, chances: Sequence[float], share: float) -> tuple[float, ...]:
    """A label with a share of what networks that had not seen the pair say of it."""
    return tuple((1 - share) * hard + share * soft for hard, soft in zip(sure(label), chances, strict=True))


def draw_epoch(pairs: Sequence[Pair], targets: Sequence[tuple[float, ...]], chance: random.Random) -> list[Example]:
    """The pairs of one epoch in random order: some turned round, and pairs of sentences on different matters beside them."""
    drawn: list[Example] = []
    for pair, target in zip(pairs, targets, strict=True):
        is_turned = pair.label in EVEN and chance.random() < SWAPPED
        first, second = (pair.second, pair.first) if is_turned else (pair.first, pair.second)
        drawn.append((first, second, target))
    labelled = [pair for pair in pairs if pair.label is not None]
    for _ in range(int(len(labelled) * UNLIKE)):
        one, other = chance.choice(labelled), chance.choice(labelled)
        if one.matter != other.matter:
            texts = (chance.choice((one.first, one.second)), chance.choice((other.first, other.second)))
            drawn.append((*texts, sure(0)))
    chance.shuffle(drawn)
    return drawn
