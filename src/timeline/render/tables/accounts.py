"""Rival accounts and dissent, for people: shown wherever an account is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from timeline import temporal
from timeline.projections.accounts import AccountJson, DissentJson
from timeline.projections.contradictions import FindingJson
from timeline.render.tables.view import View
from timeline.render.terminal import safe, say
from timeline.render.wording import local, said_dated


def show_accounts(entry: Mapping[str, Any], view: View, indent: int = 2) -> None:
    """The accounts beside an entry: rivals not settled yet, and dissent from what was chosen."""
    for rival in entry.get("rivals", ()):
        say(f"or else: {_account(rival)}", indent=indent, hang=2, fg="yellow")
    overruled = sorted(entry.get("dissent", ()), key=itemgetter("resolution"))
    for _, together in groupby(overruled, key=itemgetter("resolution")):
        for dissent in (accounts := list(together)):
            say(f"chosen over: {_account(dissent)}", indent=indent, hang=2, dim=True)
        say(said_resolution(accounts[0], view), indent=indent + 2, hang=2, dim=True)
    if against := entry.get("decided_against"):
        chosen = f"decided against, in favour of {safe(against['chosen'])}"
        say(f"{chosen}, {said_resolution(against, view)}", indent=indent, hang=2, fg="yellow")


def said_resolution(dissent: DissentJson, view: View) -> str:
    """By the standards editor, 2026-03-04 23:10: the reason."""
    resolved = local(temporal.parse_instant(dissent["resolved_at"]), view.settings.zone)
    who = f"by {dissent['resolved_by']}, " if dissent["resolved_by"] else ""
    return safe(f"{who}{resolved}: {dissent['reason']}")


def _account(account: AccountJson) -> str:
    date = said_dated(account, account["zone"])
    told = filter(None, [", ".join(account["publishers"]), date, account["id"]])
    return safe(f"{account['headline']} ({'; '.join(told)})")


def show_findings(findings: Iterable[FindingJson]) -> None:
    """What there is to warn of."""
    for finding in findings:
        say()
        say(f"! {safe(finding['message'])}", hang=2, fg="red")
        say(f"settle: {safe(finding['settle'])}", indent=2, hang=2, dim=True)
