"""Pages to articles, on pages written by us about invented matters."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ExtractError
from pipeline.extract import EXTRACTOR_VERSION, extract_article, extract_articles
from pipeline.records import ExtractedArticle, ExtractionRule

PARAGRAPHS = (
    "The harbour board of Vale Novo said on Thursday that its ferries would stay in port until the new crews were hired.",
    "“We have no pilots left,” Ana Vale, who leads the board, told reporters on the quay, where some forty people waited.",
    "The ministry of transport, which pays for the night boats, did not answer a request for comment on the decision.",
    "Crews have asked for shorter watches since a boat ran on the sand in March, when nobody was hurt but the mail was lost.",
)
LINKED = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebSite", "@id": "#site", "name": "The Vale Courier"},
        {"@type": "Person", "@id": "#ana", "name": "Tom Reed", "jobTitle": "Reporter"},
        {
            "@type": "NewsArticle", "headline": "Ferries of Vale Novo stay in port", "author": [{"@id": "#ana"}],
            "datePublished": "2024-10-17T16:02:03+02:00", "dateModified": "2024-10-17T15:00:00Z",
            "articleSection": "Region", "keywords": ["ferries", "Vale Novo"], "inLanguage": "en-GB",
        },
    ],
}  # fmt: skip


def page(
    body: str = "", head: str = "", linked: object | None = None, title: str = "Ferries of Vale Novo stay in port"
) -> bytes:
    script = f'<script type="application/ld+json">{json.dumps(linked)}</script>' if linked is not None else ""
    story = body or "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | The Vale Courier</title>{head}{script}'
        f"</head><body><nav><a href='/a'>Home</a><a href='/b'>Region</a></nav><article><h1>{title}</h1>{story}</article>"
        f"<footer>© The Vale Courier</footer></body></html>"
    ).encode()


def test_a_page_with_a_graph() -> None:
    article = extract_article(page(linked=LINKED), "https://courier.example/region/ferries")
    assert article == ExtractedArticle(
        title="Ferries of Vale Novo stay in port",
        body="\n".join(PARAGRAPHS),
        authors=("Tom Reed",),
        published_at=datetime(2024, 10, 17, 14, 2, 3, tzinfo=UTC),
        modified_at=datetime(2024, 10, 17, 15, tzinfo=UTC),
        language="en",
        canonical_url="https://courier.example/region/ferries",
        section="Region",
        keywords=("ferries", "Vale Novo"),
        agency=None,
        page_kind="story",
    )
    assert "trafilatura" in EXTRACTOR_VERSION


def test_the_body_is_nfc_with_single_newlines() -> None:
    story = "".join(f"<p>{text}&nbsp; Cafe\u0301\u200b.</p>" for text in PARAGRAPHS)
    body = extract_article(page(story)).body
    assert "Café." in body
    assert "\n\n" not in body
    assert "\xa0" not in body


@pytest.mark.parametrize(
    "furniture",
    [
        "<p><a href='/x'>Who runs the ferries of the northern coast</a></p>",
        "<p><strong><a href='/x'>WHO RUNS THE FERRIES OF THE COAST?</a></strong></p>",
        "<p>READ MORE: Who runs the ferries of the northern coast</p>",
        "<p>CLICK HERE TO GET THE VALE APP</p>",
        "<p>Like this story? Share it with a friend!</p>",
        "<div class='newsletter-signup'>Our morning letter brings you the tides of every day of the week.</div>",
        "<blockquote class='pull-quote'>We have no pilots left</blockquote>",
        "<p style='display: none'>Hidden words that no reader of the page ever sees, in a whole sentence.</p>",
        "<div class='author-bio'>Tom Reed writes of ferries and of the sand banks of Vale Novo for the Courier.</div>",
    ],
)
def test_furniture_between_paragraphs_goes(furniture: str) -> None:
    story = f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>{furniture}<p>{PARAGRAPHS[2]}</p><p>{PARAGRAPHS[3]}</p>"
    assert extract_article(page(story)).body.split("\n") == list(PARAGRAPHS)


def test_other_articles_of_the_page_go() -> None:
    other = "".join(
        f"<article><h2>Tide {n}</h2><p>{'The tide was high and the mill stood still that week. ' * 9}</p></article>"
        for n in range(4)
    )
    html = page().replace(b"<footer>", other.encode() + b"<footer>")
    assert "tide" not in extract_article(html).body


def test_a_marked_body_outranks_what_stands_beside_it() -> None:
    marked = "<div itemprop='articleBody'>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS) + "</div>"
    beside = "<div>" + "".join(f"<p>The mill of the week: {text}</p>" for text in PARAGRAPHS[:3]) + "</div>"
    assert "mill of the week" not in extract_article(page(marked + beside)).body


def test_a_sub_headline_and_the_repeated_title_are_no_copy() -> None:
    story = "<h2 class='sub-headline'>Crews ask for shorter watches</h2><p>Ferries of Vale Novo stay in port</p>"
    story += "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    assert extract_article(page(story)).body.split("\n") == list(PARAGRAPHS)


def test_a_sign_off_outside_the_body_is_kept() -> None:
    html = page().replace(
        b"<footer>", b"<div class='sign'><span>Reporting by Ana Vale; Editing by Tom Reed</span></div><footer>"
    )
    assert extract_article(html).body.split("\n") == [*PARAGRAPHS, "Reporting by Ana Vale; Editing by Tom Reed"]


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        (b"<html><head><title>Vale</title></head><body></body></html>", "empty"),
        (b"<html><body><h1>We value your privacy</h1><p>We and our partners use cookies. Accept all cookies to go on, "
         b"or manage your consent in the privacy settings of this site at any time you like.</p></body></html>", "consent"),
        (page(linked={"@type": "LiveBlogPosting", "headline": "Ferries: live"}), "live_blog"),
        (page("".join(f"<h3><a href='/{n}'>Ferry news of day {n}</a></h3><p>Tides of day {n}</p>" for n in range(25)),
              linked={"@type": "CollectionPage", "name": "Region"}), "index"),
        (page("<p>The ferry sank.</p>", linked=LINKED), "story"),
    ],
)  # fmt: skip
def test_kinds_of_pages(html: bytes, kind: str) -> None:
    assert extract_article(html).page_kind == kind


def test_an_alert_of_one_line_is_a_story() -> None:
    article = extract_article(page("<p>LAGOS (Reuters) - The ferry sank, the board said.</p>", linked=LINKED))
    assert article.page_kind == "story"
    assert "ferry sank" in article.body
    assert article.agency == "Reuters"


@pytest.mark.parametrize("html", [b"", b"   ", b"\x00\x01\x02", b"\xff\xfe"])
def test_bytes_that_are_no_page(html: bytes) -> None:
    with pytest.raises(ExtractError):
        extract_article(html, "https://courier.example/x")


def test_a_batch_gives_one_result_a_page() -> None:
    found = list(extract_articles([(page(), None), (b"", None), (page(), None)]))
    assert [type(each) for each in found] == [ExtractedArticle, ExtractError, ExtractedArticle]


def test_a_rule_holds_within_its_days_only() -> None:
    rule = ExtractionRule(date(2024, 1, 1), date(2024, 7, 1), drop_xpath=("//p[2]",))
    before, within, after = (
        extract_article(page(), rules=(rule,), fetched_on=day).body
        for day in (date(2023, 12, 31), date(2024, 6, 30), date(2024, 7, 1))
    )
    assert before == after == "\n".join(PARAGRAPHS)
    assert PARAGRAPHS[1] not in within


def test_a_rule_names_the_body() -> None:
    story = (
        "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
        + f"<div id='own'>{''.join(f'<p>Own words: {text}</p>' for text in PARAGRAPHS)}</div>"
    )
    body = extract_article(
        page(story), rules=(ExtractionRule(date(2024, 1, 1), None, body_xpath="//div[@id='own']"),)
    ).body
    assert all(line.startswith("Own words:") for line in body.split("\n"))


@given(st.binary(max_size=400))
def test_any_bytes_give_an_article_or_an_extract_error(html: bytes) -> None:
    try:
        article = extract_article(html)
    except ExtractError:
        return
    assert article.page_kind in {"story", "live_blog", "index", "consent", "empty"}


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div>",
                "<a href=x>",
                "</a>",
                "word ",
                "<script>",
                "é",
                "<article>",
                "<h1>",
                "&amp;",
                "<!--",
                "]]>",
            ]
        ),
        max_size=40,
    )
)
def test_broken_markup_is_read(pieces: list[str]) -> None:
    html = ("<html><body>" + "".join(pieces)).encode()
    assert isinstance(extract_article(html), ExtractedArticle)
