"""What is left to settle."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from itertools import groupby

import click

from timeline.projections.answer import Answer
from timeline.render.tables.parts import safe_statement, show_basis
from timeline.render.terminal import columns, safe, say
from timeline.render.wording import TITLES, Words, author, count


def show(answer: Answer, words: Words) -> None:
    """Print the findings, kind by kind, each with what would settle it."""
    subject = [f"{name} {answer[name]}" for name in ("story", "entity") if answer[name]]
    say(safe(", ".join(subject) or words.settings.name), bold=True)
    show_basis(answer, words)
    say()
    findings = answer["findings"]
    if not findings:
        say("nothing to settle")
        return
    for kind, found in groupby(findings, key=lambda each: str(each["kind"])):
        say(f"{TITLES[kind]} ({kind})", bold=True)
        if kind == "single-source":
            _show_briefly(list(found))
        else:
            for each in found:
                show_finding(each)
        say()
    counts = ", ".join(f"{number:,} {kind}" for kind, number in answer["counts"].items())
    say(f"{count(len(findings), 'finding')}: {counts}")


def show_finding(finding: Answer) -> None:
    """Print one finding: what is wrong, who says what, and the command that would settle it."""
    message = safe(finding["message"])
    say(f"● {message[:1].upper()}{message[1:]}", hang=2)
    for line in _accounts_of(finding):
        say(safe(line), indent=2, hang=2, dim=True)
    _show_command("settle", finding["settle"])
    if "alternative" in finding:
        _show_command("or", finding["alternative"])


def _accounts_of(finding: Answer) -> Iterator[str]:
    """Who says what in each account, and who questioned it and why."""
    for account in finding.get("accounts", ()):
        sources = account["sources"]
        if isinstance(sources, int):
            said = [count(sources, "independent source"), account["standing"]]
            said.append(f"recorded by {author(account)}")
        else:
            said = list(dict.fromkeys(map(_origin, sources)))
        yield f"{account['id']}: {'; '.join(said)}"
    if finding["kind"] in ("unresolved-conflict", "corrected-often"):
        for each in finding["reasons"]:
            yield f"{each['id']}, by {author(each)}: “{each['reason']}”"


def _origin(citation: dict[str, str]) -> str:
    """A citation in a few words."""
    parts = [citation.get("publisher"), citation.get("title")]
    said = ", ".join(part for part in parts if part) or citation["url"]
    return f"{said}: “{citation['quote']}”" if "quote" in citation else said


def _show_briefly(findings: list[Answer]) -> None:
    _show_command("settle each", "timeline confirm ID --source URL --reason WHY")
    for each in findings:
        mark = "" if each["certainty"] == "certain" else " (possibly)"
        text = f"{safe_statement(each['statement'])}{mark}: {each['source']}"
        say(safe(f"● {text}; {', '.join(each['records'])}"), hang=2)


def _show_command(label: str, command: str) -> None:
    """Print a command that can be pasted into a shell, wrapped over several lines."""
    lines = [f"  {label}:"]
    for part in _parts(shlex.split(safe(command))):
        if len(lines[-1]) + len(part) + 3 > columns() and lines[-1].strip():
            lines.append("   ")
        lines[-1] += f" {part}"
    click.echo(" \\\n".join(lines))


def _parts(words: list[str]) -> Iterator[str]:
    """The parts of a command, with each option beside its value."""
    part: list[str] = []
    for word in words:
        if part and (word.startswith("--") or not part[0].startswith("--") or len(part) > 1):
            yield shlex.join(part)
            part = []
        part.append(word)
    yield shlex.join(part)
