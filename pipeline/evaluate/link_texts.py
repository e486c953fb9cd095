"""Copies and stories by pairs: texts of the demo, and texts of ours rewritten as papers rewrite agency copy.

Rows of ``tests/golden/link_copies.tsv`` and ``link_stories.tsv`` name two texts (``story@stage``, or ``near-…`` of
``link_near.tsv``), what was done to the second one, and the label.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from pipeline.evaluate.pairs import half_of, precision_recall, read_table
from pipeline.link import copies, stories
from pipeline.link.copies import PrintedText
from pipeline.wire.read import read_wire

AT = datetime(2026, 11, 17, 12, tzinfo=UTC)
Text = tuple[str, list[str]]
# Paragraphs that a paper adds of its own.
OWN = (
    "Readers of this paper may remember the harbour fair of last summer, when the same crane was used to lift the old bell.",
    "The town council will speak of the matter at its next sitting. Seats in the gallery are free and need not be booked.",
    "A reader from Mill Street writes that her cousin lives there and is well. We thank her for her call.",
    "Our correspondent for shipping adds that the insurance market had expected a quiet month after a costly autumn.",
)
SPELLING = (
    ("harbour", "harbor"),
    ("metres", "meters"),
    ("centre", "center"),
    ("labour", "labor"),
    ("rumours", "rumors"),
)


def evaluate_texts() -> dict[str, float]:
    """``copies.*`` and ``stories.*``: precision and recall over 100 pairs each, and over the test half."""
    texts = load_texts()
    figures: dict[str, float] = {}
    for name, decide in (("copies", is_copy_pair), ("stories", is_story_pair)):
        rows = read_table(f"link_{name}")
        found = [decide(row, texts) for row in rows]
        for half in ("", "test"):
            kept = [
                (row["label"] == "yes", hit)
                for row, hit in zip(rows, found, strict=True)
                if not half or half_of(row["pair"]) == half
            ]
            counts = precision_recall(
                sum(gold and hit for gold, hit in kept), sum(hit for _, hit in kept), sum(gold for gold, _ in kept)
            )
            figures |= {f"{name}.{k}{'_' + half if half else ''}": v for k, v in counts.items()}
    return figures


def load_texts() -> dict[str, Text]:
    """Headline and paragraphs by name: every state of every demo story, and the near misses."""
    from demo.stories import load_stories  # the demo stands beside the package, not in it

    found: dict[str, Text] = {
        row["story"]: (row["headline"], row["paragraphs"].split("|")) for row in read_table("link_near")
    }
    for story in load_stories():
        for state in story.states:
            found[f"{story.id}@{state.stage}"] = (state.headline, list(state.paragraphs))
    return found


def is_copy_pair(row: Mapping[str, str], texts: Mapping[str, Text]) -> bool:
    """Whether the second text of a pair is found by its sketch and proven a copy of the first."""
    first, second = texts[row["first"]], rewrite(texts[row["second"]], row["change"])
    one, other = (find_shingles(text) for text in (first, second))
    later = AT + timedelta(hours=5)
    if not set(copies.sketch_keys(one, AT)) & set(copies.sketch_keys(other, later, is_search=True)):
        return False
    outlets = {name: n for n, name in enumerate(sorted({row["outlet"], row["other_outlet"]}), 1)}
    mark = 1 if row["agency"] == "marked" else None
    a = PrintedText(1, outlets[row["outlet"]], 1, True, False, AT, "http://agency.example/a")
    b = PrintedText(2, outlets[row["other_outlet"]], mark, False, False, later, "http://paper.example/b")
    return copies.is_copy(a, b, copies.measure_overlap(one, other))


def is_story_pair(row: Mapping[str, str], texts: Mapping[str, Text]) -> bool:
    """Whether two texts are found by a rare name and told to be one story."""
    one, other = (
        topic_of(n, rewrite(texts[row[name]], row["change"] if n == 2 else ""))
        for n, name in ((1, "first"), (2, "second"))
    )
    keys = set(stories.topic_keys(one)) & set(stories.topic_keys(other, is_search=True))
    return bool(keys) and stories.measure_story(one, other) > 0


def find_shingles(text: Text) -> frozenset[str]:
    """Shingles of the copy proper."""
    body = "\n".join(text[1])
    return copies.find_shingles(body, masked_spans(text[0], body))


def masked_spans(headline: str, body: str) -> list[tuple[int, int]]:
    """Spans of the wire's own grammar, as the store masks them."""
    copy = read_wire(body, headline=headline, published_at=AT)
    parts = [copy.dateline, copy.sign_off, copy.byline, copy.advisory, *copy.notices]
    return [(part.start, part.end) for part in parts if part is not None]


def topic_of(article_id: int, text: Text) -> stories.Topic:
    """Topic of headline and copy proper."""
    body = "\n".join(text[1])
    plain = text[0] + "\n" + copies.without_spans(body, masked_spans(text[0], body))
    return stories.read_topic(article_id, plain, "en", AT, f"http://a.example/{article_id}")


def rewrite(text: Text, change: str) -> Text:
    """A text after changes, left to right: ``head``, ``cut:N``, ``drop:N``, ``add:N``, ``dates``, ``spelling``, ``quotes``,
    ``join``, ``swap``, ``only:N-M`` (these paragraphs among those of a paper's own)."""
    headline, paragraphs = text[0], list(text[1])
    for word in change.split():
        name, _, value = word.partition(":")
        headline, paragraphs = CHANGES[name](headline, paragraphs, value)
    return headline, paragraphs


def swap_words(paragraphs: Sequence[str], pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Paragraphs with words replaced."""
    for old, new in pairs:
        paragraphs = [paragraph.replace(old, new) for paragraph in paragraphs]
    return list(paragraphs)


def change_dates(paragraph: str) -> str:
    """Days of the agency's day in other words."""
    return re.sub(r"\bon Tuesday\b", "on 17 November", paragraph).replace("Nov 17", "17 November")


def among_own(paragraphs: Sequence[str], value: str) -> list[str]:
    """Some paragraphs between those of a paper's own."""
    first, last = (int(n) for n in value.split("-"))
    return [*OWN[:2], *paragraphs[first - 1 : last], *OWN[2:]]


Change = Callable[[str, list[str], str], Text]
CHANGES: Mapping[str, Change] = {
    "head": lambda h, p, v: ("What we know so far of " + h.split(" ")[0].lower(), p),
    "cut": lambda h, p, v: (h, p[: int(v)]),
    "drop": lambda h, p, v: (h, [q for n, q in enumerate(p, 1) if n != int(v)]),
    "add": lambda h, p, v: (h, [*p[:2], *OWN[: int(v)], *p[2:]]),
    "dates": lambda h, p, v: (h, [change_dates(q) for q in p]),
    "spelling": lambda h, p, v: (h, swap_words(p, SPELLING)),
    "quotes": lambda h, p, v: (h, swap_words(p, (("“", '"'), ("”", '"'), ("’", "'")))),
    "join": lambda h, p, v: (h, [" ".join(p[i : i + 2]) for i in range(0, len(p), 2)]),
    "swap": lambda h, p, v: (h, [*p[:2], *p[3:4], *p[2:3], *p[4:]]),
    "only": lambda h, p, v: (h, among_own(p, v)),
}
