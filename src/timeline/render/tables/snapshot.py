"""The state of an entity."""

from __future__ import annotations

from timeline.projections.measurements import MeasurementJson
from timeline.projections.snapshot import SnapshotAnswer, SnapshotStatementJson
from timeline.projections.statement import HeldJson
from timeline.render.measurements import (
    MeasuredStatement,
    measured,
    said_measurement,
    said_reservations,
)
from timeline.render.tables.parts import (
    CERTAIN,
    POSSIBLE,
    safe_statement,
    show_accounts,
    show_findings,
)
from timeline.render.terminal import safe, say
from timeline.render.wording import (
    NOT_RULED_OUT,
    Words,
    is_not_ruled_out,
    said_as_of,
    said_during,
    said_qualifiers,
    said_sources,
)


def show(answer: SnapshotAnswer, words: Words) -> None:
    """Print the state of an entity."""
    say(safe(answer["entity"]), bold=True)
    times = [words.known(answer)]
    if "during" in answer:
        times.insert(0, said_during(answer["during"], answer, words.zone))
    elif "as_of" in answer:
        times.insert(0, said_as_of(answer["as_of"], answer, words.zone))
    say("; ".join(times), dim=True)
    say()
    entries = sorted(answer["statements"], key=is_not_ruled_out)
    first_apart = next(filter(is_not_ruled_out, entries), None)
    for entry, found in zip(entries, measured(entries), strict=True):
        if entry is first_apart:
            if entry is not entries[0]:
                say()
            say(NOT_RULED_OUT, bold=True)
        certain = entry["certainty"] == "certain"
        said = safe_statement(entry) if found is None else _measured(entry, found.now, words)
        text = f"{CERTAIN if certain else POSSIBLE} {said}"
        say(text, hang=2, fg=None if certain else "yellow")
        say(said_state(entry, found, words), indent=2, hang=2, dim=True)
        show_accounts(entry, words, indent=4)
        for each in found.earlier if found else ():
            notes = "; ".join([*said_reservations(each, words), each["id"]])
            say(safe(f"before: {said_measurement(each, words)} ({notes})"), indent=2, hang=2)
    if not answer["statements"]:
        say("no statement holds", dim=True)
    if answer["comments"]:
        say()
        say("Comments", bold=True)
    for comment in answer["comments"]:
        quote = f": “{safe(comment['quote'])}”" if comment["quote"] else ""
        when = words.when(comment["id"])
        doubt = f" ({comment['standing']})" if comment["standing"] != "reported" else ""
        say(f"{safe(comment['speaker'])}, {safe(when)}{quote}{doubt}", hang=2)
    if answer["questions"]:
        say()
        say("Open questions", bold=True)
    for question in answer["questions"]:
        when = words.when(question["id"])
        say(f"{safe(question['question'])} (since {safe(when)})", hang=2)
    show_findings(answer["findings"])
    if answer["statements"]:
        say()
        say(f"{CERTAIN} certain  {POSSIBLE} possible", dim=True)


def _measured(entry: SnapshotStatementJson, now: MeasurementJson, words: Words) -> str:
    """Such as "lab staff more than 650 of 770 employees · 20 November 2023"."""
    number = said_measurement(now, words)
    qualifiers = said_qualifiers(entry["qualifiers"])
    return safe(f"{entry['subject']} {entry['property']} {number}{qualifiers}")


def said_state(entry: HeldJson, found: MeasuredStatement | None, words: Words) -> str:
    """Such as "certain since 3 March 2026, Beijing time; 2 sources; because …".

    A measurement holds for its date, so it has that instead of a beginning and an end.
    """
    parts: list[str] = []
    if found is not None:
        parts += said_reservations({**found.now, "certainty": entry["certainty"]}, words)
    elif entry["since"]:
        since = words.bounds(entry["since"], entry["because"])
        parts.append(f"{entry['certainty']} since {since}")
    else:
        parts.append(entry["certainty"])
    if entry["until"] and found is None:
        parts.append(f"until {words.bounds(entry['until'], entry['because'])}")
    if entry["standing"] != "reported":
        parts.append(entry["standing"])
    sources = said_sources(entry["sources"])
    parts += [sources, "because " + ", ".join(entry["because"])]
    return safe("; ".join(parts))
