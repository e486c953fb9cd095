"""What stands at the ends of the extracted lines and is no story: bylines and times above, what follows the story below."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.extract.prune import load_furniture
from pipeline.wire.contribution import find_contribution
from pipeline.wire.house import agency_names, month_numbers
from pipeline.wire.lines import Line, find_notice
from pipeline.wire.sign_off import find_sign_off

# Bylines, times and reading times stand among so many first lines, each of so many characters at most.
HEAD_LINES, LONGEST_HEAD = 8, 120
# Letters below which JSON-LD's ``articleBody`` is an extract and tells nothing.
SHORTEST_TOLD = 300
# Share of ``articleBody`` that the lines must hold for the rest to be no story; below LOST most of it was lost.
COMPLETE, LOST, RESTORED = 0.8, 0.5, 0.7
# Letters of a line below which its standing in ``articleBody`` proves nothing.
SHORTEST_LINE = 20


def drop_head_lines(lines: list[str], authors: tuple[str, ...]) -> list[str]:
    """Without the first lines that hold but names of the authors, times and words of a byline."""
    kept = [line for line in lines[:HEAD_LINES] if not is_head_line(line, authors)]
    return [*kept, *lines[HEAD_LINES:]] if kept or len(lines) > HEAD_LINES else lines


def is_head_line(line: str, authors: tuple[str, ...] = ()) -> bool:
    """``By Ana Vale, Harbour reporter``, ``Published 12 Nov 2025, 09:40``, ``4 min read``: a name or a number at least, and
    beside them only words of the table."""
    if len(line) > LONGEST_HEAD:
        return False
    rest = line.casefold()
    named = False
    for author in authors:
        named = named or author.casefold() in rest
        rest = rest.replace(author.casefold(), " ")
    tokens = re.findall(r"[^\W_]+", rest)
    numbers = sum(token[0].isdigit() for token in tokens)
    if not named and numbers < 2 and not (numbers and set(tokens) & _time_words()):
        return False
    return all(token[0].isdigit() or token in _head_words() for token in tokens)


def drop_tail_lines(lines: list[str], told: str) -> list[str]:
    """Without what follows the last line of ``told`` (letters of JSON-LD's ``articleBody``), if that is a whole story.

    Sign-offs and notices stay: they are the wire's, and sites cut them from ``articleBody``.
    """
    held = [index for index, line in enumerate(lines) if len(bare := letters(line)) >= SHORTEST_LINE and bare in told]
    if len(told) < SHORTEST_TOLD or sum(len(letters(lines[index])) for index in held) < COMPLETE * len(told):
        return lines
    end = held[-1] + 1
    return lines[:end] + [line for line in lines[end:] if _is_signed(line)]


def is_lost(lines: list[str], told: str) -> bool:
    """Whether ``lines`` lack most of what the page tells of its body."""
    return len(told) >= SHORTEST_TOLD and _share(lines, told) < LOST


def decide_lost_body(lines: list[str], own: list[str], told: str) -> list[str]:
    """``own`` (all texts of the page) as far as they stand in ``told``, if that is most of it; else ``lines``."""
    found = [line for line in dict.fromkeys(own) if letters(line) and letters(line) in told]
    return found if _share(found, told) >= RESTORED else lines


def letters(text: str) -> str:
    """Letters and digits alone, in lower case."""
    return re.sub(r"\W+", "", text).casefold()


def _share(lines: list[str], told: str) -> float:
    return sum(len(bare) for line in lines if (bare := letters(line)) in told) / len(told)


def _is_signed(line: str) -> bool:
    whole = Line(0, len(line), line)
    return bool(find_notice(whole) or find_sign_off(line, 0, len(line)) or find_contribution(line, 0, len(line)))


@lru_cache(maxsize=1)
def _time_words() -> frozenset[str]:
    """Words beside which one number is a day or a reading time."""
    return frozenset({*month_numbers(), "min", "mins", "minute", "minutes"})


@lru_cache(maxsize=1)
def _head_words() -> frozenset[str]:
    words = {word for row in load_furniture()["head"] for word in row["words"]}
    agencies = {token for name in agency_names() for token in re.findall(r"[^\W_]+", name)}
    return frozenset(words | set(month_numbers()) | agencies)
