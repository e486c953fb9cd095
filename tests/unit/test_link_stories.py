"""Stories: which articles tell one, in what order they found it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipeline.link import stories

AT = datetime(2026, 3, 4, 6, tzinfo=UTC)
SINKING = (
    "The trawler Marie Kerguelin sank off Brestholm, harbour master Odd Tveiten said. Her owner, Kerguelin Freres, said "
    "the pumps had been checked by Tveiten in Skaarvik."
)
AGAIN = (
    "Four of the crew of the Marie Kerguelin are missing off Brestholm, Odd Tveiten told reporters. Kerguelin Freres, the "
    "owner of the trawler, has hired divers from Skaarvik."
)
OTHER = "Brestholm has elected a new mayor, Liv Aasland. She said the town would build a swimming hall by the harbour."


def topic(text: str, number: int = 1, hours: float = 0, language: str | None = "en") -> stories.Topic:
    return stories.read_topic(number, text, language, AT + timedelta(hours=hours), f"http://{number}.example/")


def test_two_agencies_on_one_sinking_tell_one_story() -> None:
    assert stories.measure_story(topic(SINKING), topic(AGAIN, 2, 5)) > 0


def test_another_matter_in_the_same_town_is_another_story() -> None:
    assert stories.measure_story(topic(SINKING), topic(OTHER, 2, 5)) == 0


def test_after_the_window_it_is_another_story() -> None:
    assert stories.measure_story(topic(SINKING), topic(AGAIN, 2, 60)) == 0


def test_index_keys_meet_where_a_rare_name_is_shared() -> None:
    stored = set(stories.topic_keys(topic(SINKING)))
    assert stored & set(stories.topic_keys(topic(AGAIN, 2, 30), is_search=True))
    assert not stored & set(stories.topic_keys(topic("The bank raised rates.", 3), is_search=True))


class Told:
    """Articles 1, 2, 3 … an hour apart with what they are like, as a store holds them: scores by pair, founders by article."""

    def __init__(self, count: int, scores: Mapping[tuple[int, int], float]) -> None:
        self.founders = {n: n for n in range(1, count + 1)}
        self.scores = dict(scores)

    def order_of(self, article: int) -> stories.Order:
        return AT + timedelta(hours=article), f"http://{article}.example/"

    def scores_of(self, article: int) -> dict[int, float]:
        return {a + b - article: s for (a, b), s in self.scores.items() if article in (a, b)}

    def founder_of(self, article: int) -> int:
        return self.founders[article]

    def members_of(self, founder: int) -> list[int]:
        return [article for article, home in self.founders.items() if home == founder]

    def list_later(self, articles: Collection[int], order: stories.Order) -> list[int]:
        return sorted({o for a in articles for o in self.scores_of(a) if self.order_of(o) > order})

    def arrive(self, *changed: int) -> None:
        self.founders |= stories.StoryDecider(self).settle(changed)


def homes_of(count: int, scores: Mapping[tuple[int, int], float]) -> dict[int, int]:
    told = Told(count, scores)
    told.arrive(*told.founders)
    return told.founders


def test_a_chain_does_not_drift_from_its_founder() -> None:
    homes = homes_of(6, {(n, n + 1): 0.5 for n in range(1, 6)})
    assert homes[1] == homes[2] == 1
    assert homes[6] != 1


COUNT = 8
PAIRS = [(a, b) for a in range(1, COUNT + 1) for b in range(a + 1, COUNT + 1)]
SCORES = st.dictionaries(st.sampled_from(PAIRS), st.sampled_from([0.3, 0.5, 0.9]), max_size=20)


@given(SCORES)
def test_every_article_has_a_home_that_founded_itself(scores: dict[tuple[int, int], float]) -> None:
    homes = homes_of(COUNT, scores)
    assert all(homes[home] == home for home in homes.values())


@given(SCORES, st.permutations(range(1, COUNT + 1)))
def test_the_order_of_arrival_changes_no_story(scores: dict[tuple[int, int], float], arrivals: list[int]) -> None:
    told = Told(COUNT, {})
    for n, article in enumerate(arrivals):
        come = set(arrivals[: n + 1])
        told.scores = {pair: score for pair, score in scores.items() if come.issuperset(pair)}
        told.arrive(article, *told.scores_of(article))
    assert told.founders == homes_of(COUNT, scores)
