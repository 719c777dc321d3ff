"""The records of the log, for people."""

from __future__ import annotations

from collections.abc import Iterable

from timeline.newsroom.newsroom import Newsroom
from timeline.records.record import Record, headline
from timeline.render.terminal import safe, say
from timeline.render.wording import local


def show_log(records: Iterable[Record], newsroom: Newsroom) -> None:
    """The records, two lines each."""
    for record in records:
        recorded = local(record.recorded_at, newsroom.settings.zone)
        who = f"  {safe(record.recorded_by)}" if record.recorded_by else ""
        say(f"{record.position}  {recorded}{who}  {record.type.name}  {safe(record.id)}", hang=4)
        say(safe(headline(record.type, record.content)), indent=2, hang=2, bold=True)
