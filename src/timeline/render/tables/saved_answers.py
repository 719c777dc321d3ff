"""Whether saved answers are still what the log gives."""

from __future__ import annotations

from collections.abc import Sequence

from timeline.projections.answer import Answer
from timeline.projections.positions import written
from timeline.render.json_output import json_text
from timeline.render.terminal import safe, say
from timeline.render.wording import Words, author, count
from timeline.temporal.wording import said_end

# The most records shown for one change.
MOST_RECORDS = 5


def show(reports: Sequence[Answer], words: Words) -> None:
    """Print each saved answer: whether it is reproduced, and what has changed since."""
    for report in reports:
        say(safe(report["file"]), bold=True)
        say(safe(_question(report, words)), indent=2, hang=2, dim=True)
        _show_then(report)
        if report["moved"] is not None:
            _show_now(report, words)
    say()
    rewritten = sum(not each["unchanged"] for each in reports)
    moved = sum(bool(each["moved"]) for each in reports)
    result = f"{count(rewritten, 'answer')} not reproduced" if rewritten else "history is unchanged"
    say(f"{count(len(reports), 'saved answer')}: {result}")
    if moved:
        say(f"as known now, {count(moved, 'answer')} differ{'s' if moved == 1 else ''}", dim=True)


def _question(report: Answer, words: Words) -> str:
    about = report.get("entity") or report.get("story")
    parts = [f"{report['projection']} of {about or 'everything'}"]
    if report["as_of"] is not None:
        parts.append(said_end(report["as_of"], words.zone))
    return "; ".join([*parts, f"as known at {written(report['as_known'])}"])


def _show_then(report: Answer) -> None:
    place = report["difference"]
    if place is None:
        say("as known then: the same answer", indent=2, hang=2, fg="green")
        return
    if report["moved"] is None:
        text = f"the log ends at {report['head']}: it is another log, or was truncated"
    else:
        old, new = (json_text(place[side], indent=False) for side in ("kept", "again"))
        text = f"{place['at']} was {_short(old)}, and is {_short(new)}"
    result = f"REWRITTEN, or computed differently: {text}"
    say(safe(result), indent=2, hang=2, fg="red")


def _show_now(report: Answer, words: Words) -> None:
    if not report["moved"]:
        say("as known now: the same answer", indent=2, hang=2)
        return
    later = count(report["head"] - report["as_known"], "record")
    say(f"as known now, {later} later:", indent=2, hang=2)
    for change in report["changes"]:
        say(safe(f"{change['mark']} {change['what']}"), indent=4, hang=2)
        records = change["records"]
        for record in records[:MOST_RECORDS]:
            who, when = author(record["recorded_by"]), words.recorded(record["recorded_at"])
            what = f"by {record['id']} ({record['type']}, {written(record['position'])})"
            say(safe(f"{what}, {who}, {when}"), indent=6, hang=2, dim=True)
        if len(records) > MOST_RECORDS:
            say(f"and by {count(len(records) - MOST_RECORDS, 'other record')}", indent=6, dim=True)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
