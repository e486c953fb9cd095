"""How many: numbers in words and digits with what they count.

"About 10,000 soldiers", "hundreds of thousands of Russians … killed or wounded", "between 20 and 30 boats", "$2.5
billion", "12.5 percent". Units are singular lemmas, ISO codes for money, ``percent``; what the table does not know is no
quantity. Bounds are None where the words leave them open ("at least 20" has no upper end).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from pipeline.analyse.measures import is_number, measure_of, measure_of_bare, measures_at, number_words
from pipeline.analyse.syntax import find_child
from pipeline.records import Quantity

DIGITS = re.compile(r"^[+-]?\d[\d,]*(?:\.\d+)?$|^\.\d+$")
SHORT = {"k": 1e3, "m": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9, "tn": 1e12}


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
        if (after := end_of_score(doc, number, last) or end_of_share(doc, number, last)) is not None:
            here = after
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
    if (half := read_half(doc, here, last)) is not None:
        return half
    token = doc[here]
    value = value_of(token)
    if value is None or is_part_of_name(token):
        return None
    at, total, current = here + 1, 0.0, value
    while at < last:
        word = doc[at].lower_
        scale = number_words().get(("scale", word)) or attached_scale(doc, at)
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


def attached_scale(doc: Doc, at: int) -> float | None:
    """ "3.4m", "12bn": cut from the number by the tokenizer."""
    return None if doc[at - 1].whitespace_ else SHORT.get(doc[at].lower_.rstrip("."))


def read_half(doc: Doc, here: int, last: int) -> Number | None:
    """ "Half a million"."""
    scale = number_words().get(("scale", doc[here + 2].lower_)) if here + 2 < last else None
    if doc[here].lower_ != "half" or doc[here + 1].lower_ != "a" or scale is None:
        return None
    return Number(here, here + 3, float(scale) / 2, float(scale) / 2)


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
    at += at < last and is_unit_word(doc[at].lower_)  # "30% to 40%", "120 billion yen and 135 billion yen"
    before = [token.lower_ for token in doc[max(0, number.first - 2) : number.first]]
    if at + 1 < last and (
        doc[at].lower_ in ("to", "-", "–", "or") or (doc[at].lower_ == "and" and "between" in before)
    ):
        sign = ("currency", doc[at + 1].lower_) in number_words()
        other = read_number(doc, at + 1 + sign, last)
        if other is not None and other.high is not None and number.low is not None:
            if (unit := unit_word(doc, number.last, last)) and unit != unit_word(doc, other.last, last):
                return number  # "4.5 percent to 1.2 billion euros"
            low = number.low * scale_of(doc, other) if scale_of(doc, number) == 1 else number.low
            low = low if low <= other.high else number.low
            if other.high >= low:
                return Number(number.first, other.last, low, other.high, number.is_vague)
    return number


def is_unit_word(word: str) -> bool:
    """A percent sign or the name of a currency behind a number."""
    return ("unit", word) in number_words() or ("currency", word) in number_words()


def unit_word(doc: Doc, at: int, last: int) -> str:
    """The unit or currency behind a number; "" where there is none."""
    word = doc[at].lower_ if at < last else ""
    return number_words().get(("unit", word)) or number_words().get(("currency", word)) or ""


def scale_of(doc: Doc, number: Number) -> float:
    """The last scale word of a number: "2 to 3 million" means millions twice."""
    found = [number_words().get(("scale", doc[i].lower_)) for i in range(number.first, number.last)]
    return next((float(scale) for scale in reversed(found) if scale is not None), 1.0)


def end_of_score(doc: Doc, number: Number, last: int) -> int | None:
    """One past the second number of a result of a match ("a 2-1 defeat", "won 3-0"), which counts nothing."""
    at = number.last
    if at + 1 >= last or doc[at].text not in ("-", "–") or value_of(doc[at + 1]) is None:
        return None
    words = {("score", token.lemma_) for token in doc[max(0, number.first - 2) : min(len(doc), at + 4)]}
    return at + 2 if words & number_words().keys() else None


def end_of_share(doc: Doc, number: Number, last: int) -> int | None:
    """One past a fraction ("two-thirds", "one in five"), which is no count of anything."""
    at = number.last
    if at + 1 >= last or number.high is None or number.high > 10:
        return None
    if doc[at].lower_ == "in" and value_of(doc[at + 1]) is not None:
        return at + 2
    at += doc[at].text in ("-", "–")
    return at + 1 if ("share", doc[at].lower_) in number_words() else None


def quantity_of(doc: Doc, number: Number, first: int, last: int) -> Quantity | None:
    """A number with its unit and measure; None where it counts nothing that can be named."""
    token = doc[number.last - 1]
    unit, stop, money_start = unit_of(doc, number, last)
    after = doc[number.last].lower_ if number.last < last else ""
    if unit is None and (("measure", after) in number_words() or measure_of_bare(token)):  # "and five wounded"
        unit = "person"
    if unit is None:
        return None
    start = number.first if money_start is None else money_start
    low, high, is_about = bounds(doc, number, start, first)
    head = counted(token) or next_noun(doc, number.last, last)
    end_token = doc[stop - 1]
    text = doc[start:stop].text
    measure = measures_at(doc, number.last, last) or measure_of_bare(token) if head is None else measure_of(head, token)
    return Quantity(doc[start].idx, end_token.idx + len(end_token.text), text, low, high, unit, measure,
                    is_about or number.is_vague)  # fmt: skip


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
    return (None if head is None else unit_name(head) + rate_of(head)), number.last, None


def rate_of(head: Token) -> str:
    """ " per hour" behind a unit of speed, price or density."""
    per = next((child for child in head.children if child.lower_ == "per" and child.i > head.i), None)
    inner = None if per is None else find_child(per, "pobj")
    return "" if inner is None else f" per {inner.lemma_}"


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
    if head.lemma_ == "point" and head.i and head.nbor(-1).lower_ in ("basis", "percentage"):
        return f"{head.nbor(-1).lower_} point"
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


def bounds(doc: Doc, number: Number, start: int, first: int) -> tuple[float | None, float | None, bool]:
    """Low, high and whether they are approximate, by the words before ("about", "at least", "up to")."""
    before = " ".join(token.lower_ for token in doc[max(first, start - 3) : start])
    low, high = number.low, number.high
    if low != high and not number.is_vague:
        return low, high, before.endswith(("about", "around", "roughly"))
    for (kind, word), effect in number_words().items():
        if kind != "bound" or not (before == word or before.endswith(" " + word)):
            continue
        if effect == "about":
            return low, high, True
        return (low, None, False) if effect == "least" else (None, high, False)
    return low, high, False
