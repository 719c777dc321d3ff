"""What tables are shown with, besides the answer."""

from __future__ import annotations

from typing import NamedTuple

from timeline import temporal
from timeline.projections.legend import Legend, RecordLegend
from timeline.records.record import Content
from timeline.records.settings import Settings

_NO_LEGEND: Legend = {"records": {}, "entities": {}}


class View(NamedTuple):
    """The newsroom's name, zone and vocabulary, and the legend of the answer."""

    settings: Settings
    legend: Legend = _NO_LEGEND

    def record(self, id: str) -> RecordLegend | None:
        """A record that the answer names."""
        return self.legend["records"].get(id)

    def dated(self, id: str) -> list[Content]:
        """The fields that say when an event happened: as it reads, then as it was recorded.

        There are none for an amendment.
        """
        record = self.record(id)
        return [] if record is None else record["dates"]

    def dates(self, id: str) -> list[temporal.ParsedDate]:
        """The dates of an event, as it reads and as it was recorded."""
        dates = self.dated(id)
        return [temporal.read(each["when"], each["zone"]) for each in dates if "when" in each]
