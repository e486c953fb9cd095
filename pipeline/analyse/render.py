"""An annotation for a person at a terminal: the text with its claims marked and numbered, then who said what.

Wide terminals get a table, narrow ones a card a claim. Colour only repeats what words say, so that it reads the same
without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from pipeline.records import Act, Annotation, Claim, Quantity, TimeRange

WIDE = 110
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
ACT_WORDS: Mapping[Act, tuple[str, str]] = {
    "state": ("states", "cyan"),
    "accuse": ("accuses", "magenta"),
    "deny": ("denies", "red"),
    "confirm": ("confirms", "green"),
    "not_confirm": ("does not confirm", "yellow"),
    "decline": ("declines", "bright_black"),
    "no_response": ("no response", "bright_black"),
    "request": ("asks for", "blue"),
    "promise": ("promises", "green"),
    "warn": ("warns", "yellow"),
    "ask": ("asks", "blue"),
    "assess": ("judges", "cyan"),
}
RELATIONS: Mapping[str, str] = {
    "does_not_confirm": "does not confirm",
    "denies": "denies",
    "confirms": "confirms",
    "supports": "supports",
    "specifies": "specifies",
    "repeats": "repeats",
}


def render_annotation(text: str, annotation: Annotation) -> RenderableType:
    """What an editor sees of one text. ``text`` is the text that was annotated; its headline where that is all."""
    return AnnotationView(text, annotation)


@dataclass(frozen=True, slots=True)
class AnnotationView:
    """Draws itself to the width of the terminal."""

    text: str
    annotation: Annotation

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        whole = self.annotation
        yield Padding(header(whole), (0, 1))
        yield Padding(marked_text(self.text, whole), (1, 2))
        if not whole.claims:
            yield Padding(Text("No claim found: nobody is said to have said anything.", style="italic"), (0, 2))
            return
        yield Rule(Text(count_words(whole), style="bold"), style="dim", align="left")
        if options.max_width >= WIDE:
            yield claim_table(whole)
        else:
            for claim in whole.claims:
                yield Padding(claim_card(claim, whole), (0, 1, 1, 1))
        for line in link_lines(whole):
            yield Padding(line, (0, 2))


def header(whole: Annotation) -> Text:
    """Dateline, agency and who worked on the story, on one line."""
    copy = whole.wire
    parts = [Text(tag, style="bold reverse") for tag in copy.tags]
    if copy.dateline is not None:
        parts.append(Text(copy.dateline.place, style="bold"))
        if copy.dateline.agency:
            parts.append(Text(copy.dateline.agency))
        if copy.dateline.on is not None:
            parts.append(Text(day_words(copy.dateline.on)))
    if copy.sign_off is not None:
        names = [credit.name for credit in copy.sign_off.reporting or copy.sign_off.writing]
        parts += [Text("by " + ", ".join(names), style="dim")] if names else []
    return Text(" · ").join(parts)


def count_words(whole: Annotation) -> str:
    """ "17 claims by 6 speakers"."""
    speakers = {
        source.entity if source.entity is not None else source.text for c in whole.claims for source in c.sources
    }
    claims = len(whole.claims)
    return f"{claims} claim{'s' * (claims != 1)} by {len(speakers)} speaker{'s' * (len(speakers) != 1)}"


def marked_text(text: str, whole: Annotation) -> Text:
    """The text with sources bold, contents underlined, a number behind each cue; what is no copy is dim."""
    marked = Text(text.rstrip("\n"), overflow="fold")
    end = whole.wire.body[1]
    for part in (whole.wire.dateline, whole.wire.sign_off, whole.wire.byline, whole.wire.advisory, *whole.wire.notices):
        if part is not None:
            marked.stylize("dim", part.start, part.end)
    if end < len(text):
        marked.stylize("dim", end, len(text))
    for claim in whole.claims:
        colour = ACT_WORDS[claim.act][1]
        for span in claim.content:
            marked.stylize(f"underline {colour}" if claim.parent is None else "underline", span.start, span.end)
        for source in claim.sources:
            marked.stylize("bold", source.start, source.end)
        if claim.cue is not None:
            marked.stylize(f"italic {colour}", claim.cue.start, claim.cue.end)
    return with_numbers(marked, whole)


def with_numbers(marked: Text, whole: Annotation) -> Text:
    """The number of each claim behind its cue."""
    places = sorted((claim.cue.end, claim.id) for claim in whole.claims if claim.cue is not None)
    pieces = marked.divide(sorted({place for place, _ in places if 0 < place < len(marked)}))
    out, at = Text(overflow="fold"), 0
    for piece in pieces:
        out.append_text(piece)
        at += len(piece)
        for place, number in places:
            if place == at:
                out.append(str(number + 1).translate(SUPERSCRIPT), style="bold")
    return out


def claim_table(whole: Annotation) -> Table:
    """One row a claim."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False, pad_edge=True, expand=True)
    table.add_column("#", justify="right", style="dim", no_wrap=True)
    table.add_column("Who", ratio=4)
    table.add_column("How", ratio=3)
    table.add_column("Said", ratio=11)
    table.add_column("When", ratio=3)
    table.add_column("About", ratio=4)
    for claim in whole.claims:
        table.add_row(
            str(claim.id + 1), who(claim, whole), how(claim), said(claim), when(claim.said), about(claim, whole)
        )
    return table


def claim_card(claim: Claim, whole: Annotation) -> Table:
    """Three lines: who and how, the sentence, the rest."""
    card = Table.grid(padding=(0, 1))
    card.add_column(justify="right", width=3)
    card.add_column()
    first = Text(" · ").join(
        part for part in (who(claim, whole), how(claim), when(claim.said)) if part.plain.strip("—")
    )
    card.add_row(Text(str(claim.id + 1), style="dim"), first)
    card.add_row("", said(claim))
    rest = about(claim, whole)
    if rest.plain:
        card.add_row("", Text.assemble(("about ", "dim"), rest))
    return card


def who(claim: Claim, whole: Annotation) -> Text:
    """The speakers by name, for whom they speak, or why nobody is named."""
    names = {entity.id: entity.name for entity in whole.entities}
    lines = []
    for source in claim.sources:
        line = Text(source.text if source.entity is None else names[source.entity], style="bold")
        if source.party is not None and source.party != source.entity:
            line.append(f" for {names[source.party]}", style="not bold dim")
        elif source.entity is None and source.kind == "unnamed":
            line.append(" (unnamed)", style="not bold dim")
        lines.append(line)
    return Text("; ").join(lines) if lines else Text("nobody named", style="dim italic")


def how(claim: Claim) -> Text:
    """The act in words, with what weakens it."""
    words, colour = ACT_WORDS[claim.act]
    out = Text(words, style=colour)
    degree = degree_words(claim)
    if degree:
        out.append(f" ({degree})", style="dim")
    return out


def degree_words(claim: Claim) -> str:
    """ "Not", "probably", "possibly", with the words that show it."""
    if claim.act in ("deny", "not_confirm", "decline", "no_response", "request", "ask"):
        return ""
    words = [{"negative": "not", "unknown": "open"}.get(claim.polarity, "")]
    words.append({"probable": "probably", "possible": "possibly", "unknown": ""}.get(claim.certainty, ""))
    plain = " ".join(word for word in words if word)
    triggers = ", ".join(f"“{span.text}”" for span in claim.triggers if len(span.text) < 24)
    return f"{plain}: {triggers}" if plain and triggers else plain


def said(claim: Claim) -> Text:
    """The sentence that reads alone; nested ones say what they stand in."""
    out = Text(claim.plain_text)
    if claim.setting is not None and (claim.setting.occasion or claim.setting.place):
        place = f" in {claim.setting.place}" if claim.setting.place else ""
        out.append(f"  [{claim.setting.occasion or 'speaking'}{place}]", style="dim")
    if claim.parent is not None:
        out.append(f"  [inside {claim.parent + 1}]", style="dim")
    return out


def when(found: TimeRange) -> Text:
    """The day or days, or the words with why they stay open."""
    if found.from_on is not None and found.to_on is not None:
        if found.from_on == found.to_on:
            return Text(day_words(found.from_on))
        first = str(found.from_on.day) if found.from_on.month == found.to_on.month else day_words(found.from_on)
        return Text(f"{first}–{day_words(found.to_on)}")
    return Text(f"{found.text} ({found.why})", style="dim") if found.text else Text("—", style="dim")


def day_words(day: date) -> str:
    """ "17 Oct 2024"."""
    return f"{day.day} {day:%b %Y}"


def about(claim: Claim, whole: Annotation) -> Text:
    """Whom it is about, with parts played, and what is counted."""
    names = {entity.id: entity.name for entity in whole.entities}
    roles = {"target": " (accused)", "addressee": " (asked)"}
    parts = [names[entity.entity] + roles.get(entity.role, "") for entity in claim.entities]
    return Text(", ".join([*parts, *map(quantity_words, claim.quantities)]))


def quantity_words(quantity: Quantity) -> str:
    """ "About 10,000 soldiers", "hundreds of thousands of boats", "40%"."""
    unit = quantity.unit or ""
    words = quantity.text
    if unit != "percent" and not unit.isupper():
        is_word = words.rsplit(" ", 1)[-1].rstrip("s") in ("ten", "dozen", "score", "hundred", "thousand", "million")
        joint = " of " if is_word and words.endswith("s") else " "
        plural = "" if quantity.low == quantity.high == 1 or unit.endswith("s") else "s"
        words = f"{words}{joint}{unit}{plural}"
    about = "about " if quantity.approximate and quantity.low == quantity.high else ""
    return f"{about}{words}{' ' + quantity.measure if quantity.measure else ''}"


def link_lines(whole: Annotation) -> Iterator[Text]:
    """ "2 does not confirm 1"."""
    if whole.links:
        yield Text("Between these claims", style="bold")
    for link in whole.links:
        words = RELATIONS.get(link.relation, link.relation)
        yield Text(f"{link.from_claim + 1:>4} {words} {link.to_claim + 1}")
