"""The sentence of a claim that names no speaker, or tells what is missing, unanswered or unverified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spacy.tokens import Doc

from pipeline.analyse.attribution import RawAttribution
from pipeline.analyse.lexicon import word_set
from pipeline.analyse.plain_names import Names, named
from pipeline.analyse.syntax import find_child, has_passive


def unanswered_words(doc: Doc, text: str, raw: RawAttribution, names: Names) -> str | None:
    """ "Calls to the plant went unanswered": the calls are left unanswered, not the plant."""
    subject = find_child(doc[raw.cue_token], "nsubj", "nsubjpass")
    if subject is None or raw.cue is None or subject.lemma_ not in word_set("words", "message"):
        return None
    return named(text, (doc[subject.left_edge.i].idx, raw.cue[1]), names)


def is_by_agent(doc: Doc, raw: RawAttribution) -> bool:
    """ "The toll could not be verified by other sources"."""
    verb = doc[raw.cue_token]
    agent = find_child(verb, "agent")
    said_first = bool(raw.content) and raw.cue is not None and raw.content[-1][1] <= raw.cue[0]
    return agent is not None and said_first and raw.source is not None and raw.source[0] >= agent.idx


def missing_words(text: str, raw: RawAttribution, parts: Mapping[str, str], *, is_told: bool) -> str:
    """ "There was no confirmation from Ruritania that the bridge had been hit"."""
    end = raw.content[0][0] if raw.cue is None else raw.cue[1]
    link = text[end : raw.content[0][0]].split()[-1:] or ["of"]
    voice = f" from {parts['who']}" if is_told else ""
    return f"There was {parts['cue']}{voice} {link[0]} {parts['what']}"


def unvoiced(
    doc: Doc, text: str, raw: RawAttribution, parts: Mapping[str, str], names: Names, known: Sequence[int]
) -> str | None:
    """The sentence of a passive or of the agency's own voice, which names no speaker; None where another form does."""
    is_passive = has_passive(doc[raw.cue_token])
    around = (raw.content[0][0], raw.content[-1][1]) if raw.content else (0, 0)
    if is_passive and raw.cue is not None and around[0] < raw.cue[0] < around[1]:
        return named(text, around, names, known)  # "the firm is said to have lost"
    if raw.pattern == "subject" or (raw.pattern == "object" and is_passive):
        return "{what} {cue}".format(**parts)
    if raw.pattern == "object" and raw.is_negated and raw.source is None:
        return "It {cue} {what}".format(**parts)  # "it was not possible to verify the figures"
    if raw.pattern in ("of", "with", "for"):
        template = "{target} was {cue} of {what}" if raw.pattern == "of" else "{target} was {cue} {pattern} {what}"
        return template.format(**parts, pattern=raw.pattern)
    return None
