"""PolNeAR records into labelled texts. The corpus stays where it is: nothing of it is written anywhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.analyse.tagger_features import EncodedText, Ints

TRAIN_SHA256 = "7cd95e7435923c5847a0bf9fd486a80da84f66fe9a4e90b60891b3f933c3ba64"
LABELS = ("O", "B-cue", "I-cue", "B-source", "I-source", "B-content", "I-content")
FIRST = {"cue": 1, "source": 3, "content": 5}
KEPT_MARKS = "“”„«»\"'’‘()[]%$€£"
HELD_OUT_EVERY = 20


@dataclass(frozen=True, slots=True)
class Gold:
    """Labels of one text's words, and for linking: the cue's first word of each content word (-1: not content),
    and the source's first word of each cue's first word (-2: no cue starts here; -1: cue without a source)."""

    labels: Ints
    cue_of_content: Ints
    source_of_cue: Ints


def read_records(path: Path, sha256: str | None = None) -> list[dict[str, Any]]:
    """All records of a corpus file; ValueError where its bytes are not those that the figures were measured on."""
    raw = path.read_bytes()
    if sha256 and hashlib.sha256(raw).hexdigest() != sha256:
        raise ValueError(f"{path.name} is not the file that this model is made from")
    return [json.loads(line) for line in raw.decode("utf8").splitlines() if line.strip()]


def is_held_out(position: int) -> bool:
    """Whether the record at this place of the training file only tunes the decoder: one in twenty."""
    return position % HELD_OUT_EVERY == HELD_OUT_EVERY // 2


def find_pieces(text: str, encoded: EncodedText, spans: list[list[int]]) -> Iterator[tuple[int, int]]:
    """Word ranges of spans, less the stops and commas at their edges, on which annotators did not agree."""
    for start, end in spans:
        first = int(np.searchsorted(encoded.ends, start, side="right"))
        last = int(np.searchsorted(encoded.starts, end, side="left"))
        lean = (first, last)
        while lean[1] > lean[0] and _is_loose(text, encoded, lean[1] - 1):
            lean = (lean[0], lean[1] - 1)
        while lean[1] > lean[0] and _is_loose(text, encoded, lean[0]):
            lean = (lean[0] + 1, lean[1])
        if lean[1] <= lean[0]:
            lean = (first, last)
        if lean[1] > lean[0]:
            yield lean


def _is_loose(text: str, encoded: EncodedText, word: int) -> bool:
    mark = text[encoded.starts[word]]
    return not mark.isalnum() and mark not in KEPT_MARKS


def label_words(text: str, encoded: EncodedText, attributions: list[dict[str, Any]]) -> Gold:
    """Gold labels and links; where two attributions claim a word, the one whose cue comes first keeps it."""
    size = len(encoded)
    labels = np.zeros(size, np.int64)
    cue_of_content = np.full(size, -1, np.int64)
    source_of_cue = np.full(size, -2, np.int64)
    for attribution in sorted(attributions, key=lambda a: a["cue"] or [[0, 0]]):
        pieces = {role: list(find_pieces(text, encoded, attribution[role])) for role in FIRST}
        if not pieces["cue"]:
            continue
        cue = min(pieces["cue"])[0]
        for role, base in FIRST.items():
            for first, last in pieces[role]:
                if labels[first:last].any():
                    continue
                labels[first], labels[first + 1 : last] = base, base + 1
                if role == "content":
                    cue_of_content[first:last] = cue
        source_of_cue[cue] = min(pieces["source"])[0] if pieces["source"] else -1
    return Gold(labels, cue_of_content, source_of_cue)
