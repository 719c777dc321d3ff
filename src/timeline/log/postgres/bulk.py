"""Writing many rows into a table: one statement for a few, binary COPY for many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from timeline.log.postgres.connections import Connection

# From here on COPY is faster than a statement with arrays.
_MANY = 200

Columns = Mapping[str, str]
"""The columns of a table that are written, each with its type."""


def insert(
    connection: Connection, table: str, columns: Columns, rows: Sequence[Sequence[object]]
) -> None:
    """Write rows in the current transaction."""
    if len(rows) >= _MANY:
        copy(connection, table, columns, rows)
    elif rows:
        arrays = ", ".join(f"%b::{kind}[]" for kind in columns.values())
        statement = f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM unnest({arrays})"
        parts = [list(column) for column in zip(*rows, strict=True)]
        connection.execute(statement.encode(), parts, prepare=True)


def copy(
    connection: Connection, table: str, columns: Columns, rows: Iterable[Sequence[object]]
) -> None:
    """Write any number of rows, streaming them."""
    command = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)".encode()
    with connection.cursor() as cursor, cursor.copy(command) as copying:
        copying.set_types(list(columns.values()))
        for row in rows:
            copying.write_row(row)
