"""The views for people: they read well in 80 columns, with colour or without."""

from __future__ import annotations

from collections.abc import Iterable

from timeline import temporal
from timeline.cli.output import safe, say
from timeline.cli.speech import count, local, said_date, said_when
from timeline.events.record import Record, headline
from timeline.history import History
from timeline.newsroom import Newsroom
from timeline.projections.answer import Answer

CERTAIN, POSSIBLE = "●", "○"


def show_snapshot(answer: Answer, newsroom: Newsroom, history: History) -> None:
    """The state of an entity."""
    say(safe(answer["entity"]), bold=True)
    _show_basis(answer, newsroom)
    say()
    for entry in answer["statements"]:
        certain = entry["certainty"] == "certain"
        text = f"{CERTAIN if certain else POSSIBLE} {said_statement(entry)}"
        say(text, hang=2, fg=None if certain else "yellow")
        say(_standing(entry, history), indent=2, hang=2, dim=True)
    if not answer["statements"]:
        say("no statement holds", dim=True)
    if answer["comments"]:
        say()
        say("Comments", bold=True)
    for comment in answer["comments"]:
        quote = f": “{safe(comment['quote'])}”" if comment["quote"] else ""
        say(f"{safe(comment['speaker'])}, {said_when(history[comment['id']])}{quote}", hang=2)
    if answer["questions"]:
        say()
        say("Open questions", bold=True)
    for question in answer["questions"]:
        when = said_when(history[question["id"]])
        say(f"{safe(question['question'])} (since {when})", hang=2)
    if answer["statements"]:
        say()
        say(f"{CERTAIN} certain  {POSSIBLE} possible", dim=True)


def _show_basis(answer: Answer, newsroom: Newsroom) -> None:
    as_of = said_date(temporal.read(answer["as_of"], newsroom.settings.zone))
    if answer["recorded_at"] is None:
        say(f"as of {as_of}; as known before anything was recorded", dim=True)
        return
    recorded = local(temporal.parse_instant(answer["recorded_at"]), newsroom.settings.zone)
    say(f"as of {as_of}; as known at {answer['as_known']} ({recorded})", dim=True)


def said_statement(entry: Answer) -> str:
    """A statement in a line."""
    parts = [entry["subject"], entry["property"], str(entry["value"])]
    qualifiers = ", ".join(f"{name}: {text}" for name, text in entry["qualifiers"].items())
    return safe(" ".join(parts) + (f" ({qualifiers})" if qualifiers else ""))


def _standing(entry: Answer, history: History) -> str:
    """Certain since 3 March 2026, Beijing time; 2 sources; because …"""
    dates = [found.when for id in entry["because"] if (found := history.get(id))]
    parts = [entry["certainty"]]
    if entry["since"]:
        parts[0] += f" since {_said_bounds(entry['since'], dates)}"
    if entry["until"]:
        parts.append(f"until {_said_bounds(entry['until'], dates)}")
    parts += [count(entry["sources"], "source"), "because " + ", ".join(entry["because"])]
    return safe("; ".join(parts))


def _said_bounds(bounds: list[str | None], dates: list[temporal.Reading]) -> str:
    """Bounds as one of these dates gave them, if one did; else in instants."""
    for reading in dates:
        if temporal.reading_json(reading)["bounds"] == bounds:
            return said_date(reading)
        for side in (reading.begin, reading.end) if reading.kind == "period" else ():
            if side is not None and [_instant(each) for each in side] == bounds:
                first, _, last = reading.edtf.partition("/")
                text = first if side is reading.begin else last
                return said_date(temporal.read(text, reading.zone))
    earliest, latest = (side and side[:16].replace("T", " ") for side in bounds)
    if earliest is None:
        return f"some time before {latest} UTC"
    if latest is None:
        return f"some time from {earliest} UTC on"
    return f"between {earliest} and {latest} UTC"


def _instant(side: int | None) -> str | None:
    return None if side is None else temporal.format_instant(side)


def show_chronology(answer: Answer, newsroom: Newsroom) -> None:
    """What happened, in order."""
    say(safe(answer["story"] or answer["entity"]), bold=True)
    _show_basis(answer, newsroom)
    say()
    for entry in answer["happenings"]:
        when = said_date(temporal.read(entry["when"], entry["zone"]))
        firm = entry["order"] == "certain" and entry["certainty"] == "certain"
        say(f"{CERTAIN if firm else POSSIBLE} {when}", fg=None if firm else "yellow")
        say(safe(entry["headline"]), indent=2, hang=2, bold=True)
        notes = [entry["id"], count(entry["sources"], "source")]
        notes += [f"amended by {', '.join(entry['amendments'])}"] if entry["amendments"] else []
        notes += ["may not have happened yet"] if entry["certainty"] == "possible" else []
        say(safe("; ".join(notes)), indent=2, hang=2, dim=True)
    if not answer["happenings"]:
        say("nothing is known to have happened", dim=True)
        return
    say()
    say(
        f"{CERTAIN} surely after the one above  {POSSIBLE} possibly at the same time, or before",
        dim=True,
    )


def show_steps(steps: Iterable[Answer], newsroom: Newsroom) -> None:
    """The audit, record by record."""
    for step in steps:
        recorded = local(temporal.parse_instant(step["recorded_at"]), newsroom.settings.zone)
        who = safe(step["recorded_by"] or "somebody")
        say(f"{step['position']}  {recorded}  {who}: {step['type']}", hang=4, dim=True)
        say(safe(step["headline"]), indent=2, hang=2, bold=True)
        show_changes(step)


def show_changes(step: Answer) -> None:
    """What a record changes in the state."""
    when = temporal.read(step["when"], step["zone"])
    for change in step["changes"]:
        before, after = change["before"], change["after"]
        mark, colour = (
            ("+", "green") if not before else ("-", "red") if not after else ("~", "blue")
        )
        if "listing" in change:
            entry = after or before
            text = entry.get("question") or f"{entry['speaker']}: {entry.get('quote') or '…'}"
            say(f"{mark} {change['listing']}: {safe(text)}", indent=2, hang=2, fg=colour)
            continue
        told = _told(after, when) if after else "no longer"
        if before:
            told += f" (was {_told(before, when)})"
        say(f"{mark} {said_statement(change)}: {safe(told)}", indent=2, hang=2, fg=colour)


def _told(state: Answer, when: temporal.Reading) -> str:
    parts = [state["certainty"]]
    for side in ("since", "until"):
        if state[side]:
            parts.append(f"{side} {_said_bounds(state[side], [when])}")
    return ", ".join(parts)


def show_log(records: Iterable[Record], newsroom: Newsroom) -> None:
    """The records, two lines each."""
    for record in records:
        recorded = local(record.recorded_at, newsroom.settings.zone)
        who = f"  {safe(record.recorded_by)}" if record.recorded_by else ""
        say(f"{record.position}  {recorded}{who}  {record.type.name}  {safe(record.id)}", hang=4)
        say(safe(headline(record.type, record.content)), indent=2, hang=2, bold=True)


def show_lineage(answer: Answer, newsroom: Newsroom) -> None:
    """One record, and what was made of it."""
    record, reads = answer["record"], answer["reads"]
    title = reads["headline"] if reads else answer["headline"]
    say(safe(title), bold=True)
    state = "" if answer["stands"] is None else "stands" if answer["stands"] else "RETRACTED"
    say(safe(" · ".join(filter(None, [record["type"], record["id"], state]))), hang=2)
    _say_recorded(record, newsroom)
    if reads:
        when = temporal.read(reads["content"]["when"], reads["zone"])
        bounds = ", ".join(side or "open" for side in reads["bounds"])
        say(f"when         {said_date(when)} (written {safe(when.edtf)})", hang=13)
        say(f"bounds       [{bounds})", hang=13)
    shown = reads["content"] if reads else record
    hidden = {"id", "story", "type", "when", "zone", "headline", "sources", "position"}
    for name, value in shown.items():
        if name not in hidden and not name.startswith("recorded_"):
            say(f"{name:<12} {safe(_plain(value))}", hang=13)
    for citation in shown.get("sources", []):
        _say_source(citation)
    was = dict(record)
    for amendment in answer["amendments"]:
        say()
        say(
            safe(f"{amendment['type']} {amendment['id']}: {amendment['reason']}"), hang=2, bold=True
        )
        _say_recorded(amendment, newsroom)
        for name, value in amendment.get("changes", {}).items():
            old, was[name] = was.get(name), value
            say(f"{safe(name)}: {safe(_plain(old))} → {safe(_plain(value))}", indent=2, hang=2)


def _say_source(citation: dict[str, str]) -> None:
    parts = [citation.get(part) for part in ("publisher", "title", "published", "locator")]
    lines = [", ".join(filter(None, parts)), citation.get("url", "")]
    for number, line in enumerate(filter(None, lines)):
        say(f"{'' if number else 'source':<12} {safe(line)}", hang=13)
    if citation.get("quote"):
        say(f"“{safe(citation['quote'])}”", indent=13, hang=1)


def _say_recorded(record: Answer, newsroom: Newsroom) -> None:
    recorded = local(temporal.parse_instant(record["recorded_at"]), newsroom.settings.zone)
    who = f" by {safe(record['recorded_by'])}" if record.get("recorded_by") else ""
    say(f"recorded     {recorded}{who}, position {record['position']}", hang=13)


def _plain(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case list():
            return ", ".join(_plain(each) for each in value)
        case {"quote": quote, **source}:
            return f"{source.get('title') or source.get('url')} “{quote}”"
        case dict():
            return ", ".join(f"{name}: {_plain(each)}" for name, each in value.items())
        case _:
            return str(value)


def show_reading(reading: temporal.Reading) -> None:
    """How a date is read."""
    say(f"{reading.edtf}  {said_date(reading)}", bold=True)
    say(f"precision    {reading.precision}; zone {reading.zone}; EDTF level {reading.level}")
    if reading.qualifiers:
        say(f"qualifiers   {', '.join(reading.qualifiers)}")
    for name, bounds in (("strict", reading.strict), ("bounds", reading.bounds)):
        earliest, latest = (_instant(side) or "open" for side in bounds)
        say(f"{name:<12} [{earliest}, {latest})")
