"""The integrity of the log."""

from __future__ import annotations

from timeline.projections.verify import VerifyAnswer
from timeline.render.terminal import safe, say
from timeline.render.wording import Words


def show(answer: VerifyAnswer, words: Words) -> None:
    """Print what is wrong with the log, record by record."""
    findings = answer["findings"]
    for finding in findings:
        say(f"{finding['position']}: {safe(finding['message'])}", hang=4)
    say(f"{answer['head']} records, {len(findings) or 'no'} findings")
