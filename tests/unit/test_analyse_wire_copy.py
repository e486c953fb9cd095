"""What wire copy of many kinds says, as a reader would tell it: who, what, how many, when."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.annotate import annotate


def sentences(text: str, published_at: str | None = None) -> list[str]:
    return [claim["plain_text"] for claim in annotate(text, published_at)["claims"]]


def one(text: str, published_at: str | None = None) -> dict[str, Any]:
    (claim,) = annotate(text, published_at)["claims"]
    return claim


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "A blast killed 14 people in Vale on Monday, the police said, as the operator denied that its pipes had leaked.",
            ["Police said a blast killed 14 people in Vale on Monday.", "The operator denied its pipes had leaked."],
        ),
        (
            "A fire on the deck of a ferry killed nine people off the port of Vale early on Tuesday, the coastguard said, "
            "and a seafarers’ union accused the ship’s operator of sailing with its sprinklers switched off.",
            [
                "The coastguard said a fire on the deck of a ferry killed nine people off the port of Vale early on Tuesday.",
                "A seafarers’ union accused the ship’s operator of sailing with its sprinklers switched off.",
            ],
        ),
        (
            "Prosecutors charged the minister with taking bribes, allegations she has repeatedly denied.",
            ["Prosecutors charged the minister with taking bribes.", "The minister has denied allegations."],
        ),
        (
            "State radio said ten people had died, citing the interior ministry.",
            ["State radio said ten people had died, citing the interior ministry."],
        ),
        (
            "The bank said profits fell, adding that it would cut jobs.",
            ["The bank said profits fell.", "The bank added it would cut jobs."],
        ),
        (
            "The bank said it was aware of the report but could not confirm it.",
            ["The bank said it was aware of the report but could not confirm it."],
        ),
        (
            "Ada Moor said the vote was a sham; the electoral commission rejected that.",
            ["Ada Moor said the vote was a sham.", "The electoral commission rejected that."],
        ),
        (
            "“No,” Ada Moor said, when asked whether she would resign.",
            ["Ada Moor said: “No”."],
        ),
        (
            "There was no immediate confirmation from Norway that the bridge had been hit.",
            ["There was no immediate confirmation from Norway that the bridge had been hit."],
        ),
        ("The firm is said to have lost $2 million.", ["The firm is said to have lost $2 million."]),
        ("The bridge, Ada Moor said, was sound.", ["Ada Moor said the bridge was sound."]),
        (
            "The deal is dead, a senior official was quoted as saying.",
            ["A senior official was quoted as saying the deal is dead."],
        ),
        (
            "Norway accused Iceland of shelling a port, a charge Iceland denied.",
            ["Norway accused Iceland of shelling a port.", "Iceland denied a charge."],
        ),
        (
            "Ada Moor said 200 mills had closed — a figure the trade ministry disputes.",
            ["Ada Moor said 200 mills had closed.", "The trade ministry disputes a figure."],
        ),
        (
            "The presidency denied that, saying the bank was sound.",
            ["The presidency denied that.", "The presidency said the bank was sound."],
        ),
        (
            "The fund has warned that it might fail, according to a report seen by Halcyon.",
            ["The fund has warned it might fail.", "According to a report, the fund has warned that it might fail."],
        ),
        (
            "Ada Moor said on television that “fewer than 60” had shut, and accused the union of scaremongering.",
            ["Ada Moor accused the union of scaremongering."],
        ),
        ("Officials told residents not to drink the water.", ["Officials told residents not to drink the water."]),
        (
            "The union called on the council not to sell the port.",
            ["The union called on the council not to sell the port."],
        ),
        (
            "He said so in a post on X. The Vale Association called the raid “a stain”.",
            ["The Vale Association called the raid “a stain”."],
        ),
        (
            "Farm prices rose. A European Commission spokesperson said it was confident talks would resume.",
            ["A European Commission spokesperson said the European Commission was confident talks would resume."],
        ),
        (
            "The governor, who is abroad, had ordered a curfew, his secretary said.",
            ["His secretary said the governor, who is abroad, had ordered a curfew."],
        ),
        (
            "Ada Moor resigned after the board rejected her claim that the pipe was sound.",
            ["The board rejected Ada Moor’s claim that the pipe was sound.", "Ada Moor’s claim: the pipe was sound."],
        ),
        (
            "Seven people died on Tuesday, officials said, and farmers accused the board that runs it of opening the gates.",
            ["Farmers accused the board of opening the gates."],
        ),
        ("The tunnel was shut, said a nurse who declined to give her name.", ["A nurse said the tunnel was shut."]),
        ("The bank promised not to raise fees.", ["The bank promised not to raise fees."]),
        ("The ministry put the death toll at four.", ["The ministry put the death toll at four."]),
        ("Ada Moor pleaded not guilty to fraud.", ["Ada Moor pleaded not guilty to fraud."]),
        (
            "The army says it seized the town; rebels deny it.",
            ["The army says it seized the town.", "Rebels deny it."],
        ),
        (
            "The army denied that it had shelled the port and a union demanded the release of two men.",
            ["The army denied it had shelled the port.", "A union demanded the release of two men."],
        ),
        (
            "The council said on Monday that talks could resume, a condition that the rebels have rejected.",
            ["The council said talks could resume.", "The rebels have rejected a condition."],
        ),
    ],
)
def test_each_voice_of_a_joint_sentence_has_its_own_claim(text: str, wanted: list[str]) -> None:
    assert [s for s in sentences(text) if s in wanted] == wanted


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Her lawyer, Otto Lind, told reporters that she would appeal.", "Otto Lind"),
        (
            "A resident of the village of Ollaberg, Ada Moor, said by telephone that shells had hit a school.",
            "Ada Moor",
        ),
        ("The depot's operator, Vale Gas, said its last inspection had found no faults.", "Vale Gas"),
        ("Vale chief economist Ada Moor said the bank would wait.", "Ada Moor"),
        ("Runner Ada Moor said the course was too short.", "Ada Moor"),
        ("The director of the Gulf Maritime Inspectorate, Otto Lind, said his men were on board.", "Otto Lind"),
        ("A spokesperson for the Gulf Maritime Inspectorate, Ada Moor, declined to comment.", "Ada Moor"),
        ("Its president, Otto Lind, could not be reached for comment.", "Otto Lind"),
    ],
)
def test_who_is_named_behind_the_role_is_the_speaker(text: str, speaker: str) -> None:
    found = annotate(text)
    (claim,) = found["claims"]
    (source,) = claim["sources"]
    assert found["entities"][source["entity"]]["name"] == speaker


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Hoshino Securities said it would pay. Hoshino denied that it had lied.", "Hoshino Securities"),
        ("WHO chief Ada Moor said so. The agency said it was ready.", "World Health Organization"),
        ("The ferry line, Vale Lines, said no. A spokesperson said the ship was safe.", None),
    ],
)
def test_short_names_find_their_bodies(text: str, speaker: str | None) -> None:
    found = annotate(text)
    source = found["claims"][-1]["sources"][0]
    if speaker is None:
        assert source["entity"] is None
        assert found["entities"][source["party"]]["name"] == "Vale Lines"
    else:
        assert found["entities"][source["entity"]]["name"] == speaker


@pytest.mark.parametrize(
    ("text", "act", "polarity"),
    [
        ("The firm neither confirmed nor denied that its chairman had fled.", "not_confirm", "unknown"),
        ("A spokeswoman said the report was without foundation.", "deny", "negative"),
        ("The governor said the board had no choice but to open the gates.", "state", "positive"),
        ("“Sentiment is not evidence,” the judge wrote.", "state", "negative"),
        ("The governor stopped short of calling it a crisis.", "decline", "unknown"),
        ("Both sides claimed victory.", "state", "positive"),
        ("Ada Moor pleaded not guilty to fraud.", "deny", "negative"),
        ("Ada Moor pleaded guilty to fraud.", "confirm", "positive"),
        ("Vale Lines repeated its denial.", "deny", "negative"),
        ("The press office could confirm no figure.", "not_confirm", "unknown"),
        ("The agency has verified none of the claims.", "not_confirm", "unknown"),
        ("The agency confirmed no deaths had been reported.", "confirm", "negative"),
        ("The union reiterated its accusation.", "accuse", "positive"),
        ("The ministry called the accusation far-fetched.", "deny", "negative"),
        ("The mayor called the plan ridiculous.", "assess", "positive"),
        ("There was no independent confirmation of the claim.", "not_confirm", "unknown"),
        ("Norway has not acknowledged the deployment.", "not_confirm", "unknown"),
        ("The court found no evidence that the vote had been rigged.", "not_confirm", "unknown"),
        ("The governor said the guard would not release the two sailors.", "state", "negative"),
        ("The governor said the guard would not release the names of the sailors.", "decline", "unknown"),
        ("“We will not give up,” the mayor told reporters.", "state", "negative"),
    ],
)
def test_what_is_done_is_read_from_the_whole_clause(text: str, act: str, polarity: str) -> None:
    claim = one(text)
    assert (claim["act"], claim["polarity"]) == (act, polarity)


def test_conditions_of_anonymity_and_questions_put_are_no_claims() -> None:
    text = "Asked whether she would go, Ada Moor said no decision had been made."
    assert sentences(text) == ["Ada Moor said no decision had been made."]
    text = "The road is shut, said a driver, who asked not to be named because he works for the firm."
    assert sentences(text) == ["A driver said the road is shut."]


def test_a_weekday_that_is_to_come_is_the_next_one() -> None:
    claim = one("VALE, Nov 20 (Halcyon) - Ada Moor said she would visit the coast on Saturday.", "2026-11-20T12:00:00Z")
    assert (claim["occurs"]["from"], claim["occurs"]["to"]) == ("2026-11-21", "2026-11-21")
    claim = one("VALE, Nov 20 (Halcyon) - Ada Moor said she had visited the coast on Saturday.", "2026-11-20T12:00:00Z")
    assert claim["occurs"]["from"] == "2026-11-14"


def test_each_accuses_the_other() -> None:
    found = annotate("Norway and Iceland accused each other on Wednesday of breaking the truce.")
    (claim,) = found["claims"]
    targets = {found["entities"][e["entity"]]["name"] for e in claim["entities"] if e["role"] == "target"}
    assert targets == {"Norway", "Iceland"}


def test_ministers_of_the_dateline_speak_for_its_country() -> None:
    text = "OSLO, Nov 2 (Halcyon) - Norway will pay, Finance Minister Ada Moor said. The foreign ministry said no."
    found = annotate(text, "2026-11-02T12:00:00Z")
    parties = [found["entities"][c["sources"][0]["party"]]["name"] for c in found["claims"]]
    assert parties == ["Norway", "Norway"]
    both = annotate(text.replace("OSLO", "OSLO/REYKJAVIK"), "2026-11-02T12:00:00Z")
    assert both["claims"][0]["sources"][0]["party"] is None


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("A spokesperson for the refinery’s operator, Norland Petrol, said it was shut.", None),
        ("The farm’s owner, AgroSur, said it had culled the birds.", "AgroSur"),
        ("One of them, Ada Moor, called it a surprise.", "Ada Moor"),
        ("His spokesman, Bayo Onanuga, said the army had been sent.", "Bayo Onanuga"),
        ("Ada Moor, 58, is accused by the Vale Fraud Office of hiding losses.", "Vale Fraud Office"),
        ("Every box had been sealed, said its chair, the retired judge Ada Moor. “None was lost,” she said.", "Ada Moor"),
        ("A recount changed little, the head of its vote board said. Chairman Otto Lind agreed to it.", None),
        (
            "“I was wrong,” said the chair, Ada Moor. Lind wins, she said. The leading candidate of the list Vale Nova,"
            " Berta Lund, continues to speak of 300 votes. “They have found one box,” she said.", "Berta Lund",
        ),
    ],
)  # fmt: skip
def test_who_speaks_beside_another_name(text: str, speaker: str | None) -> None:
    found = annotate(text)
    source = found["claims"][-1]["sources"][0]
    assert (None if source["entity"] is None else found["entities"][source["entity"]]["name"]) == speaker


def test_a_month_behind_a_past_verb_is_the_last_one() -> None:
    text = "VALE, Nov 24 (Halcyon) - Ada Moor said 200 mills had closed since January."
    assert one(text, "2026-11-24T12:00:00Z")["occurs"]["from"] == "2026-01-01"
    text = "VALE, Nov 24 (Halcyon) - Ada Moor said the summit would be held in January."
    assert one(text, "2026-11-24T12:00:00Z")["occurs"]["from"] == "2027-01-01"


def test_nobody_accuses_itself() -> None:
    found = annotate("A passengers’ association, Vale Mitte, accused the company of having kept silent for two days.")
    (claim,) = found["claims"]
    speakers = {source["entity"] for source in claim["sources"]}
    assert not speakers & {each["entity"] for each in claim["entities"] if each["role"] == "target"}


def test_whom_a_report_cites_makes_no_claim_of_those_it_is_about() -> None:
    found = annotate("State media reported that 12 people had died, citing the interior ministry.")
    assert [claim["sources"][0]["text"] for claim in found["claims"]] == ["State media"]
