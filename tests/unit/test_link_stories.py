"""Stories: which articles tell one, in what order they found it."""

from __future__ import annotations

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


def articles(count: int) -> dict[int, tuple[datetime, str]]:
    return {n: (AT + timedelta(hours=n), f"http://{n}.example/") for n in range(1, count + 1)}


def test_a_chain_does_not_drift_from_its_founder() -> None:
    links = {(n, n + 1): 0.5 for n in range(1, 6)}
    homes = stories.decide_stories(articles(6), links)
    assert homes[1] == homes[2] == 1
    assert homes[6] != 1


def test_settled_articles_keep_their_story() -> None:
    assert stories.decide_stories(articles(3), {(1, 2): 0.9, (2, 3): 0.9}, {1: 1, 2: 2})[3] == 2


@given(st.dictionaries(st.sampled_from([(1, 2), (1, 3), (2, 3), (3, 4), (4, 5), (2, 5)]), st.floats(0.1, 1.0)))
def test_every_article_has_a_home_that_founded_itself(scores: dict[tuple[int, int], float]) -> None:
    homes = stories.decide_stories(articles(5), scores)
    assert homes.keys() == articles(5).keys()
    assert all(homes[home] == home for home in homes.values())
