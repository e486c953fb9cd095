"""What the wire tells is not known, not confirmed, or kept back, with and without a verb of saying."""

from __future__ import annotations

import pytest

from pipeline.annotate import annotate


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("The customs office had no record of the crates.", "not_confirm"),
        ("Divers had seen no trace of the tug.", "not_confirm"),
        ("The consulate has received no report of injured citizens.", "not_confirm"),
        ("The auditors had no means of verifying the stock.", "not_confirm"),
        ("The rescuers could not tell whether anybody was trapped.", "not_confirm"),
        ("A stringer at the dam could not see who was firing.", "not_confirm"),
        ("The laboratory could not yet vouch for the sample.", "not_confirm"),
        ("The age of the recording could not be established.", "not_confirm"),
        ("It was not immediately clear how many had been aboard.", "not_confirm"),
        ("It is unclear whether the pact still holds.", "not_confirm"),
        ("The accounts remain unverified.", "not_confirm"),
        ("The tally could not be confirmed by the wardens.", "not_confirm"),
        ("Neither bank would confirm the loan.", "not_confirm"),
        ("The admiralty would neither confirm nor deny the sighting.", "not_confirm"),
        ("The brewery would not be drawn on whether the cellar would close.", "decline"),
        ("The palace would not speculate on the heir’s health.", "decline"),
        ("The embassy remained silent on the raid.", "decline"),
        ("The colonel gave no details of the losses.", "decline"),
        ("Calls to the shipyard went unanswered.", "no_response"),
        ("Geologists cast doubt on the forecast.", "assess"),
    ],
)
def test_what_is_left_open_is_a_claim_that_says_so(text: str, act: str) -> None:
    (claim,) = [c for c in annotate(text)["claims"] if c["parent"] is None]
    assert (claim["act"], claim["plain_text"]) == (act, text)


@pytest.mark.parametrize(
    "text",
    [
        "No group has claimed responsibility for the blast.",
        "Nobody claimed victory.",
        "The town had no water for a week.",
        "The guns were silent on the ridge.",
        "I had no way of knowing what was in store.",
        "The team could not see the finish from there.",
        "The brewery had no reason to close.",
    ],
)
def test_what_is_merely_lacking_is_no_claim(text: str) -> None:
    assert annotate(text)["claims"] == []


def test_what_a_source_says_is_not_known_is_one_claim_of_that_source() -> None:
    (claim,) = annotate("The harbour office said it had received no report of a collision.")["claims"]
    assert claim["act"] == "not_confirm"
    assert claim["plain_text"] == "The harbour office said it had received no report of a collision."


@pytest.mark.parametrize(
    ("text", "act", "wanted"),
    [
        ("Lindhavn police corrected their notice: nobody had been held.", "state", None),
        ("The maker owned up that its glue had failed.", "confirm", None),
        ("The maker owned up: its glue had failed.", "confirm", None),
        ("The pool will close, the paper reported in May.", "state", "The paper reported the pool will close."),
        (
            "The hall will not be ready, organising chief Ada Moor conceded to fans.",
            "confirm",
            "Ada Moor conceded the hall will not be ready.",
        ),
        ("The mayor folded her arms: “That will not happen.”", "state", "The mayor said: “That will not happen”."),
        ("The minister had to admit that the men had met.", "confirm", "The minister admitted the men had met."),
        (
            "Thieves took the crown during Mass, the museum’s curator, Ada Moor, told the broadcaster RTI.",
            "state",
            "Ada Moor said thieves took the crown during Mass.",
        ),
        ("The tailor described how the stairs had burned.", "state", None),
    ],
)
def test_what_is_told_without_said(text: str, act: str, wanted: str | None) -> None:
    (claim,) = annotate(text)["claims"]
    assert claim["act"] == act
    assert claim["plain_text"].removeprefix("The ") == (wanted or text).replace(" that ", " ").removeprefix("The ")


def test_a_second_clause_of_its_own_matter_leaves_the_first_asserted() -> None:
    (claim,) = annotate("The keeper said the lamp had failed and that he did not know why.")["claims"]
    assert (claim["act"], claim["certainty"]) == ("state", "certain")
    (claim,) = annotate("The bank could not verify that the seals were the company’s.")["claims"]
    assert claim["plain_text"] == "The bank could not verify the seals were the company’s."
    assert [
        c["plain_text"] for c in annotate("The labour ministry said it would sue. It said it would win.")["claims"]
    ][1] == ("The labour ministry said it would win.")


def test_what_stands_before_a_colon_is_the_wires_own() -> None:
    found = annotate("The weather service denied that: 40 were launched, it said, and 11 failed.")["claims"]
    assert [(c["act"], c["plain_text"]) for c in found] == [
        ("deny", "The weather service denied that."),
        ("state", "The weather service said 40 were launched and 11 failed."),
    ]
    found = annotate("The board rejected it: the siren had sounded, its chair said.")["claims"]
    assert found[1]["plain_text"] == "Its chair said the siren had sounded."


def test_a_comparison_with_what_was_reported_is_no_report() -> None:
    (claim,) = annotate("Eleven miners are trapped, rescuers said on Tuesday, two more than first reported.")["claims"]
    assert claim["sources"][0]["text"] == "rescuers"


@pytest.mark.parametrize(
    "text",
    [
        "The chandlery said it had no ledger by which to confirm the sale.",
        "The warden said he was in no position to verify whether the gate had been shut.",
        "The jury said it had yet to establish who had signed.",
        "The fund said it had too few samples to say if the wine was safe.",
        "A diver said it was impossible to tell whether the hull had cracked.",
        "The abbey said there was no telling who had rung the bell.",
        "The tannery said it had heard nothing of a strike.",
        "The envoy said he could neither bear out nor discount the account.",
        "The chapel said its tower was shut and it could not endorse the account.",
    ],
)
def test_what_a_source_says_it_cannot_tell_is_not_confirmed(text: str) -> None:
    assert [c["act"] for c in annotate(text)["claims"] if c["parent"] is None] == ["not_confirm"]


@pytest.mark.parametrize(
    "text",
    [
        "He said he had no choice but to say yes.",
        "The mayor said the town had no money to back the plan.",
        "The team said it was too late to confirm the booking.",
        "She said there was nothing to show for the money.",
    ],
)
def test_a_want_of_something_else_leaves_nothing_open(text: str) -> None:
    assert [c["act"] for c in annotate(text)["claims"]] == ["state"]
