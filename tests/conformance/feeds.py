"""Feeds that the cases serve, written for them about things that never happened."""

from __future__ import annotations


def rss(*titles: str, head: str = "", path: str = "/story/", version: str = "2.0") -> bytes:
    """An RSS feed with one entry a title, newest first, an hour apart."""
    entries = "".join(
        f"<item><title>{title}</title><link>https://wire.example{path}{_slug(title)}</link>"
        f"<guid>https://wire.example{path}{_slug(title)}</guid>"
        f"<pubDate>Mon, 23 Nov 2026 {20 - index:02d}:00:00 GMT</pubDate></item>"
        for index, title in enumerate(titles)
    )
    return f'<rss version="{version}"><channel><title>Wire</title>{head}{entries}</channel></rss>'.encode()


def entry(inner: str) -> bytes:
    """An RSS feed with one entry, given from inside."""
    return f'<rss version="2.0"><channel><title>Wire</title><item>{inner}</item></channel></rss>'.encode()


ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title><id>urn:wire</id>
<entry><id>urn:wire:1</id><title type="html">Ferry &amp;amp; tug collide</title><link href="/story/ferry"/>
<published>2026-11-23T10:00:00+01:00</published><updated>2026-11-23T11:30:00Z</updated>
<author><name>Ada Quill</name></author><content type="html">&lt;p&gt;Body&lt;/p&gt;</content></entry></feed>"""

ATOM_03 = b"""<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Wire</title>
<entry><id>urn:wire:1</id><title>Old ferry</title><link rel="alternate" type="text/html" href="https://wire.example/old"/>
<issued>2026-11-20T10:00:00Z</issued><modified>2026-11-21T10:00:00Z</modified></entry></feed>"""

RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel rdf:about="https://wire.example/"><title>Wire</title><sy:updatePeriod>daily</sy:updatePeriod>
<sy:updateFrequency>4</sy:updateFrequency></channel>
<item rdf:about="https://wire.example/rdf"><title>Dam holds</title><link>https://wire.example/rdf</link>
<dc:date>2026-11-23T08:15:00Z</dc:date></item></rdf:RDF>"""

RSS_090 = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
<channel><title>Wire</title><link>https://wire.example/</link></channel>
<item><title>Dam holds</title><link>https://wire.example/090</link></item></rdf:RDF>"""

RSS_091 = b"""<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>Wire</title>
<item><title>Dam holds</title><link>https://wire.example/091</link></item></channel></rss>"""

JSON = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "Wire", "items": [
{"id": "1", "url": "/story/json", "title": "Mill reopens", "content_html": "<p>Body</p>",
 "date_published": "2026-11-23T09:00:00+01:00", "authors": [{"name": "Ada Quill"}]}]}"""

PAGE = b"<!DOCTYPE html><html><head><title>Wire</title></head><body><p>Please enable scripts.</p></body></html>"

CONSENT = b"""<!DOCTYPE html><html><head><title>Before you continue</title></head><body><div id="consent-wall">
<h1>We value your privacy</h1><p>We and our 212 partners store and access cookies on your device.</p>
<button>Accept all</button><button>Manage choices</button></div></body></html>"""

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
<rss version="2.0"><channel><title>&d;</title></channel></rss>"""


def external(url: str) -> bytes:
    """A feed that asks its reader to fetch ``url``."""
    return (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "{url}">]>'
        '<rss version="2.0"><channel><title>&x;</title></channel></rss>'
    ).encode()


def external_subset(url: str) -> bytes:
    """A feed whose document type lies at ``url``."""
    return f'<?xml version="1.0"?><!DOCTYPE rss SYSTEM "{url}">'.encode() + rss("Dam holds")


def _slug(title: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in title.lower())
