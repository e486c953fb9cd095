"""One parsed text as plain lists: what every step of the resolution reads. Made once a text, as token access costs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Any

# Token boundaries are spaCy's; ``words`` have straight apostrophes so that tables need one spelling.


@dataclass(frozen=True, slots=True)
class TextView:
    """Parallel lists by token index; ``sentence[i]`` numbers sentences; ``quoted[i]`` says: inside quotation marks."""

    text: str
    words: list[str]
    lower: list[str]
    lemma: list[str]
    pos: list[str]
    tag: list[str]
    dep: list[str]
    head: list[int]
    start: list[int]
    end: list[int]
    sentence: list[int]
    sentence_start: list[int]
    children: list[list[int]]
    chunks: list[tuple[int, int, int]]
    chunk_of: dict[int, tuple[int, int, int]]
    names: list[tuple[int, int, str]]
    quoted: list[bool]

    def __len__(self) -> int:
        return len(self.words)

    def tokens_at(self, start: int, end: int) -> tuple[int, int]:
        """Token range that overlaps the characters ``[start, end)``; (0, 0) where none does."""
        first = bisect_right(self.end, start)
        last = bisect_left(self.start, end)
        return (first, last) if first < last and start < end else (0, 0)

    def head_of(self, first: int, last: int) -> int:
        """The token of ``[first, last)`` whose head lies outside; the last such noun-like one."""
        for i in range(first, last):
            is_top = not first <= self.head[i] < last or self.head[i] == i
            is_word = self.pos[i] not in ("PUNCT", "SPACE", "ADP", "CCONJ", "SCONJ", "PART")
            if is_top and is_word and self.dep[i] != "det":
                return i
        return max(first, last - 1)

    def left_edge(self, index: int) -> int:
        """The first token of what hangs on a token."""
        while self.children[index] and self.children[index][0] < index:
            index = self.children[index][0]
        return index

    def right_edge(self, index: int) -> int:
        """One past the last token of what hangs on a token."""
        while self.children[index] and self.children[index][-1] > index:
            index = self.children[index][-1]
        return index + 1

    def is_capital(self, index: int) -> bool:
        """Whether a word begins with a capital letter."""
        return self.words[index][:1].isupper()


def _find_quoted(words: list[str], sentence_breaks: list[bool]) -> list[bool]:
    """Tokens inside double quotation marks; a paragraph's end closes what is open, as wire copy reopens."""
    quoted, inside = [], False
    for word, paragraph_ends in zip(words, sentence_breaks, strict=True):
        if word == "“" or (word in ('"', "``", "''") and not inside):
            inside = True
            quoted.append(False)
            continue
        if word == "”" or (word in ('"', "``", "''") and inside):
            inside = False
        if paragraph_ends:
            inside = False
        quoted.append(inside)
    return quoted


def _skip_blank(blank: list[bool], first: int, root: int) -> int:
    while first < root and blank[first]:
        first += 1
    return first


def view_text(doc: Any) -> TextView:
    """A spaCy ``Doc`` (tagged, parsed, with names) as a ``TextView``."""
    tokens = list(doc)
    words = [t.text.replace("’", "'") if "’" in t.text else t.text for t in tokens]
    sentence, sentence_start = [0] * len(words), []
    for number, sent in enumerate(doc.sents):
        sentence_start.append(sent.start)
        for i in range(sent.start, sent.end):
            sentence[i] = number
    head = [i + step for i, step in enumerate(doc.to_array("HEAD").astype("int64").tolist())]
    none: list[int] = []  # shared by all leaves: a list a token makes the collector run
    children = [none] * len(words)
    for i, h in enumerate(head):
        if h != i:
            if children[h] is none:
                children[h] = [i]
            else:
                children[h].append(i)
    blank = [not w.strip() for w in words]
    chunks = [(_skip_blank(blank, c.start, c.root.i), c.end, c.root.i) for c in doc.noun_chunks]
    chunk_of = {i: chunk for chunk in chunks for i in range(chunk[0], chunk[1])}
    start = [t.idx for t in tokens]
    return TextView(
        text=doc.text, words=words, lower=[w.lower() for w in words], lemma=[t.lemma_.lower() for t in tokens],
        pos=[t.pos_ for t in tokens], tag=[t.tag_ for t in tokens], dep=[t.dep_ for t in tokens], head=head, start=start,
        end=[s + len(w) for s, w in zip(start, words, strict=True)], sentence=sentence, sentence_start=sentence_start,
        children=children, chunks=chunks, chunk_of=chunk_of, names=[(e.start, e.end, e.label_) for e in doc.ents],
        quoted=_find_quoted(words, ["\n" in w for w in words]),
    )  # fmt: skip
