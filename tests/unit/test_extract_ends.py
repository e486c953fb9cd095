"""What stands above and below the story in a page's text, and what JSON-LD tells of the body; pages are invented."""

from __future__ import annotations

import pytest

from pipeline.extract import extract_article
from pipeline.extract.ends import drop_tail_lines, is_head_line, letters
from pipeline.extract.prune import load_furniture
from pipeline.records import ExtractedArticle
from tests.unit.test_extract_page import PARAGRAPHS, page

STORY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
AUTHORS = ("Ana Lind", "Tom Reed")


def script(text: str) -> str:
    return f"<script type='application/ld+json'>{text}</script>"


def told(**changes: object) -> dict[str, object]:
    return {
        "@type": "NewsArticle", "headline": "Ferries of Vale Novo stay in port", "articleBody": " ".join(PARAGRAPHS),
        "author": [{"@type": "Person", "name": name} for name in AUTHORS], **changes,
    }  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "By Ana Lind",
        "By Ana Lind and Tom Reed, Associated Press",
        "Ana Lind, senior correspondent",
        "Published 12 November 2025, 09:40",
        "Updated: Nov. 12, 2025 9:40 a.m. ET",
        "12.11.2025, 09:40 Uhr",
        "Publié le 12 novembre 2025 à 09h40, mis à jour à 11h02",
        "Por Ana Lind",
        "2025年11月12日 9時40分",
        "4 min read",
    ],
)
def test_bylines_and_times_above_the_story(line: str) -> None:
    assert is_head_line(line, AUTHORS)
    assert extract_article(page(f"<p>{line}</p>{STORY}", linked=told())).body.split("\n") == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "line",
    [
        "Ana Lind and the lost ferry",
        "Two boats",
        "10 p.m.",
        "LAGOS, Nov 12 (Reuters) - The ferry sank.",
        "In May 12 boats sailed.",
        "“Never,” said Ana Lind.",
        "",
    ],
)
def test_copy_is_no_byline(line: str) -> None:
    assert not is_head_line(line, AUTHORS)


@pytest.mark.parametrize("row", load_furniture()["head"], ids=lambda row: row["example"])
def test_example_of_each_head_row(row: dict[str, str]) -> None:
    assert is_head_line(f"{row['example']} 12 May 2025", ("Ana Vale",))


def test_what_follows_the_told_body_goes_but_for_the_wire_s_own_lines() -> None:
    after = "<p>The Courier is owned by its readers, who meet once a year in the old mill to vote.</p>"
    signed = "<p>(Reporting by Ana Lind; Editing by Tom Reed)</p>"
    body = extract_article(page(STORY + signed + after, linked=told())).body
    assert body.split("\n") == [*PARAGRAPHS, "(Reporting by Ana Lind; Editing by Tom Reed)"]


def test_an_extract_of_the_body_tells_nothing() -> None:
    lines = ["One line that is told of the body by the page.", "Another line that is not."]
    assert drop_tail_lines(lines, letters(lines[0])) == lines


def test_a_body_that_was_lost_is_found_by_what_the_page_tells_of_it() -> None:
    html = page(
        f"<footer>{STORY}</footer>" + "<p>The mill of the week is open to all who care for salt and for bread.</p>" * 9,
        linked=told(),
    )
    assert extract_article(html).body.split("\n") == list(PARAGRAPHS)


def test_a_body_in_several_marked_containers_is_whole() -> None:
    parts = "".join(f"<div itemprop='articleBody'>{STORY}<p>Part {n} ends.</p></div><div>ad</div>" for n in range(2))
    body = extract_article(page(parts)).body
    assert "Part 0 ends." in body
    assert "Part 1 ends." in body


def test_paragraphs_that_a_script_unveils_are_the_story_s() -> None:
    rest = "".join(f"<p>{text} And more.</p>" for text in PARAGRAPHS) * 2
    html = page(f"{STORY}<div style='display:none'>{rest}</div>")
    assert "And more." in extract_article(html).body


def test_a_standfirst_stays() -> None:
    html = page(f"<p class='standfirst'>Crews ask for shorter watches and the board for patience.</p>{STORY}")
    assert extract_article(html).body.split("\n")[0].startswith("Crews ask")


@pytest.mark.parametrize(
    "html",
    [
        page(script("[" * 50_000) + STORY),
        page(script('{"a":' * 3_000) + STORY),
        page(STORY, head='<base href="http://[bad"><link rel="canonical" href="http://[bad">'),
        page(STORY.replace("e", "e\0")),
        page("<div>" * 10_000 + STORY),
        page(STORY)[:-200],
        page(
            STORY, linked=told(author={"name": ["x", 1, None]}, keywords={"a": 1}, publisher=[[]], datePublished=2025)
        ),
    ],
    ids=["json-array", "json-object", "addresses", "nul", "deep", "cut", "types"],
)
def test_pages_made_to_break_readers_are_read(html: bytes) -> None:
    article = extract_article(html, "https://courier.example/a")
    assert isinstance(article, ExtractedArticle)
    assert article.body


def test_a_page_of_very_many_elements_gives_its_paragraphs() -> None:
    assert extract_article(page(STORY + "<i>x</i>" * 40_000)).body.split("\n") == list(PARAGRAPHS)
