"""What a body may be: formats, encodings of text, broken XML, dates."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from pipeline.collect.feedparse import parse_feed
from pipeline.errors import FeedParseError
from pipeline.records import FeedEntry, ParsedFeed

from . import feeds
from .server import answer
from .world import NOW, World, case

URL = "https://wire.example/feed.xml"


def _parse(body: bytes, content_type: str | None = None) -> ParsedFeed:
    return parse_feed(body, content_type, URL, NOW)


def _only(body: bytes, content_type: str | None = None) -> FeedEntry:
    (entry,) = _parse(body, content_type).entries
    return entry


def _refused(body: bytes, content_type: str | None = None) -> str:
    try:
        parsed = _parse(body, content_type)
    except FeedParseError as error:
        return error.reason
    return f"parsed as {parsed.format}"


def _enter_format(name: str, body: bytes, expected: str, link: str) -> None:
    @case("formats", name)
    def check(world: World) -> None:
        parsed = _parse(body)
        assert parsed.format == expected
        assert parsed.title == "Wire"
        assert parsed.entries[0].url == link

    check.__module__ = __name__


for _row in (
    ("RSS 0.90", feeds.RSS_090, "rss090", "https://wire.example/090"),
    ("RSS 0.91 with its harmless DOCTYPE", feeds.RSS_091, "rss091n", "https://wire.example/091"),
    ("RSS 0.92", feeds.rss("Dam holds", version="0.92"), "rss092", "https://wire.example/story/dam-holds"),
    ("RSS 1.0", feeds.RDF, "rss10", "https://wire.example/rdf"),
    ("RSS 2.0", feeds.rss("Dam holds"), "rss20", "https://wire.example/story/dam-holds"),
    ("Atom 0.3", feeds.ATOM_03, "atom03", "https://wire.example/old"),
    ("Atom 1.0, its relative links resolved", feeds.ATOM, "atom10", "https://wire.example/story/ferry"),
    ("JSON Feed 1.1", feeds.JSON, "json11", "https://wire.example/story/json"),
    ("JSON Feed 1.0", feeds.JSON.replace(b"version/1.1", b"version/1"), "json1", "https://wire.example/story/json"),
):
    _enter_format(*_row)


@case("formats", "RDF: the only date is the date of publication")
def _rdf_date(world: World) -> None:
    entry = _only(feeds.RDF)
    assert (entry.published_at, entry.updated_at) == (datetime(2026, 11, 23, 8, 15, tzinfo=UTC), None)
    assert _parse(feeds.RDF).update_period_minutes == 360


@case("formats", "Atom: title without markup, both dates, author, content as given")
def _atom(world: World) -> None:
    entry = _only(feeds.ATOM)
    assert entry.title == "Ferry & tug collide"
    assert entry.published_at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert entry.updated_at == datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
    assert (entry.authors, entry.content, entry.guid) == (("Ada Quill",), "<p>Body</p>", "urn:wire:1")


@case("formats", "ttl and several skipHours")
def _hints(world: World) -> None:
    head = "<ttl>45</ttl><skipHours><hour>0</hour><hour>1</hour><hour>24</hour></skipHours>"
    parsed = _parse(feeds.rss("Dam holds", head=head))
    assert (parsed.ttl_minutes, parsed.skip_hours) == (45, {0, 1})


def _enter_refusal(name: str, body: bytes, reason: str, content_type: str | None = None) -> None:
    @case("refusals", name)
    def check(world: World) -> None:
        assert _refused(body, content_type) == reason

    check.__module__ = __name__


for _row in (
    ("nothing at all", b"", "empty"),
    ("white space", b" \r\n\t ", "empty"),
    ("a byte order mark alone", b"\xef\xbb\xbf", "empty"),
    ("a page instead of a feed", feeds.PAGE, "html"),
    ("a page that calls itself a feed", feeds.PAGE, "html", "application/rss+xml"),
    ("a consent wall instead of a feed", feeds.CONSENT, "html"),
    ("a page behind an XML declaration", b"<?xml version='1.0'?><html><body>x</body></html>", "html"),
    ("XML that is no feed", b"<catalog><cd/></catalog>", "not_a_feed"),
    ("JSON that is no feed", b'{"error": "no"}', "not_a_feed"),
    ("broken JSON", b'{"version": "https://jsonfeed.org/version/1', "not_a_feed"),
    ("JSON nested a hundred thousand deep", b"[" * 100_000, "not_a_feed"),
    ("plain words", b"Service unavailable", "not_a_feed"),
    ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not_a_feed"),
    ("a thousand million laughs", feeds.LAUGHS, "forbidden_entity"),
    (
        "laughs in UTF-16",
        feeds.LAUGHS.decode().encode("utf-16"),
        "forbidden_entity",
    ),
    ("an entity behind a comment", b"<!-- <rss> -->" + feeds.LAUGHS[21:], "forbidden_entity"),
    ("an entity behind a processing instruction", b"<?x <rss ?>" + feeds.LAUGHS[21:], "forbidden_entity"),
    (
        "an entity behind a comment in quotes",
        feeds.LAUGHS[21:].replace(b"rss [", b"rss SYSTEM '<!--' [", 1),
        "forbidden_entity",
    ),
    ("a parameter entity", b"<!DOCTYPE rss [<!ENTITY % a 'b'>%a;]>" + feeds.rss("x"), "forbidden_entity"),
):
    _enter_refusal(*_row)


@case("refusals", "an external entity: refused, and nothing is fetched")
def _external(world: World) -> None:
    for url in (world.server.script("/secret", answer(200, b"secret")), "file:///etc/hostname"):
        assert _refused(feeds.external(url)) == "forbidden_entity"
        assert _refused(feeds.external_subset(url)) == "parsed as rss20"
    assert world.server.asked == []


@case("refusals", "50 MB of entries")
def _too_many(world: World) -> None:
    body = b"<rss version='2.0'><channel>" + b"<item><title>x</title></item>" * 1_800_000 + b"</channel></rss>"
    assert len(body) > 50_000_000
    assert _refused(body) == "too_many_entries"


@case("refusals", "a feed of tags without end")
def _too_many_marks(world: World) -> None:
    assert _refused(feeds.entry("<title>" + "<x>" * 400_000)) == "too_many_elements"


def _enter_slow(name: str, inner: str) -> None:
    @case("refusals", f"what makes a careless expression slow: {name}")
    def check(world: World) -> None:
        started = time.process_time()
        assert len(_parse(feeds.entry(f"<title>x</title>{inner}")).entries) == 1
        assert time.process_time() - started < 2.0

    check.__module__ = __name__


for _slow_row in (
    ("an author of 200 KB", f"<author>{'a' * 200_000}</author>"),
    ("the same in two elements", f"<author><name>{'a.' * 50_000}</name></author><author>{'a' * 100_000}</author>"),
    ("scripts that do not end", f"<description>x</description><title>{'&lt;script' * 20_000}</title>"),
    ("comments that do not end", f"<title>{'&lt;!--' * 40_000}</title>"),
    ("a date of digits", f"<pubDate>{'1' * 200_000}</pubDate>"),
    ("ampersands", f"<description>{'&' * 100_000}</description>"),
):
    _enter_slow(*_slow_row)


@case("refusals", "an empty feed is a feed")
def _empty_feed(world: World) -> None:
    assert _parse(feeds.rss()).entries == ()
    assert _parse(feeds.rss()).format == "rss20"


def _enter_text(name: str, body: bytes, content_type: str | None, warning: str | None) -> None:
    @case("text", name)
    def check(world: World) -> None:
        parsed = _parse(body, content_type)
        assert parsed.entries[0].title == "Żar – “Größe” €5"
        assert parsed.warnings == ((warning,) if warning else ())

    check.__module__ = __name__


_WORDS = feeds.rss("Żar – “Größe” €5").decode()
_WESTERN = feeds.rss("Zar – “Größe” €5").decode()


def _declare(encoding: str) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?>{_WORDS}'


for _text_row in (
    ("UTF-8, undeclared", _WORDS.encode(), None, None),
    ("UTF-8 with a byte order mark", b"\xef\xbb\xbf" + _declare("utf-8").encode(), None, None),
    ("UTF-16 little-endian with a mark", _declare("utf-16").encode("utf-16"), None, None),
    ("UTF-16 big-endian without a mark", _declare("utf-16").encode("utf-16-be"), None, None),
    ("UTF-8 declared as ISO-8859-1", _declare("iso-8859-1").encode(), None, "charset_mismatch"),
    ("UTF-8 served as text/xml without charset", _declare("utf-8").encode(), "text/xml", None),
    ("UTF-8 served as ISO-8859-1", _declare("utf-8").encode(), "text/xml; charset=ISO-8859-1", None),
    ("a declaration that nobody knows", _declare("klingon-1").encode(), "text/xml; charset=x-klingon", None),
    ("gb18030 declared as gb2312", _declare("gb2312").encode("gb18030"), None, None),
):
    _enter_text(*_text_row)


@case("text", "windows-1252 declared as ISO-8859-1")
def _western(world: World) -> None:
    body = f'<?xml version="1.0" encoding="ISO-8859-1"?>{_WESTERN}'.encode("cp1252")
    assert _only(body).title == "Zar – “Größe” €5"


@case("text", "windows-1252 declared nowhere")
def _undeclared(world: World) -> None:
    parsed = _parse(_WESTERN.encode("cp1252"))
    assert parsed.entries[0].title == "Zar – “Größe” €5"
    assert parsed.warnings == ("charset_mismatch",)


@case("text", "charset only in Content-Type")
def _only_header(world: World) -> None:
    body = feeds.rss("Вода прибывает").decode().encode("koi8-r")
    assert _only(body, "application/rss+xml; charset=koi8-r").title == "Вода прибывает"


@case("text", "UTF-8 that was taken for Latin-1 and encoded again")
def _mojibake(world: World) -> None:
    body = feeds.rss("Größe zählt".encode().decode("latin-1"))
    assert _only(body).title == "Größe zählt"


@case("text", "UTF-8 with one broken byte loses one letter, not the feed")
def _broken_byte(world: World) -> None:
    body = feeds.rss("Dam holds", "Größe zählt").replace("ß".encode(), b"\xc3")
    parsed = _parse(body, "application/rss+xml; charset=utf-8")
    assert len(parsed.entries) == 2
    assert parsed.entries[1].title.startswith("Gr")


@case("text", "encodings that only Python has are not tried")
def _odd_codecs(world: World) -> None:
    for name in ("idna", "punycode", "unicode_escape", "undefined", "utf_7", "rot13", "zlib", "mbcs", "../x"):
        body = f'<?xml version="1.0" encoding="{name}"?>'.encode() + feeds.rss("Größe").replace("ß".encode(), b"\xdf")
        assert _only(body, f"text/xml; charset={name}").title.startswith("Gr")


@case("text", "declarations inside CDATA are words")
def _words(world: World) -> None:
    inner = "<title>x</title><description><![CDATA[<!DOCTYPE x [<!ENTITY a 'b'>]>]]></description>"
    assert _only(feeds.entry(inner)).summary == "<!DOCTYPE x [<!ENTITY a 'b'>]>"


@case("text", "control characters")
def _control(world: World) -> None:
    parsed = _parse(feeds.rss("Dam\x0b holds&#8; \x00firm"))
    assert parsed.entries[0].title == "Dam holds firm"
    assert parsed.warnings == ("control_characters",)


@case("text", "bare ampersands")
def _ampersands(world: World) -> None:
    parsed = _parse(feeds.entry("<title>Salt & Pepper AT&T</title><link>https://wire.example/a?x=1&y=2</link>"))
    assert parsed.entries[0].title == "Salt & Pepper AT&T"
    assert parsed.entries[0].url == "https://wire.example/a?x=1&y=2"
    assert parsed.warnings == ("bad_references",)


@case("text", "entities that XML does not know")
def _unknown_entities(world: World) -> None:
    entry = _only(feeds.entry("<title>Caf&eacute;&nbsp;closed &mdash; owner &rsquo;sad&rsquo;</title>"))
    assert entry.title == "Café closed — owner ’sad’"


@case("text", "markup in a title, escaped, raw, and in CDATA")
def _markup(world: World) -> None:
    for inner in ("&lt;b&gt;Dam&lt;/b&gt; holds", "<![CDATA[<b>Dam</b> holds]]>", "<b>Dam</b> holds"):
        assert _only(feeds.entry(f"<title>{inner}</title>")).title == "Dam holds"


@case("text", "a less-than sign that is no markup")
def _less_than(world: World) -> None:
    assert _only(feeds.entry("<title>Growth &lt; 2% in 2026</title>")).title == "Growth < 2% in 2026"


@case("text", "a feed cut in the middle keeps the entries that came")
def _cut(world: World) -> None:
    body = feeds.rss("Dam holds", "Ferry sinks", "Mill burns")
    parsed = _parse(body[: body.index(b"Mill")])
    assert [entry.title for entry in parsed.entries[:2]] == ["Dam holds", "Ferry sinks"]
    assert "not_well_formed" in parsed.warnings


@case("text", "white space and a comment before the declaration")
def _leading(world: World) -> None:
    body = b"\n\n <!-- built in 3 s --> <?xml version='1.0'?>" + feeds.rss("Dam holds")
    assert _only(body).title == "Dam holds"


@case("text", "elements nested ten thousand deep")
def _deep(world: World) -> None:
    body = feeds.entry("<title>Dam holds</title><description>" + "<x>" * 10_000 + "</x>" * 10_000 + "</description>")
    assert _only(body).title == "Dam holds"


def _enter_date(name: str, inner: str, expected: datetime | None, warning: str | None = None) -> None:
    @case("dates", name)
    def check(world: World) -> None:
        parsed = _parse(feeds.entry(f"<title>x</title>{inner}"))
        assert parsed.entries[0].published_at == expected
        assert parsed.warnings == ((warning,) if warning else ())

    check.__module__ = __name__


_TEN = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
for _date_row in (
    ("none", "", None),
    ("nonsense", "<pubDate>yesterday-ish</pubDate>", None),
    ("year 1", "<pubDate>Mon, 01 Jan 0001 00:00:00 +0000</pubDate>", None, "implausible_date"),
    ("1970", "<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>", None, "implausible_date"),
    ("next year", "<pubDate>Tue, 23 Nov 2027 10:00:00 GMT</pubDate>", None, "future_date"),
    (
        "an hour ahead stays, with a warning",
        "<pubDate>Mon, 23 Nov 2026 22:00:00 GMT</pubDate>",
        _TEN + timedelta(hours=12),
        "date_ahead",
    ),
    ("the 31st of November", "<pubDate>Mon, 31 Nov 2026 10:00:00 GMT</pubDate>", None),
    ("no zone", "<pubDate>Mon, 23 Nov 2026 10:00:00</pubDate>", _TEN),
    ("a zone by name that feedparser takes for UTC", "<pubDate>Mon, 23 Nov 2026 11:00:00 CET</pubDate>", _TEN),
    ("an American zone by name", "<pubDate>Mon, 23 Nov 2026 05:00:00 EST</pubDate>", _TEN),
    ("a two-digit year", "<pubDate>Mon, 23 Nov 26 10:00:00 GMT</pubDate>", _TEN),
    ("ISO in RSS", "<pubDate>2026-11-23T11:00:00+01:00</pubDate>", _TEN),
    ("dc:date in RSS", '<dc:date xmlns:dc="http://purl.org/dc/elements/1.1/">2026-11-23T10:00:00Z</dc:date>', _TEN),
    ("French words", "<pubDate>lun., 23 novembre 2026 11:00:00 +0100</pubDate>", _TEN),
    ("Spanish words", "<pubDate>23 de noviembre de 2026, 11:00 +01:00</pubDate>", _TEN),
    ("Russian words", "<pubDate>Пн, 23 ноября 2026 13:00:00 +0300</pubDate>", _TEN),
):
    _enter_date(*_date_row)
