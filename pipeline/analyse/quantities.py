"""How many: numbers in words and digits with what they count.

"About 10,000 soldiers", "hundreds of thousands of Russians … killed or wounded", "between 20 and 30 boats", "$2.5
billion", "12.5 percent". Units are singular lemmas, ISO codes for money, ``percent``; what the table does not know is no
quantity. Bounds are None where the words leave them open ("at least 20" has no upper end).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from pipeline.analyse.lexicon import read_table
from pipeline.analyse.syntax import find_child, subtree
from pipeline.records import Quantity

DIGITS = re.compile(r"^[+-]?\d[\d,]*(?:\.\d+)?$|^\.\d+$")
ATTACHED = re.compile(
    r"^([$£€¥])?(\d[\d,]*(?:\.\d+)?)(k|m|mn|bn|tn|b)?(?:[-–](\d[\d,]*(?:\.\d+)?))?(%)?$", re.IGNORECASE
)
RANGE = re.compile(r"^(\d[\d,]*(?:\.\d+)?)[-–](\d[\d,]*(?:\.\d+)?)$")
SHORT = {"k": 1e3, "m": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9, "tn": 1e12}


@functools.cache
def number_words() -> Mapping[tuple[str, str], str]:
    """(kind, word) to value of ``lexicon/numbers.tsv``."""
    return {(row["kind"], row["word"]): row["value"] for row in read_table("numbers")}


@dataclass(frozen=True, slots=True)
class Number:
    """A stretch of number words: its tokens ``first:last``, bounds, and whether it is vague by itself."""

    first: int
    last: int
    low: float | None
    high: float | None
    is_vague: bool = False


def read_quantities(doc: Doc, spans: Iterable[tuple[int, int]]) -> tuple[Quantity, ...]:
    """All quantities inside character spans, in order."""
    found: list[Quantity] = []
    for start, end in spans:
        part = doc.char_span(start, end, alignment_mode="contract")
        if part is not None:
            found.extend(quantities_between(doc, part.start, part.end))
    return tuple(found)


def quantities_between(doc: Doc, first: int, last: int) -> Iterator[Quantity]:
    """Quantities of a stretch of tokens."""
    here = first
    while here < last:
        number = read_number(doc, here, last)
        if number is None:
            here += 1
            continue
        number = join_range(doc, number, last)
        found = quantity_of(doc, number, first, last)
        if found is not None:
            yield found
        here = max(number.last, here + 1)


def value_of(token: Token) -> float | None:
    """The value of one token in digits or as a small number word."""
    text = token.lower_
    if DIGITS.match(text):
        return float(text.replace(",", ""))
    known = number_words().get(("word", text))
    return None if known is None else float(known)


def read_number(doc: Doc, here: int, last: int) -> Number | None:
    """The number that starts at a token: "10,000", "2.5 million", "twenty-one", "hundreds of thousands"."""
    vague = read_vague(doc, here, last)
    if vague is not None:
        return vague
    token = doc[here]
    value = value_of(token)
    if value is None or is_part_of_name(token):
        return None
    at, total, current = here + 1, 0.0, value
    while at < last:
        word = doc[at].lower_
        scale = number_words().get(("scale", word))
        more = value_of(doc[at])
        if scale is not None:
            current *= float(scale)
            if float(scale) > 100:
                total, current = total + current, 0.0
        elif (
            more is not None
            and 0 < more < 100
            and not doc[at - 1].text[-1:].isdigit()
            and not doc[at].text[0].isdigit()
        ):
            current += more
        elif not (word in ("-", "and") and at + 1 < last and joins_on(doc, at)):
            break
        at += 1
    return Number(here, at, total + current, total + current)


def joins_on(doc: Doc, at: int) -> bool:
    """ "Twenty-one", "a hundred and five": the mark or "and" goes on with the same number."""
    after = value_of(doc[at + 1])
    before = doc[at - 1].lower_
    if after is None or doc[at + 1].text[0].isdigit():
        return False
    if doc[at].text == "-":
        return after < 10 and before.endswith("y")
    return before in ("hundred", "thousand") and after < 100


def read_vague(doc: Doc, here: int, last: int) -> Number | None:
    """ "Dozens", "hundreds of thousands", "tens of millions", "several": bounds where the table gives them."""
    value = number_words().get(("vague", doc[here].lower_))
    if value is None:
        return None
    low, _, high = value.partition("..")
    least, most = float(low), float(high) if high else None
    at = here + 1
    while at + 1 < last and doc[at].lower_ == "of" and ("vague", doc[at + 1].lower_) in number_words():
        factor = float(number_words()["vague", doc[at + 1].lower_].partition("..")[0])
        unit = factor / 2 if factor != 24 else 12.0
        least, most = least * unit, None if most is None else most * unit
        at += 2
    scale = number_words().get(("scale", doc[at].lower_)) if at < last else None
    if scale is not None:
        least, most, at = least * float(scale), None if most is None else most * float(scale), at + 1
    return Number(here, at, least, most, True)


def is_part_of_name(token: Token) -> bool:
    """A number that counts nothing: a year, a day of the month, part of a name ("Group of Seven", "F-16")."""
    before = token.nbor(-1) if token.i else None
    if re.fullmatch(r"(19|20)\d\d", token.text) and token.dep_ != "nummod":
        return True
    if before is not None and (("month", before.lower_.rstrip(".")) in number_words() or before.text in ("-", "No.")):
        return not (before.text == "-" and before.i and value_of(before.nbor(-1)) is not None)
    first = token.head if token.dep_ == "conj" else token
    if first.dep_ == "nummod" and first.head.pos_ == "NOUN" and not first.head.ent_type_:
        return False
    return token.ent_type_ in ("DATE", "TIME", "ORG", "PRODUCT", "ORDINAL", "WORK_OF_ART", "LAW", "EVENT", "FAC")


def join_range(doc: Doc, number: Number, last: int) -> Number:
    """ "Between 20 and 30", "20 to 30", "20-30"."""
    at = number.last
    before = doc[number.first - 1].lower_ if number.first else ""
    if at + 1 < last and (
        doc[at].lower_ in ("to", "-", "–", "or") or (doc[at].lower_ == "and" and before == "between")
    ):
        other = read_number(doc, at + 1, last)
        if other is not None and other.high is not None and number.low is not None and other.high >= number.low:
            return Number(number.first, other.last, number.low, other.high, number.is_vague)
    return number


def quantity_of(doc: Doc, number: Number, first: int, last: int) -> Quantity | None:
    """A number with its unit and measure; None where it counts nothing that can be named."""
    token = doc[number.last - 1]
    unit, stop, money_start = unit_of(doc, number, last)
    if unit is None:
        return None
    start = number.first if money_start is None else money_start
    low, high, is_about = bounds(doc, number, start, first)
    head = counted(token) or next_noun(doc, number.last, last)
    end_token = doc[stop - 1]
    text = doc[start:stop].text
    return Quantity(doc[start].idx, end_token.idx + len(end_token.text), text, low, high, unit,
                    measure_of(head), is_about or number.is_vague)  # fmt: skip


def unit_of(doc: Doc, number: Number, last: int) -> tuple[str | None, int, int | None]:
    """Unit, the token after the quantity, and where a currency sign before it starts."""
    before = doc[number.first - 1] if number.first else None
    currency = None if before is None else number_words().get(("currency", before.text.lower()))
    if currency is not None and before is not None:
        return currency, number.last, before.i
    after = doc[number.last] if number.last < last else None
    if after is not None:
        known = number_words().get(("unit", after.lower_))
        if known is not None:
            return known, number.last + 1, None
        money = number_words().get(("currency", after.lower_))
        if money is not None:
            return money, number.last + 1, None
    head = counted(doc[number.last - 1]) or next_noun(doc, number.last, last)
    return (None if head is None else unit_name(head)), number.last, None


def next_noun(doc: Doc, at: int, last: int) -> Token | None:
    """The noun right behind a number, adjectives and compounds between them."""
    while at < min(last, len(doc)) and doc[at].pos_ in ("ADJ", "NOUN", "PROPN"):
        if doc[at].pos_ != "ADJ" and not (at + 1 < last and doc[at + 1].pos_ == "NOUN"):
            return doc[at]
        at += 1
    return None


def unit_name(head: Token) -> str:
    """A counted noun in the singular: "soldier", "Russian", "person"."""
    if head.lower_ == "people":
        return "person"
    return head.lemma_.removesuffix("s") if head.pos_ == "PROPN" else head.lemma_


def counted(token: Token) -> Token | None:
    """The noun that a number counts: its head, or what follows "of"."""
    here = token
    for _ in range(4):
        if (
            here.dep_ in ("nummod", "quantmod", "compound", "amod", "npadvmod", "advmod", "dep")
            and here.head.i > here.i
        ):
            here = here.head
        else:
            break
    of = next((child for child in here.children if child.dep_ == "prep" and child.lower_ == "of"), None)
    inner = None if of is None or here.pos_ not in ("NOUN", "NUM") or not is_number(here) else find_child(of, "pobj")
    if inner is not None:
        return None if inner.pos_ == "PRON" else inner
    return None if is_number(here) or here.pos_ not in ("NOUN", "PROPN") else here


def is_number(token: Token) -> bool:
    """A token that is itself a number word."""
    words = number_words()
    return token.pos_ == "NUM" or any((kind, token.lower_) in words for kind in ("vague", "word", "scale"))


def bounds(doc: Doc, number: Number, start: int, first: int) -> tuple[float | None, float | None, bool]:
    """Low, high and whether they are approximate, by the words before ("about", "at least", "up to")."""
    before = " ".join(token.lower_ for token in doc[max(first, start - 3) : start])
    low, high = number.low, number.high
    for (kind, word), effect in number_words().items():
        if kind != "bound" or not (before == word or before.endswith(" " + word)):
            continue
        if effect == "about":
            return low, high, True
        return (low, None, False) if effect == "least" else (None, high, False)
    return low, high, False


def measure_of(head: Token | None) -> str | None:
    """What happened to those counted: "killed", "killed or wounded"."""
    if head is None:
        return None
    verb = head.head
    top = head
    while (
        verb.i != top.i
        and top.dep_ in ("pobj", "prep", "nummod", "quantmod", "conj", "compound")
        and verb.pos_ != "VERB"
    ):
        top, verb = verb, verb.head
    known = {word for kind, word in number_words() if kind == "measure"}
    verbs = [verb] if verb.pos_ == "VERB" else []
    verbs += [child for child in head.children if child.dep_ == "acl"]
    for candidate in verbs:
        words = [t for t in [candidate, *(doc_conj(candidate))] if t.lower_ in known]
        if candidate.lower_ in known and words:
            return " or ".join(token.lower_ for token in words)
    return None


def doc_conj(token: Token) -> list[Token]:
    """Verbs joined to a verb by "or" or "and"."""
    return [
        token.doc[i] for i in sorted(subtree(token)) if token.doc[i].dep_ == "conj" and token.doc[i].head.i == token.i
    ]
