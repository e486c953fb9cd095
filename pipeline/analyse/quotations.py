"""Quoted stretches of a text, paired by shape and never by parity.

An apostrophe is no quotation mark; a straight mark opens behind a space and closes otherwise; a paragraph that opens
with a mark while the last one was left open goes on with the same quotation, as wire style has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from pipeline.analyse.syntax import CLOSING, OPENING, STRAIGHT


@dataclass(frozen=True, slots=True)
class Quotation:
    """Tokens ``first:last`` between the marks, the marks left out; ``paragraph`` is its index; ``goes_on`` that it
    continues the quotation of the paragraph before; ``is_open`` that no mark closed it."""

    first: int
    last: int
    paragraph: int
    goes_on: bool = False
    is_open: bool = False

    def __len__(self) -> int:
        return self.last - self.first


def paragraphs(doc: Doc) -> list[tuple[int, int]]:
    """Token ranges of the lines of a text, without empty ones."""
    found, start = [], 0
    for token in doc:
        if "\n" in token.text:
            if token.i > start:
                found.append((start, token.i))
            start = token.i + 1
    if start < len(doc):
        found.append((start, len(doc)))
    return found


def find_quotations(doc: Doc) -> list[Quotation]:
    """All quotations, in order; linear in the length of the text."""
    found: list[Quotation] = []
    was_open = False
    for number, (first, last) in enumerate(paragraphs(doc)):
        own = list(pair_marks(doc, first, last, number))
        if own and was_open and own[0].first == first + 1:
            own[0] = Quotation(own[0].first, own[0].last, number, True, own[0].is_open)
        was_open = bool(own) and own[-1].is_open
        found.extend(own)
    return found


def opens(doc: Doc, index: int) -> bool:
    """Whether the mark at an index opens a quotation by its shape and what stands before it."""
    mark = doc[index].text
    if mark in OPENING:
        return True
    if mark not in STRAIGHT and mark not in ("``", "''"):
        return False
    if index == 0 or doc[index - 1].whitespace_:
        return True
    before = doc[index - 1].text[-1:]
    return not (before.isalnum() or before in ".,!?;:…’'")


def closes(doc: Doc, index: int) -> bool:
    """Whether the mark at an index closes a quotation."""
    mark = doc[index].text
    return mark in CLOSING or mark in STRAIGHT or mark == "''"


def pair_marks(doc: Doc, first: int, last: int, number: int) -> Iterator[Quotation]:
    """Quotations of one paragraph; one left open runs to its end."""
    start: int | None = None
    for index in range(first, last):
        if start is None:
            if opens(doc, index):
                start = index + 1
        elif closes(doc, index):
            if index > start:
                yield Quotation(start, index, number)
            start = None
    if start is not None and last - start > 2:
        yield Quotation(start, last, number, is_open=True)
