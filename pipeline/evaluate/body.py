"""Bodies and metadata against gold: ``aeb`` by the given scorer, in two halves by hash, beside plain trafilatura.

Any other pages with gold: python -m pipeline.evaluate.body PAGES TEXTS [SHARED], folders of NAME.html and of NAME.txt.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import re
import sys
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import trafilatura

from pipeline.errors import ExtractError
from pipeline.evaluate.wire import GOLDEN, read_table
from pipeline.extract import extract_article
from pipeline.records import ExtractedArticle

Score = Callable[[dict[str, Any], dict[str, str]], dict[str, Any]]
HALVES = ("", "dev", "test")


def evaluate(shared: Path) -> dict[str, float]:
    """``body.*`` (F1 of all pages, of each half, the gain over plain trafilatura standard, pages under one half) and
    ``metadata.*`` (shares of the labelled pages with the right title, authors, time and agency)."""
    truth = json.loads((shared / "data" / "aeb" / "ground-truth.json").read_text(encoding="utf-8"))
    pages = {page: read_page(shared, page) for page in truth}
    articles = {page: _extract(pages[page], truth[page].get("url")) for page in truth}
    ours = {page: article.body for page, article in articles.items()}
    plain = {page: trafilatura.extract(html, include_comments=False) or "" for page, html in pages.items()}
    return {**_body_figures(load_scorer(shared), truth, ours, plain), **_metadata_figures(articles)}


def evaluate_folder(pages: Path, texts: Path, shared: Path) -> dict[str, tuple[float, float]]:
    """F1 of ours and of plain trafilatura for each page with a text, and for all of them under the empty name.

    Raises ``FileNotFoundError`` where no page has a text.
    """
    gold = {path.stem: {"articleBody": path.read_text(encoding="utf-8")} for path in sorted(texts.glob("*.txt"))}
    html = {name: (pages / f"{name}.html").read_bytes() for name in gold if (pages / f"{name}.html").exists()}
    if not html:
        raise FileNotFoundError(f"no NAME.html in {pages} has a NAME.txt in {texts}")
    ours = {name: _extract(page, None).body for name, page in html.items()}
    plain = {name: trafilatura.extract(page, include_comments=False) or "" for name, page in html.items()}
    score = load_scorer(shared)
    return {
        name: (score(part, ours)["f1"], score(part, plain)["f1"])
        for name, part in [*((name, {name: gold[name]}) for name in html), ("", {name: gold[name] for name in html})]
    }


def load_scorer(shared: Path) -> Score:
    """``score`` of ``shared/score/body.py``."""
    spec = importlib.util.spec_from_file_location("body_scorer", shared / "score" / "body.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(shared / "score" / "body.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    score: Score = module.score
    return score


def read_page(shared: Path, page: str) -> bytes:
    """The bytes of one page of ``aeb``."""
    return gzip.decompress((shared / "data" / "aeb" / "html" / f"{page}.html.gz").read_bytes())


def half_of(page: str) -> str:
    """``dev`` or ``test``, by hash: rules were made looking at dev alone."""
    return "test" if hashlib.sha256(page.encode()).digest()[0] % 2 else "dev"


def title_hash(title: str) -> str:
    """Sixteen hex digits of a title's letters: gold without the text."""
    letters = re.sub(r"\W+", "", unicodedata.normalize("NFC", title)).casefold()
    return hashlib.sha256(letters.encode()).hexdigest()[:16]


def _extract(html: bytes, url: str | None) -> ExtractedArticle:
    try:
        return extract_article(html, url)
    except ExtractError:
        return ExtractedArticle(title="", body="")


def _body_figures(score: Score, truth: dict[str, Any], ours: dict[str, str], plain: dict[str, str]) -> dict[str, float]:
    figures: dict[str, float] = {}
    for half in HALVES:
        gold = {page: text for page, text in truth.items() if not half or half_of(page) == half}
        suffix = f"_{half}" if half else ""
        found, given = score(gold, ours), score(gold, plain)
        figures[f"body.f1{suffix}"] = found["f1"]
        figures[f"body.gain{suffix}"] = round(found["f1"] - given["f1"], 4)
        if not half:
            figures |= {"body.precision": found["precision"], "body.recall": found["recall"]}
            figures["body.pages_above_half"] = float(len(gold) - len(found["below_half"])) / len(gold)
    return figures


def _metadata_figures(articles: dict[str, ExtractedArticle]) -> dict[str, float]:
    right: dict[str, list[bool]] = {"title": [], "authors": [], "published": [], "agency": []}
    for row in read_table(GOLDEN / "page_metadata.tsv"):
        article = next(article for page, article in articles.items() if page.startswith(row["page"]))
        right["title"].append(title_hash(article.title) == row["title_sha256"])
        right["authors"].append("; ".join(article.authors) == row["authors"])
        right["agency"].append((article.agency or "") == row["agency"])
        if row["published_at"]:
            told = article.published_at.isoformat()[:19] if article.published_at else ""
            right["published"].append(told == row["published_at"])
    return {f"metadata.{name}": sum(hits) / len(hits) for name, hits in right.items()}


def main(arguments: Sequence[str]) -> None:
    """Prints a line a page, and the last for all."""
    shared = Path(arguments[2]) if len(arguments) > 2 else GOLDEN.parents[2] / "shared"
    for name, (ours, plain) in evaluate_folder(Path(arguments[0]), Path(arguments[1]), shared).items():
        sys.stdout.write(f"{name or 'all':30} ours {ours:.3f}  trafilatura {plain:.3f}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
