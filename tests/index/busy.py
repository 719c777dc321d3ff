"""A long log in which a lot is corrected, contested and renamed: the same one every time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from tests.rooms import event
from timeline import temporal

PEOPLE = [f"person-{number}" for number in range(60)]
PLACES = [f"place-{number}" for number in range(25)]

_FIRST = temporal.parse_instant("2020-01-01T00:00:00Z")


def busy_log(count: int, merges: int = 2, seed: int = 3) -> list[dict[str, Any]]:
    """That many records as `import` takes them; entities are merged `merges` times."""
    busy = _Busy(random.Random(seed))
    at = {count * (number + 1) // (merges + 1) for number in range(merges)}
    records = []
    for number in range(1, count + 1):
        record = busy.merge() if number in at else busy.next()
        stamp = temporal.format_instant(_FIRST + number * 1_000_000)
        records.append({"id": f"r{number}", "recorded_at": stamp, **record})
        busy.note(records[-1])
    return records


class _Busy:
    """What may come next."""

    def __init__(self, chance: random.Random):
        self.chance = chance
        self.standing: list[str] = []
        self.rivals: list[tuple[str, str]] = []
        self.gone: list[str] = []
        self.asked: list[str] = []
        self.acts = self._acts()

    def note(self, record: dict[str, Any]) -> None:
        if "sources" in record and record["type"] not in ("asked", "answered"):
            self.standing.append(record["id"])
        if record["type"] == "asked":
            self.asked.append(record["id"])

    def next(self) -> dict[str, Any]:
        if len(self.standing) > 20 and self.chance.random() < 0.3:
            return next(self.acts)
        return self.report()

    def merge(self) -> dict[str, Any]:
        one, other = self.chance.sample(PEOPLE, 2)
        return _amendment("same-entity", entities=[one, other])

    def report(self) -> dict[str, Any]:
        one_of = self.chance.choice
        when = f"20{one_of('01')}{one_of('0123456789')}-0{one_of('123456789')}" + one_of("~??%  ")
        person, place, other = one_of(PEOPLE), one_of(PLACES), one_of(PLACES)
        kinds: list[tuple[str, dict[str, Any]]] = [
            ("joined", {"person": person, "organisation": place, "role": one_of("abc")}),
            ("joined", {"person": person, "organisation": place}),
            ("departed", {"person": person, "organisation": place}),
            ("appointed", {"person": person, "organisation": place, "role": one_of("abc")}),
            ("merged", {"organisations": [place], "into": other}),
            ("renamed", {"entity": place, "name": f"The {place}"}),
            ("measured", {"subject": place, "measure": "size", "value": one_of([1, 2, 2.5])}),
            ("became", {"subject": person, "property": "led-by", "value": place}),
            ("ended", {"subject": person, "property": "led-by"}),
            ("commented", {"speaker": person, "about": [place], "quote": "Well"}),
            ("asked", {"question": "Why?", "about": [place]}),
            ("happened", {"about": [person, place]}),
        ]
        if self.asked and self.chance.random() < 0.05:
            kinds = [("answered", {"answers": self.asked.pop(), "answer": "Because."})]
        kind, fields = one_of(kinds)
        record = event(kind, when.strip(), **fields)
        if self.standing and self.chance.random() < 0.05:
            record["after"] = [{"id": one_of(self.standing)}]
        return record

    def _acts(self) -> Iterator[dict[str, Any]]:
        """Amendments of all kinds, over and over."""
        while True:
            yield _amendment(
                "correction", corrects=self._one(), changes={"when": "2015", "body": "Mended."}
            )
            yield _amendment("dispute", disputes=self._one())
            gone = self._one()
            self.standing.remove(gone)
            yield _amendment("retraction", retracts=gone)
            yield _amendment("confirmation", confirms=self._one(), reason="r")
            one, other = self.chance.sample(self.standing[:-1], 2)
            yield _amendment("conflict", between=[one, other])
            yield _amendment("correction", corrects=self._one(), changes={"headline": "Mended"})
            yield _amendment("restoration", restores=gone)
            self.standing.append(gone)
            yield _amendment("resolution", chosen=one, over=[other])

    def _one(self) -> str:
        return self.chance.choice(self.standing)


def _amendment(type: str, **fields: Any) -> dict[str, Any]:
    return {"story": "story", "type": type, "reason": "r", **fields}
