"""Corrections ready to print: what readers saw, and how it reads now."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from typing_extensions import TypedDict

from timeline import temporal
from timeline.history.entity_resolution import Resolver
from timeline.history.event import Event
from timeline.history.history import History
from timeline.projections.answer import RecordIds, Timestamp
from timeline.records.declaration import Kind
from timeline.records.record import LINKS, Record, headline
from timeline.temporal.wording import said_date, said_day, said_duration, said_zone


class PublishedChangeJson(TypedDict):
    """A field that readers saw, and how it reads now."""

    field: str
    old: Any
    new: Any


class NoticeJson(TypedDict):
    """A correction notice, ready to print."""

    id: str
    date: Timestamp
    old: str
    new: str | None
    fields: list[PublishedChangeJson]
    reasons: list[str]
    records: RecordIds
    by: list[str]
    text: str


# Fields whose correction does not mean that readers were given anything wrong.
_SILENT = {"sources", "tags"}

_IN_DISPUTE = ("disputed", "contested")


def notices(
    old: History,
    new: History,
    later: Iterable[Record],
    concerns: Callable[[Event, Event], bool],
) -> list[NoticeJson]:
    """A notice for each event that counted in `old` and that was amended since.

    A notice is due if the event was retracted or overruled, or reads differently; and, as a
    clarification, if it has become disputed or has new rival accounts. New sources, tags and
    confirmations need none. If two entities were taken for one, what was said about the wrong
    one is corrected too. `later` are the records since; `concerns` decides, from an event
    before and after, whether it was asked about.
    """
    found = []
    separations = [record for record in later if record.type.name == "not-same-entity"]
    for before in old.counting():
        after = new[before.id]
        amendments = after.amendments[len(before.amendments) :]
        if after.dissent is not None and after.dissent.id not in [each.id for each in amendments]:
            # Another account was chosen by a resolution that does not name this one.
            amendments += (after.dissent,)
        if before.content != after.content:
            amendments += tuple(_separating(before, after, separations))
        if amendments and concerns(before, after):
            found.append(_notice(before, after, amendments, new))
    return [each for each in found if each is not None]


def _separating(before: Event, after: Event, separations: Iterable[Record]) -> Iterator[Record]:
    """Those because of which an event now names another entity."""
    was, now = (set(each.entities) for each in (before, after))
    for record in separations:
        if (was ^ now) & {*record.content["entities"]}:
            yield record


class Wrong(NamedTuple):
    """What was wrong in a report, in print.

    `said` are sentences, empty if nothing was wrong; `reads` is the headline that is right
    now, if there is one; `kinds` are the types of amendment that corrected it, and `fields`
    what they changed.
    """

    title: str
    said: list[str]
    reads: str | None
    kinds: set[str]
    fields: list[PublishedChangeJson]


def what_was_wrong(
    before: Event, after: Event, amendments: Sequence[Record], new: History
) -> Wrong:
    """What was wrong in a report as it read `before`, by the amendments since."""
    fields = _fields(before, after, amendments, new.names)
    if not after.stands:
        said = ["We have withdrawn that report."]
        return Wrong("Retraction", said, None, {"retraction"}, fields)
    if after.dissent is not None:
        chosen = _told_by(new[after.dissent.content["chosen"]], new)
        if not chosen.counts:
            return Wrong("Correction", ["We no longer do."], None, {"resolution"}, fields)
        return _told_otherwise(before, chosen, new)
    if after.told_by is not None:
        return _told_otherwise(before, _told_by(after, new), new)
    kinds: set[str] = set()
    said = []
    if {each["field"] for each in fields} - _SILENT:
        kinds |= {"correction", "not-same-entity"}
        said += _sentences(before, after, fields, new)
    title = "Correction" if said else "Clarification"
    for kind, sentence, field in _doubts(before, after, amendments, new):
        kinds.add(kind)
        said.append(sentence)
        fields.append(field)
    return Wrong(title, said, after.headline, kinds, fields)


def _told_by(event: Event, history: History) -> Event:
    """The account that represents an event."""
    return event if event.told_by is None else history[event.told_by]


def _told_otherwise(before: Event, chosen: Event, new: History) -> Wrong:
    """What was wrong where another account was chosen: only what differs between the two."""
    fields = _differing(before, chosen, new.names)
    line = _quoted(printed_headline(chosen, new.names))
    said = list(_sentences(before, chosen, fields, new))
    if printed_headline(before, new.names) != printed_headline(chosen, new.names):
        said[0] = f"We now hold that {line}."
    return Wrong("Correction", said, chosen.headline, {"resolution"}, fields)


def _differing(before: Event, after: Event, names: Resolver) -> list[PublishedChangeJson]:
    """The fields in which two accounts of one event differ."""
    own = dict.fromkeys((*before.type.fields, *after.type.fields, "qualifiers"))
    pairs = [(field, before.content.get(field), after.content.get(field)) for field in own]
    if before.when != after.when:
        pairs.append(("when", before.content.get("when"), after.content.get("when")))
    return [
        {"field": field, "old": old, "new": new}
        for field, old, new in pairs
        if _canonical(old, names) != _canonical(new, names) or field == "when"
    ]


def _notice(
    before: Event, after: Event, amendments: Sequence[Record], new: History
) -> NoticeJson | None:
    wrong = what_was_wrong(before, after, amendments, new)
    if not wrong.said:
        return None
    behind = [each for each in amendments if each.type.name in wrong.kinds and _matters(each)]
    last = behind[-1]
    reasons = list(dict.fromkeys(each.content["reason"] for each in behind if _reason(each)))
    printed = reasons if after.stands and after.dissent is None else reasons[-1:]
    day = temporal.local_text(last.recorded_at, last.default_zone)[:10]
    reported = _quoted(printed_headline(before, new.names))
    text = f"{wrong.title}, {said_day(day)}: we reported {reported}. "
    text += " ".join(wrong.said)
    if printed:
        label = "Reason" if len(printed) == 1 else "Reasons"
        text += f" ({label}: {_stopped('; '.join(printed))})"
    return {
        "id": before.id,
        "date": temporal.format_instant(last.recorded_at),
        "old": before.headline,
        "new": wrong.reads,
        "fields": wrong.fields,
        "reasons": reasons,
        "records": [each.id for each in behind],
        "by": list(dict.fromkeys(each.recorded_by for each in behind if each.recorded_by)),
        "text": text,
    }


def _matters(amendment: Record) -> bool:
    """Whether an amendment changed what readers see."""
    return amendment.type.name != "correction" or bool(
        amendment.content["changes"].keys() - _SILENT
    )


def _reason(amendment: Record) -> str | None:
    return amendment.content.get("reason")


def _fields(
    before: Event, after: Event, amendments: Sequence[Record], names: Resolver
) -> list[PublishedChangeJson]:
    """The fields that corrections changed in more than the slug of an entity."""
    changed: dict[str, None] = {}
    for each in amendments:
        if each.type.name == "correction":
            changed.update(dict.fromkeys(each.content["changes"]))
        elif each.type.name == "not-same-entity":
            changed.update(dict.fromkeys(before.type.fields))
    pairs = ((field, before.content.get(field), after.content.get(field)) for field in changed)
    return [
        {"field": field, "old": old, "new": new}
        for field, old, new in pairs
        if _canonical(old, names) != _canonical(new, names)
    ]


def _canonical(value: Any, names: Resolver) -> Any:
    if isinstance(value, list):
        return [_canonical(each, names) for each in value]
    return names.canonical(value) if isinstance(value, str) else value


def _sentences(
    before: Event, after: Event, fields: Sequence[PublishedChangeJson], new: History
) -> Iterator[str]:
    """What was wrong, field by field, except what the corrected headline already says."""
    old_line, new_line = printed_headline(before, new.names), printed_headline(after, new.names)
    covered = _SILENT | {"headline"}
    if old_line != new_line:
        yield f"It should have read {_quoted(new_line)}."
        if not (before.content.get("headline") or after.content.get("headline")):
            covered |= set(re.findall(r"{(\w+)}", before.type.headline))
    names = {each["field"] for each in fields}
    if names & {"when", "zone"} and (before.when or after.when):
        yield _dated(before, after)
    for each in fields:
        match each["field"]:
            case "when" | "zone":
                pass
            case "body":
                yield "The text of the report has been corrected."
            case name if name not in covered:
                yield _given(name, each["old"], each["new"], before, new)


def _dated(before: Event, after: Event) -> str:
    old, new = before.when, after.when
    if old is None:
        assert new is not None
        return f"We gave no date; the date is {said_date(new)}."
    if new is None:
        return f"We dated it {said_date(old)}; its date is not known."
    first, last = said_date(old), said_date(new)
    if old.zone == new.zone:
        # The zone is named only if it differs.
        zone = said_zone(old.zone)
        first, last = first.removesuffix(zone), last.removesuffix(zone)
    return f"We dated it {first}; the right date is {last}."


def _given(name: str, old: Any, new: Any, event: Event, history: History) -> str:
    field = name.replace("_", " ")
    kind = event.type.fields[name].kind if name in event.type.fields else None
    was, now = (_said(each, kind, history) for each in (old, new))
    if name in LINKS:
        was, now = (each and f"{name} {each}" for each in (was, now))
        if was and now:
            return f"We placed it {was}; it should have been {now}."
        return (
            f"We should have placed it {now}."
            if now
            else f"An earlier version placed it {was}; we no longer say so."
        )
    if was and now:
        return f"We gave the {field} as {was}; it should have been {now}."
    if now:
        return f"We gave no {field}; it should have been {now}."
    return f"We gave the {field} as {was}; we should not have given one."


def _said(value: Any, kind: Kind | None, history: History) -> str | None:
    """A value in print."""
    match value:
        case None:
            return None
        case list():
            return ", ".join(filter(None, (_said(each, kind, history) for each in value)))
        case {"id": id}:
            linked = history.get(id)
            within = f" (within {said_duration(value['within'])})" if "within" in value else ""
            named = _quoted(printed_headline(linked, history.names)) if linked else id
            return f"{named}{within}"
        case dict():
            return ", ".join(f"{name}: {text}" for name, text in value.items())
        case str():
            return _quoted(_name(value, kind, history.names))
    return str(value)


def _doubts(
    before: Event, after: Event, amendments: Sequence[Record], history: History
) -> Iterator[tuple[str, str, PublishedChangeJson]]:
    """New doubts: the type of amendment that raised each, a sentence, and the changed field."""
    is_new = after.standing in _IN_DISPUTE and before.standing not in _IN_DISPUTE
    if is_new and any(each.type.name == "dispute" for each in amendments):
        field: PublishedChangeJson = {
            "field": "standing",
            "old": before.standing,
            "new": after.standing,
        }
        yield "dispute", "This is disputed.", field
    found = [id for id in after.rivals if id not in before.rivals]
    if found and any(each.type.name == "conflict" for each in amendments):
        lines = " and ".join(_quoted(printed_headline(history[id], history.names)) for id in found)
        field = {"field": "rivals", "old": list(before.rivals), "new": list(after.rivals)}
        others = "is another account" if len(found) == 1 else "are other accounts"
        yield "conflict", f"There {others}, and it is not settled which is right: {lines}.", field


def printed_headline(event: Event, names: Resolver) -> str:
    """The headline as it is printed: with the names of entities in place of slugs."""
    content = dict(event.content)
    for name, field in event.type.fields.items():
        value = content.get(name)
        if isinstance(value, list):
            content[name] = [_name(each, field.kind, names) for each in value]
        elif isinstance(value, str):
            content[name] = _name(value, field.kind, names)
    return headline(event.type, content)


def _name(value: Any, kind: Kind | None, names: Resolver) -> Any:
    named = (Kind.ENTITY, Kind.ENTITIES, Kind.VALUE, Kind.QUANTITY)
    if kind in named and isinstance(value, str):
        return next(iter(names.get(value).names), value)
    return value


def _quoted(text: str) -> str:
    return f"“{text}”"


def _stopped(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
