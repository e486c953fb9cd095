"""Stories as stored, for ``StoryDecider``: what it asks for is read once and kept for one decision."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pipeline.link.stories import Order
from pipeline.store.database import Connection
from pipeline.store.queries import get_query


class StoredStories:
    """A ``StoryIndex`` on the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._orders: dict[int, Order] = {}
        self._founders: dict[int, int] = {}
        self._scores: dict[int, dict[int, float]] = {}

    def order_of(self, article: int) -> Order:
        """First publication and canonical URL."""
        if article not in self._orders:
            self._load([article])
        return self._orders[article]

    def founder_of(self, article: int) -> int:
        """The article whose URL is the story's key."""
        if article not in self._founders:
            self._load([article])
        return self._founders[article]

    def scores_of(self, article: int) -> Mapping[int, float]:
        """Scores of matches, and of copies with their originals."""
        if article not in self._scores:
            rows = self._connection.execute(get_query("list_story_scores"), {"id": article}).fetchall()
            self._scores[article] = {int(row["other_id"]): float(row["score"]) for row in rows}
            self._load(self._scores[article].keys() - self._founders.keys())
        return self._scores[article]

    def members_of(self, founder: int) -> Collection[int]:
        """All articles of a story."""
        rows = self._connection.execute(get_query("list_story_members"), {"founder_id": founder}).fetchall()
        self._founders |= {int(row["article_id"]): founder for row in rows}
        return self._note(rows)

    def list_later(self, articles: Collection[int], order: Order) -> Collection[int]:
        """Articles after a place in the order that match any of these."""
        values = {"ids": sorted(articles), "published_at": order[0], "url": order[1]}
        return self._note(self._connection.execute(get_query("list_later_articles"), values).fetchall())

    def _load(self, articles: Collection[int]) -> None:
        if articles:
            rows = self._connection.execute(get_query("list_story_places"), {"ids": sorted(articles)}).fetchall()
            self._founders |= {int(row["article_id"]): int(row["founder_id"]) for row in rows}
            self._note(rows)

    def _note(self, rows: Iterable[Mapping[str, Any]]) -> list[int]:
        found = {int(row["article_id"]): (row["first_published_at"], row["canonical_url"]) for row in rows}
        self._orders |= found
        return sorted(found)
