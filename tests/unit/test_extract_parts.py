"""The parts of extraction one by one: times, titles, authors, language, JSON-LD, furniture, feed content."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ExtractError
from pipeline.extract.article import decide_rules
from pipeline.extract.authors import clean_authors, read_agency
from pipeline.extract.content import article_from_feed, html_to_text
from pipeline.extract.jsonld import find_article, read_jsonld
from pipeline.extract.language import decide_language
from pipeline.extract.metadata import find_canonical, find_keywords, find_section, find_times
from pipeline.extract.page import parse_page
from pipeline.extract.prune import is_furniture, load_furniture
from pipeline.extract.times import parse_stamp
from pipeline.extract.title import find_title, strip_site
from pipeline.records import ExtractionRule, FeedEntry


@pytest.mark.parametrize(
    ("text", "moment", "has_zone"),
    [
        ("2024-10-17T16:02:03+02:00", datetime(2024, 10, 17, 14, 2, 3, tzinfo=UTC), True),
        ("2024-10-17T16:02:03.4567Z", datetime(2024, 10, 17, 16, 2, 3, tzinfo=UTC), True),
        ("2024-10-17T16:02:03+0200", datetime(2024, 10, 17, 14, 2, 3, tzinfo=UTC), True),
        ("2024-10-17 16:02:03", datetime(2024, 10, 17, 16, 2, 3, tzinfo=UTC), False),
        ("Thu, 17 Oct 2024 16:02:03 GMT", datetime(2024, 10, 17, 16, 2, 3, tzinfo=UTC), True),
        ("1729180923", datetime(2024, 10, 17, 16, 2, 3, tzinfo=UTC), True),
        ("October 17, 2024 4:02 PM EDT", datetime(2024, 10, 17, 20, 2, tzinfo=UTC), True),
        ("Oct. 17, 2024 at 4:02 p.m. ET", datetime(2024, 10, 17, 20, 2, tzinfo=UTC), True),
        ("Jan 17, 2024 4:02 pm ET", datetime(2024, 1, 17, 21, 2, tzinfo=UTC), True),
        ("Thu Oct 17 2024 18:02:03 GMT+0200", datetime(2024, 10, 17, 16, 2, 3, tzinfo=UTC), True),
        ("17. Oktober 2024, 16:02 Uhr", datetime(2024, 10, 17, 16, 2, tzinfo=UTC), False),
        ("17 octobre 2024 à 16:02", datetime(2024, 10, 17, 16, 2, tzinfo=UTC), False),
        ("17.10.2024, 16:02 Uhr", datetime(2024, 10, 17, 16, 2, tzinfo=UTC), False),
        ("01:38:07 PM IST Nov 20, 2019", datetime(2019, 11, 20, 8, 8, 7, tzinfo=UTC), True),
        ("Fri 6:45 PM, Feb 16, 2018", datetime(2018, 2, 16, 18, 45, tzinfo=UTC), False),
    ],
)
def test_times_of_every_shape(text: str, moment: datetime, has_zone: bool) -> None:
    assert parse_stamp(text) == (moment, has_zone)


@pytest.mark.parametrize(
    "text", ["", "2024-10-17", "yesterday", "0001-01-01T00:00:00Z", "99:99", "2024-13-45T99:00:00Z", None]
)
def test_what_tells_no_time_of_day_is_none(text: str | None) -> None:
    assert parse_stamp(text) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_clock(text: str) -> None:
    found = parse_stamp(text)
    assert found is None or found[0].tzinfo is UTC


def test_an_offset_that_was_only_put_after_utc_is_seen() -> None:
    html = b"""<html><head><meta property="article:published_time" content="2019-11-20T02:15:49+00:00">
    <script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2019-11-20T02:15:49-06:00"}</script></head></html>"""
    page = parse_page(html)
    published, _ = find_times(page, find_article(page.jsonld))
    assert published == datetime(2019, 11, 20, 2, 15, 49, tzinfo=UTC)


@pytest.mark.parametrize(
    ("title", "sites", "expected"),
    [
        ("Ferries stay in port | World | The Vale Courier", (), "Ferries stay in port"),
        ("Ferries of Vale Novo stay in port - Courier.com", (), "Ferries of Vale Novo stay in port"),
        ("Ferries stay - Vale Courier", ("valecourier",), "Ferries stay"),
        ("Opinion | Ferries of Vale Novo must sail", (), "Ferries of Vale Novo must sail"),
        ("Ferries are back — and nobody is on board", (), "Ferries are back — and nobody is on board"),
        ("Vale Novo: ferries stay in port", (), "Vale Novo: ferries stay in port"),
    ],
)
def test_titles_without_site_and_section(title: str, sites: tuple[str, ...], expected: str) -> None:
    assert strip_site(title, sites) == expected


@pytest.mark.parametrize(
    ("credits", "names"),
    [
        (["By Ana Vale and Tom Reed"], ("Ana Vale", "Tom Reed")),
        (["ANA VALE, Associated Press"], ("Ana Vale",)),
        (["Ana Vale | Vale News", "Ana Vale"], ("Ana Vale",)),
        (["Ana Vale, Staff Writer; Tom Reed, ana@example.org"], ("Ana Vale", "Tom Reed")),
        (["Associated Press"], ()),
        (["Staff Reports"], ()),
        (["Vale Novo Courier"], ()),
        (["https://example.org/ana-vale"], ()),
        (["Dr. Siân van der Rees"], ("Siân van der Rees",)),
        (["Ana Vale (Lagos)"], ("Ana Vale",)),
        (
            ["Анна Линд", "山田太郎", "آنا ليند", "Άννα Λιντ", "अना लिंद", "김민수"],
            ("Анна Линд", "山田太郎", "آنا ليند", "Άννα Λιντ", "अना लिंद", "김민수"),
        ),
        (["ana.vale@example.org (Ana Vale)"], ("Ana Vale",)),
        (["<a href='/a'>Ana Vale</a>", "Siobh&aacute;n O&#39;Neil"], ("Ana Vale", "Siobhán O'Neil")),
        (["ANA VALE Associated Press"], ("Ana Vale",)),
        (
            ["Ana Vale et Tom Reed", "Jo Hale und Max Orr", "Sue Lee e Ida Voss"],
            ("Ana Vale", "Tom Reed", "Jo Hale", "Max Orr", "Sue Lee", "Ida Voss"),
        ),
        (["Ana Maria dos Santos e Silva"], ("Ana Maria dos Santos e Silva",)),
        (["Brinquedos e Brincadeiras"], ()),
        (["di Ana Vale"], ("Ana Vale",)),
    ],
)
def test_authors_are_people(credits: list[str], names: tuple[str, ...]) -> None:
    assert clean_authors(credits, ("the vale courier",)) == names


@pytest.mark.parametrize(
    ("credit", "agency"),
    [
        ("By ANA VALE, Associated Press", "AP"), ("Reuters", "Reuters"), ("The Associated Press", "AP"),
        ("Ana Vale, AP Sports Writer", "AP"), ("Staff and wire reports", "wire"), ("Agence France-Presse", "AFP"),
        ("ANA VALE Associated Press", "AP"), ("Ana Vale with AFP", "AFP"), ("Le Courrier avec AFP", "AFP"),
        ("Ana Vale", None), ("Ana Vale for Reuters", "Reuters"), ("with wire services", "wire"),
    ],
)  # fmt: skip
def test_the_agency_behind_a_reprint(credit: str, agency: str | None) -> None:
    assert read_agency(credit) == agency


def test_jsonld_broken_and_nested() -> None:
    nodes = read_jsonld(
        [
            '{"@type": "NewsArticle", "headline": "Ferries\nstay", "datePublished": "2024-10-17T16:02:03Z",}',
            '<!-- {"@graph": [{"@type": ["Article", "Thing"], "headline": "Other"}]} -->',
            "{no json",
        ]
    )
    article = find_article(nodes)
    assert article is not None
    assert article["headline"] == "Ferries\nstay"
    assert len(nodes) == 2


def test_the_article_of_this_address_is_chosen() -> None:
    nodes = read_jsonld(
        [
            '[{"@type":"NewsArticle","url":"https://a.example/1","datePublished":"x"},'
            '{"@type":"NewsArticle","url":"https://a.example/2"}]'
        ]
    )
    found = find_article(nodes, "https://a.example/2")
    assert found is not None
    assert found["url"].endswith("2")


def test_the_article_of_this_title_is_chosen_where_none_names_the_address() -> None:
    nodes = read_jsonld(
        [
            '[{"@type":"NewsArticle","headline":"The mill is sold","datePublished":"x"},'
            '{"@type":"NewsArticle","headline":"Ferries stay in port","datePublished":"y"}]'
        ]
    )
    found = find_article(nodes, "https://a.example/2", "Ferries stay in port | The Vale Courier")
    assert found is not None
    assert found["datePublished"] == "y"


def test_a_script_that_its_quotation_marks_break_tells_what_it_can() -> None:
    script = (
        '{"@type": "NewsArticle", "headline": "Ferries stay", "description": "a "quoted" word",'
        '"author": {"@type": "Person", "name": "Ana Vale"}, "datePublished": "2024-10-17T16:02:03Z"}'
    )
    found = find_article(read_jsonld([script]))
    assert found is not None
    assert (found["headline"], found["datePublished"]) == ("Ferries stay", "2024-10-17T16:02:03Z")


def test_section_by_the_trail_and_keywords_as_terms() -> None:
    html = b"""<html><body><script type="application/ld+json">[{"@type":"NewsArticle","headline":"Ferries stay in port",
    "keywords":[{"@type":"DefinedTerm","name":"ferries"}]},{"@type":"BreadcrumbList","itemListElement":[{"name":"Home"},
    {"item":{"name":"Region"}},{"name":"Ferries stay in port"}]}]</script></body></html>"""
    page = parse_page(html)
    article = find_article(page.jsonld)
    assert find_section(page, article) == "Region"
    assert find_keywords(page, article) == ("ferries",)


def test_a_kicker_in_the_heading_is_no_title() -> None:
    html = b"""<html><head><meta property="og:title" content="Ferries stay in port"></head>
    <body><h1><span>Region</span> Ferries stay in port</h1></body></html>"""
    assert find_title(parse_page(html), None) == "Ferries stay in port"


def test_a_home_page_is_no_canonical_address() -> None:
    page = parse_page(
        b'<html><head><link rel="canonical" href="/"></head><body>x</body></html>', "https://a.example/story/1"
    )
    assert find_canonical(page, None) == "https://a.example/story/1"


@pytest.mark.parametrize(
    ("declared", "text", "language"),
    [
        (
            "de",
            "The board said that the ferries of the coast were in port and that it was not for the crews to say when they sail. "
            * 2,
            "en",
        ),
        (
            "en",
            "Der Rat sagte, dass die Fähren der Küste im Hafen sind und dass es nicht für die Besatzungen ist, das zu sagen. "
            * 2,
            "de",
        ),
        (None, "Паромы остаются в порту, сообщил совет гавани в четверг вечером.", "ru"),
        ("uk", "Пороми залишаються в порту, повідомила рада гавані в четвер увечері.", "uk"),
        ("en", "Short words.", "en"),
        (None, "", None),
    ],
)
def test_the_text_outranks_the_declared_language(declared: str | None, text: str, language: str | None) -> None:
    assert decide_language(declared, text) == language


@pytest.mark.parametrize("row", load_furniture()["line"], ids=lambda row: row["example"])
def test_example_of_each_line_of_furniture(row: dict[str, str]) -> None:
    assert is_furniture(row["example"])


@pytest.mark.parametrize(
    "line",
    [
        "Watch officers said the ferry turned north.",
        "Image of the year: nobody knows who took it.",
        "Photography is banned on the quay (by order of the board).",
        "Mehr dazu sagte die Sprecherin nicht.",
        "Lire aussi peu est un signe, dit la mairie.",
        "Continue as you are, the board told the crews.",
        "To see this bridge, they came from nine valleys, the mayor said.",
        "Credit unions lend more than banks.",
        "Subscribe or not, readers pay the price, the editor said.",
        "More than 40 people were on board.",
        "Read by millions, the paper was closed on Friday.",
        "Comments by the minister drew anger.",
        "Our Standards: The Thomson Reuters Trust Principles.",
        "(This story corrects the name of the ferry.)",
        "(Reporting by Ana Vale; Editing by Tom Reed)",
        "“Listen: we have no pilots,” she said.",
    ],
)
def test_copy_and_the_wire_s_own_lines_are_no_furniture(line: str) -> None:
    assert not is_furniture(line)


def test_rules_by_day() -> None:
    old, new = ExtractionRule(date(2023, 1, 1), date(2024, 1, 1)), ExtractionRule(date(2024, 1, 1), None)
    assert decide_rules((old, new), date(2024, 1, 1)) == (new,)
    assert decide_rules((old, new), None) == (old, new)


def entry(**changes: object) -> FeedEntry:
    told: dict[str, object] = {
        "guid": "1", "url": "https://a.example/1", "title": "Ferries &amp; mills", "summary": "<p>Short.</p>", "content": "",
        "authors": (), "published_at": None, "updated_at": None, **changes,
    }  # fmt: skip
    return FeedEntry(**told)  # type: ignore[arg-type]


def test_feed_content_before_summary() -> None:
    article = article_from_feed(
        entry(content="<p>LAGOS (AP) — One<br>two.</p><img src=x><p>Three &lt;four&gt;.</p>", authors=("Ana Vale",))
    )
    assert article.title == "Ferries & mills"
    assert article.body == "LAGOS (AP) — One\ntwo.\nThree <four>."
    assert (article.authors, article.agency, article.canonical_url) == (("Ana Vale",), "AP", "https://a.example/1")
    assert article_from_feed(entry()).body == "Short."


def test_an_entry_of_a_title_alone_is_an_alert() -> None:
    article = article_from_feed(entry(summary=""))
    assert (article.body, article.page_kind) == ("", "empty")


def test_an_entry_of_nothing_is_refused() -> None:
    with pytest.raises(ExtractError):
        article_from_feed(entry(title=" ", summary=""))


@given(st.text(max_size=200))
def test_any_fragment_is_read(fragment: str) -> None:
    assert "\n\n" not in html_to_text(fragment)
