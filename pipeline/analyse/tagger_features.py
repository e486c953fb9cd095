"""Text into the tagger's input: words, word pieces, and what the uncased encoder cannot see by itself.

MiniLM lower-cases its input and knows neither quotation state nor syntax, so each word also carries its shape, whether
it stands inside quotation marks and, where a parse is given, its part of speech, its relation and its head.
All functions are linear in the length of the text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

type_ids = np.int64
Ints = npt.NDArray[np.int64]

WORD = re.compile(r"\w+(?:['’.\-]\w+)*|[^\w\s]")
OPENING, CLOSING, STRAIGHT, DOUBLED = "“„«‟", "”»", '"＂', "'`’‘"
LONGEST_WORD = 48
SHAPES = ("pad", "lower", "title", "upper", "digit", "mark", "mixed")
QUOTES = ("outside", "inside", "open", "close")
WINDOW = 192


class PieceEncoder(Protocol):
    """The part of `tokenizers.Tokenizer` that is needed here."""

    def encode_batch(self, input: Any, is_pretokenized: bool = ..., add_special_tokens: bool = ...) -> Any: ...


@dataclass(frozen=True, slots=True)
class Syntax:
    """A parse as columns, one row a token: start offset, tag, relation and index of the head."""

    starts: Sequence[int]
    tags: Sequence[str]
    relations: Sequence[str]
    heads: Sequence[int]


@dataclass(frozen=True, slots=True)
class EncodedText:
    """One text as columns, one row a word; `pieces` holds all word pieces, word i owning `bounds[i]:bounds[i + 1]`.

    Offsets are code points into the text. `heads` are word indices (a word without a parse is its own head).
    """

    starts: Ints
    ends: Ints
    paragraphs: Ints
    shapes: Ints
    quotes: Ints
    tags: Ints
    relations: Ints
    heads: Ints
    pieces: Ints
    bounds: Ints

    def __len__(self) -> int:
        return len(self.starts)


@dataclass(frozen=True, slots=True)
class Window:
    """Words `first:last` of a text, read together by the network."""

    first: int
    last: int


def syntax_of(doc: Any) -> Syntax:
    """Columns of a spaCy Doc (any object whose tokens have idx, tag_, dep_ and head.i)."""
    return Syntax(
        [token.idx for token in doc],
        [token.tag_ for token in doc],
        [token.dep_ for token in doc],
        [token.head.i for token in doc],
    )


def shape_of(word: str) -> int:
    """Index into SHAPES of a word."""
    if not word[0].isalnum():
        return 5
    if word[0].isdigit():
        return 4
    if word.islower():
        return 1
    if word.isupper() and len(word) > 1:
        return 3
    return 2 if word[0].isupper() and (len(word) == 1 or word[1:].islower()) else 6


def quote_states(text: str, starts: Ints, ends: Ints, paragraphs: Ints) -> Ints:
    """Index into QUOTES for each word; a paragraph always begins outside.

    Straight marks, and two apostrophes that stand for one, open unless they follow a letter: pairing by parity alone
    fails on the first stray mark. The second of two apostrophes has the state of the first.
    """
    states = np.zeros(len(starts), type_ids)
    inside, paragraph = False, -1
    for i, (start, end, at) in enumerate(zip(starts.tolist(), ends.tolist(), paragraphs.tolist(), strict=True)):
        if at != paragraph:
            inside, paragraph = False, at
        mark = text[start:end]
        if mark in DOUBLED and start and text[start - 1] == mark and i and states[i - 1] > 1:
            states[i] = states[i - 1]
            continue
        straight = mark in STRAIGHT or (mark in DOUBLED and text[end : end + 1] == mark)
        opens = mark in OPENING or (straight and not inside and (start == 0 or not text[start - 1].isalnum()))
        if opens:
            states[i], inside = 2, True
        elif mark in CLOSING or straight:
            states[i], inside = 3, False
        elif inside:
            states[i] = 1
    return states


def find_words(text: str) -> tuple[Ints, Ints, Ints]:
    """(starts, ends, paragraph numbers) of the words; a paragraph ends at a line break."""
    spans = [match.span() for match in WORD.finditer(text)]
    table = np.array(spans, type_ids).reshape(-1, 2)
    breaks = np.array([match.start() for match in re.finditer(r"[\n\r\u2028\u2029]", text)], type_ids)
    lines = np.searchsorted(breaks, table[:, 0])
    paragraphs = np.unique(lines, return_inverse=True)[1].astype(type_ids) if len(lines) else lines.astype(type_ids)
    return table[:, 0].copy(), table[:, 1].copy(), paragraphs.reshape(-1)


def place_syntax(
    syntax: Syntax, starts: Ints, ends: Ints, tag_ids: dict[str, int], relation_ids: dict[str, int]
) -> tuple[Ints, Ints, Ints]:
    """(tags, relations, heads) of the words: those of the word's first token whose head is another word."""
    count = len(starts)
    tags, relations, heads = np.zeros(count, type_ids), np.zeros(count, type_ids), np.arange(count, dtype=type_ids)
    if not count or not len(syntax.starts):
        return tags, relations, heads
    at = np.asarray(syntax.starts, type_ids)
    owner = np.searchsorted(starts, at, side="right") - 1
    owner = np.where((owner >= 0) & (at < ends[np.maximum(owner, 0)]), owner, -1)
    head_owner = owner[np.asarray(syntax.heads, type_ids)]
    seen = np.zeros(count, np.int8)
    for token, (word, head) in enumerate(zip(owner.tolist(), head_owner.tolist(), strict=True)):
        leaves = head not in (-1, word)
        if word < 0 or seen[word] == 2 or (seen[word] == 1 and not leaves):
            continue
        seen[word] = 2 if leaves else 1
        tags[word] = tag_ids.get(syntax.tags[token], 0)
        relations[word] = relation_ids.get(syntax.relations[token], 0)
        heads[word] = head if leaves else word
    return tags, relations, heads


def encode_pieces(encoder: PieceEncoder, words: Sequence[str], unknown: int, most: int = 12) -> tuple[Ints, Ints]:
    """(pieces, bounds) of words, at least one and at most `most` pieces each."""
    pieces: list[int] = []
    bounds = [0]
    distinct = list(dict.fromkeys(words))
    coded = encoder.encode_batch(distinct, is_pretokenized=False, add_special_tokens=False)
    ids = {word: encoding.ids[:most] or [unknown] for word, encoding in zip(distinct, coded, strict=True)}
    for word in words:
        pieces.extend(ids[word])
        bounds.append(len(pieces))
    return np.array(pieces, type_ids), np.array(bounds, type_ids)


def encode_text(
    text: str,
    encoder: PieceEncoder,
    tag_ids: dict[str, int],
    relation_ids: dict[str, int],
    syntax: Syntax | None = None,
    unknown: int = 100,
) -> EncodedText:
    """Columns of a text; without a parse, tags and relations are 0 and each word is its own head."""
    starts, ends, paragraphs = find_words(text)
    words = [text[a : min(b, a + LONGEST_WORD)] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    pieces, bounds = encode_pieces(encoder, words, unknown)
    empty = Syntax((), (), (), ())
    tags, relations, heads = place_syntax(syntax or empty, starts, ends, tag_ids, relation_ids)
    shapes = np.array([shape_of(word) for word in words], type_ids)
    quotes = quote_states(text, starts, ends, paragraphs)
    return EncodedText(starts, ends, paragraphs, shapes, quotes, tags, relations, heads, pieces, bounds)


def find_windows(encoded: EncodedText, budget: int = WINDOW, first_budget: int | None = None) -> list[Window]:
    """Windows of whole paragraphs of at most `budget` pieces, separators counted; a longer paragraph is cut."""
    windows: list[Window] = []
    limit = first_budget or budget
    begin, used = 0, 0
    for first, last in _blocks(encoded, budget):
        cost = int(encoded.bounds[last] - encoded.bounds[first]) + 1
        if used and used + cost > limit:
            windows.append(Window(begin, first))
            begin, used, limit = first, 0, budget
        used += cost
    if used:
        windows.append(Window(begin, len(encoded)))
    return windows


def _blocks(encoded: EncodedText, budget: int) -> Iterable[tuple[int, int]]:
    """(first, last) word of each paragraph, a long one in parts that fit the budget."""
    edges = np.flatnonzero(np.diff(encoded.paragraphs)) + 1
    limits = [0, *edges.tolist(), len(encoded)] if len(encoded) else []
    for first, last in itertools.pairwise(limits):
        while encoded.bounds[last] - encoded.bounds[first] + 1 > budget:
            cut = int(np.searchsorted(encoded.bounds, encoded.bounds[first] + budget - 1, side="right")) - 1
            yield first, max(cut, first + 1)
            first = max(cut, first + 1)
        if first < last:
            yield first, last


NAMES = ("ids", "mask", "shapes", "quotes", "tags", "relations", "heads")


def window_rows(encoded: EncodedText, window: Window, start_id: int, gap_id: int) -> tuple[dict[str, Ints], Ints]:
    """(input columns, one row a piece; position of each word's first piece). Paragraphs are divided by `gap_id`."""
    first, last = window.first, window.last
    lengths = np.diff(encoded.bounds[first : last + 1])
    opens = np.zeros(last - first, type_ids)
    opens[1:] = np.diff(encoded.paragraphs[first:last]) > 0
    places = 1 + np.cumsum(opens) + np.concatenate(([0], np.cumsum(lengths)[:-1]))
    size = int(places[-1] + lengths[-1]) + 1
    columns = {name: np.zeros(size, type_ids) for name in NAMES}
    columns["ids"][:], columns["mask"][:] = gap_id, 1
    columns["ids"][0] = start_id
    owner = np.repeat(np.arange(last - first), lengths)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    at = places[owner] + within
    columns["ids"][at] = encoded.pieces[encoded.bounds[first] : encoded.bounds[last]]
    for name in ("shapes", "quotes", "tags", "relations"):
        columns[name][at] = getattr(encoded, name)[first:last][owner]
    heads = encoded.heads[first:last] - first
    heads = np.where((heads >= 0) & (heads < last - first), heads, np.arange(last - first))
    columns["heads"][:] = np.arange(size)
    columns["heads"][at] = places[heads][owner]
    return columns, places.astype(type_ids)


def stack_rows(rows: Sequence[dict[str, Ints]]) -> dict[str, Ints]:
    """Columns of several windows as (windows, pieces) arrays, padded at the right with zeros."""
    widest = max(len(row["ids"]) for row in rows)
    stacked = {name: np.zeros((len(rows), widest), type_ids) for name in NAMES}
    for i, row in enumerate(rows):
        for name in NAMES:
            stacked[name][i, : len(row[name])] = row[name]
    return stacked
