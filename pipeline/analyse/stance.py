"""How a source stands to what it says: act, polarity and certainty, each with the words that show it.

Read from the parse: a negation, a modal or a hedge counts only where it stands on the main clause of the content, so
that "said the firm that had not paid was fined" stays positive. The words themselves are ``lexicon/stance.tsv``.
Polarity and certainty are the source's towards the bare proposition, after FactBank (Saurí and Pustejovsky 2009).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from pipeline.analyse.attribution import Offsets, RawAttribution
from pipeline.analyse.lexicon import cue_nouns, cue_verbs, effects, leaves_open, word_set
from pipeline.analyse.stance_readings import Shift, negations, noun_readings, readings
from pipeline.analyse.syntax import children, find_child, is_verb
from pipeline.records import Act, Certainty, Polarity

ACTS = frozenset({"deny", "confirm", "not_confirm", "decline"})
OPEN_ACTS = frozenset({"state", "assess", "warn", "accuse"})
FULL_CLAUSES = frozenset({"clause", "quote", "according", "noun", "point_out", "make_clear", "question", "colon"})
UNASSERTED = frozenset({"request", "ask", "decline", "no_response", "not_confirm"})


@dataclass(frozen=True, slots=True)
class Stance:
    """Act, polarity, certainty; ``triggers`` are the spans of what made it other than certain and positive."""

    act: Act
    polarity: Polarity = "positive"
    certainty: Certainty = "certain"
    triggers: tuple[Offsets, ...] = ()


def read_stance(doc: Doc, raw: RawAttribution) -> Stance:
    """The stance of one attribution."""
    act = decided_act(doc, raw)
    if act in UNASSERTED or act == "deny":
        polarity: Polarity = "negative" if act == "deny" else "unknown"
        certainty: Certainty = "certain" if act == "deny" else "unknown"
        return Stance(act, polarity, certainty, () if raw.cue is None else (raw.cue,))
    missing = [s for s in noun_readings(doc[raw.cue_token]) if s.effect == "not_confirm"]
    if act == "assess" and missing:
        return act_stance(missing[0])  # "the court found no evidence that …"
    heads = main_heads(doc, raw)
    if raw.pattern not in FULL_CLAUSES:
        refused = [s for head in heads[:1] for s in negations(head)] if raw.pattern in ("infinitive", "of") else []
        return shifted(Stance(act), cue_shift(doc, raw), *refused)
    for head in heads:
        for shift in readings(head):
            is_later = head.i != heads[0].i and (not is_joined(head, heads[0]) or is_side_remark(head))
            if is_later and shift.effect != "deny":
                continue
            if shift.effect in ACTS and (act in OPEN_ACTS or shift.effect == "not_confirm"):
                return act_stance(shift)
    stance = Stance(spoken_act(doc, raw, heads) or act)
    if stance.act in UNASSERTED:
        return Stance(stance.act, "unknown", "unknown", () if raw.cue is None else (raw.cue,))
    return shifted(shifted(stance, cue_shift(doc, raw)), *(s for head in heads[:1] for s in readings(head)))


def is_joined(head: Token, first: Token) -> bool:
    """A second clause on a par with the first, by "and" or as another complement of the same verb."""
    return head.dep_ == "conj" or (head.dep_ == first.dep_ == "ccomp" and head.head.i == first.head.i)


def is_side_remark(head: Token) -> bool:
    """ "Said the pressure had dropped and that he did not know why": what is asserted stands first."""
    joined = any(c.lower_ == "and" for c in children(head.head, "cc") if c.i < head.i)
    has_own = find_child(head, "nsubj", "nsubjpass", "expl") is not None
    after = head.doc[head.i + 1].lower_ if head.i + 1 < len(head.doc) else ""
    return joined and has_own and head.lemma_ == "know" and after not in ("whether", "if")


def decided_act(doc: Doc, raw: RawAttribution) -> Act:
    """The act of a cue with its object: a demand is turned down, not denied; a report called a lie is denied."""
    if raw.pattern == "plead":
        span = None if raw.cue is None else doc.char_span(*raw.cue, alignment_mode="expand")
        return "deny" if any(token.dep_ == "neg" for token in span or ()) else "confirm"
    act = cue_act(raw)
    words = [doc[i] for i in sorted(content_tokens(doc, raw))]
    inside = {token.i for token in words}
    tops = [token for token in words if token.head.i not in inside or token.head.i == token.i]
    if act == "deny" and raw.pattern == "object" and raw.lemma != "deny" and tops:
        is_talk = tops[0].lower_ == "talk"  # "rejected talk of a delay", not "rejected talks"
        return "decline" if tops[0].lemma_ in word_set("words", "refusable") and not is_talk else act
    if act == "state" and raw.pattern == "object" and raw.lemma in word_set("words", "say again") and tops:
        return cue_nouns().get(tops[0].lemma_, act)  # "repeated its denial"
    is_naming = raw.pattern in ("naming", "as") or raw.lemma in ("call", "brand", "dub", "label", "describe")
    if (
        is_naming
        and raw.pattern not in ("call_on", "prep:for")
        and any(is_denial_word(token, doc, raw) for token in words)
    ):
        return "deny"
    return act


def is_denial_word(token: Token, doc: Doc, raw: RawAttribution) -> bool:
    """ "A fabrication", "false", "baseless"; "ridiculous" where it is said of a statement."""
    table = effects()
    if table.get(("denial noun", token.lemma_)) == "deny" or table.get(("adjective", token.lower_)) == "deny":
        return True
    things = [*children(doc[raw.cue_token], "dobj", "nsubj"), doc[raw.cue_token].head]  # "called the claim ridiculous"
    things += [inner for thing in things for inner in children(thing, "nsubj")]
    is_statement = any(thing.lemma_ in word_set("words", "statement noun") for thing in things)
    return is_statement and table.get(("adjective of statements", token.lower_)) == "deny"


def cue_act(raw: RawAttribution) -> Act:
    """The act of the cue alone, its negation taken in."""
    if not raw.is_negated or raw.pattern == "silence":
        return raw.act
    made_out = raw.pattern == "question" and raw.lemma in word_set("words", "made out")
    if raw.act in ("confirm", "deny") or made_out or leaves_open(raw.lemma):
        return "not_confirm"
    return "decline" if raw.act in ("state", "assess", "promise") else raw.act


def act_stance(shift: Shift) -> Stance:
    """The stance of a content that itself denies, confirms or leaves open."""
    spans = spans_of(shift.tokens)
    if shift.effect == "deny":
        return Stance("deny", "negative", "certain", spans)
    if shift.effect == "confirm":
        return Stance("confirm")
    return Stance("decline" if shift.effect == "decline" else "not_confirm", "unknown", "unknown", spans)


def spoken_act(doc: Doc, raw: RawAttribution, heads: list[Token]) -> Act | None:
    """What the words themselves do: a question, an order, "we promise"."""
    if not heads:
        return None
    head = heads[0]
    if raw.quote == "direct" and is_question(doc, raw):
        return "ask"
    if raw.quote == "direct" and is_imperative(head):
        return "request"
    subject = find_child(head, "nsubj")
    if is_order(head, subject):
        return "request"
    if raw.quote != "indirect" and subject is not None and subject.lower_ in ("i", "we"):
        rows = cue_verbs().get(head.lemma_, ())
        acts = [row.act for row in rows if row.act in ("accuse", "deny", "confirm", "request", "promise", "warn")]
        if acts and head.tag_ in ("VBP", "VB") and not find_child(head, "neg"):
            return acts[0]
    return None


def is_question(doc: Doc, raw: RawAttribution) -> bool:
    """Whether the first piece of a content ends in a question mark."""
    span = doc.char_span(*raw.content[0], alignment_mode="expand") if raw.content else None
    after = None if span is None or span.end >= len(doc) else doc[span.end]
    return span is not None and (span[-1].text == "?" or (after is not None and after.text == "?"))


def is_order(head: Token, subject: Token | None) -> bool:
    """ "Both sides must stop": not "the boat must have sunk", "it must be cold"."""
    modal = next((child for child in children(head, "aux") if child.lower_ == "must"), None)
    has_perfect = any(child.lemma_ == "have" for child in children(head, "aux"))
    return modal is not None and subject is not None and is_verb(head) and head.lemma_ != "be" and not has_perfect


def is_imperative(head: Token) -> bool:
    """A bare verb that opens a sentence."""
    if head.tag_ != "VB" or find_child(head, "nsubj", "nsubjpass", "aux", "expl") is not None:
        return False
    before = [child for child in head.children if child.i < head.i and not child.is_punct]
    return all(child.lower_ in ("please", "do", "not", "n’t", "n't", "never", "just", "let") for child in before)


def main_heads(doc: Doc, raw: RawAttribution) -> list[Token]:
    """Heads of the main clauses of a content, in order."""
    inside = content_tokens(doc, raw)
    return [doc[i] for i in sorted(inside) if is_main(doc[i], inside)]


def content_tokens(doc: Doc, raw: RawAttribution) -> set[int]:
    """Indices of a content's tokens."""
    found: set[int] = set()
    for start, end in raw.content:
        span = doc.char_span(start, end, alignment_mode="expand")
        found |= set() if span is None else set(range(span.start, span.end))
    return found


def is_main(token: Token, inside: set[int]) -> bool:
    """A verb (or what stands for one) whose head lies outside the content, or joined to such a one."""
    if token.dep_ == "conj" and token.head.i in inside:
        return is_verb_like(token) and is_main(token.head, inside)
    return is_verb_like(token) and (token.head.i not in inside or token.head.i == token.i)


def is_verb_like(token: Token) -> bool:
    """A finite or bare verb, or a predicate without one."""
    return is_verb(token) or token.dep_ in ("ROOT", "ccomp")


def cue_shift(doc: Doc, raw: RawAttribution) -> Shift:
    """What the cue itself says of certainty."""
    table = effects()
    found = table.get(("cue", f"{raw.lemma} {raw.pattern}"), table.get(("cue", raw.lemma), "positive/certain"))
    span = None if raw.cue is None else doc.char_span(*raw.cue, alignment_mode="expand")
    return Shift(found, () if span is None else tuple(span))


STRENGTH: Mapping[str, int] = {"certain": 0, "probable": 1, "possible": 2, "unknown": 3}


def shifted(stance: Stance, *shifts: Shift) -> Stance:
    """A stance moved by each shift: a negation turns the polarity, a hedge can only weaken the certainty."""
    polarity, certainty, triggers = stance.polarity, stance.certainty, list(stance.triggers)
    for shift in shifts:
        if shift.effect in ACTS or shift.effect == "positive/certain":
            continue
        sign, _, degree = shift.effect.partition("/")
        if sign == "unknown":
            polarity = "unknown"
        elif sign == "negative" and polarity != "unknown":
            polarity = "negative"
        if degree and STRENGTH[degree] > STRENGTH[certainty]:
            certainty = degree  # type: ignore[assignment]
        triggers.extend(span for span in spans_of(shift.tokens) if span not in triggers)
    return Stance(stance.act, polarity, certainty, tuple(triggers))


def spans_of(tokens: tuple[Token, ...]) -> tuple[Offsets, ...]:
    """One span from the first to the last token where they stand close, else one each."""
    if not tokens:
        return ()
    ordered = sorted(tokens, key=lambda token: token.i)
    if ordered[-1].i - ordered[0].i < len(ordered) + 3:
        return ((ordered[0].idx, ordered[-1].idx + len(ordered[-1].text)),)
    return tuple((token.idx, token.idx + len(token.text)) for token in ordered)
