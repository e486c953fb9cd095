"""Under which key a person is one over texts: full name and context, both from the text alone.

Two texts mean one person where the full name and the context agree. The key holds both (``person:ada-moor~country:no``), so
that the same people are one whatever is loaded first. A bare surname has no key, nor has a name of which the text tells no
context: such a person is one of its own text only, until somebody merges by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def person_key(name: str, context: str) -> str:
    """The key of a person over texts: "" where either half is missing."""
    return f"{name}~{context}" if name and context else ""


def choose_context(
    own: str, worldwide: Iterable[str], home: str, named: Mapping[str, int], bodies: Iterable[str]
) -> str:
    """The one thing that a text ties a person to most surely, as a key; "" where it tells none.

    ``own`` is the code of the country of title or office, ``worldwide`` the keys of bodies of many states that titles
    name, ``home`` the dateline's country, ``named`` how often the text names each country, ``bodies`` keys of other
    organisations that titles name. Countries come before bodies: of two texts on one matter both tell the country, one
    alone the body.
    """
    if own:
        return f"country:{own}"
    if found := min(worldwide, default=""):
        return found
    country = home or most_named(named)
    return f"country:{country}" if country else min(bodies, default="")


def most_named(named: Mapping[str, int]) -> str:
    """The country named more often than any other; "" where two are named as often."""
    ranked = sorted(named.items(), key=lambda pair: -pair[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return ""
    return ranked[0][0]
