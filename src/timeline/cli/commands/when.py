"""`timeline when`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from timeline import temporal
from timeline.cli.shared import format_option, zone_of
from timeline.newsroom.dates import read_when
from timeline.projections.answer import Answer
from timeline.render import terminal


@click.command("when", context_settings={"ignore_unknown_options": True})  # -0044 is a year
@click.argument("expression")
@click.option("--zone", help="IANA zone of dates without an offset; default: the newsroom's.")
@format_option()
@click.pass_context
def when_command(ctx: click.Context, expression: str, zone: str | None, format: str) -> None:
    """How a date is read: EDTF, or words such as "yesterday 3pm".

    With `--format jsonl -`, one EDTF expression a line is read from standard input, and each
    is answered on a line; errors are answers too.
    """
    zone = zone_of(ctx) if zone is None else zone
    if expression == "-":
        read_when("2000", zone, 0, terminal.note)  # Whether there is such a zone.
        terminal.show_json_lines(_answers(zone))
        return
    reading = read_when(expression, zone, temporal.now(), terminal.note)
    if format == "table":
        from timeline.render.tables.reading import show_reading

        show_reading(reading)
    else:
        terminal.show_json(temporal.reading_json(reading), indent=format == "json")


def _answers(zone: str) -> Iterator[Answer]:
    for line in sys.stdin.buffer:
        text = line.decode("utf-8", "backslashreplace").removesuffix("\n").removesuffix("\r")
        try:
            yield temporal.reading_json(temporal.read(text, zone))
        except temporal.EdtfError as error:
            hint = f" ({error.hint})" if error.hint else ""
            yield {"edtf": text, "error": error.message + hint}
