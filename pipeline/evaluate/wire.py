"""Datelines and sign-offs against the labels of ``tests/golden/``: half of them dev, half test, by hash."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pipeline.records import Credit, Dateline, SignOff, WireCopy
from pipeline.wire import mask, read_wire

GOLDEN = Path(__file__).resolve().parents[2] / "tests" / "golden"
# A leap year's middle: any labelled month and day is nearest to itself.
PUBLISHED_AT = datetime(2024, 7, 1, tzinfo=UTC)
SENTENCE = "The ferry crews of Vale Novo went back to work on Monday, the harbour board said."
# Between a dateline and its copy in ``dateline_styles.tsv``.
MARK = "¦"
ROLES = ("reporting", "additional_reporting", "writing", "editing", "compiling")


def evaluate(shared: Path) -> dict[str, float]:
    """``dateline.*`` and ``sign_off.*``: precision and recall of whole datelines (places, day, agency, end) and of names
    with role and place; over all labels, and ``_test`` over the half that nothing was tuned on."""
    figures: dict[str, float] = {}
    for half in ("", "test"):
        suffix = f"_{half}" if half else ""
        for name, value in (*_dateline_figures(shared, half).items(), *_sign_off_figures(shared, half).items()):
            figures[f"{name}{suffix}"] = value
    figures["dateline.negatives_refused"] = _refused()
    return figures | evaluate_styles()


def evaluate_styles() -> dict[str, float]:
    """``styles.*``: shares of our own datelines, look-alikes and tails of stories that are read just as labelled, in the
    half that the tables were made on and in the other."""
    hits: dict[str, list[bool]] = {}
    for row in read_table(GOLDEN / "dateline_styles.tsv"):
        name = "datelines" if MARK in row["text"] else "look_alikes"
        hits.setdefault(f"styles.{name}_{row['half'].removesuffix('2')}", []).append(is_dateline_right(row))
    for row in read_table(GOLDEN / "wire_tails.tsv"):
        name = "copy_kept" if row["kind"] == "copy" else "tails"
        hits.setdefault(f"styles.{name}_{row['half'].removesuffix('2')}", []).append(is_tail_right(row))
    return {name: sum(right) / len(right) for name, right in hits.items()}


def is_dateline_right(row: dict[str, str]) -> bool:
    """Whether a row of ``dateline_styles.tsv`` is read as labelled: the last ``MARK`` ends the dateline, one before it
    begins it; without one there is none."""
    *ahead, rest = _unescape(row["text"]).split(MARK)
    text = "".join((*ahead, rest))
    found = dateline_facts(read_wire(text, published_at=PUBLISHED_AT).dateline)
    if not ahead or found is None:
        return not ahead and found is None
    return found[:3] == (row["place"], row["on"], row["agency"]) and text[found[3] :].strip() == rest.strip()


def is_tail_right(row: dict[str, str]) -> bool:
    """Whether a row of ``wire_tails.tsv`` after a story is masked and its names read, or, of kind copy, kept."""
    story = f"LAGOS, Nov 12 (Reuters) - {SENTENCE}"
    line = _unescape(row["text"])
    copy = read_wire(f"{story}\n{line}", published_at=PUBLISHED_AT)
    shown = mask(f"{story}\n{line}", copy)
    if row["kind"] == "copy":
        return shown.endswith(line) and copy.sign_off is None
    return shown.rstrip().endswith(SENTENCE) and sign_off_facts(copy.sign_off) == labelled_credits(row)


def _unescape(text: str) -> str:
    return text.replace("\\n", "\n").replace("\\u00a0", "\xa0")


def read_table(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a tab-separated file without quoting."""
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def texts_by_line(path: Path) -> dict[int, str]:
    """The fourth field of each line of a file of ``shared/data``, by line number (the head is line 1)."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return {number: line.split("\t", 3)[3] for number, line in enumerate(lines, 1) if line}


def labelled_dateline(row: dict[str, str]) -> tuple[str, str, str, int] | None:
    """Places, month-day, agency and end of a label; None where the line holds no dateline."""
    return (row["place"], row["on"], row["agency"], int(row["end"])) if row["start"] else None


def dateline_facts(dateline: Dateline | None) -> tuple[str, str, str, int] | None:
    """The same of a parsed dateline."""
    if dateline is None:
        return None
    day = dateline.on.strftime("%m-%d") if dateline.on else ""
    return "|".join(dateline.places), day, dateline.agency or "", dateline.end


def labelled_credits(row: dict[str, str]) -> set[tuple[str, str, str]]:
    """Role, name and place of each name of a label."""
    credits = set()
    for role in ROLES:
        for credit in filter(None, row[role].split("; ")):
            name, _, place = credit.partition("@")
            credits.add((role, name, place))
    return credits


def sign_off_facts(sign_off: SignOff | None) -> set[tuple[str, str, str]]:
    """The same of a parsed sign-off."""
    if sign_off is None:
        return set()
    return {(role, credit.name, credit.place or "") for role in ROLES for credit in _credits(sign_off, role)}


def _credits(sign_off: SignOff, role: str) -> tuple[Credit, ...]:
    found: tuple[Credit, ...] = getattr(sign_off, role)
    return found


def _dateline_figures(shared: Path, half: str) -> dict[str, float]:
    texts = texts_by_line(shared / "data" / "datelines.tsv")
    right = wanted = given = 0
    for row in read_table(GOLDEN / "datelines.tsv"):
        if half and row["half"] != half:
            continue
        want = labelled_dateline(row)
        got = dateline_facts(read_wire(texts[int(row["line"])], published_at=PUBLISHED_AT).dateline)
        right += want is not None and want == got
        wanted += want is not None
        given += got is not None
    return {"dateline.precision": right / given, "dateline.recall": right / wanted}


def _sign_off_figures(shared: Path, half: str) -> dict[str, float]:
    texts = texts_by_line(shared / "data" / "sign_offs.tsv")
    right = wanted = given = lines = whole = glued = 0
    for row in read_table(GOLDEN / "sign_offs.tsv"):
        if half and row["half"] != half:
            continue
        text = texts[int(row["line"])]
        want, got = labelled_credits(row), sign_off_facts(read_wire(text).sign_off)
        right, wanted, given, lines = right + len(want & got), wanted + len(want), given + len(got), lines + 1
        whole += want == got and _is_masked(text, int(row["start"]))
        glued += _glued_right(text, row, want)
    return {
        "sign_off.precision": right / given,
        "sign_off.recall": right / wanted,
        "sign_off.lines_right": whole / lines,
        "sign_off.glued_right": glued / lines,
    }


def _is_masked(text: str, start: int) -> bool:
    """Whether copy ends just where the label says that the sign-off begins."""
    shown = mask(text, read_wire(text))
    return not shown[start:].strip() and shown[:start].rstrip() == text[:start].rstrip()


def _glued_right(text: str, row: dict[str, str], want: set[tuple[str, str, str]]) -> bool:
    """The same after a sentence on the same line."""
    whole = f"{SENTENCE} {text}"
    copy: WireCopy = read_wire(whole)
    return sign_off_facts(copy.sign_off) == want and _is_masked(whole, int(row["start"]) + len(SENTENCE) + 1)


def _refused() -> float:
    refused = [read_wire(row["text"]).dateline is None for row in read_table(GOLDEN / "dateline_negatives.tsv")]
    return sum(refused) / len(refused)
