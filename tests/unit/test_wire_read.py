"""One text as an editor reads it: head, notices, mask, kinds of revision. All copy is invented."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.wire import decide_revision_kind, mask, read_wire
from pipeline.wire.embargo import read_embargo
from pipeline.wire.head import read_tags
from pipeline.wire.house import load_grammar

PUBLISHED = datetime(2024, 10, 18, 12, tzinfo=UTC)
STORY = "LAGOS, Oct 17 (Reuters) - The ferry stopped on Thursday.\n“It was late,” the pilot said."
NOTICES = tomllib.loads(files("pipeline.wire").joinpath("notices.toml").read_text(encoding="utf-8"))["notice"]

WIRE = """UPDATE 2-Ferry crews of Vale Novo stop work
By Ana Vale and Tom Reed
(Adds minister's reply in paragraph 3, updates toll)
LAGOS, Oct 17 (Reuters) - The ferry stopped on Thursday.
“It was late,” the pilot said.
Read more: Who runs the ferries
The board met.
(This story corrects the name of the ferry in paragraph 2.)
(Reporting by Ana Vale; Editing by Jo Hale)
Our Standards: The Thomson Reuters Trust Principles."""


def test_a_whole_wire_story() -> None:
    copy = read_wire(WIRE, published_at=PUBLISHED)
    assert copy.tags == ("UPDATE 2",)
    assert copy.byline is not None
    assert copy.byline.authors == ("Ana Vale", "Tom Reed")
    assert copy.advisory is not None
    assert copy.advisory.changes == ("Adds minister's reply in paragraph 3", "updates toll")
    assert copy.dateline is not None
    assert copy.dateline.place == "Lagos"
    assert [notice.kind for notice in copy.notices] == ["read_more", "correction", "trust"]
    assert WIRE[copy.body[0] : copy.body[1]].startswith("The ferry stopped")
    assert WIRE[copy.body[0] : copy.body[1]].endswith("The board met.")
    shown = mask(WIRE, copy)
    assert " ".join(shown.split()) == "The ferry stopped on Thursday. “It was late,” the pilot said. The board met."


@pytest.mark.parametrize("row", NOTICES, ids=lambda row: f"{row['kind']}: {row['example'][:30]}")
def test_example_of_each_notice(row: dict[str, str]) -> None:
    text = f"{STORY}\n{row['example']}"
    copy = read_wire(text, published_at=PUBLISHED)
    assert [notice.kind for notice in copy.notices] == [row["kind"]]
    assert mask(text, copy).rstrip().endswith("the pilot said.")


def test_a_disclaimer_of_editing_is_no_sign_off_and_no_copy() -> None:
    text = f"{STORY}\n(This story has not been edited by Vale staff.)"
    copy = read_wire(text, published_at=PUBLISHED)
    assert copy.sign_off is None
    assert [notice.kind for notice in copy.notices] == ["editors"]
    assert mask(text, copy).rstrip().endswith("the pilot said.")


@pytest.mark.parametrize(
    "line",
    [
        "Read the law again, the minister said, and you will find no such rule.",
        "The story of the ferry, which sank in 1988, is told in eleven rooms.",
        "Watch officers said the ferry turned north before the light went out.",
        "Kill rates among gulls rose, the board said.",
        "Correction officers stood at the gate.",
        "More than 40 people were on board.",
        "Follow the river north, he told reporters on Twitter and elsewhere, and you reach the mill.",
        "The minister's report, he said, was withdrawn by nobody.",
        "Ends meet in Vale Novo, she said.",
    ],
)
def test_copy_that_looks_like_a_notice_stays_copy(line: str) -> None:
    text = f"{STORY}\n{line}"
    copy = read_wire(text, published_at=PUBLISHED)
    assert copy.notices == ()
    assert mask(text, copy).endswith(line)


@pytest.mark.parametrize("row", load_grammar()["tag"], ids=lambda row: row["example"][:30])
def test_example_of_each_tag(row: dict[str, str]) -> None:
    assert read_tags(row["example"])
    assert decide_revision_kind(read_wire(STORY, headline=row["example"])) == row["kind"]


@pytest.mark.parametrize("verb", load_grammar()["advisory"]["verbs"], ids=lambda verb: verb[0])
def test_example_of_each_advisory_verb(verb: list[str]) -> None:
    copy = read_wire(f"{verb[1]}\n{STORY}")
    assert copy.advisory is not None
    assert copy.advisory.text == verb[1]


@pytest.mark.parametrize("row", load_grammar()["revision_words"], ids=lambda row: row["kind"])
def test_example_of_each_kind_of_revision(row: dict[str, str]) -> None:
    assert decide_revision_kind(read_wire(f"{row['example']}\n{STORY}")) == row["kind"]


@pytest.mark.parametrize(
    ("headline", "tags", "kind"),
    [
        ("REFILE-UPDATE 1-Ferry stops", ("REFILE", "UPDATE 1"), "refile"),
        ("CORRECTED-UPDATE 3-Ferry stops", ("CORRECTED", "UPDATE 3"), "correction"),
        ("STORY WITHDRAWN-UPDATE 1-Ferry stops", ("STORY WITHDRAWN", "UPDATE 1"), "withdrawn"),
        ("Exclusive: Ferry stops", ("EXCLUSIVE",), "original"),
        ("Ferry stops, 2nd Ld-Writethru", ("2nd Ld-Writethru",), "update"),
        ("(LEAD) Ferry stops", ("LEAD",), "update"),
        ("(URGENT) Ferry stops", ("URGENT",), "original"),
        ("Ferry stops", (), "original"),
        ("Update your ferry pass, says board", (), "original"),
    ],
)
def test_tags_of_a_headline(headline: str, tags: tuple[str, ...], kind: str) -> None:
    copy = read_wire(STORY, headline=headline)
    assert copy.tags == tags
    assert decide_revision_kind(copy) == kind


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        ("(Updates with reply, paragraphs 3-5; adds shares)", ("Updates with reply, paragraphs 3-5", "adds shares")),
        ("(Recasts; adds quote, context in paragraphs 2, 4)", ("Recasts", "adds quote", "context in paragraphs 2, 4")),
        ("(Corrects name to Valle, not Vale, in paragraph 2)", ("Corrects name to Valle, not Vale, in paragraph 2",)),
        ("[Adds reply]", ("Adds reply",)),
        ("* Adds details, background", ("Adds details", "background")),
        ("UPDATES with reply, ADDS byline", ("UPDATES with reply", "ADDS byline")),
        ("Adds salt to the wound, he said.", None),
    ],
)
def test_advisories_into_changes(line: str, changes: tuple[str, ...] | None) -> None:
    advisory = read_wire(f"{line}\n{STORY}").advisory
    assert (advisory.changes if advisory else None) == changes


def test_an_advisory_after_the_story_is_no_copy() -> None:
    text = f"{STORY}\n(Removes extraneous word in paragraph 3)"
    copy = read_wire(text)
    assert copy.advisory is not None
    assert mask(text, copy).rstrip().endswith("the pilot said.")


@pytest.mark.parametrize(
    ("line", "slug"),
    [
        ("FERRIES-STRIKE/VALE NOVO (UPDATE 2)", "FERRIES-STRIKE/VALE NOVO (UPDATE 2)"),
        ("BC-AF--Ferry Strike, 2nd Ld-Writethru", "BC-AF--Ferry Strike, 2nd Ld-Writethru"),
        ("The ferry, a twin-hull, stopped.", None),
        ("NIGERIA-FERRIES (UPDATE 2, PICTURES)", "NIGERIA-FERRIES (UPDATE 2, PICTURES)"),
        ("BC-AP-Ferry Strike", "BC-AP-Ferry Strike"),
        ("^AP-Ferry Strike", "^AP-Ferry Strike"),
        ("bc-ferry-strike", "bc-ferry-strike"),
        ("AFL-CIO to back crews.", None),
    ],
)
def test_slugs(line: str, slug: str | None) -> None:
    assert read_wire(f"{line}\n{STORY}").slug == slug


@pytest.mark.parametrize(
    ("line", "until"),
    [
        ("EMBARGOED UNTIL 0001 GMT, TUESDAY, OCT 22", datetime(2024, 10, 22, 0, 1, tzinfo=UTC)),
        ("Embargoed until Oct. 22, 2025 at 6 p.m. EDT", datetime(2025, 10, 22, 22, 0, tzinfo=UTC)),
        ("Hold for release until 10:30 CET Tuesday", datetime(2024, 10, 22, 9, 30, tzinfo=UTC)),
        ("NOT FOR PUBLICATION BEFORE 1200 GMT", datetime(2024, 10, 18, 12, 0, tzinfo=UTC)),
        ("Embargo: noon GMT Oct 20", datetime(2024, 10, 20, 12, 0, tzinfo=UTC)),
        ("Embargoed until July 4, 2025 at 9 a.m. ET", datetime(2025, 7, 4, 13, 0, tzinfo=UTC)),
        ("Embargoed until Dec. 4, 2024 at 9 a.m. ET", datetime(2024, 12, 4, 14, 0, tzinfo=UTC)),
        ("HOLD FOR RELEASE 6 AM CT, MONDAY, NOV 4", datetime(2024, 11, 4, 12, 0, tzinfo=UTC)),
        ("Under embargo until 00:01 Pacific time on 9 November 2024", datetime(2024, 11, 9, 8, 1, tzinfo=UTC)),
        ("Strictly embargoed until 00.01 BST on Saturday 19 October", datetime(2024, 10, 18, 23, 1, tzinfo=UTC)),
        ("EMBARGO: 22 October 2024, 06:00 CEST", datetime(2024, 10, 22, 4, 0, tzinfo=UTC)),
        ("(EMBARGOED FOR RELEASE UNTIL 5 P.M. EDT OCT 20)", datetime(2024, 10, 20, 21, 0, tzinfo=UTC)),
        ("Embargoed until 2301 GMT Sunday", datetime(2024, 10, 20, 23, 1, tzinfo=UTC)),
        ("NOT FOR RELEASE BEFORE 12:01 A.M. ET ON OCT. 21", datetime(2024, 10, 21, 4, 1, tzinfo=UTC)),
        ("Embargoed until further notice", None),
    ],
)
def test_embargoes(line: str, until: datetime | None) -> None:
    copy = read_wire(f"{line}\n{STORY}", published_at=PUBLISHED)
    assert copy.embargo_until == until
    assert copy.dateline is not None
    assert line not in mask(f"{line}\n{STORY}", copy)


def test_an_embargo_without_any_day_is_not_guessed() -> None:
    assert read_embargo("EMBARGOED UNTIL 0001 GMT") is None


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By Ana Vale", ("Ana Vale",)),
        ("By ANA VALE, Associated Press Writer", ("Ana Vale",)),
        ("By Ana Vale and Tom Reed", ("Ana Vale", "Tom Reed")),
        ("By Ana Vale, Tom Reed and Jo Hale", ("Ana Vale", "Tom Reed", "Jo Hale")),
        ("By Ana Vale | Oct. 17, 2024", ("Ana Vale",)),
        ("By ANA VALE AP Business Writer", ("Ana Vale",)),
        ("By Dr. Ana Vale", ("Ana Vale",)),
        ("Ana Vale and Tom Reed, Associated Press", ("Ana Vale", "Tom Reed")),
        ("By our correspondent", ()),
        ("By Testwire staff", ()),
        ("By Friday the ferries ran again", None),
        ("By the time she came it was late.", None),
    ],
)
def test_bylines_in_the_body(line: str, authors: tuple[str, ...] | None) -> None:
    byline = read_wire(f"{line}\n{STORY}").byline
    assert (byline.authors if byline else None) == authors


def test_a_byline_before_the_dateline_on_one_line() -> None:
    copy = read_wire("By Ana Vale LAGOS, Oct 17 (Reuters) - The ferry stopped.")
    assert copy.byline is not None
    assert copy.byline.authors == ("Ana Vale",)
    assert copy.dateline is not None
    assert copy.dateline.place == "Lagos"


def test_the_feed_tells_the_agency_that_the_dateline_does_not() -> None:
    copy = read_wire("LAGOS, Oct 17 - The ferry stopped.", agency="reuters", published_at=PUBLISHED)
    assert copy.dateline is not None
    assert copy.dateline.agency == "Reuters"


@pytest.mark.parametrize("text", ["", " ", "\n\n", "One line alert", "(Reporting by Ana Vale)", "LAGOS (AP) — "])
def test_texts_of_almost_nothing(text: str) -> None:
    copy = read_wire(text)
    assert 0 <= copy.body[0] <= copy.body[1] <= len(text)
    assert len(mask(text, copy)) == len(text)


PIECES = st.sampled_from(
    [*WIRE.split("\n"), "", "Plain words.", "@ana", "12 3/4 up", "___", "(Adds", "Editing by", "é\u0301\U0001f6a2"]
)


TRUST = "Our Standards: The Thomson Reuters Trust Principles."


def test_a_notice_stands_once_and_begins_at_its_first_word() -> None:
    for glue in (" ", "\n"):
        copy = read_wire(glue.join(["(Reporting by Ana Vale; Editing by Jo Hale)", TRUST, TRUST]))
        assert [notice.text for notice in copy.notices] == [TRUST, TRUST]


@example(["(Reporting by Ana Vale; Editing by Jo Hale)", TRUST, TRUST], " ")
@given(st.lists(PIECES, max_size=14), st.sampled_from(["\n", "\r\n", "\n\n", " "]))
def test_spans_are_true_and_the_mask_keeps_every_offset(pieces: list[str], glue: str) -> None:
    text = glue.join(pieces)
    copy = read_wire(text, headline=pieces[0] if pieces else None, published_at=PUBLISHED)
    shown = mask(text, copy)
    parts = (copy.dateline, copy.sign_off, copy.byline, copy.advisory, *copy.notices)
    assert all(text[part.start : part.end] == part.text for part in parts if part)
    assert 0 <= copy.body[0] <= copy.body[1] <= len(text)
    assert len(shown) == len(text)
    assert all(new == old or (new == " " and old not in "\r\n") for new, old in zip(shown, text, strict=True))


@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    copy = read_wire(text, headline=text[:50])
    assert len(mask(text, copy)) == len(text)
