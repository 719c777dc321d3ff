"""Whether kept answers would be given again, for people."""

from __future__ import annotations

from collections.abc import Sequence

from timeline import temporal
from timeline.projections.answer import Answer
from timeline.render.json_output import json_text
from timeline.render.tables.view import View
from timeline.render.terminal import safe, say
from timeline.render.wording import count, local, said_date

# How many of the records behind one change are told.
TOLD = 5


def show_assertions(reports: Sequence[Answer], view: View) -> None:
    """Each kept answer: whether it would be given again, and what has changed since."""
    for report in reports:
        say(safe(report["file"]), bold=True)
        say(safe(_question(report, view)), indent=2, hang=2, dim=True)
        _show_then(report)
        if report["moved"] is not None:
            _show_now(report, view)
    say()
    rewritten = sum(not each["unchanged"] for each in reports)
    moved = sum(bool(each["moved"]) for each in reports)
    told = f"{count(rewritten, 'answer')} would not be given again"
    say(f"{count(len(reports), 'kept answer')}: " + (told if rewritten else "history is unchanged"))
    if moved:
        say(f"as known now, {moved:,} would be answered otherwise", dim=True)


def _question(report: Answer, view: View) -> str:
    about = report.get("entity") or report.get("story")
    parts = [f"{report['projection']} of {about or 'everything'}"]
    if report["as_of"] is not None:
        zone = view.settings.zone
        parts.append(f"as of {said_date(temporal.read(report['as_of'], zone))}")
    return "; ".join([*parts, f"as known at {report['as_known']}"])


def _show_then(report: Answer) -> None:
    place = report["difference"]
    if place is None:
        say("as known then: the same answer", indent=2, hang=2, fg="green")
        return
    if report["moved"] is None:
        text = f"the log ends at {report['head']}: it is another, or was cut short"
    else:
        old, new = (json_text(place[side], indent=False) for side in ("kept", "again"))
        text = f"{place['at']} was {_short(old)}, and is {_short(new)}"
    told = f"REWRITTEN, or computed otherwise: {text}"
    say(safe(told), indent=2, hang=2, fg="red")


def _show_now(report: Answer, view: View) -> None:
    if not report["moved"]:
        say("as known now: the same answer", indent=2, hang=2)
        return
    later = count(report["head"] - report["as_known"], "record")
    say(f"as known now, {later} later:", indent=2, hang=2)
    for change in report["changes"]:
        say(safe(f"{change['mark']} {change['what']}"), indent=4, hang=2)
        records = change["records"]
        for record in records[:TOLD]:
            when = local(temporal.parse_instant(record["recorded_at"]), view.settings.zone)
            who = record["recorded_by"] or "somebody"
            what = f"by {record['id']} ({record['type']}, at {record['position']}), {who}, {when}"
            say(safe(what), indent=6, hang=2, dim=True)
        if len(records) > TOLD:
            say(f"and by {count(len(records) - TOLD, 'other record')}", indent=6, dim=True)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
