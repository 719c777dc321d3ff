"""What several tables show: the two times, statements and how they change, accounts, findings."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from timeline import temporal
from timeline.projections.accounts import AccountJson, DissentJson, OtherAccountsJson
from timeline.projections.answer import BasisJson
from timeline.projections.finding import FindingJson
from timeline.projections.statement import StateJson, StatementJson
from timeline.render.terminal import safe, say
from timeline.render.wording import Words, said_bounds, said_statement
from timeline.temporal.wording import said_dated

if TYPE_CHECKING:
    from timeline.projections.diff import (
        CommentDifferenceJson,
        QuestionDifferenceJson,
        StatementDifferenceJson,
    )
    from timeline.projections.replay import StepJson
    from timeline.projections.replay_state import (
        CommentChangeJson,
        QuestionChangeJson,
        StatementChangeJson,
    )

CERTAIN, POSSIBLE = "●", "○"


def show_basis(answer: BasisJson, words: Words) -> None:
    """The two times of an answer."""
    say(f"{words.as_of(answer)}; {words.known(answer)}", dim=True)


def safe_statement(entry: StatementJson) -> str:
    """A statement in one line, safe to print."""
    return safe(said_statement(entry))


def show_changes(step: StepJson) -> None:
    """Print what a record changes in the state."""
    when, zone = step["when"], step["zone"]
    dates = [temporal.read(when, zone)] if when and zone else []
    for change in step["changes"]:
        if "listing" not in change:
            show_statement_change(change, dates, indent=2)
        elif change["listing"] == "comment":
            show_comment_change(change, indent=2)
        else:
            show_question_change(change, indent=2)


def show_statement_change(
    change: StatementChangeJson | StatementDifferenceJson,
    dates: list[temporal.ParsedDate],
    indent: int = 0,
) -> None:
    """Print a statement that newly holds, no longer holds, or holds differently."""
    before, after = change["before"], change["after"]
    text = _state(after, dates) if after else "no longer"
    if before:
        text += f" (was {_state(before, dates)})"
    _show_change(before, after, f"{said_statement(change)}: {text}", indent)


def show_comment_change(change: CommentChangeJson | CommentDifferenceJson, indent: int = 0) -> None:
    """Print a comment that is new in the list, gone from it, or different."""
    before, after = change["before"], change["after"]
    if entry := after or before:
        text = f"comment: {entry['speaker']}: {entry['quote'] or '…'}"
        _show_change(before, after, text, indent)


def show_question_change(
    change: QuestionChangeJson | QuestionDifferenceJson, indent: int = 0
) -> None:
    """Print a question that is newly open, no longer open, or different."""
    before, after = change["before"], change["after"]
    if entry := after or before:
        _show_change(before, after, f"question: {entry['question']}", indent)


def _show_change(before: object | None, after: object | None, text: str, indent: int) -> None:
    mark, colour = ("+", "green") if not before else ("-", "red") if not after else ("~", "blue")
    say(f"{mark} {safe(text)}", indent=indent, hang=2, fg=colour)


def _state(state: StateJson, dates: list[temporal.ParsedDate]) -> str:
    parts: list[str] = [state["certainty"]]
    parts += [] if state["standing"] == "reported" else [state["standing"]]
    for side, bounds in (("since", state["since"]), ("until", state["until"])):
        if bounds:
            parts.append(f"{side} {said_bounds(bounds, dates)}")
    return ", ".join(parts)


def show_accounts(entry: OtherAccountsJson, words: Words, indent: int = 2) -> None:
    """Print the accounts beside an entry: those that agree, undecided rivals, and dissent."""
    for other in entry.get("agreeing", ()):
        say(f"told alike by: {_account(other)}", indent=indent, hang=2, dim=True)
    for rival in entry.get("rivals", ()):
        say(f"other account: {_account(rival)}", indent=indent, hang=2, fg="yellow")
    overruled = sorted(entry.get("dissent", ()), key=itemgetter("resolution"))
    for _, together in groupby(overruled, key=itemgetter("resolution")):
        for dissent in (accounts := list(together)):
            say(f"chosen over: {_account(dissent)}", indent=indent, hang=2, dim=True)
        say(_resolution(accounts[0], words), indent=indent + 2, hang=2, dim=True)


def show_decided_against(dissent: DissentJson, words: Words, indent: int = 2) -> None:
    """Print which account was chosen over an entry, and by whom."""
    chosen = f"decided against, in favour of {safe(dissent['chosen'])}"
    say(f"{chosen}, {_resolution(dissent, words)}", indent=indent, hang=2, fg="yellow")


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
