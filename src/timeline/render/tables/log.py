"""The records of the log, for people."""

from __future__ import annotations

from collections.abc import Iterable

from timeline import temporal
from timeline.projections.answer import Answer
from timeline.records.record import headline
from timeline.render.tables.view import View
from timeline.render.terminal import safe, say
from timeline.render.wording import local


def show_log(records: Iterable[Answer], view: View) -> None:
    """The records, two lines each."""
    for record in records:
        recorded = local(temporal.parse_instant(record["recorded_at"]), view.settings.zone)
        who = f"  {safe(record['recorded_by'])}" if record.get("recorded_by") else ""
        place = f"{record['position']}  {recorded}{who}  {record['type']}  {safe(record['id'])}"
        say(place, hang=4)
        kind = view.settings.vocabulary[record["type"]]
        say(safe(headline(kind, record)), indent=2, hang=2, bold=True)
