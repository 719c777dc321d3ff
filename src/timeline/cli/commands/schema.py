"""`timeline schema`."""

from __future__ import annotations

import click

from timeline.cli.shared import vocabulary_of
from timeline.render import terminal


@click.command("schema")
@click.pass_context
def schema_command(ctx: click.Context) -> None:
    """The JSON Schema of one line of `append --json`, the newsroom's own types included."""
    from timeline.records.models import json_schema

    terminal.show_json(json_schema(vocabulary_of(ctx)))
