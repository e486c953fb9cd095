"""The sentence that a claim stands in, in pieces, with the words of source, cue and content marked."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.report.records import Piece

# A full stop ends a sentence before space and a capital, a digit or a quotation mark; after an initial or a short title
# it does not.
_TITLES = ["Jan", "Feb", "Mar", "Apr", "Aug", "Sep", "Oct", "Nov", "Dec", "Gov", "Sen", "Rep", "Gen", "Col", "Mrs"]
_END = re.compile(rf"(?<![A-Z])(?<!\b[A-Z][a-z])(?<!\b(?:{'|'.join(_TITLES)}))[.!?][”’\"']*\s+(?=[“‘\"'A-Z0-9])")
DASHES = " -–—"
MAX_LENGTH = 700
# Words around the marked ones beyond these are left out, so that a card shows the claim and not its whole paragraph.
LEAD_LENGTH = 60
TAIL_LENGTH = 80


def get_sentence_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Code points of the sentences of one paragraph that hold ``start``..``end``; whole lines where none can be told."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", max(end, line_start))
    line_end = len(text) if line_end < 0 else line_end
    left, right = line_start, line_end
    for match in _END.finditer(text, line_start, line_end):
        if match.end() <= start:
            left = match.end()
        elif match.start() + 1 >= end:
            right = match.end()
            break
    return left, right


def mark_sentence(text: str, spans: Iterable[tuple[int, int, str]], body_start: int = 0) -> tuple[Piece, ...]:
    """Pieces of the sentences that hold all ``spans`` (start, end, mark); where spans overlap, the earlier mark stands.

    Nothing before ``body_start`` (the end of a dateline) is shown, and long words around the marks give way to "…".
    """
    known = sorted((s, e, m) for s, e, m in spans if 0 <= s < e <= len(text))
    if not known:
        return ()
    left, right = get_sentence_bounds(text, known[0][0], max(e for _, e, _ in known))
    while right > left and text[right - 1].isspace():
        right -= 1
    if right - left > MAX_LENGTH:
        left, right = known[0][0], min(max(e for _, e, _ in known), known[0][0] + MAX_LENGTH)
    left = max(left, min(body_start, known[0][0]))
    while left < right and text[left] in DASHES:
        left += 1
    pieces: list[Piece] = []
    at = left
    for start, end, mark in known:
        start, end = max(start, at), min(end, right)
        if start >= end:
            continue
        if start > at:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], mark))
        at = end
    if at < right:
        pieces.append(Piece(text[at:right]))
    return _trim_ends(pieces)


def _trim_ends(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Unmarked words at either end, cut at a comma or else at a space, with "…" in their place."""
    if not pieces[0].mark and len(pieces[0].text) > LEAD_LENGTH:
        lead = pieces[0].text[-LEAD_LENGTH:]
        cut = lead.rfind(", ", 0, LEAD_LENGTH - 2)
        pieces[0] = Piece("… " + lead[cut + 2 if cut >= 0 else lead.find(" ") + 1 :])
    if not pieces[-1].mark and len(pieces[-1].text) > TAIL_LENGTH:
        tail = pieces[-1].text[:TAIL_LENGTH]
        cut = tail.find(", ", 12)
        pieces[-1] = Piece(tail[: cut if cut >= 0 else tail.rfind(" ")] + " …")
    return tuple(pieces)
