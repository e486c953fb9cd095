"""Bodies and metadata on real pages, under floors that never fall; the six wire pages exactly."""

from __future__ import annotations

import gzip
import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.evaluate.body import evaluate, main, title_hash
from pipeline.evaluate.wire import GOLDEN, read_table, sign_off_facts
from pipeline.extract import extract_article
from pipeline.records import ExtractedArticle, WireCopy
from pipeline.wire import mask, read_wire

FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text(encoding="utf-8"))
PAGES: dict[str, dict[str, Any]] = json.loads((GOLDEN / "wire_pages.json").read_text(encoding="utf-8"))
WIRE_PAGES = [name for name in PAGES if name.endswith(".gz")]


@pytest.fixture(scope="module")
def figures(shared_dir: Path) -> dict[str, float]:
    return evaluate(shared_dir)


@pytest.mark.slow
@pytest.mark.parametrize("section", ["body", "metadata"])
def test_figures_hold_their_floors(figures: dict[str, float], section: str) -> None:
    below = {
        name: (figures[f"{section}.{name}"], floor)
        for name, floor in FLOORS[section].items()
        if figures[f"{section}.{name}"] < floor
    }
    assert below == {}


def read_wire_page(shared: Path, name: str) -> tuple[ExtractedArticle, WireCopy]:
    folder = shared / "data" / "wire_pages"
    urls = {row["file"]: row["url"] for row in read_table(folder / "SOURCES.tsv")}
    article = extract_article(gzip.decompress((folder / name).read_bytes()), urls[name])
    return article, read_wire(article.body, headline=article.title, published_at=article.published_at)


@pytest.mark.parametrize("name", WIRE_PAGES)
def test_the_wire_pages_are_exactly_right(shared_dir: Path, name: str) -> None:
    article, copy = read_wire_page(shared_dir, name)
    want = PAGES[name]
    assert article_facts(article) == {key: want[key] for key in article_facts(article)}
    assert copy_facts(copy) == {key: want[key] for key in copy_facts(copy)}


def test_the_seed_is_exactly_right(shared_dir: Path) -> None:
    text = next((shared_dir / "seed").glob("*.txt")).read_text(encoding="utf-8")
    copy = read_wire(text)
    assert copy_facts(copy) == PAGES["seed"]


@pytest.mark.parametrize("name", [*WIRE_PAGES, "seed"])
def test_no_name_of_a_sign_off_is_left_to_the_analysis(shared_dir: Path, name: str) -> None:
    if name == "seed":
        text = next((shared_dir / "seed").glob("*.txt")).read_text(encoding="utf-8")
        copy = read_wire(text)
    else:
        article, copy = read_wire_page(shared_dir, name)
        text = article.body
    shown = mask(text, copy)
    assert len(shown) == len(text)
    assert not [who for _, who, _ in sign_off_facts(copy.sign_off) if who in shown]


def article_facts(article: ExtractedArticle) -> dict[str, Any]:
    """What the golden file tells of a page: short facts, and hashes of its texts."""
    times = (article.published_at, article.modified_at)
    return {
        "title_sha256": title_hash(article.title),
        "body_sha256": hashlib.sha256(article.body.encode()).hexdigest(),
        "body_characters": len(article.body),
        "paragraphs": article.body.count("\n") + 1,
        "authors": list(article.authors),
        "published_at": times[0].isoformat() if times[0] else None,
        "modified_at": times[1].isoformat() if times[1] else None,
        "language": article.language,
        "section": article.section,
        "agency": article.agency,
        "page_kind": article.page_kind,
        "canonical_url": article.canonical_url,
    }


def copy_facts(copy: WireCopy) -> dict[str, Any]:
    """What the golden file tells of the wire grammar: spans, names and places."""
    line, sign_off = copy.dateline, copy.sign_off
    on = line.on.isoformat() if line and line.on else None
    return {
        "dateline": [line.start, line.end, "|".join(line.places), line.agency, on] if line else None,
        "sign_off": sorted(map(list, sign_off_facts(sign_off))),
        "sign_off_span": [sign_off.start, sign_off.end] if sign_off else None,
        "notices": [[notice.start, notice.end, notice.kind] for notice in copy.notices],
        "body": list(copy.body),
        "byline": list(copy.byline.authors) if copy.byline else None,
        "tags": list(copy.tags),
    }


def test_other_pages_are_scored_beside_plain_trafilatura(
    tmp_path: Path, shared_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story = "The ferry crews of Vale Novo went back to work on Monday, the harbour board said in a note. " * 4
    (tmp_path / "ferry.html").write_text(f"<html><body><article><p>{story}</p></article></body></html>")
    (tmp_path / "ferry.txt").write_text(story)
    (tmp_path / "unseen.txt").write_text("has no page")
    main([str(tmp_path), str(tmp_path), str(shared_dir)])
    assert capsys.readouterr().out.splitlines()[-1].split() == ["all", "ours", "1.000", "trafilatura", "1.000"]
