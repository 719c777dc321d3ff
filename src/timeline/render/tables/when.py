"""How a date is read."""

from __future__ import annotations

from timeline import temporal
from timeline.projections.when import WhenAnswer
from timeline.render.terminal import say
from timeline.render.wording import Words, instant
from timeline.temporal.wording import said_date


def show(answer: WhenAnswer, words: Words) -> None:
    """Print how a date is read."""
    reading = temporal.read(answer["edtf"], answer["zone"])
    say(f"{reading.edtf}  {said_date(reading)}", bold=True)
    say(f"precision    {reading.precision}; zone {reading.zone}; EDTF level {reading.level}")
    if reading.qualifiers:
        say(f"qualifiers   {', '.join(reading.qualifiers)}")
    for name, bounds in (("strict", reading.strict), ("bounds", reading.bounds)):
        earliest, latest = (instant(side) or "open" for side in bounds)
        say(f"{name:<12} [{earliest}, {latest})")
