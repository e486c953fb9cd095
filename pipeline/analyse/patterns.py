"""What may follow a verb of saying: one function a pattern of ``lexicon/cue_verbs.tsv``.

Each takes the verb and gives a `Complement` (the tokens of the content, the accused, the one asked), or None where the
verb stands in another shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from spacy.tokens import Token

from pipeline.analyse.complement import (
    Complement,
    accused,
    asked,
    following_participle,
    infinitive_words,
    is_denied_half,
    is_infinitive,
    lost_subject,
    own_source,
    spoken_to,
    stands_apart,
    without_opener,
)
from pipeline.analyse.lexicon import cue_verbs, word_set
from pipeline.analyse.objects import gerund, named_as, naming, particle_thing, plead, put_at, put_away, thing, told_at
from pipeline.analyse.syntax import (
    children,
    find_child,
    has_mark,
    is_verb,
    subtree,
)


def clause(verb: Token) -> Complement | None:
    """V (that) S, on either side of the verb, also split by it; mended where the parse cut the subject off."""
    clauses = [child for child in children(verb, "ccomp") if not is_infinitive(child) and not stands_apart(verb, child)]
    joined = find_child(verb, "conj")
    if not clauses and joined is not None and is_denied_half(verb, joined):
        clauses = children(joined, "ccomp")
    that = verb.doc[verb.i + 1 : verb.i + 3]
    if [token.lower_ for token in that] == ["that", ":"]:
        return Complement({that[0].i})  # "denied that: nobody was paid"
    if not clauses:
        return parenthesis(verb)
    content: set[int] = set()
    for child in clauses:
        content |= without_opener(child, subtree(child, {verb.i})) | lost_subject(verb, child)
        content -= own_source(child, content) | other_half(child)
    return Complement(content, addressee=spoken_to(verb))


def other_half(clause: Token) -> set[int]:
    """ "Denied that its pipes had leaked and a union demanded …": a second clause without "that", in which another
    speaks, is the wire's own."""
    if not has_mark(clause, ("that",)):
        return set()
    found: set[int] = set()
    for child in children(clause, "conj"):
        if find_child(child, "nsubj") is not None and not has_mark(child, ("that",)) and speaks(child):
            found |= subtree(child) | {c.i for c in children(clause, "cc") if c.i < child.i}
    return found


def parenthesis(verb: Token) -> Complement | None:
    """ ", he said," inside the clause; "as he said"; a verb that governs what the parser hung beside it."""
    host = verb.head
    if verb.dep_ == "parataxis" and host.i != verb.i:
        return Complement(subtree(host, {verb.i}) - other_voices(host, verb))
    if is_told_behind(verb):
        return Complement(subtree(host, {verb.i}) - other_voices(host, verb))
    if verb.dep_ == "advcl" and has_mark(verb, ("as",)) and host.i != verb.i and find_child(verb, "dobj") is None:
        return Complement(subtree(host, {verb.i}) - other_voices(host, verb))
    beside = children(verb, "parataxis")
    if beside and find_child(verb, "nsubj") is not None and find_child(verb, "dobj", "xcomp") is None:
        return Complement(subtree(beside[0], {verb.i}))
    return None


def is_told_behind(verb: Token) -> bool:
    """ "The president had ordered a response, his secretary said": taken for a clause of the verb that it tells of."""
    subject, host = find_child(verb, "nsubj"), verb.head
    if verb.dep_ != "ccomp" or host.i > verb.i or subject is None or subject.i > verb.i:
        return False
    opens = subject.left_edge.i
    is_apart = opens > 0 and verb.doc[opens - 1].text == "," and opens - 1 > host.i
    return is_apart and find_child(host, "nsubj", "nsubjpass") is not None and find_child(verb, "dobj", "xcomp") is None


def other_voices(host: Token, cue: Token) -> set[int]:
    """What goes on behind ", he said": others who speak ("as the operator denied it", "but the army said no"), and what
    the speech itself did ("contradicting the mayor")."""
    found: set[int] = set()
    for child in children(host, "advcl", "conj", "parataxis"):
        if child.i < cue.i:
            continue
        has_subject = find_child(child, "nsubj", "nsubjpass") is not None
        is_own = child.tag_ == "VBG" or has_subject
        goes_on = bool(found) and not has_subject  # "… accused it of sailing with its lights switched off"
        if has_mark(child, word_set("words", "contrast")) or (is_own and speaks(child)) or goes_on:
            found |= subtree(child) | {c.i for c in children(host, "cc") if cue.i < c.i < child.i}
    return found


def speaks(verb: Token) -> bool:
    """Whether a verb of saying has what such a verb takes."""
    patterns = {row.pattern for row in cue_verbs().get(verb.lemma_, ())} & PATTERNS.keys()
    if "clause" in patterns and any(not is_infinitive(child) for child in children(verb, "ccomp")):
        return True
    return any(PATTERNS[name](verb) is not None for name in patterns - {"clause", "point_out", "make_clear"})


def question(verb: Token) -> Complement | None:
    """V whether, how, why, when S."""
    for child in children(verb, "ccomp", "advcl", "pcomp", "dobj", "xcomp"):
        inside = subtree(child, {verb.i})
        first = verb.doc[min(inside)]
        if first.i > verb.i and asks(first, child):
            return Complement(inside, addressee=spoken_to(verb))
    told = find_child(verb, "dobj", "dative")
    for child in [] if told is None else children(told, "relcl"):
        if verb.doc[min(subtree(child))].tag_ == "WP" and verb.lemma_ in ("tell", "ask", "inform", "show"):
            return Complement(subtree(child), addressee=told)
    return None


def asks(first: Token, clause: Token) -> bool:
    """A question word that opens a clause itself, not one inside it."""
    is_inner = first.head.head.i == clause.i and first.head.dep_ != "advcl"
    is_opener = first.head.i == clause.i or is_inner or first.i == clause.i
    return is_opener and first.lower_ in word_set("words", "question")


def order(verb: Token) -> Complement | None:
    """V X to VP: the one told is the addressee, the infinitive the content."""
    for child in children(verb, "xcomp", "ccomp", "advcl"):
        who = asked(verb)
        if is_infinitive(child) and who is not None and child.i > verb.i:
            return Complement(infinitive_words(child) - subtree(who), addressee=who)
    return None


def infinitive(verb: Token) -> Complement | None:
    """V to VP."""
    for child in children(verb, "xcomp"):
        if is_infinitive(child) and child.i > verb.i:
            return Complement(infinitive_words(child))
    return None


def target_prep(*words: str) -> Callable[[Token], Complement | None]:
    """V X of doing Y: X is the accused, Y the content."""

    def read(verb: Token) -> Complement | None:
        who = accused(verb)
        if who is None:
            return None
        tellers = [o for agent in children(verb, "agent") for o in children(agent, "pobj")]  # "by the office of hiding"
        days = [day for prep in children(verb, "prep") for day in children(prep, "pobj") if day.ent_type_ == "DATE"]
        low = [p for noun in (*days, *tellers, *children(who, "relcl")) for p in children(noun, "prep")]
        for prep in children(verb, "prep") + children(who, "prep") + low:
            inner = find_child(prep, "pcomp", "pobj")
            if prep.lower_ in words and inner is not None and prep.i > verb.i:
                content = subtree(inner)
                return Complement(content | following_participle(verb, max(content)), target=who)
        return None

    return read


def on_target(verb: Token) -> Complement | None:
    """Blamed Y on X: X is the accused, Y the content."""
    what = find_child(verb, "dobj")
    for prep in children(verb, "prep") + ([] if what is None else children(what, "prep")):
        inner = find_child(prep, "pobj")
        if prep.lower_ in ("on", "upon") and inner is not None and what is not None:
            is_open = what.tag_ in ("WDT", "WP") and verb.dep_ == "relcl"  # "the raid, which the army blamed on rebels"
            content = subtree(verb.head, {verb.i}) if is_open else subtree(what, {prep.i})
            return Complement(content, target=inner)
    return None


def preposition(word: str) -> Callable[[Token], Complement | None]:
    """V for X, V of X, V about X, V against X."""

    def read(verb: Token) -> Complement | None:
        for prep in children(verb, "prep", "prt"):
            inner = find_child(prep, "pcomp", "pobj")
            if prep.lower_ == word and inner is not None and prep.i > verb.i:
                near = frozenset({prep.i}) if prep.i == verb.i + 1 else frozenset()
                return Complement(subtree(inner), cue_extra=near)
        return None

    return read


def prep_verb(word: str) -> Callable[[Token], Complement | None]:
    """V to doing: admitted to taking."""

    def read(verb: Token) -> Complement | None:
        for prep in children(verb, "prep"):
            inner = find_child(prep, "pcomp", "pobj")
            if prep.lower_ == word and inner is not None:
                return Complement(subtree(inner))
        return None

    return read


def called_on(*words: str) -> Callable[[Token], Complement | None]:
    """V on X to VP: X is the addressee."""

    def read(verb: Token) -> Complement | None:
        particle = next((c for c in children(verb, "prt", "prep") if c.lower_ in words and c.i == verb.i + 1), None)
        if particle is None:
            return None
        who = find_child(particle, "pobj") or find_child(verb, "dobj")
        holders = [verb, particle] + ([] if who is None else [who])
        for holder in holders:
            for child in children(holder, "xcomp", "ccomp", "acl", "advcl", "relcl"):
                if is_infinitive(child):
                    who = who or find_child(child, "nsubj")
                    content = infinitive_words(child) - (set() if who is None else subtree(who, {child.i}))
                    return Complement(content, addressee=who, cue_extra=frozenset({particle.i}))
        return None

    return read


def point_out(verb: Token) -> Complement | None:
    """Pointed out that S, pointed to NP."""
    particle = next((c for c in children(verb, "prt", "prep", "advmod") if c.lower_ == "out"), None)
    found = clause(verb)
    if particle is None or found is None:
        return None
    return Complement(found.content, cue_extra=frozenset({particle.i}))


def make_clear(verb: Token) -> Complement | None:
    """Made (it) clear that S."""
    for child in children(verb, "ccomp", "acomp", "oprd", "xcomp", "advcl"):
        if child.lower_ == "clear":
            inner = find_child(child, "ccomp") or find_child(verb, "ccomp")
            if inner is not None and inner.i != child.i:
                return Complement(without_opener(inner, subtree(inner)), cue_extra=frozenset({child.i}))
    found = clause(verb)
    clear = verb.doc[verb.i + 1] if verb.i + 1 < len(verb.doc) else verb
    if clear.lower_ == "clear" and found is not None:
        return Complement(found.content - {clear.i}, cue_extra=frozenset({clear.i}))
    return None


def behind_colon(verb: Token) -> Complement | None:
    """Corrected its notice: S. The nearest colon behind the verb, with no other clause between."""
    doc, last = verb.doc, verb.sent.end
    for i in range(verb.i + 1, min(verb.i + LONGEST_TO_COLON, len(doc))):
        if doc[i].text == ":":
            end = last if last > i + 1 else doc[min(i + 1, len(doc) - 1)].sent.end
            words = {k for k in range(i + 1, end) if "\n" not in doc[k].text}
            named = {k for child in children(verb, "dobj", "prt") for k in subtree(child) if k < i}
            cue = frozenset(range(verb.i + 1, max(named, default=verb.i) + 1))
            return (
                Complement(words, cue_extra=cue)
                if any(is_verb(doc[k]) or doc[k].pos_ == "AUX" for k in words)
                else None
            )
        if doc[i].tag_ in ("VBD", "VBZ", "VBP", "MD") or "\n" in doc[i].text:
            return None
    return None


LONGEST_TO_COLON = 14
PATTERNS: Mapping[str, Callable[[Token], Complement | None]] = {
    "question": question,
    "clause": clause, "of": target_prep("of"), "with": target_prep("with"),
    "for": target_prep("for", "over"), "on_target": on_target, "call_on": called_on("on", "upon"),
    "call_to": called_on("to"), "call_with": called_on("with"), "turn_down": particle_thing("down"),
    "rule_out": particle_thing("out"), "put_away": put_away, "prep:at": told_at,
    "order": order, "point_out": point_out, "make_clear": make_clear,
    "infinitive": infinitive, "gerund": gerund, "prep_verb:to": prep_verb("to"),
    "prep:of": preposition("of"), "prep:about": preposition("about"), "prep:for": preposition("for"),
    "prep:against": preposition("against"), "prep:on": preposition("on"), "as": named_as, "naming": naming,
    "plead": plead, "put_at": put_at, "colon": behind_colon, "object": thing,
}  # fmt: skip
ORDER = {name: rank for rank, name in enumerate(PATTERNS)}
