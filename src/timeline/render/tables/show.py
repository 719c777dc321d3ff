"""One record, as it reads and as it was amended."""

from __future__ import annotations

from timeline import temporal
from timeline.projections.positions import written
from timeline.projections.show import ShowAnswer
from timeline.records.record import Content
from timeline.render.terminal import safe, say
from timeline.render.wording import Words, plain
from timeline.temporal.wording import said_date


def show(answer: ShowAnswer, words: Words) -> None:
    """Print one record and its amendments."""
    record, reads = answer["record"], answer["reads"]
    title = reads["headline"] if reads else answer["headline"]
    say(safe(title), bold=True)
    say(safe(" · ".join([record["type"], record["id"], *_state(answer)])), hang=2)
    _say_recorded(record, words)
    if reads:
        say(f"when         {_said_own_date(reads['content'], reads['zone'])}", hang=13)
        bounds = ", ".join(side or "open" for side in reads["bounds"])
        say(f"bounds       [{bounds})", hang=13)
    shown = reads["content"] if reads else record
    hidden = {"id", "story", "type", "when", "zone", "headline", "sources", "position"}
    for name, value in shown.items():
        if name not in hidden and not name.startswith("recorded_"):
            say(f"{name:<12} {safe(plain(value))}", hang=13)
    for citation in shown.get("sources", []):
        _say_source(citation)
    was = dict(record)
    for amendment in answer["amendments"]:
        say()
        parts = [f"{amendment['type']} {amendment['id']}", amendment.get("reason")]
        say(safe(": ".join(filter(None, parts))), hang=2, bold=True)
        _say_recorded(amendment, words)
        for name in ("between", "chosen", "over", "agrees"):
            if name in amendment:
                say(f"{name:<12} {safe(plain(amendment[name]))}", hang=13)
        for name, value in amendment.get("changes", {}).items():
            old, was[name] = was.get(name), value
            say(f"{safe(name)}: {safe(plain(old))} → {safe(plain(value))}", indent=2, hang=2)
        for citation in amendment.get("sources", []):
            _say_source(citation)


def _state(answer: ShowAnswer) -> list[str]:
    """The state of an event: whether it stands, is dissent, or is disputed."""
    standing = answer["standing"]
    if standing is None:
        return []
    if not answer["stands"]:
        return ["RETRACTED"]
    against = answer["decided_against"]
    state = [f"dissent: {against['chosen']} was chosen" if against else "stands"]
    return state if standing == "reported" else [*state, standing]


def _said_own_date(content: Content, zone: str) -> str:
    """The date of an event in words and as it was written, if it has one."""
    if "when" not in content:
        return "not dated"
    when = temporal.read(content["when"], zone)
    return f"{said_date(when)} (written {safe(when.edtf)})"


def _say_source(citation: dict[str, str]) -> None:
    parts = [citation.get(part) for part in ("publisher", "title", "published", "locator")]
    lines = [", ".join(filter(None, parts)), citation.get("url", "")]
    for number, line in enumerate(filter(None, lines)):
        say(f"{'' if number else 'source':<12} {safe(line)}", hang=13)
    if citation.get("quote"):
        say(f"“{safe(citation['quote'])}”", indent=13, hang=1)


def _say_recorded(record: Content, words: Words) -> None:
    recorded = words.recorded(record["recorded_at"])
    who = f" by {safe(record['recorded_by'])}" if record.get("recorded_by") else ""
    say(f"recorded     {recorded}{who}, {written(record['position'])}", hang=13)
