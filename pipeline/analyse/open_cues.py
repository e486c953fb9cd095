"""What is left open without a verb of saying: "the ministry had no information on the seizure", "the agency could not judge
whether the shots had spoiled", "it was not immediately clear who had fired", "the reports remain unconfirmed".

All of it is told by the wire, so it counts only outside what others say (`open_drafts` is asked last).
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from pipeline.analyse.drafts import Draft
from pipeline.analyse.lexicon import effects, leaves_open, word_set
from pipeline.analyse.other_cues import noun_content
from pipeline.analyse.patterns import asks
from pipeline.analyse.syntax import Doer, children, find_child, is_finite, is_negated, is_predicate, is_verb, subtree
from pipeline.analyse.verbs import FIRST_SECOND, can_speak, find_speaker, is_impersonal, withheld


def open_drafts(doc: Doc, quoted: frozenset[int]) -> Iterator[Draft]:
    """What the wire tells is not known or not confirmed, outside quotation marks."""
    for token in doc:
        if token.i in quoted:
            continue
        found = next((draft for rule in RULES if (draft := rule(token)) is not None), None)
        if found is not None and found.content:
            yield found


def without_news(verb: Token) -> Draft | None:
    """ "Had no information on X", "has seen no evidence of X", "had no means of verifying X"."""
    noun = find_child(verb, "dobj")
    if noun is None or verb.lemma_ not in word_set("words", "come by") or not is_finite(verb) or not lacks(verb, noun):
        return None
    who = find_teller(verb)
    content = noun_content(noun) or about(verb, noun) or asked_behind(noun)
    inner = next((g for c in noun.children for g in [c, *children(c, "pcomp")] if is_verb(g)), None)
    if noun.lemma_ in word_set("words", "means") and inner is not None and leaves_open(inner.lemma_):
        thing = find_child(inner, "dobj", "ccomp")
        content = set() if thing is None else subtree(thing)
    elif effects().get(("no noun", noun.lemma_)) != "not_confirm":
        return None
    last = min(content, default=noun.i + 1)
    cue = {i for i in range(verb.i, last) if verb.doc[i].dep_ not in ("nsubj", "punct")} | helpers(verb)
    return None if who is None else left_open(verb, noun.lemma_, "phrase", cue, content, who)


def not_made_out(verb: Token) -> Draft | None:
    """ "Could not judge whether S", "was unable to determine who S"; "the origin could not be established"."""
    is_known = verb.lemma_ in word_set("words", "made out")
    if not is_verb(verb) or not (is_known or leaves_open(verb.lemma_)) or not is_kept_from(verb):
        return None
    asked = next((c for c in children(verb, "ccomp", "advcl", "dobj", "xcomp") if opens_question(c)), None)
    if asked is not None and is_impersonal(verb):
        return left_open(verb, verb.lemma_, "object", negated_cue(verb), subtree(asked), None)
    if asked is not None:
        who = find_teller(verb)
        return None if who is None else left_open(verb, verb.lemma_, "question", negated_cue(verb), subtree(asked), who)
    thing = find_child(verb, "nsubjpass")
    if is_known or thing is None or find_child(verb, "agent") is not None:
        return None
    return left_open(verb, verb.lemma_, "object", negated_cue(verb), subtree(thing), None)


def unclear(verb: Token) -> Draft | None:
    """ "It was not immediately clear whether S", "it is unclear who S", "it was not known how S"."""
    subject = find_child(verb, "nsubj", "nsubjpass", "expl")
    state = find_child(verb, "acomp") or (verb if verb.tag_ == "VBN" else None)
    if subject is None or subject.lower_ != "it" or state is None:
        return None
    is_no = is_negated(verb) and state.lower_ in ("clear", "known", "certain")
    if not is_no and state.lower_ not in ("unclear", "unknown", "uncertain"):
        return None
    asked = next((c for host in (state, verb) for c in children(host, *CLAUSES) if opens_question(c)), None)
    if asked is None:
        return None
    opener = min(subtree(asked))
    cue = {i for i in range(subject.i + 1, opener) if not verb.doc[i].is_punct}
    return left_open(verb, "clear", "object", cue, subtree(asked), None)


def unconfirmed(verb: Token) -> Draft | None:
    """ "The reports remain unconfirmed"."""
    state, subject = find_child(verb, "acomp", "oprd"), find_child(verb, "nsubj")
    if state is None or subject is None or subject.pos_ == "PRON" or verb.lemma_ not in ("be", "remain", "stay", "go"):
        return None
    is_left = state.lower_ in ("unconfirmed", "unverified", "uncorroborated") and is_finite(verb)
    cue = helpers(verb) | set(range(verb.i, state.i + 1))
    return left_open(verb, state.lower_, "subject", cue, subtree(subject), None) if is_left else None


def unaware(verb: Token) -> Draft | None:
    """ "Was unaware of an expulsion", "was not aware that S"."""
    state, who = find_child(verb, "acomp"), find_teller(verb)
    if verb.lemma_ != "be" or state is None or who is None or not is_finite(verb):
        return None
    if state.lower_ != "unaware" and not (state.lower_ == "aware" and is_negated(verb)):
        return None
    inner = next((i for p in children(state, "prep") for i in children(p, "pobj", "pcomp")), find_child(state, "ccomp"))
    content = set() if inner is None else subtree(inner)
    cue = helpers(verb) | set(range(verb.i, min(content, default=state.i + 1)))
    return left_open(verb, state.lower_, "phrase", cue, content, who) if content else None


def doubted(verb: Token) -> Draft | None:
    """ "Cast doubt on the report"."""
    noun, who = find_child(verb, "dobj"), find_teller(verb)
    if verb.lemma_ not in ("cast", "throw", "raise") or noun is None or noun.lemma_ != "doubt" or not is_finite(verb):
        return None
    content = about(verb, noun)
    if who is None or not content:
        return None
    return Draft(verb, "doubt", "assess", "phrase", set(range(verb.i, min(content))), content, who)


CLAUSES = ("ccomp", "advcl", "csubj", "csubjpass", "xcomp", "acl", "dep")
RULES = (without_news, not_made_out, unclear, unconfirmed, unaware, doubted)


def find_teller(verb: Token) -> Doer | None:
    """Who does not know, where that is one who could say so; not "I" or "you", which the wire does not tell of."""
    who = find_speaker(verb)
    return who if who is not None and can_speak(who.head) and who.head.lower_ not in FIRST_SECOND else None


def left_open(verb: Token, lemma: str, pattern: str, cue: set[int], content: set[int], who: Doer | None) -> Draft:
    """A draft of what nobody confirms."""
    return Draft(verb, lemma, "confirm", pattern, cue, content - cue, who, is_negated=True, score=0.85)


def lacks(verb: Token, noun: Token) -> bool:
    """ "No evidence", "not any evidence"."""
    words = [child.lower_ for child in noun.children if child.dep_ in ("det", "amod")]
    return "no" in words or (is_negated(verb) and "any" in words)


def about(verb: Token, noun: Token) -> set[int]:
    """What evidence, information or a report is of."""
    preps = [p for p in (*children(noun, "prep"), *children(verb, "prep")) if p.i > noun.i]
    inner = next(
        (i for p in preps if p.lower_ in ("of", "on", "about", "for", "over") for i in children(p, "pobj", "pcomp")),
        None,
    )
    return set() if inner is None else subtree(inner)


def asked_behind(noun: Token) -> set[int]:
    """ "No idea how the appeal had ended"."""
    clause = next((c for c in (*noun.children, *noun.head.children) if c.i > noun.i and opens_question(c)), None)
    return set() if clause is None else subtree(clause)


def is_kept_from(verb: Token) -> bool:
    """ "Could not", "was unable to", "has not been able to"."""
    modals = [child.lower_ for child in children(verb, "aux") if child.tag_ == "MD"]
    return (is_negated(verb) and bool(set(modals) & {"could", "can", "ca", "cannot"})) or withheld(verb) is not None


def opens_question(clause: Token) -> bool:
    """A clause that begins with "whether", "who", "how"."""
    first = clause.doc[min(subtree(clause))]
    return first.lower_ in word_set("words", "question") and is_predicate(clause) and asks(first, clause)


def helpers(verb: Token) -> set[int]:
    """Auxiliaries and negations before a verb."""
    return {
        child.i
        for child in children(verb, "aux", "auxpass", "neg", "advmod")
        if child.i < verb.i and child.i > verb.i - 4
    }


def negated_cue(verb: Token) -> set[int]:
    """From the first auxiliary to the verb; from "unable" where that withholds."""
    above = withheld(verb)
    first = verb.i if above is None else min([above.i, *(c.i for c in children(above, "aux", "neg") if c.i < above.i)])
    if above is not None and above.pos_ == "ADJ" and above.head.i < above.i:
        first = min(first, above.head.i)
    return set(range(min([first, *helpers(verb)]), verb.i + 1))
