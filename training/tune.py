"""Settles the decoder's settings and the calibration of confidence on the held-out twentieth of the training data.

The dev set plays no part here. Settings are walked one at a time over a coarse grid; the aim is the mean of ten figures:
F1 of the pieces of each role, of soft and strict attributions, all and reporting, and the soft recall of direct, mixed
and indirect reporting.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.analyse.tagger import ROLES, AttributionTagger, Scores, TaggedAttribution, TaggerSettings
from pipeline.analyse.tagger_features import EncodedText, Syntax, Window
from pipeline.evaluate.attribution import figures, find_words, score, touched

# keep stops at .4: the figures here stay level up to .5, and recall matters more where rules are joined to the tagger
GRID: dict[str, Sequence[float]] = {
    "keep": (0.3, 0.35, 0.4), "extra": (0.1, 0.15, 0.2, 0.25, 0.3, 0.4),
    "no_source": (-1.5, -1.0, -0.5, 0.0, 0.5), "rescue": (0.5, 1.1), "bond": (0.0, 0.3, 0.5, 0.7, 0.9),
    "cue": (0.05, 0.1, 0.15), "source": (0.05, 0.1, 0.15, 0.2), "content": (0.03, 0.05, 0.1, 0.15),
}  # fmt: skip


class CachedTagger(AttributionTagger):
    """Remembers the network's answers, which do not depend on the decoder's settings."""

    def run_windows(self, jobs: Sequence[tuple[EncodedText, Window]]) -> Any:
        memory: dict[Any, list[tuple[int, Scores, Scores]]] = self.__dict__.setdefault("memory", {})
        key = tuple(id(text) for text, _ in jobs)
        if key not in memory:
            memory[key] = list(super().run_windows(jobs))
        return iter(memory[key])

    def encode(self, text: str, doc: Any | None) -> EncodedText:
        memory: dict[str, EncodedText] = self.__dict__.setdefault("encoded", {})
        if text not in memory:
            memory[text] = super().encode(text, doc)
        return memory[text]


def as_record(found: Sequence[TaggedAttribution]) -> list[dict[str, Any]]:
    """In the shape of the corpus."""
    return [{role: [list(span) for span in getattr(a, role)] for role in ROLES} for a in found]


def measure(tagger: AttributionTagger, records: Sequence[dict[str, Any]], parses: dict[str, Syntax]) -> float:
    """The aim: the mean of ten figures."""
    found = tagger.tag_batch([r["text"] for r in records], [parses[r["doc_id"]] for r in records])
    predicted = {r["doc_id"]: as_record(own) for r, own in zip(records, found, strict=True)}
    table = figures(score(records, predicted), score(records, predicted, reporting=True))
    return sum(table.values()) / len(table)


def changed(settings: TaggerSettings, name: str, value: float) -> TaggerSettings:
    if name in ROLES:
        return dataclasses.replace(settings, floors={**settings.floors, name: value})
    return dataclasses.replace(settings, **{name: value})  # type: ignore[arg-type]


def tune(folder: Path, records: Sequence[dict[str, Any]], parses: dict[str, Syntax], rounds: int = 2) -> dict[str, Any]:
    """The decoder's settings as `training.export` writes them, with the aim reached under "aim"."""
    tagger = CachedTagger.load(folder)
    best = measure(tagger, records, parses)
    for _ in range(rounds):
        for name, values in GRID.items():
            start = tagger.settings
            for value in values:
                tagger.settings = changed(start, name, value)
                aim = measure(tagger, records, parses)
                if aim > best + 1e-9:
                    best, start = aim, tagger.settings
            tagger.settings = start
    own = tagger.settings
    raw, true = calibrate(tagger, records, parses)
    return {
        "floors": own.floors,
        "keep": own.keep,
        "extra": own.extra,
        "no_source": own.no_source,
        "rescue": own.rescue,
        "bond": own.bond,
        "nested_keep": own.nested_keep,
        "raw": raw,
        "true": true,
        "aim": round(best, 2),
    }


def calibrate(
    tagger: AttributionTagger, records: Sequence[dict[str, Any]], parses: dict[str, Syntax], bins: int = 12
) -> tuple[list[float], list[float]]:
    """(raw chances, the share of attributions that are right there): bins of equal count, made to rise (isotonic)."""
    tagger.settings = dataclasses.replace(tagger.settings, raw_confidence=(0.0, 1.0), true_confidence=(0.0, 1.0))
    found = tagger.tag_batch([r["text"] for r in records], [parses[r["doc_id"]] for r in records])
    pairs = sorted((a.confidence, hit) for r, own in zip(records, found, strict=True) for a, hit in judge(r, own))
    groups = [part for part in np.array_split(np.array(pairs, float), bins) if len(part)]
    blocks = [[float(part[:, 0].mean()), float(part[:, 1].mean()), float(len(part))] for part in groups]
    merged: list[list[float]] = []
    for block in blocks:
        merged.append(block)
        while len(merged) > 1 and merged[-2][1] >= merged[-1][1]:
            last, before = merged.pop(), merged.pop()
            count = last[2] + before[2]
            merged.append([(last[i] * last[2] + before[i] * before[2]) / count for i in (0, 1)] + [count])
    return [round(b[0], 4) for b in merged], [round(b[1], 4) for b in merged]


def judge(record: dict[str, Any], found: Sequence[TaggedAttribution]) -> list[tuple[TaggedAttribution, bool]]:
    """Whether each attribution is softly right: some gold one shares half its content, its source and its cue."""
    words = find_words(record["text"])
    gold = [{role: touched(words, a[role]) for role in ROLES} for a in record["attributions"]]
    verdicts = []
    for attribution in found:
        mine = {role: touched(words, getattr(attribution, role)) for role in ROLES}
        verdicts.append((attribution, any(
            2 * len(mine["content"] & g["content"]) >= len(mine["content"] | g["content"]) > 0
            and all(mine[r] & g[r] or not (mine[r] or g[r]) for r in ("source", "cue"))
            for g in gold
        )))  # fmt: skip
    return verdicts


def calibration_rows(
    tagger: AttributionTagger, records: Sequence[dict[str, Any]], parses: dict[str, Syntax]
) -> list[str]:
    """Rows of a table: confidence from, to; how many; the share that is right."""
    found = tagger.tag_batch([r["text"] for r in records], [parses[r["doc_id"]] for r in records])
    pairs = [(a.confidence, hit) for r, own in zip(records, found, strict=True) for a, hit in judge(r, own)]
    rows = []
    for low, high in ((0.0, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 1.01)):
        hits = [hit for confidence, hit in pairs if low <= confidence < high]
        if hits:
            rows.append(f"| {low:.1f} to {min(high, 1.0):.1f} | {len(hits)} | {100 * sum(hits) / len(hits):.0f} % |")
    return rows
