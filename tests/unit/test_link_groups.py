"""Threads, relations, pointing answers and groups, on statements of our own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.link import groups, relations, threads
from pipeline.link.groups import Apart
from pipeline.link.matter import Count, Statement, is_same_side
from pipeline.link.speakers import Speaker
from pipeline.link.stances import ThreadMatch, settle_signs

AT = datetime(2026, 3, 4, 6, tzinfo=UTC)
NUMBERS = count(1)
UNION = Speaker(
    "institution", "org:dockers-union", "Dockers' Union", "org:dockers-union", "Dockers' Union", "the union"
)
YARD = Speaker("institution", "org:pell-yard", "Pell Yard", "org:pell-yard", "Pell Yard", "Pell Yard")
OFFICE = Speaker(
    "institution", "org:harbour-office", "Harbour Office", "org:harbour-office", "Harbour Office", "the office"
)


def said(
    content: str, who: Speaker = UNION, act: str = "state", polarity: str = "positive", **more: object
) -> Statement:
    number = next(NUMBERS)
    at = AT + timedelta(minutes=number)
    plain = Statement(
        claim_id=number, thread_id=number, revision_id=1, article_id=1, story_id=1, position=number * 50, published_at=at,
        stated_by_at=at, act=act, polarity=polarity, certainty="certain", cue="say", content=content, speakers=(who,),
        entities=frozenset(), targets=frozenset(), counts=(), voice="agency 1",
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


def count_of(low: float | None, high: float | None, unit: str = "sailor", words: str = "") -> Count:
    return Count(low, high, unit, None, False, words or f"{low}")


CRACKED = "the hull of the trawler had cracked"


def relation(later: Statement, earlier: Statement) -> str | None:
    found = relations.decide_relation(later, earlier)
    return found.relation if found else None


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (said(CRACKED, YARD, "deny", "negative"), "denies"),
        (said(CRACKED, YARD, "confirm"), "confirms"),
        (said(CRACKED, UNION, "confirm"), "repeats"),
        (said(CRACKED, OFFICE, "not_confirm", "unknown"), "does_not_confirm"),
        (said(CRACKED, OFFICE), "supports"),
        (said("the hull of the trawler had not cracked", OFFICE, polarity="negative"), "contradicts"),
        (said("the hull of the trawler had not cracked", UNION, polarity="negative"), "retracts"),
        (said("the hull of the trawler may have cracked", UNION, certainty="possible"), "updates"),
        (said("the price of herring had doubled", YARD), None),
        (said(CRACKED, OFFICE, "decline", "unknown"), None),
    ],
)
def test_what_a_statement_does_to_an_earlier_one(later: Statement, expected: str | None) -> None:
    assert relation(later, said(CRACKED)) == expected


def test_a_confirmation_through_a_copy_is_none() -> None:
    assert relation(said(CRACKED, YARD, "confirm", is_copy=True), said(CRACKED)) != "confirms"


def test_numbers_of_one_party_update_and_of_another_contradict() -> None:
    earlier = said("nine sailors were missing off the cape", counts=(count_of(9, 9),))
    later = "12 sailors were missing off the cape"
    assert relation(said(later, UNION, counts=(count_of(12, 12),)), earlier) == "updates"
    assert relation(said(later, YARD, counts=(count_of(12, 12),)), earlier) == "contradicts"


def test_at_least_nine_is_no_contradiction_of_twelve() -> None:
    earlier = said("at least nine sailors were missing off the cape", counts=(count_of(9, None),))
    assert (
        relation(said("12 sailors were missing off the cape", YARD, counts=(count_of(12, 12),)), earlier)
        != "contradicts"
    )


def test_contrary_words_and_negation_together_agree() -> None:
    earlier = said("the lock gates were closed")
    assert relation(said("the lock gates were not open", OFFICE, polarity="negative"), earlier) == "supports"
    assert relation(said("the lock gates were open", OFFICE), earlier) == "contradicts"


def test_the_same_office_of_two_towns_is_two_sides() -> None:
    one, other = (
        replace(UNION, kind="role", entity=None, party=None, words=f"the mayor of {town}") for town in ("Ord", "Vik")
    )
    assert not is_same_side(said(CRACKED, one), said(CRACKED, other))
    assert is_same_side(said(CRACKED, one), said(CRACKED, replace(one, words="the mayor")))


# ── threads ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def revise(*statements: Statement) -> list[Statement]:
    return [replace(s, revision_id=2, published_at=AT + timedelta(hours=9)) for s in statements]


def test_a_revision_keeps_adds_and_drops() -> None:
    kept, dropped = said(CRACKED), said("the crew had been paid")
    again = replace(kept, claim_id=next(NUMBERS))
    changes = threads.align_revisions([kept, dropped], revise(again, said("the pumps had been sold")))
    assert sorted(change.kind for change in changes) == ["added", "dropped", "kept"]


@pytest.mark.parametrize(
    ("before", "after", "kind", "what"),
    [
        (said(CRACKED), said("the hull of the trawler may have cracked", certainty="possible"), "softened", "certainty"),
        (said("the hull of the trawler might have cracked"), said(CRACKED), "hardened", "certainty"),
        (
            said("nine sailors are missing", counts=(count_of(9, 9),)),
            said("11 sailors are missing", counts=(count_of(11, 11),)),
            "hardened", "number",
        ),
        (said(CRACKED), said(CRACKED, replace(UNION, kind="unnamed", entity=None, party=None, words="a docker")),
         "softened", "attribution"),
        (said(CRACKED), said("the trawler's hull had badly cracked"), "reworded", "wording"),
    ],
)  # fmt: skip
def test_a_reworded_statement_is_one_thread_and_says_what_changed(
    before: Statement, after: Statement, kind: str, what: str
) -> None:
    old, new = replace(before, thread_key=b"old"), replace(after, thread_key=b"new")
    (change,) = threads.align_revisions([old], revise(new))
    assert (change.kind, change.what) == (kind, what)
    assert threads.decide_threads({b"old": AT, b"new": AT + timedelta(hours=1)}, [change]) == {
        b"old": b"old", b"new": b"old",
    }  # fmt: skip


def test_an_update_elsewhere_drops_nothing() -> None:
    changes = threads.align_articles(
        [said(CRACKED), said("the crew had been paid")], revise(said("the hull had cracked"))
    )
    assert [change.method for change in changes] == ["url"]


# ── answers and groups ───────────────────────────────────────────────────────────────────────────────────────────────


def same(a: Statement, b: Statement, *, opposed: bool = False, score: float = 0.9) -> ThreadMatch:
    return ThreadMatch(a.thread_id, b.thread_id, "same", None, opposed, "wording", score, "")


def stances(places: list[groups.Place]) -> dict[int, tuple[int, str]]:
    return {place.thread_id: (place.founder_id, place.stance) for place in places}


def test_a_group_tells_who_asserts_denies_and_leaves_open() -> None:
    claim, denial = said(CRACKED), said(CRACKED, YARD, "deny", "negative")
    doubt = said(CRACKED, OFFICE, "not_confirm", "unknown")
    matches = [
        ThreadMatch(denial.thread_id, claim.thread_id, "same", "denies", True, "act", 0.9, ""),
        ThreadMatch(doubt.thread_id, claim.thread_id, "answers", "does_not_confirm", False, "act", 0.9, ""),
    ]
    found = stances(groups.decide_groups({s.thread_id: s for s in (claim, denial, doubt)}, matches))
    home = claim.thread_id
    assert found == {
        home: (home, "asserts"),
        denial.thread_id: (home, "denies"),
        doubt.thread_id: (home, "does_not_confirm"),
    }


def test_a_matter_is_told_from_the_side_that_accuses_whoever_spoke_first() -> None:
    calm = said("no crack had been found in the hull", YARD)
    accusation = said(CRACKED, act="accuse", plain_text="The union accused the yard.")
    denial = said(CRACKED, YARD, "deny", "negative")
    everyone = {s.thread_id: s for s in (calm, accusation, denial)}
    places = groups.decide_groups(everyone, [same(accusation, calm, opposed=True), same(denial, calm)])
    assert [place.stance for place in places] == ["denies", "asserts", "denies"]
    assert groups.find_title(places, everyone) == "The union accused the yard."


def test_a_party_speaks_with_one_voice_where_matches_are_at_odds() -> None:
    accusation, reason = said(CRACKED, act="accuse"), said("two divers had seen the hull")
    denial = said("the accusation", YARD, "deny", "negative")
    more = [said("the hull was sound", YARD, polarity="negative"), said("the hull was new", YARD)]
    everyone = {s.thread_id: s for s in (accusation, reason, denial, *more)}
    matches = [
        same(reason, accusation, opposed=True, score=0.5), same(denial, reason, opposed=True, score=0.6),
        *(same(s, accusation, opposed=True) for s in more),
    ]  # fmt: skip
    places = groups.decide_groups(everyone, matches)
    assert [place.stance for place in places] == ["asserts", "asserts", "denies", "denies", "denies"]


def test_what_another_leaves_open_is_asserted() -> None:
    claim, doubt = said(CRACKED), said("the account", OFFICE, "not_confirm", "unknown")
    threads_of = {s.thread_id: s for s in (claim, doubt)}
    match = ThreadMatch(doubt.thread_id, claim.thread_id, "answers", "does_not_confirm", False, "pointer", 0.5, "")
    assert settle_signs([*threads_of], dict.fromkeys(threads_of, -1), threads_of, [match])[claim.thread_id] == 1


@pytest.mark.parametrize(("score", "homes"), [(0.58, 1), (0.4, 2)])
def test_a_contradiction_that_is_only_read_must_be_sure_to_make_a_matter_contested(score: float, homes: int) -> None:
    one, other = said(CRACKED), said("the ship was in the best of health", YARD)
    match = ThreadMatch(other.thread_id, one.thread_id, "same", "contradicts", True, "reading", score, "")
    places = groups.decide_groups({s.thread_id: s for s in (one, other)}, [match])
    assert len({place.founder_id for place in places}) == homes


def test_a_denial_of_what_nobody_asserts_founds_a_group() -> None:
    denial = said(CRACKED, YARD, "deny", "negative")
    assert stances(groups.decide_groups({denial.thread_id: denial}, [])) == {
        denial.thread_id: (denial.thread_id, "denies")
    }


def test_groups_set_apart_by_hand_stay_apart_and_put_together_stay_together() -> None:
    one, other = said(CRACKED), said(CRACKED, OFFICE)
    both = {s.thread_id: s for s in (one, other)}
    pair = groups.pair_of(one.thread_id, other.thread_id)
    apart = groups.decide_groups(both, [same(other, one)], Apart(apart=frozenset({pair})))
    assert len({place.founder_id for place in apart}) == 2
    hand = ThreadMatch(*pair, "same", None, False, "hand", 1.0, "")
    together = groups.decide_groups(both, [hand], Apart(together=frozenset({pair})))
    assert len({place.founder_id for place in together}) == 1


PEOPLE = [said(CRACKED), said(CRACKED, YARD, "deny", "negative"), said(CRACKED, OFFICE), said("x", OFFICE, "not_confirm"),
          said("y", YARD), said("z", UNION, "confirm")]  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.booleans(), st.sampled_from([0.3, 0.6, 0.9])), max_size=9),
       st.randoms())  # fmt: skip
def test_groups_do_not_depend_on_the_order_of_matches(
    edges: list[tuple[int, int, bool, float]], shuffler: object
) -> None:
    first = {(a, b): (opposed, score) for a, b, opposed, score in edges if a < b}
    matches = [same(PEOPLE[b], PEOPLE[a], opposed=o, score=s) for (a, b), (o, s) in first.items()]
    everyone = {s.thread_id: s for s in PEOPLE}
    expected = groups.decide_groups(everyone, matches)
    shuffler.shuffle(matches)  # type: ignore[attr-defined]
    assert groups.decide_groups(everyone, matches) == expected
    assert {place.thread_id for place in expected} == everyone.keys()
    homes = {place.thread_id: place.founder_id for place in expected}
    assert not any(place.stance == "denies" for place in expected if everyone[place.thread_id].act == "not_confirm")
    assert all(homes[home] == home for home in homes.values())


def test_sums_count_parties_not_claims() -> None:
    claim, again, denial = said(CRACKED), said(CRACKED), said(CRACKED, YARD, "deny", "negative")
    places = [
        groups.Place(claim.thread_id, claim.thread_id, "asserts", "founder", 1.0),
        groups.Place(again.thread_id, claim.thread_id, "asserts", "wording", 0.9),
        groups.Place(denial.thread_id, claim.thread_id, "denies", "act", 0.9),
    ]
    sums = groups.sum_group(places, {s.thread_id: [s] for s in (claim, again, denial)})
    assert (sums.member_count, sums.asserting, sums.denying, sums.agency_count, sums.is_contested) == (3, 1, 1, 1, True)


def meet(one: Statement, other: Statement) -> bool:
    """Whether the index brings two statements together, from either side."""
    found = {
        bool(set(groups.matter_keys(a)) & set(groups.matter_keys(b, True))) for a, b in ((one, other), (other, one))
    }
    assert len(found) == 1
    return found.pop()


def test_an_accusation_meets_the_denials_of_its_story_in_whatever_words() -> None:
    accusation = said("beating eight of them with batons", act="accuse")
    denial = said("anyone had struck back", YARD, "deny", "negative")
    assert meet(accusation, denial)
    assert not meet(accusation, replace(denial, story_id=2))
    assert not meet(accusation, said("that", YARD, "deny", "negative"))
    assert not meet(accusation, said("anyone had struck back", YARD))
