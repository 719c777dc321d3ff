"""`timeline schema`."""

from __future__ import annotations

import click

from timeline.cli import output
from timeline.cli.shared import vocabulary_of


@click.command("schema")
@click.pass_context
def schema_command(ctx: click.Context) -> None:
    """The JSON Schema of one line of `append --json`, the newsroom's own types included."""
    from timeline.events.models import json_schema

    output.show_json(json_schema(vocabulary_of(ctx)))
