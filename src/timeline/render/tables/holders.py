"""Who held a role when."""

from __future__ import annotations

from timeline.projections.holders import HoldersAnswer, TermJson
from timeline.projections.offices import ROLE
from timeline.render.tables.parts import CERTAIN, POSSIBLE, show_accounts, show_findings
from timeline.render.tables.snapshot import said_state
from timeline.render.terminal import safe, say
from timeline.render.wording import (
    NOT_RULED_OUT,
    Words,
    is_not_ruled_out,
    said_as_of,
    said_qualifiers,
)


def show(answer: HoldersAnswer, words: Words) -> None:
    """Print the terms of all who held a role, in order."""
    say(safe(f"{answer['role']} of {words.name(answer['organisation'])}"), bold=True)
    times = words.known(answer)
    if answer["as_of"] is not None:
        times = f"{said_as_of(answer['as_of'], answer, words.zone)}; {times}"
    say(times, dim=True)
    if office := answer["office"]:
        say(safe(f"at most {office['holders']} at once ({office['declared_by']})"), dim=True)
    say()
    terms = sorted(answer["holders"], key=is_not_ruled_out)
    first_apart = next(filter(is_not_ruled_out, terms), None)
    for term in terms:
        if term is first_apart:
            if term is not terms[0]:
                say()
            say(NOT_RULED_OUT, bold=True)
        certain = term["certainty"] == "certain"
        text = f"{CERTAIN if certain else POSSIBLE} {_holder(term, answer['role'], words)}"
        say(safe(text), hang=2, fg=None if certain else "yellow")
        say(said_state(term, None, words), indent=2, hang=2, dim=True)
        show_accounts(term, words, indent=4)
    if not terms:
        say("no holder is recorded", dim=True)
    show_findings(answer["findings"])
    if terms:
        say()
        say(f"{CERTAIN} certain  {POSSIBLE} possible", dim=True)


def _holder(term: TermJson, role: str, words: Words) -> str:
    """Who held the role, with what qualifies that; the role itself if it is written otherwise."""
    rest = {
        name: text
        for name, text in term["qualifiers"].items()
        if name != ROLE or text.casefold() != role.casefold()
    }
    return f"{words.name(term['subject'])}{said_qualifiers(rest)}"
