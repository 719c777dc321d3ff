"""Small logs by which faults were found that random logs found late, or not at all."""

from __future__ import annotations

from tests.rooms import SOURCE
from tests.worlds.logs import tick

ANN = {"person": "ann", "organisation": "lab"}


def between(first, last):
    return f"[{tick(first)}..{tick(last)}]"


def log(*records):
    """Records, complete but for what is the same in all; the n-th has the id `r<n>`."""
    return [
        {
            "id": f"r{number}",
            "story": "story",
            "recorded_at": "2020-01-01T00:00:00.000000Z",
            **({"reason": "r"} if record["type"] in AMENDMENTS else {"sources": SOURCE}),
            **record,
        }
        for number, record in enumerate(records, 1)
    ]


AMENDMENTS = ("correction", "retraction", "restoration", "dispute", "conflict", "resolution")

CASES = {
    # The beginning can be at the instant of the end, but then it comes after it by position.
    "an end and a beginning after it, linked by way of another": log(
        {"type": "happened", "when": between(1, 3), "about": ["ann"]},
        {"type": "departed", **ANN, "after": [{"id": "r1", "within": "PT0.000001S"}]},
        {"type": "joined", **ANN, "when": between(2, 5), "after": [{"id": "r1"}]},
    ),
    # Either would do: without the links of the first, the second is none.
    "two contradictions that share a link": log(
        {"type": "happened", "when": tick(3), "about": ["ann"]},
        {"type": "joined", **ANN, "when": tick(3)},
        {"type": "happened", "about": ["ann"], "after": [{"id": "r1"}, {"id": "r2"}]},
        {"type": "departed", **ANN, "when": tick(4), "after": [{"id": "r3"}]},
    ),
}
