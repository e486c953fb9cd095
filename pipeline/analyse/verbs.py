"""Drafts from verbs of saying, and which uses of such a verb say nothing."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from pipeline.analyse.complement import Complement
from pipeline.analyse.drafts import Draft
from pipeline.analyse.lexicon import CueVerb, confirming_verbs, cue_verbs, persons, word_set
from pipeline.analyse.patterns import ORDER, PATTERNS
from pipeline.analyse.syntax import (
    Doer,
    children,
    find_child,
    find_doer,
    has_mark,
    has_passive,
    is_negated,
    is_verb,
    subtree,
)

FIRST_SECOND = frozenset({"i", "we", "you", "us", "me", "let"})


def verb_drafts(doc: Doc, quoted: frozenset[int]) -> Iterator[Draft]:
    """One draft for each verb of saying with a complement; ``quoted`` are the tokens inside quotation marks."""
    table = cue_verbs()
    for verb in doc:
        rows = table.get(verb.lemma_) if is_verb(verb) or verb.tag_ == "NN" else None
        if rows is None or not verb.tag_.startswith("VB") or not says_something(verb):
            continue
        draft = draft_of(verb, rows)
        if draft is not None and can_mean(draft) and not (verb.i in quoted and speaks_for_itself(draft)):
            yield draft


def can_speak(head: Token) -> bool:
    """Whether a noun names somebody who could answer: a name, a pronoun, a person or body of the table."""
    if head.pos_ in ("PROPN", "PRON", "NUM", "DET") or head.ent_type_ in ("PERSON", "ORG", "GPE", "NORP"):
        return True
    if head.lemma_ in word_set("speakers", "speaker") or head.lower_.endswith(("man", "woman", "men", "women")):
        return True
    if head.lemma_ in persons():
        return True
    return head.lower_.endswith(("ers", "ors", "ists", "ians", "ants", "ees"))


def can_mean(draft: Draft) -> bool:
    """Whether a verb that things can do too ("showed", "denied", "confirmed") is done by one that can speak or by what is
    read; and whether "denied" is no refusal of entry."""
    if draft.lemma == "deny" and (find_child(draft.verb, "dative") is not None or grants(draft)):
        return False
    thing = find_child(draft.verb, "dobj")
    if draft.lemma == "question" and draft.pattern == "object" and thing is not None and can_speak(thing):
        return False  # "questioned the driver"
    would_not = is_negated(draft.verb) and any(c.lower_ == "would" for c in children(draft.verb, "aux"))
    if draft.lemma not in word_set("words", "also of things") or would_not:
        return True
    head = None if draft.doer is None else draft.doer.head
    return head is None or can_speak(head) or head.lemma_ in word_set("speakers", "document")


def means_a_thing(verb: Token, teller: Token | None = None) -> bool:
    """Whether a verb of saying is none here by what it is done to and by whom ("the storm denied them entry");
    ``teller`` heads who is known to speak, where the parse may err."""
    rows = cue_verbs().get(verb.lemma_, ())
    if not rows:
        return False
    if rows[0].act == "deny" and has_passive(verb) and find_child(verb, "agent") is None:
        return True
    doer = find_speaker(verb) if teller is None else Doer(teller, "tagged")
    return not can_mean(Draft(verb, verb.lemma_, rows[0].act, "object", {verb.i}, set(), doer))


def grants(draft: Draft) -> bool:
    """ "Denied entry": what is withheld is a thing granted, not a statement."""
    thing = find_child(draft.verb, "dobj", "nsubjpass")
    return thing is not None and thing.lemma_ in word_set("words", "granted")


def speaks_for_itself(draft: Draft) -> bool:
    """A verb inside a quotation whose doer is the speaker or nobody ("we call on", "I told you")."""
    return draft.doer is None or draft.doer.head.lower_ in FIRST_SECOND


def draft_of(verb: Token, rows: tuple[CueVerb, ...]) -> Draft | None:
    """The first row of the lexicon whose pattern fits."""
    if holds_back(verb) or is_second_half(verb):
        return None
    for row in sorted((row for row in rows if row.pattern in PATTERNS), key=lambda row: ORDER[row.pattern]):
        found = PATTERNS[row.pattern](verb)
        if found is not None and found.content - {verb.i}:
            return fill(verb, row, found)
    return None


def is_impersonal(verb: Token) -> bool:
    """ "It was not possible to verify": the agency's own voice, and nobody's subject."""
    return verb.dep_ == "xcomp" and impossible(verb) is not None


def impossible(verb: Token) -> Token | None:
    """The "possible", "impossible" or "hard" above an infinitive whose subject is nobody, wherever the parse hung it."""
    above = verb.head
    states = [above, *children(above, "acomp")]
    subject = find_child(above if is_verb(above) else above.head, "nsubj", "expl")
    state = next((s for s in states if s.lower_ in ("possible", "impossible", "difficult", "hard")), None)
    return state if subject is None or subject.lower_ in ("it", "there") else None


def hides_name(verb: Token, content: set[int]) -> bool:
    """ "Asked not to be named", "declined to be identified": a condition of the speech, no claim."""
    words = [verb.doc[i] for i in sorted(content) if not verb.doc[i].is_punct]
    own = (c for token in words[:5] if token.lemma_ in ("name", "surname") for c in children(token, "poss"))
    if verb.lemma_ in ("decline", "refuse", "ask") and any(c.tag_ == "PRP$" for c in own):
        return True  # "who declined to give her name"
    return any(token.lemma_ in ("name", "identify", "quote") and has_passive(token) for token in words[:5]) and any(
        token.lower_ in ("not", "n’t", "n't") or verb.lemma_ in ("decline", "refuse") for token in words[:2]
    )


def holds_back(verb: Token) -> bool:
    """ "Declined to say whether …": the verb of saying below is the cue, with this one in it."""
    inner = find_child(verb, "xcomp")
    return (
        verb.lemma_ in word_set("words", "withhold")
        and inner is not None
        and inner.lemma_ in cue_verbs()
        and draft_of(inner, cue_verbs()[inner.lemma_]) is not None
    )


def is_second_half(verb: Token) -> bool:
    """The denial of "neither confirmed nor denied", which is one statement."""
    above = verb.head
    is_other = verb.lemma_ in ("deny", "dispute", "rule", "refute", "reject", "dismiss")
    return verb.dep_ == "conj" and is_other and above.lemma_ in confirming_verbs() and is_negated(above)


def fill(verb: Token, row: CueVerb, found: Complement) -> Draft | None:
    """A draft of a verb and its complement; None where nobody can be the speaker."""
    doer = find_speaker(verb)
    if hides_name(verb, found.content):
        return None
    if doer is not None and doer.head.i in found.content and doer.way != "relative":
        doer = None
    is_negative = is_negated(verb) or withheld(verb) is not None
    if is_impersonal(verb):
        doer = None
    is_open = is_negative and row.act == "confirm" and (has_passive(verb) or is_impersonal(verb))
    if doer is None and not is_open and not (has_passive(verb) and row.pattern in ("of", "with", "for")):
        return None
    cue = cue_tokens(verb) | set(found.cue_extra)
    speaker_words = set() if doer is None else {doer.head.i}
    return Draft(
        verb, row.lemma, row.act, row.pattern, cue, found.content - cue - speaker_words, doer, found.target,
        found.addressee, is_negative,
    )  # fmt: skip


def find_speaker(verb: Token) -> Doer | None:
    """The doer of a verb of saying; "was quoted as saying" has its subject."""
    above = verb.head.head if verb.dep_ == "pcomp" and verb.head.lower_ == "as" else verb.head
    if verb.tag_ == "VBG" and above.lemma_ in ("quote", "cite") and above.i < verb.i:
        who = find_child(above, "nsubjpass") or (find_child(above, "dobj") if not has_passive(above) else None)
        return None if who is None else Doer(who, "quoted")
    found = find_doer(verb)
    if found is not None and hangs_too_low(verb, found):
        return find_speaker(verb.head.head)
    if found is None or found.head.tag_ in ("EX", "WDT") or found.head.lower_ in ("that", "this", "what", "which"):
        return None
    return found


def hangs_too_low(verb: Token, doer: Doer) -> bool:
    """ "The bank said profits fell, adding that …", "… and accused the board": a second verb of the speaker's, hung on
    what is said, whose subject cannot speak."""
    host = verb.head
    is_said = host.dep_ == "ccomp" and host.head.lemma_ in cue_verbs() and host.head.i < verb.i
    is_second = verb.dep_ == "conj" or (verb.dep_ == "advcl" and verb.tag_ == "VBG")
    return is_second and is_said and (doer.head.pos_ == "NUM" or not can_speak(doer.head))


def cue_tokens(verb: Token) -> set[int]:
    """The verb, its negation with what lies between, a particle, and the words that withhold ("have yet to")."""
    cue = {verb.i}
    for child in verb.children:
        if child.dep_ == "neg" and child.i < verb.i:
            cue |= set(range(child.i, verb.i + 1)) | {c.i for c in children(verb, "aux", "auxpass") if c.i < child.i}
        if child.dep_ == "prt" and 0 < child.i - verb.i <= 2:
            cue.add(child.i)
        if child.lower_ == "neither" and child.i < verb.i:
            cue |= set(range(child.i, verb.i + 1))
        if child.dep_ == "conj" and is_second_half(child):
            cue |= set(range(verb.i, child.i + 1))
    holder = withheld(verb)
    if holder is not None and 0 < verb.i - holder.i <= 6:
        cue |= set(range(holder.i, verb.i + 1))
        cue |= {c.i for c in holder.children if c.dep_ in ("aux", "neg", "auxpass") and c.i < holder.i}
        if holder.pos_ == "ADJ" and 0 < holder.i - holder.head.i <= 4:
            cue |= set(range(holder.head.i, holder.i))
    if any(verb.doc[i].dep_ in ("nsubj", "nsubjpass") for i in range(min(cue), max(cue))):
        return {verb.i}
    return cue


def withheld(verb: Token) -> Token | None:
    """The word above that keeps the saying from being done: refused to, has yet to, was unable to."""
    above = verb.head
    if verb.dep_ == "pcomp" and above.lower_ == "of" and above.i and above.nbor(-1).lower_ == "short":
        return next((token for token in above.ancestors if token.lemma_ == "stop"), None)  # "stopped short of calling"
    is_infinitive = any(child.tag_ == "TO" and child.dep_ == "aux" for child in verb.children)
    if verb.dep_ not in ("xcomp", "ccomp", "acomp", "advcl") or above.i >= verb.i or not is_infinitive:
        return None
    words = word_set("words", "withhold")
    if verb.dep_ == "xcomp" and is_verb(above) and (state := impossible(verb)) is not None:
        return None if state.lower_ == "possible" and find_child(above, "neg") is None else state
    if above.lower_ in ("able", "possible"):
        return above if any(child.dep_ == "neg" for child in above.head.children) else None
    if above.lemma_ in words or any(c.lower_ in words for c in above.children if above.i < c.i < verb.i):
        return above
    return None


def says_something(verb: Token) -> bool:
    """Whether a verb of saying is used to report: not a plan, a condition, a wish or a possibility."""
    if (
        under_condition(verb)
        or is_being_asked(verb)
        or is_compared(verb)
        or names_origin(verb)
        or any(hides_name(verb, subtree(c)) for c in children(verb, "xcomp"))
    ):
        return False
    negated = is_negated(verb)
    modals = [child.lower_ for child in verb.children if child.tag_ == "MD" and child.i < verb.i]
    if modals:
        return negated and modals[0] in ("would", "could", "can", "ca", "wo")
    if any(child.tag_ == "TO" and child.dep_ == "aux" for child in verb.children):
        return reports_through(verb)
    return not (verb.tag_ == "VB" and verb.dep_ == "ROOT" and find_child(verb, "nsubj") is None)


def is_compared(verb: Token) -> bool:
    """ "Two more than first reported": what was told before, by nobody named."""
    return verb.tag_ == "VBN" and any(token.lower_ == "than" for token in verb.doc[max(verb.i - 3, 0) : verb.i])


def names_origin(verb: Token) -> bool:
    """ "The radio said ten had died, citing the ministry": whom the report rests on, no statement."""
    thing = find_child(verb, "dobj")
    return verb.lemma_ == "cite" and verb.tag_ == "VBG" and thing is not None and can_speak(thing)


def is_being_asked(verb: Token) -> bool:
    """ "(When) asked whether she would go, Moor said": what was asked, by nobody named."""
    helped = any(child.dep_ in ("aux", "auxpass", "nsubj") for child in verb.children)
    doc, before = verb.doc, verb.doc[max(verb.i - 1, 0)]
    after = doc[verb.i + 1].lower_ if verb.i + 1 < len(doc) else ""
    if (
        verb.lower_ == "asked"
        and before.text == ","
        and after in ("about", "whether", "if", "how", "why", "what", "when")
    ):
        return not any(child.dep_ in ("nsubj", "aux", "auxpass") and child.i == verb.i - 2 for child in verb.children)
    is_opener = verb.text == "Asked" or (verb.lower_ == "asked" and verb.doc[max(verb.i - 1, 0)].lower_ == "when")
    return is_opener and verb.dep_ in ("advcl", "dep", "acl", "ccomp") and not helped


def reports_through(verb: Token) -> bool:
    """An infinitive that is done all the same ("went on to say") or withheld ("declined to confirm")."""
    if withheld(verb) is not None:
        return True
    if verb.dep_ == "xcomp" and verb.head.lemma_ == "have" and verb.head.tag_ == "VBD":
        return any(row.act == "confirm" for row in cue_verbs().get(verb.lemma_, ()))  # "had to admit"
    return verb.dep_ == "xcomp" and verb.head.lemma_ in word_set("words", "aspect") and says_something(verb.head)


def under_condition(verb: Token) -> bool:
    """A verb in an if-clause."""
    return verb.dep_ == "advcl" and has_mark(verb, ("if", "unless", "whether", "before", "until"))
