"""Loading in sets: COPY into a temporary table that is dropped at commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from psycopg import sql

from pipeline.store.database import Connection


def stage_rows(connection: Connection, table: str, columns: Mapping[str, str], rows: Iterable[Sequence[object]]) -> int:
    """Create temporary ``table`` with ``columns`` (name to SQL type) and copy ``rows`` in; returns how many.

    Must be called inside a transaction; a table of that name from the same transaction is replaced.
    """
    name = sql.Identifier(table)
    fields = sql.SQL(", ").join(sql.SQL("{} {}").format(sql.Identifier(c), sql.SQL(t)) for c, t in columns.items())
    connection.execute(sql.SQL("drop table if exists pg_temp.{}").format(name))
    connection.execute(sql.SQL("create temporary table {} ({}) on commit drop").format(name, fields))
    count = 0
    with connection.cursor().copy(sql.SQL("copy pg_temp.{} from stdin").format(name)) as copy:
        copy.set_types(list(columns.values()))
        for row in rows:
            copy.write_row(row)
            count += 1
    return count
