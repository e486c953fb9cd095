"""Addresses: what is the same page, what is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.collect import identity
from pipeline.collect.identity import normalise_url

_words = st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True)
_segments = st.lists(_words, max_size=4).map("/".join)
_parameters = st.dictionaries(st.sampled_from(["id", "page", "story", "q", "lang"]), _words, max_size=3)
_tracking = st.dictionaries(
    st.sampled_from(["utm_source", "utm_medium", "fbclid", "gclid", "at_medium", "ns_campaign", "CMP", "ref", "maca"]),
    _words,
    max_size=3,
)


@given(st.text(max_size=80))
@example("http://[::1")
@example("https://wire.example:99999/")
@example("http://m.m.m/amp/amp/amp.html")
@example("//wire.example/a")
def test_any_text_is_survived_and_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise_url(text)
    assert normalise_url(once) == once


@given(
    st.sampled_from(["http", "https", "HTTPS"]),
    st.sampled_from(["", "www.", "m.", "amp.", "mobile.", "WWW."]),
    _segments,
    st.sampled_from(["", "/", "/amp", "/amp/", "?amp=1"]),
    st.sampled_from(["", "#", "#top"]),
)
def test_spellings_of_one_page_are_one(scheme: str, host: str, path: str, ending: str, fragment: str) -> None:
    path = f"story-{path}"
    assert normalise_url(f"{scheme}://{host}wire.example/{path}{ending}{fragment}") == normalise_url(
        f"https://wire.example/{path}"
    )


@given(_segments, _parameters, _tracking, st.randoms())
def test_tracking_goes_and_order_does_not_count(
    path: str, own: dict[str, str], extra: dict[str, str], random: object
) -> None:
    pairs = [f"{name}={value}" for name, value in (own | extra).items()]
    random.shuffle(pairs)  # type: ignore[attr-defined]
    clean = "&".join(f"{name}={value}" for name, value in sorted(own.items()))
    base = f"https://wire.example/{path}"
    assert normalise_url(f"{base}?{'&'.join(pairs)}") == normalise_url(f"{base}?{clean}")


@given(_segments, _segments, _parameters, _parameters)
def test_pages_that_differ_stay_apart(path: str, other: str, own: dict[str, str], others: dict[str, str]) -> None:
    def build(where: str, what: dict[str, str]) -> str:
        return f"https://wire.example/x/{where}/y?" + "&".join(f"{name}={value}" for name, value in what.items())

    squeezed = [part.replace("//", "/") for part in (path, other)]
    if (squeezed[0], own) != (squeezed[1], others):
        assert normalise_url(build(path, own)) != normalise_url(build(other, others))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.google.com/amp/s/www.wire.example/a", "https://wire.example/a"),
        ("https://www-wire-example.cdn.ampproject.org/c/s/www.wire.example/a?usqp=mq", "https://wire.example/a"),
        ("https://wire.example/a.amp.html", "https://wire.example/a.html"),
        ("https://wire.example:443/a/../b", "https://wire.example/b"),
        ("http://wire.example:8080/a", "https://wire.example:8080/a"),
        ("https://größe.example/Straße", "https://xn--gre-6ka8i.example/Stra%C3%9Fe"),
        ("https://wire.example/a%2Db?q=%20x", "https://wire.example/a-b?q=+x"),
        ("https://m.example/a", "https://m.example/a"),
        ("https://wire.example/ampere", "https://wire.example/ampere"),
        (
            "https://wire.example/a?eid=5&source=desk&reference=7",
            "https://wire.example/a?eid=5&reference=7&source=desk",
        ),
        ("mailto:desk@wire.example", "mailto:desk@wire.example"),
        ("", ""),
    ],
)
def test_forms_one_by_one(url: str, expected: str) -> None:
    assert normalise_url(url) == expected


def test_each_rule_of_the_table_does_something_to_its_example() -> None:
    table = (Path(identity.__file__).parent / "url_rules.tsv").read_text(encoding="utf-8").splitlines()
    for line in table[1:]:
        _, pattern, example_url = line.split("\t")
        assert normalise_url(example_url) == "https://news.example/a", pattern
