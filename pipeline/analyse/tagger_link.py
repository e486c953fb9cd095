"""Pieces into attributions: each content asks for its cue, each cue for its source, by learned vectors."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.analyse.tagger_decode import Piece

Vectors = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class LinkVectors:
    """Of the N words of one window: what a content asks of its cue, what a cue answers, what a cue asks of its source,
    what a source answers, each (N, K); and the answer that stands for "no source", (K,)."""

    asks_cue: Vectors
    cue: Vectors
    asks_source: Vectors
    source: Vectors
    nothing: Vectors

    @classmethod
    def of(cls, columns: Vectors, nothing: Vectors) -> LinkVectors:
        """From (N, 4 K) columns as the network gives them, and the first piece's (K,)."""
        four = np.split(columns, 4, axis=1)
        return cls(four[0], four[1], four[2], four[3], nothing)

    @property
    def scale(self) -> float:
        """Scores are divided by the root of the vectors' length, as in training."""
        return 1.0 / math.sqrt(self.nothing.shape[0])


@dataclass(frozen=True, slots=True)
class Draft:
    """One attribution as pieces in the order of the text; `chance`: the product of what it rests on."""

    source: tuple[Piece, ...]
    cue: Piece
    content: tuple[Piece, ...]
    chance: float


def link_pieces(
    pieces: Sequence[Piece],
    vectors: LinkVectors,
    propose: Callable[[str, int], Piece],
    no_source: float = 0.0,
    rescue: float = 1.0,
    bond: float = 0.0,
) -> list[Draft]:
    """Attributions of one window, words numbered in it; a cue without content is none, nor a content without cue.

    `propose` gives the likeliest piece of a role that begins at a word: where a content points to a word outside all
    pieces with a probability of `rescue` or more, that word's piece is its cue, likewise a cue's source. `no_source`
    is added to the score of having no source: below zero, more cues get one. `bond`: a cue's further contents must
    point to it with this probability among all words, or they belong to a cue that was missed.
    """
    by_role = {role: [piece for piece in pieces if piece.role == role] for role in ("cue", "source", "content")}
    owner = _owners(pieces, len(vectors.cue))
    owned: dict[Piece, list[tuple[Piece, float, float]]] = {}
    for content in by_role["content"]:
        asked = vectors.asks_cue[content.first : content.last].mean(0)
        scores = vectors.cue @ asked * vectors.scale
        found = _rescue(scores, "cue", owner, propose, rescue) or _best(scores, by_role["cue"])
        if found:
            owned.setdefault(found[0], []).append((content, found[1], _share(scores, found[0])))
    drafts = []
    for cue, own in sorted(owned.items(), key=lambda row: row[0].first):
        scores = np.append(vectors.source, vectors.nothing[None], 0) @ vectors.asks_source[cue.first] * vectors.scale
        scores[-1] += no_source
        source = _rescue(scores, "source", owner, propose, rescue) or _best(scores, by_role["source"], nothing=True)
        best = max((part for part, _, _ in own), key=lambda part: part.chance)
        parts = tuple(part for part, _, share in own if part is best or share >= bond)
        chance = cue.chance * max(part.chance * link for part, link, _ in own)
        chance *= source[1] * source[0].chance if source and source[0] else source[1] if source else 1.0
        drafts.append(Draft((source[0],) if source and source[0] else (), cue, parts, chance))
    return drafts


def _owners(pieces: Sequence[Piece], size: int) -> list[Piece | None]:
    """The piece that each word of the window stands in."""
    owner: list[Piece | None] = [None] * size
    for piece in pieces:
        owner[piece.first : piece.last] = [piece] * (piece.last - piece.first)
    return owner


def decide_kept(drafts: Sequence[Draft], keep: float, extra: float) -> list[Draft]:
    """Drafts whose cue and best content are together likely enough, less further content pieces under `extra`.

    Pieces come in at low floors, so that a doubtful one may stand beside a sure partner; a doubtful pair goes here.
    """
    kept = []
    for draft in drafts:
        best = max(piece.chance for piece in draft.content)
        if (draft.cue.chance + best) / 2 >= keep:
            content = tuple(piece for piece in draft.content if piece.chance >= min(best, extra))
            kept.append(Draft(draft.source, draft.cue, content, draft.chance))
    return kept


def _rescue(
    scores: Vectors, role: str, owner: Sequence[Piece | None], propose: Callable[[str, int], Piece], floor: float
) -> tuple[Piece, float] | None:
    """The piece at the word that all words together elect, where that is likely and no other role's."""
    word = int(scores.argmax())
    if word >= len(owner):
        return None
    chance = float(1 / np.exp(scores - scores[word]).sum())
    there = owner[word]
    if chance < floor or (there is not None and there.role != role):
        return None
    piece = there or propose(role, word)
    return None if any(owner[piece.first : piece.last]) and there is None else (piece, chance)


def _share(scores: Vectors, piece: Piece) -> float:
    """The probability, among all words, that a piece's words are asked for."""
    weights = np.exp(scores - scores.max())
    return float(weights[piece.first : piece.last].sum() / weights.sum())


def _best(scores: Vectors, among: Sequence[Piece], nothing: bool = False) -> Any:
    """(piece whose first word scores best, its probability among these), the piece None where `nothing` scores best."""
    options: list[Piece | None] = [*among, None] if nothing else [*among]
    if not options:
        return None
    own = scores[[piece.first if piece else -1 for piece in options]]
    weights = np.exp(own - own.max())
    at = int(weights.argmax())
    return options[at], float(weights[at] / weights.sum())
