"""Best one-to-one assignment (Hungarian method with potentials, after Jonker and Volgenant), O(n² m), no dependency."""

from __future__ import annotations

from collections.abc import Sequence


def assign(likeness: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """(row, column) pairs of the greatest total likeness, each row and column once; pairs of likeness 0 left out."""
    if not likeness or not likeness[0]:
        return []
    if len(likeness) > len(likeness[0]):
        turned = [list(column) for column in zip(*likeness, strict=True)]
        return sorted((row, column) for column, row in assign(turned))
    owner = _match([[-value for value in row] for row in likeness])
    pairs = sorted((row, column) for column, row in enumerate(owner) if row >= 0)
    return [(row, column) for row, column in pairs if likeness[row][column] > 0]


def _match(cost: list[list[float]]) -> list[int]:
    """The row given to each column (-1: none) at least cost; as many columns as rows, or more."""
    rows, columns = len(cost), len(cost[0])
    row_price, column_price = [0.0] * (rows + 1), [0.0] * (columns + 1)
    owner = [rows] * (columns + 1)  # the last place of each list stands for "no row", "no column"
    for row in range(rows):
        owner[columns] = row
        at = columns
        least, came = [float("inf")] * columns, [columns] * columns
        used = [False] * (columns + 1)
        while owner[at] != rows:
            used[at] = True
            current = owner[at]
            for column in range(columns):
                if not used[column]:
                    reach = cost[current][column] - row_price[current] - column_price[column]
                    if reach < least[column]:
                        least[column], came[column] = reach, at
            best = min((c for c in range(columns) if not used[c]), key=least.__getitem__)
            step = least[best]
            for column in range(columns + 1):
                if used[column]:
                    row_price[owner[column]] += step
                    column_price[column] -= step
                elif column < columns:
                    least[column] -= step
            at = best
        while at != columns:
            owner[at] = owner[came[at]]
            at = came[at]
    return [row if row < rows else -1 for row in owner[:columns]]
