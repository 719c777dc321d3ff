"""The records of the log."""

from __future__ import annotations

from collections.abc import Iterable

from timeline.projections.positions import written
from timeline.records.record import Content, headline
from timeline.render.terminal import safe, say
from timeline.render.wording import Words


def show(records: Iterable[Content], words: Words) -> None:
    """Print the records, two lines each."""
    for record in records:
        recorded = words.recorded(record["recorded_at"])
        who = f"  {safe(record['recorded_by'])}" if record.get("recorded_by") else ""
        place = written(record["position"])
        say(f"{place}  {recorded}{who}  {record['type']}  {safe(record['id'])}", hang=4)
        kind = words.settings.vocabulary[record["type"]]
        say(safe(headline(kind, record)), indent=2, hang=2, bold=True)
