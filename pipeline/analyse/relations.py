"""How claims of one story stand to each other. Conservative: a link that is not plain is left out."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.records import Claim, Entity, Link


def find_links(claims: Sequence[Claim], entities: Sequence[Entity], text: str) -> tuple[Link, ...]:
    """Links between claims of one text."""
    return tuple(presupposed_links(claims))


def presupposed_links(claims: Sequence[Claim]) -> list[Link]:
    """A claim that confirms, denies or leaves open the claim inside it."""
    relations = {"not_confirm": "does_not_confirm", "deny": "denies", "confirm": "confirms"}
    return [
        Link(claims[claim.parent].id, claim.id, relations[claims[claim.parent].act], "nesting", 1.0)
        for claim in claims
        if claim.parent is not None and claim.parent_kind == "presupposed" and claims[claim.parent].act in relations
    ]
