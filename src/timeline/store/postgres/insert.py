"""Writing placed records: one statement for a few, binary COPY for many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from timeline.store.postgres.connections import Connection
from timeline.store.postgres.pending import Placed

# From here on COPY is faster than a statement with arrays; it cannot be sent ahead.
MANY = 200

_COLUMNS = "originator_id, originator_version, topic, state, position, id, recorded_at"
_INSERT = (
    f"INSERT INTO timeline.stored_events ({_COLUMNS}) SELECT * FROM unnest("
    "%b::text[], %b::bigint[], %b::text[], %b::bytea[], %b::bigint[], %b::bytea[], %b::bigint[])"
)
_INSERT_AMENDED = (
    "INSERT INTO timeline.amended (happening, position)"
    " SELECT * FROM unnest(%b::bytea[], %b::bigint[])"
)


def insert(connection: Connection, placed: Sequence[Placed]) -> None:
    """Write records, which are in order of position, in the transaction that is open."""
    if not placed:
        return
    amended = [(id.encode(), each.entry.position) for each in placed for id in each.amends]
    if len(placed) < MANY:
        connection.execute(_INSERT, _columns(map(_row, placed)), prepare=True)
        if amended:
            connection.execute(_INSERT_AMENDED, _columns(amended), prepare=True)
        return
    _copy(
        connection,
        f"stored_events ({_COLUMNS})",
        ("text", "int8", "text", "bytea", "int8", "bytea", "int8"),
        map(_row, placed),
    )
    if amended:
        _copy(connection, "amended (happening, position)", ("bytea", "int8"), amended)


def _row(placed: Placed) -> tuple[str, int, str, bytes, int, bytes, int]:
    position, recorded_at, story, version, topic, state = placed.entry
    return story, version, topic, state, position, placed.id.encode(), recorded_at


def _columns(rows: Iterable[tuple[object, ...]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _copy(
    connection: Connection,
    target: str,
    types: Sequence[str],
    rows: Iterable[tuple[object, ...]],
) -> None:
    command = f"COPY timeline.{target} FROM STDIN (FORMAT BINARY)"
    with connection.cursor() as cursor, cursor.copy(command.encode()) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)
