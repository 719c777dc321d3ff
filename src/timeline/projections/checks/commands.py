"""Commands that record how a statement began or ended, for the findings that miss it."""

from __future__ import annotations

from timeline.certainty.effects import Statement
from timeline.history.event import Event
from timeline.projections.contradictions import link_text
from timeline.projections.finding import SOURCE, WHEN, command


def beginning_of(statement: Statement, end: Event) -> str:
    """The command that records how a statement began, at some time before its end."""
    type = {"member-of": "joined", "released-by": "released"}.get(statement.property, "began")
    rest = ["--before", link_text(end.id), "--source", SOURCE]
    return _append(type, statement, end.record.story, rest)


def end_of(statement: Statement, begin: Event) -> str:
    """The command that records how a statement ended."""
    type = {"member-of": "departed", "released-by": "withdrawn"}.get(statement.property, "ended")
    return _append(type, statement, begin.record.story, ["--when", WHEN, "--source", SOURCE])


def _append(type: str, statement: Statement, story: str, rest: list[str]) -> str:
    value = str(statement.value)
    match type:
        case "joined" | "departed":
            own = ["--person", statement.subject, "--organisation", value]
        case "released" | "withdrawn":
            own = ["--product", statement.subject, "--organisation", value]
        case _:
            own = ["--subject", statement.subject]
            own += ["--property", statement.property, "--value", value]
    for name, text in statement.qualifiers:
        field = name == "role" and type in ("joined", "departed")
        own += [f"--{name}", text] if field else ["--qualifier", f"{name}={text}"]
    return command("append", type, "--story", story, *own, *rest)
