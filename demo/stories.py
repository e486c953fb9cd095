"""The stories of the demo, read from `stories/*.md`.

A file is TOML between two lines `+++`, then one part a published state:

    === stage 2 | update | 2026-11-17T11:20:00Z
    # Headline

    A paragraph.

    @ 2-5

    @ halcyon-ferry 1: 3, 6-8

`@ 2-5` takes paragraphs 2 to 5 of the state before; with a story's id and a stage, those of that story.
A line `## …` is a heading inside the text, `* id` (index pages) the headline of another story, linked.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

STORIES = Path(__file__).parent / "stories"
STAGES = (1, 2, 3)
FORMS = frozenset({"story", "alert", "live", "index"})
KINDS = frozenset({"original", "update", "correction", "refile", "repeat", "withdrawn"})

_STATE = re.compile(r"^=== stage ([123]) \| (\w+) \| (\S+)$", re.MULTILINE)
_TAKE = re.compile(r"^@ (?:(?P<story>[a-z0-9-]+) (?P<stage>[123]): )?(?P<numbers>[\d, -]+)$")


class StoryError(ValueError):
    """A story file that cannot be read; the message names the file and what is wrong."""


@dataclass(frozen=True)
class State:
    """One published state of a story, from `stage` until the next state."""

    stage: int
    kind: str
    at: datetime
    headline: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """One story at one address of one service; `copy_of` names the agency story that it reprints."""

    id: str
    service: str
    path: str
    section: str
    authors: tuple[str, ...]
    language: str
    form: str
    story: str
    credit: str | None
    copy_of: str | None
    published_at: datetime
    states: tuple[State, ...]

    def find_state(self, stage: int) -> State | None:
        """The state that stands at `stage`, None before the story is out."""
        standing = [state for state in self.states if state.stage <= stage]
        return standing[-1] if standing else None


@dataclass(frozen=True)
class _Draft:
    path: Path
    front: Mapping[str, object]
    states: tuple[tuple[int, str, datetime, str, tuple[str, ...]], ...]


def _read_draft(path: Path) -> _Draft:
    parts = path.read_text(encoding="utf-8").split("+++\n", 2)
    if len(parts) != 3 or parts[0]:
        raise StoryError(f"{path.name}: no front matter between two lines +++")
    pieces = _STATE.split(parts[2])
    states = []
    for number in range(1, len(pieces), 4):
        stage, kind, at, text = pieces[number : number + 4]
        headline, *paragraphs = [block.strip() for block in text.strip().split("\n\n")]
        if kind not in KINDS or not headline.startswith("# "):
            raise StoryError(f"{path.name}: stage {stage} has no known kind or no headline")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise StoryError(f"{path.name}: {at} has no zone")
        blocks = tuple(" ".join(block.split("\n")) for block in paragraphs)
        states.append((int(stage), kind, moment, headline[2:], blocks))
    if not states:
        raise StoryError(f"{path.name}: no state")
    return _Draft(path, tomllib.loads(parts[1]), tuple(states))


def _expand_numbers(text: str) -> list[int]:
    """`2-4, 7` gives 2, 3, 4, 7."""
    numbers: list[int] = []
    for piece in text.split(","):
        first, _, last = piece.strip().partition("-")
        numbers.extend(range(int(first), int(last or first) + 1))
    return numbers


def _resolve_paragraphs(drafts: Mapping[str, _Draft], story_id: str, index: int) -> tuple[str, ...]:
    """The paragraphs of state `index` with every `@` line replaced by what it points to."""
    draft = drafts[story_id]
    found: list[str] = []
    for block in draft.states[index][4]:
        take = _TAKE.match(block)
        if take is None:
            found.append(block)
            continue
        other, position = story_id, index - 1
        if take["story"]:
            other = take["story"]
            position = [state[0] for state in drafts[other].states].index(int(take["stage"]))
        source = _resolve_paragraphs(drafts, other, position)
        try:
            found.extend(source[number - 1] for number in _expand_numbers(take["numbers"]))
        except IndexError:
            raise StoryError(f"{draft.path.name}: {block}: {other} has {len(source)} paragraphs") from None
    return tuple(found)


def _make_story(drafts: Mapping[str, _Draft], story_id: str) -> Story:
    draft = drafts[story_id]
    front = draft.front
    authors = front.get("authors", [])
    form = str(front.get("form", "story"))
    if form not in FORMS or not isinstance(authors, list):
        raise StoryError(f"{draft.path.name}: unknown form {form} or authors that are no list")
    states = tuple(
        State(stage, kind, at, headline, _resolve_paragraphs(drafts, story_id, index))
        for index, (stage, kind, at, headline, _) in enumerate(draft.states)
    )
    published_at = front.get("published_at", states[0].at)
    if not isinstance(published_at, datetime):
        raise StoryError(f"{draft.path.name}: published_at is no time")
    return Story(
        id=story_id,
        service=str(front["service"]),
        path=str(front["path"]),
        section=str(front["section"]),
        authors=tuple(str(author) for author in authors),
        language=str(front.get("language", "en")),
        form=form,
        story=str(front["story"]),
        credit=str(front["credit"]) if "credit" in front else None,
        copy_of=str(front["copy_of"]) if "copy_of" in front else None,
        published_at=published_at,
        states=states,
    )


@cache
def load_stories(folder: Path = STORIES) -> tuple[Story, ...]:
    """All stories of `folder`, in the order of their first publication. The file's name is the story's id."""
    drafts = {path.stem: _read_draft(path) for path in sorted(folder.glob("*.md"))}
    stories = [_make_story(drafts, story_id) for story_id in drafts]
    return tuple(sorted(stories, key=lambda story: (story.published_at, story.id)))
