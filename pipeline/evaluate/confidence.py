"""Are confidences worth what they say? Reliability of attributions on the development articles.

An attribution is right where a gold one shares its cue and a source word and half or more of the content's words. What
stands inside another is left out: the corpus lets a word stand in one attribution only.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.analyse.attribution import Offsets, RawAttribution, find_attributions
from pipeline.analyse.claims import calibrated
from pipeline.analyse.language import parse_texts
from pipeline.analyse.merge import merge
from pipeline.annotate import load_tagger
from pipeline.evaluate.seed import WORD

STEP = 0.1


def evaluate(shared: Path, limit: int | None = None) -> dict[str, Any]:
    """For each tenth of confidence, how many attributions there are (``at_0.9_count``) and what share of them is right
    (``at_0.9``)."""
    lines = (shared / "data" / "polnear" / "dev.jsonl").read_text(encoding="utf-8").splitlines()[:limit]
    articles = [json.loads(line) for line in lines]
    texts = [article["text"] for article in articles]
    docs = list(parse_texts(texts))
    bins: dict[float, list[bool]] = {}
    for article, doc, tagged in zip(articles, docs, load_tagger().tag_batch(texts, docs), strict=True):
        for raw in merge(doc, find_attributions(doc), tagged):
            if raw.content and raw.parent is None:
                place = round(int(calibrated(raw.score) / STEP) * STEP, 1)
                bins.setdefault(place, []).append(is_right(article["text"], raw, article["attributions"]))
    figures: dict[str, float] = {}
    for place, hits in sorted(bins.items()):
        figures |= {f"at_{place}": round(sum(hits) / len(hits), 3), f"at_{place}_count": len(hits)}
    return {**figures, "count": sum(map(len, bins.values()))}


def is_right(text: str, raw: RawAttribution, gold: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a gold attribution agrees."""
    cue, source, content = words(text, [raw.cue]), words(text, [raw.source]), words(text, raw.content)
    for other in gold:
        theirs = words(text, other["content"])
        said_by = words(text, other["source"])
        same_source = bool(source & said_by) or not (source or said_by)
        if cue & words(text, other["cue"]) and same_source and 2 * len(content & theirs) >= len(content | theirs):
            return True
    return False


def words(text: str, spans: Sequence[Offsets | None]) -> set[int]:
    """Offsets of the words in spans."""
    return {span[0] + word.start() for span in spans if span is not None for word in WORD.finditer(text[slice(*span)])}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(evaluate(Path(sys.argv[1])), indent=1) + "\n")
