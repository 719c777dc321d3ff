"""What happened, in order, for people."""

from __future__ import annotations

from itertools import groupby

from timeline.projections.chronology import ChronologyAnswer, ChronologyEventJson
from timeline.render.tables.accounts import show_accounts, show_findings
from timeline.render.tables.view import View
from timeline.render.tables.words import CERTAIN, POSSIBLE, show_basis
from timeline.render.terminal import safe, say
from timeline.render.wording import doubt, said_dated, said_sources


def show_chronology(answer: ChronologyAnswer, view: View) -> None:
    """What happened, in order."""
    say(safe(answer["story"] or answer["entity"] or ""), bold=True)
    show_basis(answer, view)
    say()
    for _, entries in groupby(answer["events"], key=lambda entry: entry["group"]):
        group = list(entries)
        firm = group[0]["order"] == "certain" and group[0]["certainty"] == "certain"
        when = safe(said_dated(group[0], group[0]["zone"]))
        mark = CERTAIN if firm else POSSIBLE
        together = f" ({len(group)} in no known order)" if len(group) > 1 else ""
        say(f"{mark} {when}{together}", hang=2, fg=None if firm else "yellow")
        for number, entry in enumerate(group):
            if number and (text := safe(said_dated(entry, entry["zone"]))) != when:
                say(text, indent=2, hang=2)
            _show_entry(entry, view)
    if not answer["events"]:
        say("nothing is known to have happened", dim=True)
        return
    say()
    say(
        f"{CERTAIN} surely after the one above  {POSSIBLE} possibly at the same time, or before",
        dim=True,
    )
    show_findings(answer["findings"])


def _show_entry(entry: ChronologyEventJson, view: View) -> None:
    say(safe(entry["headline"]), indent=2, hang=2, bold=True)
    notes = [entry["id"], said_sources(entry["sources"])]
    notes += [entry["standing"]] if entry["standing"] != "reported" else []
    notes += [f"amended by {', '.join(entry['amendments'])}"] if entry["amendments"] else []
    notes += [doubt(entry)]
    say(safe("; ".join(filter(None, notes))), indent=2, hang=2, dim=True)
    show_accounts(entry, view, indent=4)
