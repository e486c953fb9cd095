"""A claim as one sentence that reads alone.

Who, how and what, with pronouns, metonyms and bare surnames replaced by names: "He said it was also sending personnel"
becomes "Mara Okafor said Ruritania was also sending personnel." Words in quotation marks stay as they were said.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence

from spacy.tokens import Doc, Token

from pipeline.analyse.attribution import Offsets, RawAttribution
from pipeline.analyse.lexicon import cue_verbs, read_table
from pipeline.analyse.plain_names import Names, named
from pipeline.analyse.plain_open import is_by_agent, missing_words, unanswered_words, unvoiced
from pipeline.analyse.stance import main_heads
from pipeline.analyse.syntax import QUOTE_MARKS, find_child, phrase

PREPOSITION_LAST = re.compile(r"(\s+(of|with|for|to|on|over))?[\s“\"]*$")
POSSESSIVE = {
    "he": "his",
    "she": "her",
    "it": "its",
    "they": "their",
    "who": "whose",
    "his": "his",
    "her": "her",
    "its": "its",
    "their": "their",
}
PATTERN_TEXT: Mapping[str, str] = {
    "of": "{who} {cue} {target} of {what}",
    "with": "{who} {cue} {target} with {what}",
    "for": "{who} {cue} {target} for {what}",
    "on_target": "{who} {cue} {what} on {target}",
    "order": "{who} {cue} {addressee} {to} {what}",
    "call_on": "{who} {cue} {addressee} {to} {what}",
    "call_to": "{who} {cue} {addressee} {to} {what}",
    "call_with": "{who} {cue} {addressee} {to} {what}",
    "infinitive": "{who} {cue} {to} {what}",
    "prep_verb:to": "{who} {cue} {to} {what}",
    "according": "According to {who}, {what}",
    "noun": "{whose} {cue}: {what}",
    "plead": "{who} {cue} to {what}",
    "as": "{who} {cue} {thing} as {what}",
    "naming": "{who} {cue} {thing} {what}",
    "silence": "{who} {cue}{rest}",
}


def plain_text(
    doc: Doc, text: str, raw: RawAttribution, who: Sequence[str], names: Names, known: Sequence[int] = ()
) -> str:
    """The sentence of one claim; ``who`` are its speakers' names, empty where nobody is named; ``known`` their ids."""
    speaker = join_names(who) or "Someone"
    parts = {
        "who": speaker,
        "whose": POSSESSIVE.get(speaker.lower(), f"{speaker}’s"),
        "cue": cue_words(doc, text, raw),
        "what": lower_first(doc, raw, subject_before(doc, raw) + what_words(text, raw, names, known)),
        "target": "" if raw.target is None else named(text, apart(text, raw.target, raw.content), names),
        "addressee": ""
        if raw.addressee is None
        else named(text, apart(text, raw.addressee, raw.content), names, known),
        "thing": thing_words(doc, text, raw, names),
        "rest": rest_words(doc, text, raw),
        "to": "not to" if is_negated_before(doc, raw) else "to",
    }
    if raw.pattern == "according" and (host := relative_host(doc, raw)) is not None:
        parts["what"] = f"the {host.lower_} {parts['what'].split(' ', 1)[-1]}"
    if parts["what"].startswith("not … "):  # "called on the council not to sell"
        parts |= {"what": parts["what"].removeprefix("not … "), "to": "not to"}
    if raw.cue is not None and raw.content and raw.cue[0] <= raw.content[0][0] and raw.content[-1][1] <= raw.cue[1]:
        return finish(f"{speaker} {parts['cue']}")  # "did not rule that out"
    if (told := peculiar_words(doc, text, raw, who, parts, names, known)) is not None:
        return finish(told)
    if raw.lemma == "tell" and raw.addressee is None and not raw.is_negated:
        parts["cue"] = "said"
    if not who and raw.pattern != "noun" and doc[raw.cue_token].pos_ == "VERB" and not raw.is_negated:
        parts["cue"] = past_of(raw.lemma)
    if raw.pattern in ("clause", "quote", "question"):
        asked = f" {parts['addressee']}" if raw.addressee is not None else ""
        mark = ":" if raw.quote == "direct" else ""
        return finish(f"{speaker} {parts['cue']}{asked}{mark} {parts['what']}")
    return finish(PATTERN_TEXT.get(raw.pattern, "{who} {cue} {what}").format(**parts))


def peculiar_words(
    doc: Doc,
    text: str,
    raw: RawAttribution,
    who: Sequence[str],
    parts: Mapping[str, str],
    names: Names,
    known: Sequence[int],
) -> str | None:
    """The sentence of a claim whose form follows its own order: missing, unvoiced, behind a colon, unanswered, by an agent."""
    if raw.pattern == "missing":
        return missing_words(text, raw, parts, is_told=bool(who))
    if not who and (told := unvoiced(doc, text, raw, parts, names, known)) is not None:
        return told
    if raw.pattern.startswith("prep:") and not parts["cue"].endswith(raw.pattern[4:].replace(":", " ")):
        asked = named(text, object_before(doc, raw), names, known)
        return f"{parts['who']} {parts['cue']} {asked} {raw.pattern[5:]} {parts['what']}"
    if raw.pattern == "colon" and raw.cue is not None and raw.content:
        led = named(text, (raw.cue[0], raw.content[0][0]), names, known).rstrip(' :“"')
        return f"{parts['who']} {led}: {parts['what']}"
    if raw.pattern == "silence":
        return unanswered_words(doc, text, raw, names)
    if raw.pattern in ("object", "clause", "question") and is_by_agent(doc, raw):
        if not raw.is_negated:
            return f"{parts['who']} {past_of(raw.lemma)} {parts['what']}"
        return "{what} {cue} by {who}".format(**parts) if raw.pattern == "object" else None
    return None


def relative_host(doc: Doc, raw: RawAttribution) -> Token | None:
    """ "Herders, who according to analysts are armed": what a content's first "who" or "which" stands for."""
    first = doc.char_span(*raw.content[0], alignment_mode="expand") if raw.content else None
    if first is None or first[0].tag_ not in ("WP", "WDT") or first.root.dep_ != "relcl":
        return None
    return first.root.head if first.root.head.i < first.start and first.root.head.pos_ == "NOUN" else None


def is_negated_before(doc: Doc, raw: RawAttribution) -> bool:
    """ "Told residents not to drink the water": the "not" of an infinitive stands before the content."""
    first = raw.content[0][0] if raw.content else 0
    return any(c.dep_ == "neg" and c.idx < first for head in main_heads(doc, raw)[:1] for c in head.children)


def subject_before(doc: Doc, raw: RawAttribution) -> str:
    """ "A flood that farmers say came without warning": what came, where the content has no subject of its own."""
    verb = doc[raw.cue_token]
    inner = find_child(verb, "ccomp")
    while verb.dep_ == "conj":  # "that killed seven and that farmers say came without warning"
        verb = verb.head
    if verb.dep_ != "relcl" or raw.pattern != "clause" or inner is None or not raw.content:
        return ""
    subject = find_child(inner, "nsubj", "nsubjpass")
    is_open = subject is None and doc[raw.cue_token].dep_ == "conj"
    is_outside = is_open or (subject is not None and subject.tag_ in ("WDT", "WP") and subject.idx < raw.content[0][0])
    return f"the {verb.head.lower_} " if is_outside and verb.head.pos_ == "NOUN" else ""


def object_before(doc: Doc, raw: RawAttribution) -> Offsets:
    """The one asked in "asked the bank for more time"; empty where nobody is."""
    inner = find_child(doc[raw.cue_token], "dobj", "dative")
    if inner is None or inner.i < raw.cue_token:
        return (0, 0)
    kept = [i for i in phrase(inner) if not raw.content or doc[i].idx < raw.content[0][0]]
    last = doc[kept[-1]]
    return doc[kept[0]].idx, last.idx + len(last.text)


def apart(text: str, span: Offsets, content: Sequence[Offsets]) -> Offsets:
    """The accused or asked without the content that the parse hangs on them: "the owner [of ignoring the cracks]"."""
    if not content or not span[0] < content[0][0] < span[1]:
        return span
    words = PREPOSITION_LAST.sub("", text[span[0] : content[0][0]])
    return span[0], span[0] + len(words)


def lower_first(doc: Doc, raw: RawAttribution, words: str) -> str:
    """Words with a small letter first where only the beginning of a sentence made it a capital."""
    first = doc.char_span(*raw.content[0], alignment_mode="expand") if raw.content else None
    if first is None or raw.quote == "direct" or not words.startswith(first[0].text) or subject_before(doc, raw):
        return words
    token = first[0]
    keeps = token.pos_ in ("PROPN", "X") or token.text == "I" or token.text.isupper() or token.ent_type_ in NAMES
    return words if keeps and token.pos_ != "DET" else words[:1].lower() + words[1:]


NAMES = frozenset({"PERSON", "ORG", "GPE", "NORP", "LOC", "FAC", "EVENT", "PRODUCT", "WORK_OF_ART", "LAW"})


def finish(sentence: str) -> str:
    """One space between words, a capital first, a stop last."""
    flat = re.sub(r"\s+", " ", sentence).strip().rstrip(",;:")
    flat = re.sub(r"\s+([,.;:!?])", r"\1", flat)
    flat = flat[:1].upper() + flat[1:]
    return flat if flat.endswith((".", "!", "?", ".”", "!”", "?”")) else flat + "."


def join_names(who: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    names = list(dict.fromkeys(who))
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else ""


def what_words(text: str, raw: RawAttribution, names: Names, known: Sequence[int]) -> str:
    """The content's words: quoted whole, else with names; pieces joined by an ellipsis."""
    if raw.quote == "direct":
        ends = [end + (text[end : end + 1] in ("?", "!")) for _, end in raw.content]
        return " … ".join(f"“{text[start:end]}”" for (start, _), end in zip(raw.content, ends, strict=True))
    words = ""
    for number, (start, end) in enumerate(raw.content):
        piece = with_marks(named(text, (start, end), names, known), text[start - 1 : start])
        joint = "" if not number else " " if is_only_told(text, raw, number) else " … "
        words += joint + piece
    return words


def is_only_told(text: str, raw: RawAttribution, number: int) -> bool:
    """ "The bank, she said, was sound": nothing but who said it stands before a piece of the content."""
    start, end = raw.content[number - 1][1], raw.content[number][0]
    told = [span for span in (raw.source, raw.cue) if span is not None and start <= span[0] and span[1] <= end]
    left = "".join(mark for at, mark in enumerate(text[start:end], start) if not any(a <= at < b for a, b in told))
    return len(told) == 2 and raw.quote == "indirect" and not any(mark.isalnum() for mark in left)


def with_marks(piece: str, before: str) -> str:
    """Words with the quotation marks whose other halves stand in them."""
    opens, closes = piece.count("“"), piece.count("”")
    for mark in ('"', "''", "``"):
        if piece.count(mark) % 2:
            return mark + piece if before == mark else piece.rstrip(",.") + mark.replace("`", "'")
    return ("“" if closes > opens else "") + piece + ("”" if opens > closes else "")


def cue_words(doc: Doc, text: str, raw: RawAttribution) -> str:
    """The cue as a finite verb where the parse knows one."""
    if raw.cue is None:
        return "said"
    words = text[raw.cue[0] : raw.cue[1]]
    if not any(mark.isalnum() for mark in words):
        return "said"  # a colon
    verb = doc[raw.cue_token]
    if raw.pattern == "quote" and raw.source is not None and verb.lemma_ not in cue_verbs() and not raw.is_negated:
        return "said"  # "the mayor poured scorn on the idea: “…”"
    helped = any(child.dep_ == "aux" and child.tag_ != "TO" for child in verb.children)
    if verb.tag_ in ("VBG", "VB") and words == verb.text and not helped:
        return past_of(verb.lemma_)
    if raw.pattern == "silence" and verb.pos_ == "NOUN" and words.lower().startswith("no "):
        return f"gave {words.lower()}"  # "there was no comment from"
    auxiliaries = "".join(f"{child.text} " for child in verb.children if is_kept_auxiliary(child, raw))
    particle = {"make_clear": ""}.get(raw.pattern, "")
    return auxiliaries + words + particle


CLITICS = frozenset({"'s", "’s", "'d", "’d", "'ve", "’ve", "'re", "’re", "'m", "’m"})


def is_kept_auxiliary(child: Token, raw: RawAttribution) -> bool:
    """ "Has" before a participle, "is" before an -ing form, where they stand outside the cue."""
    if child.dep_ != "aux" or raw.cue is None or child.idx >= raw.cue[0] or child.text in CLITICS:
        return False
    if child.tag_ == "MD":
        return child.head.tag_ == "VB" and raw.is_negated  # "neither side would confirm"
    return (child.lemma_, child.head.tag_) in (("have", "VBN"), ("be", "VBG"))


@functools.cache
def irregular() -> Mapping[str, str]:
    """Lemma to past form of ``lexicon/past.tsv``."""
    return {row["lemma"]: row["past"] for row in read_table("past")}


def past_of(lemma: str) -> str:
    """The past form of a verb."""
    if lemma in irregular():
        return irregular()[lemma]
    if lemma.endswith("e"):
        return lemma + "d"
    return lemma[:-1] + "ied" if re.search(r"[^aeiou]y$", lemma) else lemma + "ed"


def thing_words(doc: Doc, text: str, raw: RawAttribution, names: Names) -> str:
    """What is described or called: the object between cue and content."""
    if raw.cue is None or not raw.content or raw.content[0][0] <= raw.cue[1]:
        return ""
    between = text[raw.cue[1] : raw.content[0][0]].strip(" " + QUOTE_MARKS)
    start = text.index(between, raw.cue[1]) if between else raw.cue[1]
    words = named(text, (start, start + len(between)), names)
    words = re.sub(r"\s*\bas(?: an?| the)?(?: \w+ (?:who|that|which))?$", "", words)
    return words.strip() if raw.pattern == "naming" else re.sub(r"\s*\b(?:an?|the)$", "", words).strip()


def rest_words(doc: Doc, text: str, raw: RawAttribution) -> str:
    """What follows a cue of silence in its own clause: " to a request for comment"."""
    if raw.pattern != "silence" or raw.cue is None:
        return ""
    verb = doc[raw.cue_token]
    cue = doc.char_span(*raw.cue, alignment_mode="expand") or ()
    hosts = [token for token in cue if token.head.i == verb.i or token.i == verb.i]  # "silent on", "no details of"
    kinds = ("prep", "dobj")  # "to a request for comment", "return a call"
    after = [child for host in hosts for child in host.children if child.dep_ in kinds and child.idx >= raw.cue[1]]
    if not after or verb.pos_ == "NOUN":
        return ""
    last = max(token.i for token in after[0].subtree)
    end = doc[last].idx + len(doc[last].text)
    return " " + text[min(token.idx for token in after[0].subtree) : end]
