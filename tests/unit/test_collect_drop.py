"""Delivered files: three standards, one record; versions, status and embargoes obeyed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect.drop import DropState, DropStory, decide_drop
from pipeline.collect.dropread import read_drop
from pipeline.errors import FeedParseError

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
BODY = "QUILL, Nov 23 (Wire) - The dam held, officials said.\nThree villages & a farm were not evacuated."

NEWSML = """<?xml version="1.0" encoding="UTF-8"?>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="tag:wire.example,2026:dam" version="3"
  standard="NewsML-G2" standardversion="2.34" conformance="power" xml:lang="en">
 <catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_38.xml"/>
 <itemMeta>
  <itemClass qcode="ninat:text"/><provider qcode="nprov:WIRE"><name>Example Wire</name></provider>
  <versionCreated>2026-11-23T17:30:00+01:00</versionCreated><firstCreated>2026-11-23T10:00:00Z</firstCreated>
  {extra}<pubStatus qcode="stat:{status}"/><edNote>Adds quote in second paragraph</edNote>
  <signal qcode="sig:update"/>
 </itemMeta>
 <contentMeta>
  <urgency>3</urgency><located><name>Porto bureau</name></located><by>Ada Quill</by><language tag="en-GB"/>
  <subject qcode="medtop:03000000"><name xml:lang="en">disaster</name></subject>
  <slugline separator="-">QUILL-DAM</slugline><headline>Dam holds at
   Quill</headline>
 </contentMeta>
 <contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head>
  <title>not this</title></head><body><p>QUILL, Nov 23 (Wire) - The <b>dam</b> held, officials said.</p>
  <p>Three villages &amp; a farm were not evacuated.</p></body></html></inlineXML></contentSet>
</newsItem>"""

NITF = """<nitf{namespace} xml:lang="en"><head><title>Dam</title><tobject><tobject.subject tobject.subject.type="disaster"/>
 </tobject><docdata management-status="{status}"><doc-id regsrc="WIRE" id-string="dam"/><urgency ed-urg="3"/>
 <date.issue norm="20261123T163000Z"/>{extra}<du-key version="3" key="QUILL-DAM"/>
 <doc.copyright holder="Example Wire"/></docdata></head><body><body.head><hedline><hl1>Dam holds at Quill</hl1></hedline>
 <byline>By <person>Ada Quill</person></byline></body.head><body.content><block>
 <p>QUILL, Nov 23 (Wire) - The dam held, officials said.</p><media><caption>A dam</caption></media>
 <p>Three villages &amp; a farm were not evacuated.</p></block></body.content>{end}</body></nitf>"""

NINJS_1 = {
    "uri": "tag:wire.example,2026:dam", "type": "text", "version": "3", "versioncreated": "2026-11-23T16:30:00Z",
    "pubstatus": "usable", "urgency": 3, "language": "en", "headline": "Dam holds at Quill", "byline": "Ada Quill",
    "slugline": "QUILL-DAM", "located": "Porto", "copyrightholder": "Example Wire", "subject": [{"name": "disaster"}],
    "body_text": "flat", "body_html": "<p>QUILL, Nov 23 (Wire) - The dam held, officials said.</p>"
    "<p>Three villages &amp; a farm were not evacuated.</p>",
}  # fmt: skip
NINJS_2 = {
    "uri": "tag:wire.example,2026:dam", "type": "text", "version": "3", "versioncreated": "2026-11-23T16:30:00Z",
    "pubstatus": "usable", "urgency": 3, "language": "en", "by": "Ada Quill", "slugline": "QUILL-DAM",
    "headlines": [{"role": "print", "value": "Dam"}, {"role": "main", "value": "Dam holds at Quill"}],
    "infosources": [{"name": "Example Wire"}], "subjects": [{"name": "disaster"}],
    "bodies": [{"role": "plain", "contenttype": "text/plain", "value": "flat"},
               {"role": "main", "contenttype": "text/html", "value": NINJS_1["body_html"]}],
}  # fmt: skip
NINJS_3 = {
    "uri": "tag:wire.example,2026:dam", "type": "text", "version": "3", "versionCreated": "2026-11-23T16:30:00Z",
    "standard": {"name": "ninjs", "version": "3.0"}, "pubStatus": "usable", "urgency": 3, "language": "en",
    "by": "Ada Quill", "slugline": "QUILL-DAM", "headlines": [{"role": "main", "value": "Dam holds at Quill"}],
    "infoSources": [{"name": "Example Wire"}], "subjects": [{"name": "disaster"}],
    "bodies": [{"role": "main", "contentType": "text/html", "value": NINJS_1["body_html"]}],
}  # fmt: skip


def _newsml(status: str = "usable", extra: str = "") -> bytes:
    return NEWSML.format(status=status, extra=extra).encode()


def _nitf(status: str = "usable", extra: str = "", namespace: str = "", end: str = "") -> bytes:
    return NITF.format(status=status, extra=extra, namespace=namespace, end=end).encode()


def _only(body: bytes) -> DropStory:
    (story,) = read_drop(body)
    return story


@pytest.mark.parametrize(
    ("body", "form", "guid", "language"),
    [
        (_newsml(), "newsmlg2", "tag:wire.example,2026:dam", "en-GB"),
        (_nitf(), "nitf", "dam", "en"),
        (_nitf(namespace=' xmlns="http://iptc.org/std/NITF/2006-10-18/"'), "nitf", "dam", "en"),
        (json.dumps(NINJS_1).encode(), "ninjs1", "tag:wire.example,2026:dam", "en"),
        (json.dumps(NINJS_2).encode(), "ninjs2", "tag:wire.example,2026:dam", "en"),
        (json.dumps(NINJS_3).encode("utf-16"), "ninjs3", "tag:wire.example,2026:dam", "en"),
    ],
)
def test_all_standards_give_the_same_story(body: bytes, form: str, guid: str, language: str) -> None:
    story = _only(body)
    assert (story.format, story.guid, story.version, story.status) == (form, guid, 3, "usable")
    assert (story.headline, story.body) == ("Dam holds at Quill", BODY)
    assert (story.provider, story.language, story.slugline) == ("Example Wire", language, "QUILL-DAM")
    assert (story.byline or "").endswith("Ada Quill")
    assert (story.urgency, story.subjects) == (3, ("disaster",))
    assert story.versioned_at == datetime(2026, 11, 23, 16, 30, tzinfo=UTC)
    assert story.dateline is None, "where the bureau is is no dateline"


def test_iptc_s_own_reader_sees_the_same_in_newsml_g2() -> None:
    reference = pytest.importorskip("NewsMLG2.document")
    found, story = reference.NewsMLG2Document(_newsml()).item, _only(_newsml())
    assert (found.guid, int(found.version)) == (story.guid, story.version)
    assert str(found.contentmeta.headline).split() == story.headline.split()
    assert found.itemmeta.pubstatus.qcode.rpartition(":")[2] == story.status


def test_a_message_may_hold_several_stories_and_what_is_no_text() -> None:
    inner = _newsml().decode().split("?>", 1)[1]
    picture = inner.replace("ninat:text", "ninat:picture").replace(":dam", ":picture")
    plain = inner.replace(":dam", ":plain")
    start, end = plain.index("<inlineXML"), plain.index("</inlineXML>") + len("</inlineXML>")
    plain = f"{plain[:start]}<inlineData contenttype='text/plain'>One.\n\nTwo\nlines.</inlineData>{plain[end:]}"
    message = f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{inner}{picture}{plain}</itemSet></newsMessage>'
    stories = read_drop(message.encode())
    assert [story.guid.rpartition(":")[2] for story in stories] == ["dam", "plain"]
    assert stories[1].body == "One.\nTwo lines."


def test_nitf_inside_newsml_g2_and_a_sign_off_at_the_end() -> None:
    nitf = _nitf(end="<body.end><tagline>(Reporting by Ada Quill)</tagline></body.end>").decode()
    newsml = _newsml().decode()
    start, end = newsml.index("<html"), newsml.index("</html>") + len("</html>")
    assert _only((newsml[:start] + nitf + newsml[end:]).encode()).body == BODY
    assert _only(nitf.encode()).body == BODY + "\n(Reporting by Ada Quill)"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"{", "not_a_story"),
        (b'{"headline": "x"}', "not_a_story"),
        (b"<rss/>", "not_a_story"),
        (b"<nitf><head/></nitf>", "not_a_story"),
        (b"<nitf>", "not_a_story"),
        (b'{"uri": "a:b", "type": "picture"}', "no_text"),
        (_newsml().replace(b"ninat:text", b"ninat:picture"), "no_text"),
        (b'<!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/passwd">]><nitf>&x;</nitf>', "forbidden_entity"),
        (b'<!DOCTYPE nitf [<!ENTITY a "b">]><nitf>&a;</nitf>', "forbidden_entity"),
    ],
)
def test_what_is_no_story_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    with pytest.raises(FeedParseError) as caught:
        read_drop(body)
    assert caught.value.reason == reason


@given(
    st.binary(max_size=200)
    | st.dictionaries(st.text(), st.text() | st.lists(st.text())).map(lambda d: json.dumps(d).encode())
)
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        stories = read_drop(body)
    except FeedParseError:
        stories = ()
    assert isinstance(stories, tuple)


def _state(story: DropStory) -> DropState:
    return DropState(story.version, story.status, story.headline, story.body, story.versioned_at)


def test_versions_make_revisions_and_old_ones_make_none() -> None:
    story = _only(_newsml())
    assert decide_drop(None, story, NOW).kind == "original"
    assert decide_drop(_state(story), story, NOW).reason == "unchanged"
    newer = replace(story, version=4, body=BODY + "\nMore.")
    assert decide_drop(_state(story), newer, NOW).kind == "update"
    assert decide_drop(_state(newer), story, NOW).reason == "older_version"
    same_version = replace(story, body="Other", versioned_at=NOW)
    assert decide_drop(_state(story), same_version, NOW).kind == "update"
    earlier = replace(same_version, versioned_at=NOW - timedelta(days=1))
    assert decide_drop(_state(story), earlier, NOW).reason == "older_version"


def test_a_correction_is_named_by_the_signal_or_the_editor_s_note() -> None:
    signalled = _only(_newsml(extra='<signal qcode="sig:correction"/>'))
    assert decide_drop(_state(replace(signalled, version=2, body="x")), signalled, NOW).kind == "correction"
    noted = _only(json.dumps(NINJS_1 | {"ednote": "CORRECTS spelling of Quill"}).encode())
    assert "correction" in noted.signals
    assert "correction" in _only(_nitf(extra='<correction info="wrong name" id-string="dam" regsrc="WIRE"/>')).signals
    assert "correction" not in _only(_newsml()).signals


@pytest.mark.parametrize(
    "body", [_newsml("canceled"), _nitf("canceled"), json.dumps(NINJS_1 | {"pubstatus": "canceled"}).encode()]
)
def test_a_cancelled_story_is_withdrawn_once_and_lives_again_only_with_a_higher_version(body: bytes) -> None:
    story, published = _only(body), DropState(2, "usable", "Dam", "Body")
    assert decide_drop(published, story, NOW).kind == "withdrawn"
    assert decide_drop(None, story, NOW).action == "ignore"
    gone = _state(story)
    assert decide_drop(gone, story, NOW).action == "ignore"
    assert decide_drop(gone, replace(story, status="usable"), NOW).reason == "older_version"
    assert decide_drop(gone, replace(story, status="usable", version=9), NOW).kind == "update"


@pytest.mark.parametrize(
    "body",
    [
        _newsml(extra="<embargoed>2026-11-24T06:00:00Z</embargoed>"),
        _nitf("embargoed", extra='<date.release norm="20261124T060000Z"/>'),
        json.dumps(NINJS_1 | {"embargoed": "2026-11-24T07:00:00+01:00"}).encode(),
    ],
)
def test_an_embargo_is_held_to_the_second(body: bytes) -> None:
    story, until = _only(body), datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    decision = decide_drop(None, story, NOW)
    assert (decision.action, decision.reason, decision.hold_until) == ("hold", "embargo", until)
    assert decide_drop(None, story, until - timedelta(seconds=1)).action == "hold"
    assert decide_drop(None, story, until).kind == "original"


@pytest.mark.parametrize(
    "body",
    [_newsml("withheld"), _newsml(extra="<embargoed/>"), _nitf("withheld"), _nitf("embargoed"), _newsml("unheard-of")],
)
def test_what_is_withheld_or_embargoed_without_end_waits(body: bytes) -> None:
    decision = decide_drop(None, _only(body), NOW)
    assert (decision.action, decision.hold_until) == ("hold", None)


def test_what_is_withheld_after_it_was_published_is_withdrawn() -> None:
    decision = decide_drop(DropState(2, "usable", "Dam", "Body"), _only(_newsml("withheld")), NOW)
    assert (decision.action, decision.kind) == ("publish", "withdrawn")
