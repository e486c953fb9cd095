"""The sites of the demo: what stands at which address, at which stage.

`DemoSite` joins `feeds/KEY.toml` (the registry, as the product reads it) with `sites.toml` (how it looks).
Everything here is pure: the same stage gives the same bytes.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from demo.stories import State, Story, load_stories

HERE = Path(__file__).parent
STAGE_TIMES = {
    1: datetime(2026, 11, 17, 8, 0, tzinfo=UTC),
    2: datetime(2026, 11, 17, 13, 0, tzinfo=UTC),
    3: datetime(2026, 11, 17, 20, 0, tzinfo=UTC),
}
FEED_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "rdf": "application/rdf+xml"}
RELATED_COUNT = 4


@dataclass(frozen=True)
class DemoSite:
    """One service: its registry entry and its look."""

    key: str
    name: str
    kind: str
    host: str
    language: str
    feed_urls: tuple[str, ...]
    feed_title: str
    template: str
    feed_format: str
    full_text: bool
    tagline: str
    sections: tuple[str, ...]
    newest_beside: bool


@dataclass(frozen=True)
class Resource:
    """What a GET of one address gives."""

    body: bytes
    content_type: str
    modified_at: datetime
    status: int = 200


@dataclass(frozen=True)
class Entry:
    """One story as a page, a feed or a list of links shows it at one stage."""

    story: Story
    state: State
    url: str
    published_at: datetime
    summary: str
    blocks: tuple[tuple[str, str, str | None], ...]

    @property
    def published_rfc(self) -> str:
        return format_datetime(self.published_at)

    @property
    def modified_rfc(self) -> str:
        return format_datetime(self.state.at)

    @property
    def modified_utc(self) -> str:
        return self.state.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def author_line(self) -> str:
        """Who signs on the page: people, else the credited agency, else the service."""
        return " and ".join(self.story.authors) or self.story.credit or get_site(self.story.service).name

    @property
    def author_records(self) -> list[dict[str, str]]:
        """The authors as JSON-LD has them."""
        if self.story.authors:
            return [{"@type": "Person", "name": name} for name in self.story.authors]
        return [{"@type": "Organization", "name": self.author_line}]

    @property
    def html(self) -> Markup:
        """The text as a feed carries it whole, escaped once for HTML and once more by the feed's template."""
        lines = "".join(f"<p>{escape(words)}</p>" for _, words, _ in self.blocks)
        return escape(str(lines))

    @property
    def text(self) -> str:
        """The text of the page's article element, one paragraph a line."""
        return "\n".join(text for _, text, _ in self.blocks)


def _read_site(key: str, look: Mapping[str, object], registry: Mapping[str, object]) -> DemoSite:
    feeds = registry["feed"]
    sections = look["sections"]
    assert isinstance(feeds, list)
    assert isinstance(sections, list)
    return DemoSite(
        key=key,
        name=str(registry["name"]),
        kind=str(registry["kind"]),
        host=urlsplit(str(registry["homepage"])).netloc,
        language=str(registry["language"]),
        feed_urls=tuple(str(feed["url"]) for feed in feeds),
        feed_title=str(feeds[0]["title"]),
        template=str(look["template"]),
        feed_format=str(look["feed_format"]),
        full_text=bool(look["full_text"]),
        tagline=str(look["tagline"]),
        sections=tuple(str(section) for section in sections),
        newest_beside=bool(look["newest_beside"]),
    )


@cache
def load_sites() -> tuple[DemoSite, ...]:
    """The services that serve pages, in the order of `sites.toml` (the dead one serves none)."""
    looks = tomllib.loads((HERE / "sites.toml").read_text(encoding="utf-8"))
    registry = {key: tomllib.loads((HERE / "feeds" / f"{key}.toml").read_text(encoding="utf-8")) for key in looks}
    return tuple(_read_site(key, look, registry[key]) for key, look in looks.items())


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def get_site(key: str) -> DemoSite:
    """The site `key`; raises KeyError where there is none."""
    return {site.key: site for site in load_sites()}[key]


def make_url(story: Story) -> str:
    return f"http://{get_site(story.service).host}{story.path}"


def _make_blocks(state: State, stage: int) -> tuple[tuple[str, str, str | None], ...]:
    """The parts of a text as (tag, text, address or None); a link to a story that is not yet out is left out."""
    blocks: list[tuple[str, str, str | None]] = []
    by_id = {story.id: story for story in load_stories()}
    for paragraph in state.paragraphs:
        if paragraph.startswith("## "):
            blocks.append(("h2", paragraph[3:], None))
        elif paragraph.startswith("* "):
            other = by_id[paragraph[2:]]
            standing = other.find_state(stage)
            if standing is not None:
                blocks.append(("li", standing.headline, make_url(other)))
        else:
            blocks.append(("p", paragraph, None))
    return tuple(blocks)


def _make_entry(story: Story, state: State, stage: int) -> Entry:
    blocks = _make_blocks(state, stage)
    leads = [text for tag, text, _ in blocks if tag == "p" and not text.startswith(("(", "EMBARGOED"))]
    summary = leads[0] if leads else state.headline
    return Entry(story, state, make_url(story), story.published_at, summary, blocks)


@cache
def list_entries(stage: int) -> tuple[Entry, ...]:
    """Every story that is out at `stage`, newest state first."""
    standing = ((story, story.find_state(stage)) for story in load_stories())
    entries = [_make_entry(story, state, stage) for story, state in standing if state is not None]
    return tuple(sorted(entries, key=lambda entry: (-entry.state.at.timestamp(), entry.story.id)))


def _list_beside(entry: Entry, site: DemoSite, stage: int) -> list[Entry]:
    """Links around a text: on most sites older stories (the page stays as it is), on one the newest (it does not)."""
    others = [e for e in list_entries(stage) if e.story.service == site.key and e.story.id != entry.story.id]
    if not site.newest_beside:
        older = [e for e in others if e.published_at <= entry.published_at and len(e.story.states) == 1]
        others = sorted(older, key=lambda e: e.published_at, reverse=True)
    return others[:RELATED_COUNT]


def render_page(entry: Entry, stage: int) -> Resource:
    site = get_site(entry.story.service)
    html = (
        _environment()
        .get_template(site.template)
        .render(site=site, entry=entry, beside=_list_beside(entry, site, stage), stage=stage)
    )
    modified = STAGE_TIMES[stage] if site.newest_beside or entry.story.form == "index" else entry.state.at
    return Resource(html.encode(), "text/html; charset=utf-8", modified)


def render_feed(site: DemoSite, stage: int) -> Resource:
    entries = [entry for entry in list_entries(stage) if entry.story.service == site.key]
    xml = (
        _environment()
        .get_template(f"{site.feed_format}.xml")
        .render(
            site=site,
            entries=entries,
            newest=max(entries, key=lambda entry: entry.state.at),
        )
    )
    content_type = FEED_TYPES.get(site.feed_format, "application/rss+xml")
    body = xml.encode()
    if site.feed_format == "torn":
        # cut inside the last entry, as a full disk or a dropped connection leaves a feed behind
        body = body[: body.rindex(b"<description>") + 30] + b"\xff\xfe"
    return Resource(body, f"{content_type}; charset=utf-8", max(entry.state.at for entry in entries))


def render_noise(site: DemoSite) -> Resource:
    """Bytes that no parser takes for a feed, under a feed's content type."""
    body = b"\x89WL\r\n\x1a\n" + bytes((7 * number * number + 13) % 256 for number in range(2048))
    return Resource(body, "application/rss+xml", STAGE_TIMES[1])


def _render_front(site: DemoSite, stage: int) -> Resource:
    entries = [entry for entry in list_entries(stage) if entry.story.service == site.key]
    html = _environment().get_template("front.html").render(site=site, entries=entries)
    return Resource(html.encode(), "text/html; charset=utf-8", STAGE_TIMES[stage])


def _render_small(site: DemoSite) -> dict[str, Resource]:
    robots = b"User-agent: *\nDisallow: /search\nDisallow: /account\n"
    terms = _environment().get_template("terms.html").render(site=site).encode()
    return {
        f"http://{site.host}/robots.txt": Resource(robots, "text/plain; charset=utf-8", STAGE_TIMES[1]),
        f"http://{site.host}/terms": Resource(terms, "text/html; charset=utf-8", STAGE_TIMES[1]),
    }


@cache
def list_resources(stage: int) -> Mapping[str, Resource]:
    """Every address that answers 200 at `stage`, with what it gives."""
    found: dict[str, Resource] = {}
    for site in load_sites():
        found |= _render_small(site)
        found[f"http://{site.host}/"] = _render_front(site, stage)
        found[site.feed_urls[0]] = render_feed(site, stage)
        for url in site.feed_urls[1:]:
            found[url] = render_noise(site)
    for entry in list_entries(stage):
        found[entry.url] = render_page(entry, stage)
    return found
