"""Answers in words: times of recording, bounds, statements, standing, marks, amendments.

Dates and durations in words are in `temporal.wording`. `Words` puts an answer in words with its
legend and the newsroom's zone, for tables and pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from timeline import temporal
from timeline.projections.answer import BasisJson, KnownJson, ReachJson
from timeline.projections.legend import Legend, RecordLegend
from timeline.projections.positions import written
from timeline.records.record import Content
from timeline.records.settings import Settings
from timeline.temporal.wording import (
    said_date,
    said_dated,
    said_day_of,
    said_duration,
    said_end,
    said_zone,
)

if TYPE_CHECKING:
    from timeline.projections.chronology import ChronologyEventJson
    from timeline.projections.provenance import ActJson, AmendmentJson, FullAccountJson
    from timeline.projections.statement import StateJson, StatementJson

# The roles of events in the lineage of a statement.
ROLES = {
    "begun_by": "Begun by",
    "may_have_ended_it": "May have been ended by",
    "will_end_it": "To be ended by",
    "ended_by": "Ended by",
    "not_counted": "Not counted",
}

# The headings of findings, by kind.
TITLES = {
    "contradictory-dates": "Contradictory dates",
    "chosen-retracted": "Chosen accounts that have been retracted",
    "lost-order": "Links to events that no longer count",
    "still-one": "Separated entities that are still merged",
    "ruled-out": "Accounts that the dates rule out",
    "rival-dates": "Told twice, on dates apart",
    "before-founding": "Before the organisation was founded",
    "unresolved-conflict": "Rival accounts, none of them chosen",
    "undecided-value": "Values whose latest is unknown",
    "too-many-holders": "More holders of an office than it allows",
    "disputed": "Disputed events without a decision",
    "member-of-dissolved": "Statements that outlive a dissolved organisation",
    "departure-without-arrival": "Ends without a beginning",
    "duplicate": "Recorded twice",
    "unsourced": "Sources that cannot be looked up",
    "corrected-often": "Corrected repeatedly",
    "stale-question": "Questions open for a long time",
    "long-silence": "Long silences",
    "unattested": "Statements that no source has spoken of for long",
    "single-source": "Supported by a single source",
}

MARKS = {
    "corrected": "corrected",
    "confirmed": "confirmed",
    "disputed": "disputed: may not have happened",
    "rival": "one of several accounts, only one of which is true",
    "dissent": "decided against",
    "uncertain": "may not have happened yet",
    "approximate": "uncertain or approximate date",
    "unordered": "possibly not after the one listed before it",
}
"""What the marks of an event in a drawing mean."""

_MARK_NOTES = {
    "corrected": "corrected",
    "confirmed": "confirmed",
    "disputed": "disputed",
    "rival": "rival account",
    "dissent": "decided against",
    "uncertain": "maybe not yet",
}


def local(instant: int, zone: str) -> str:
    """A time of recording, to the minute, in the newsroom's zone."""
    try:
        wall = temporal.local_text(instant, zone)
    except OverflowError:
        wall, zone = temporal.format_instant(instant), "UTC"
    return f"{wall[:16].replace('T', ' ')}{said_zone(zone)}"


def said_known(answer: KnownJson, zone: str) -> str:
    """The position up to which the log was read, and when that was recorded."""
    if answer["recorded_at"] is None:
        return "as known before anything was recorded"
    recorded = local(temporal.parse_instant(answer["recorded_at"]), zone)
    return f"as known at {written(answer['as_known'])} ({recorded})"


def said_as_of(as_of: str, answer: ReachJson, zone: str) -> str:
    """The valid time of an answer: "at the end of 2030, as last known on 4 March 2026"."""
    return f"{said_end(as_of, zone)}{_said_reach(answer, zone)}"


def _said_reach(answer: ReachJson, zone: str) -> str:
    if "beyond" not in answer or answer["recorded_at"] is None:
        return ""
    last = said_day_of(temporal.parse_instant(answer["recorded_at"]), zone)
    return f", as last known on {last}"


def said_during(period: str, answer: ReachJson, zone: str) -> str:
    """The period that was asked about: "at any time in 2025"."""
    reading = temporal.read(period, zone)
    said = f"at any time {'' if reading.kind == 'period' else 'in '}{said_date(reading)}"
    return f"{said}{_said_reach(answer, zone)}"


def said_sources(number: int) -> str:
    """The number of independent sources."""
    return "single source" if number == 1 else count(number, "source")


def doubt(entry: ChronologyEventJson) -> str:
    """Why an entry of a chronology is not certain to have happened; empty if it is."""
    if entry["certainty"] != "possible" or "decided_against" in entry:
        return ""
    if "rivals" in entry:
        return "one of several accounts"
    if entry["standing"] in ("disputed", "contested"):
        return "may not have happened"
    return "may not have happened yet"


def count(number: int, word: str) -> str:
    """1 source, 2 sources."""
    return f"{number} {word}" if number == 1 else f"{number:,} {word}s"


def said_statement(entry: StatementJson) -> str:
    """A statement in a line."""
    parts = [entry["subject"], entry["property"], str(entry["value"])]
    return " ".join(parts) + said_qualifiers(entry["qualifiers"])


NOT_RULED_OUT = "Not ruled out"
"""The heading of statements that are only possible, and began nobody knows when."""


def is_not_ruled_out(entry: StateJson) -> bool:
    """Whether a statement is only possible, and nothing says that it had not begun long before."""
    return entry["certainty"] == "possible" and "unbounded" in entry


def said_qualifiers(qualifiers: Mapping[str, str]) -> str:
    """The qualifiers of a statement, to put after it; empty if it has none."""
    said = ", ".join(f"{name}: {text}" for name, text in qualifiers.items())
    return f" ({said})" if said else ""


def said_bounds(bounds: list[str | None], dates: list[temporal.ParsedDate]) -> str:
    """Bounds in the words of one of these dates, if it has the same bounds; else in instants."""
    for reading in dates:
        if _same([instant(side) for side in reading.bounds], bounds):
            return said_date(reading)
        for side in (reading.begin, reading.end) if reading.kind == "period" else ():
            if side is not None and _same([instant(each) for each in side], bounds):
                first, _, last = reading.edtf.partition("/")
                text = first if side is reading.begin else last
                return said_date(temporal.read(text, reading.zone))
    for zone in dict.fromkeys(reading.zone for reading in dates):
        if days := _days(bounds, zone):
            return said_date(temporal.read(days, zone))
    earliest, latest = (side and side[:16].replace("T", " ") for side in bounds)
    if earliest is None:
        return f"some time before {latest} UTC"
    if latest is None:
        return f"some time from {earliest} UTC on"
    return f"between {earliest} and {latest} UTC"


def _days(bounds: list[str | None], zone: str) -> str | None:
    """Bounds as EDTF, if they are whole days in a zone, to the second."""
    if bounds == [None, None]:
        return None
    sides: list[str] = []
    for side, last in zip(bounds, (0, 1), strict=True):
        if side is None:
            sides.append("")
            continue
        second = (temporal.parse_instant(side) + 500_000) // 1_000_000 * 1_000_000
        if temporal.local_text(second, zone)[11:19] != "00:00:00":
            return None
        sides.append(temporal.local_text(second - last, zone)[:10])
    first, last_day = sides
    return first if first == last_day else f"[{first}..{last_day}]"


def _same(some: list[str | None], others: list[str | None]) -> bool:
    """Whether bounds are equal to the second; those of linked events differ by less."""
    return [side and side[:19] for side in some] == [side and side[:19] for side in others]


def instant(side: int | None) -> str | None:
    return None if side is None else temporal.format_instant(side)


def plain(value: object) -> str:
    """The value of a field in a line."""
    match value:
        case None:
            return "nothing"
        case list():
            return ", ".join(plain(each) for each in value)
        case {"id": id, **rest}:
            return (
                f"{id} (within {said_duration(str(rest['within']))})"
                if "within" in rest
                else str(id)
            )
        case {"quote": quote, **source}:
            return f"{source.get('title') or source.get('url')} “{quote}”"
        case dict():
            return ", ".join(f"{name}: {plain(each)}" for name, each in value.items())
        case _:
            return str(value)


def said_role(key: str, entry: Mapping[str, object], account: FullAccountJson) -> str:
    """The role of an event in the lineage of a statement."""
    if key == "begun_by" and "certainty" not in entry and "ended_by" not in entry:
        return "Would be begun by"
    if key == "will_end_it" and (
        account["standing"] in ("disputed", "contested") or account["rivals"]
    ):
        return "May be ended by"
    return ROLES[key]


def said_amending(amendment: AmendmentJson, event: str) -> str:
    """What an amendment did to an event."""
    match amendment["type"]:
        case "conflict":
            others = [id for id in amendment["between"] if id != event]
            return f"Set against {' and '.join(others)}"
        case "resolution" if amendment["chosen"] == event:
            over = amendment.get("over", ())
            return f"Chosen over {' and '.join(over)}" if over else "Chosen"
        case "resolution" if event in amendment.get("agrees", ()):
            return f"Said to tell the same as {amendment['chosen']}"
        case "resolution":
            return f"Decided against, in favour of {amendment['chosen']},"
        case "confirmation" if "by_its_author" in amendment:
            return "Confirmed, though by the author of the record itself,"
        case type:
            return {
                "correction": "Corrected",
                "retraction": "Retracted",
                "restoration": "Restored",
                "confirmation": "Confirmed",
                "dispute": "Disputed",
            }[type]


def said_entry_date(entry: ChronologyEventJson) -> str:
    """When an event of a chronology happened, as its source wrote it."""
    return said_dated(entry, entry["zone"]) or "at an unknown time"


def said_marks(marks: tuple[str, ...]) -> str:
    """What the marks of an event mean, in one line; empty if it has none."""
    return "; ".join(MARKS[mark] for mark in marks)


def said_mark_notes(marks: tuple[str, ...]) -> str:
    """The marks named in a label: " · corrected · disputed"."""
    return "".join(f" · {_MARK_NOTES[mark]}" for mark in marks if mark in _MARK_NOTES)


def said_days(start: int, end: int, zone: str) -> str:
    """The days from one instant to another: from 3 March 2026 to 5 March 2026."""
    return f"from {said_day_of(start, zone)} to {said_day_of(end, zone)}"


_NO_LEGEND: Legend = {"records": {}, "entities": {}}


class Words:
    """Puts an answer in words, with its legend, for a newsroom."""

    def __init__(self, settings: Settings, legend: Legend = _NO_LEGEND):
        self.settings = settings
        self.zone = settings.zone
        self._legend = legend

    def name(self, slug: str) -> str:
        """The first name of an entity, or its slug if it has none."""
        entity = self._legend["entities"].get(slug)
        return entity["names"][0] if entity and entity["names"] else slug

    def other_names(self, slug: str) -> list[str]:
        """The other names and slugs of an entity."""
        entity = self._legend["entities"].get(slug)
        if entity is None:
            return []
        return [*entity["names"][1:], *(each for each in entity["slugs"] if each != slug)]

    def record(self, id: str) -> RecordLegend | None:
        """A record that the answer names."""
        return self._legend["records"].get(id)

    def dated(self, id: str) -> list[Content]:
        """The fields that date an event, as it reads and as it was recorded, if that differs.

        Empty for an amendment.
        """
        record = self.record(id)
        return [] if record is None else record["dates"]

    def dates(self, ids: Iterable[str]) -> list[temporal.ParsedDate]:
        """The dates of events, as they read and as they were recorded."""
        dated = (each for id in ids for each in self.dated(id))
        return [temporal.read(each["when"], each["zone"]) for each in dated if "when" in each]

    def when(self, id: str) -> str:
        """When an event happened: its date, and its order; empty if it has neither."""
        return next((said_dated(each, each["zone"]) for each in self.dated(id)), "")

    def date(self, entry: ChronologyEventJson) -> str:
        """The date and order in an entry of an answer."""
        return said_dated(entry, entry["zone"])

    def edtf(self, text: str) -> str:
        """A date of its own, such as that of a source; the text itself if it is not EDTF."""
        try:
            return said_date(temporal.read(text, self.zone)).removesuffix(", UTC")
        except temporal.TimeError:
            return text

    def bounds(self, bounds: list[str | None], ids: Iterable[str] = ()) -> str:
        """Bounds, in the words of one of these events, if it has the same."""
        return said_bounds(bounds, self.dates(ids))

    def as_of(self, answer: BasisJson) -> str:
        """The valid time of an answer."""
        return said_as_of(answer["as_of"], answer, self.zone)

    def known(self, answer: KnownJson) -> str:
        """The position up to which the log was read for an answer."""
        return said_known(answer, self.zone)

    def recorded(self, stamp: str) -> str:
        """A time of recording, in the newsroom's zone."""
        return local(temporal.parse_instant(stamp), self.zone)

    def signed(self, record: ActJson) -> str:
        """When a record was recorded, and by whom."""
        return f"{self.recorded(record['recorded_at'])}, by {author(record.get('recorded_by'))}"


def author(name: str | None) -> str:
    """Who recorded something."""
    return name or "someone"
