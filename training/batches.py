"""Labelled texts into batches of windows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from pipeline.analyse.tagger_features import (
    SHAPES,
    WINDOW,
    EncodedText,
    Ints,
    Syntax,
    Window,
    encode_text,
    find_windows,
    stack_rows,
    window_rows,
)
from training.corpus import Gold, label_words

START, GAP, MASK = 101, 102, 103
MARK = SHAPES.index("mark")
BUDGET = 2048
STEP = 12
FILLS = {"places": 0, "labels": 0, "opens": 0, "known": 0, "cue": -2, "source": -2}


@dataclass(frozen=True, slots=True)
class Sample:
    """A labelled text."""

    encoded: EncodedText
    gold: Gold


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Ids of the parser's tags and relations; 0 is unknown."""

    tags: dict[str, int]
    relations: dict[str, int]


Piece = tuple[Sample, Window]


def make_vocabulary(parses: dict[str, Syntax]) -> Vocabulary:
    """Ids in alphabetical order of all tags and relations seen."""
    tags = sorted({tag for parse in parses.values() for tag in parse.tags})
    relations = sorted({name for parse in parses.values() for name in parse.relations})
    return Vocabulary({t: i + 1 for i, t in enumerate(tags)}, {r: i + 1 for i, r in enumerate(relations)})


def load_samples(
    records: Sequence[dict[str, Any]], parses: dict[str, Syntax], vocabulary: Vocabulary, tokenizer: Tokenizer
) -> list[Sample]:
    """Encoded texts with their gold labels."""
    samples = []
    for record in records:
        parse = parses[record["doc_id"]]
        encoded = encode_text(record["text"], tokenizer, vocabulary.tags, vocabulary.relations, parse)
        samples.append(Sample(encoded, label_words(record["text"], encoded, record["attributions"])))
    return samples


def make_batches(samples: Sequence[Sample], chance: random.Random, training: bool) -> list[list[Piece]]:
    """Windows of like length in batches of at most BUDGET padded pieces; in training, the first window of a text has a
    random size, so that a paragraph meets other neighbours in each epoch."""
    pieces: list[tuple[int, float, Piece]] = []
    for sample in samples:
        first = chance.randint(48, WINDOW) if training else None
        for window in find_windows(sample.encoded, first_budget=first):
            size = int(sample.encoded.bounds[window.last] - sample.encoded.bounds[window.first])
            pieces.append((size // STEP, chance.random(), (sample, window)))
    pieces.sort(key=lambda row: row[:2])
    batches: list[list[Piece]] = [[]]
    for size, _, piece in pieces:
        if batches[-1] and (len(batches[-1]) + 1) * STEP * (size + 2) > BUDGET:
            batches.append([])
        batches[-1].append(piece)
    if training:
        chance.shuffle(batches)
    return batches


def collate(
    batch: Sequence[Piece], chance: random.Random, blind: float, masked: float = 0.0
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """(network input, targets by word); with probability `blind` a window loses its parse, with `masked` a word its
    letters (marks keep theirs)."""
    rows, targets = [], []
    for sample, window in batch:
        columns, places = window_rows(sample.encoded, window, START, GAP)
        if chance.random() < blind:
            columns["tags"][:], columns["relations"][:] = 0, 0
            columns["heads"] = np.arange(len(columns["ids"]))
        if masked:
            _mask_words(columns, places, np.random.default_rng(chance.getrandbits(32)), masked)
        rows.append(columns)
        targets.append({"places": places, **_targets(sample, window)})
    inputs = {name: torch.from_numpy(column) for name, column in stack_rows(rows).items()}
    return inputs, {name: _pad([t[name] for t in targets], fill) for name, fill in FILLS.items()}


def _mask_words(columns: dict[str, Ints], places: Ints, dice: np.random.Generator, share: float) -> None:
    """Hides the letters of a share of the words, so that the network learns to go by their neighbours too."""
    lengths = np.diff(np.append(places, len(columns["ids"])))
    hidden = np.repeat(dice.random(len(places)) < share, lengths)
    pieces = np.arange(places[0], len(columns["ids"]))
    is_word = (columns["shapes"][pieces] != MARK) & (columns["shapes"][pieces] != 0)
    columns["ids"][pieces[hidden & is_word]] = MASK


def _targets(sample: Sample, window: Window) -> dict[str, Ints]:
    part, size = slice(window.first, window.last), window.last - window.first
    opens = np.ones(size, np.int64)
    opens[1:] = np.diff(sample.encoded.paragraphs[part]) > 0
    labels = sample.gold.labels[part]
    # a piece that a window cuts begins anew there
    labels = np.where((opens == 1) & (labels > 0) & (labels % 2 == 0), labels - 1, labels)
    cue = np.where(sample.gold.cue_of_content[part] < 0, -2, sample.gold.cue_of_content[part])
    source = sample.gold.source_of_cue[part]
    return {
        "labels": labels, "opens": opens, "known": np.ones(size, np.int64),
        "cue": _shift(cue, window, size), "source": _shift(source, window, size),
    }  # fmt: skip


def _shift(links: Ints, window: Window, size: int) -> Ints:
    """Word numbers into the window's; a partner outside it is not asked for."""
    moved = np.where(links >= 0, links - window.first, links)
    return np.where((links >= 0) & ((moved < 0) | (moved >= size)), -2, moved)


def _pad(rows: Sequence[Ints], fill: int) -> Tensor:
    width = max(map(len, rows))
    return torch.from_numpy(np.stack([np.pad(r, (0, width - len(r)), constant_values=fill) for r in rows]))
