"""Builds ``given_names.tsv``: given names that tell he from she. ``python -m training.given_names``.

Needs two packages that the project does not (``pip install names==0.3.0 Faker==40.54.0`` beside rigour): the given
names of the US Census of 1990 with their shares, and Faker's lists of some sixty languages. A name is kept where one
gender has three times the weight of the other: a guess, which the pronouns of a text overrule. Keys are folded as the
code folds names, so that romanisations agree.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import faker.providers.person as faker_person
import names
from rigour.text.translit import ascii_text

from pipeline.entities.names import fold_name, strip_accents

OUT = Path(__file__).resolve().parent.parent / "pipeline" / "entities" / "gazetteer" / "given_names.tsv"
LOCALE_WEIGHT = 0.01  # what a list without shares is worth: a name of one in ten thousand people
SKIPPED = ("ja_JP", "ko_KR", "zh_CN", "zh_TW", "th_TH")  # one character stands for several names once romanised
RATIO = 3.0


def read_census() -> Iterator[tuple[str, str, float]]:
    """Name, gender and share in per cent."""
    folder = Path(names.__file__).parent
    for gender, file in (("m", "dist.male.first"), ("f", "dist.female.first")):
        for line in (folder / file).read_text(encoding="ascii").splitlines():
            name, share = line.split()[:2]
            yield name, gender, float(share)


def read_faker() -> Iterator[tuple[str, str, float]]:
    """Every listed name of every language, written in Latin letters."""
    for module in pkgutil.iter_modules(faker_person.__path__):
        if module.name in SKIPPED:
            continue
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for gender, field in (("m", "first_names_male"), ("f", "first_names_female")):
            for name in getattr(provider, field, ()):
                yield ascii_text(name) or "", gender, LOCALE_WEIGHT


def build_genders() -> dict[str, str]:
    """Folded name to "m" or "f"."""
    weights: dict[str, dict[str, float]] = defaultdict(lambda: {"m": 0.0, "f": 0.0})
    for name, gender, weight in (*read_census(), *read_faker()):
        words = strip_accents(name).split()
        if len(words) == 1 and len(fold_name(words[0])) > 1:
            weights[fold_name(words[0])][gender] += weight
    return {
        name: "m" if w["m"] > w["f"] else "f"
        for name, w in sorted(weights.items())
        if max(w.values()) >= RATIO * max(min(w.values()), 1e-9) or min(w.values()) == 0.0
    }


def main() -> None:
    """Writes the table."""
    genders = build_genders()
    rows = "".join(f"{name}\t{gender}\n" for name, gender in genders.items())
    OUT.write_text("name\tgender\n" + rows, encoding="utf-8")
    print(f"{len(genders)} names")


if __name__ == "__main__":
    main()
