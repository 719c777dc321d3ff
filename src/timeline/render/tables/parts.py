"""What several tables show: the two times, statements and how they change, accounts, findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from timeline import temporal
from timeline.projections.accounts import AccountJson, DissentJson
from timeline.projections.finding import FindingJson
from timeline.projections.statement import StateJson
from timeline.render.terminal import safe, say
from timeline.render.wording import Words, said_bounds, said_statement
from timeline.temporal.wording import said_dated

CERTAIN, POSSIBLE = "●", "○"


def show_basis(answer: Mapping[str, Any], words: Words) -> None:
    """The two times of an answer."""
    say(f"as of {words.as_of(answer)}; {words.known(answer)}", dim=True)


def safe_statement(entry: Mapping[str, Any]) -> str:
    """A statement in one line, safe to print."""
    return safe(said_statement(entry))


def show_changes(step: Mapping[str, Any]) -> None:
    """Print what a record changes in the state."""
    dates = [temporal.read(step["when"], step["zone"])] if step["when"] else []
    for change in step["changes"]:
        show_change(change, dates, indent=2)


def show_change(
    change: Mapping[str, Any], dates: list[temporal.ParsedDate], indent: int = 0
) -> None:
    """Print one change: a statement or listed entry that is new, gone, or different."""
    before, after = change["before"], change["after"]
    mark, colour = ("+", "green") if not before else ("-", "red") if not after else ("~", "blue")
    if "listing" in change:
        entry = after or before
        text = entry.get("question") or f"{entry['speaker']}: {entry.get('quote') or '…'}"
        say(f"{mark} {change['listing']}: {safe(text)}", indent=indent, hang=2, fg=colour)
        return
    text = _state(after, dates) if after else "no longer"
    if before:
        text += f" (was {_state(before, dates)})"
    say(f"{mark} {safe_statement(change)}: {safe(text)}", indent=indent, hang=2, fg=colour)


def _state(state: StateJson, dates: list[temporal.ParsedDate]) -> str:
    parts: list[str] = [state["certainty"]]
    parts += [] if state["standing"] == "reported" else [state["standing"]]
    for side, bounds in (("since", state["since"]), ("until", state["until"])):
        if bounds:
            parts.append(f"{side} {said_bounds(bounds, dates)}")
    return ", ".join(parts)


def show_accounts(entry: Mapping[str, Any], words: Words, indent: int = 2) -> None:
    """Print the accounts beside an entry: undecided rivals, and dissent from a chosen account."""
    for rival in entry.get("rivals", ()):
        say(f"other account: {_account(rival)}", indent=indent, hang=2, fg="yellow")
    overruled = sorted(entry.get("dissent", ()), key=itemgetter("resolution"))
    for _, together in groupby(overruled, key=itemgetter("resolution")):
        for dissent in (accounts := list(together)):
            say(f"chosen over: {_account(dissent)}", indent=indent, hang=2, dim=True)
        say(_resolution(accounts[0], words), indent=indent + 2, hang=2, dim=True)
    if against := entry.get("decided_against"):
        chosen = f"decided against, in favour of {safe(against['chosen'])}"
        say(f"{chosen}, {_resolution(against, words)}", indent=indent, hang=2, fg="yellow")


def _resolution(dissent: DissentJson, words: Words) -> str:
    """Such as "by the standards editor, 2026-03-04 23:10: the reason"."""
    resolved = words.recorded(dissent["resolved_at"])
    who = f"by {dissent['resolved_by']}, " if dissent["resolved_by"] else ""
    return safe(f"{who}{resolved}: {dissent['reason']}")


def _account(account: AccountJson) -> str:
    date = said_dated(account, account["zone"])
    parts = filter(None, [", ".join(account["publishers"]), date, account["id"]])
    return safe(f"{account['headline']} ({'; '.join(parts)})")


def show_findings(findings: Iterable[FindingJson]) -> None:
    """Print findings about an answer."""
    for finding in findings:
        say()
        say(f"! {safe(finding['message'])}", hang=2, fg="red")
        say(f"settle: {safe(finding['settle'])}", indent=2, hang=2, dim=True)
