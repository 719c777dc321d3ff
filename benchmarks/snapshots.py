"""Snapshots over HTTP, with many records behind: requests a second, and how long they take.

`wrk` asks, on the processors that the service has, too. What it asks is drawn at random: an
entity, a day, a position. Once the service is asked what nobody has asked before, once the same
few questions over and over, and once for `/health`, which is no question: the baseline.
"""

from __future__ import annotations

import json
import re
import shutil
import statistics
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from benchmarks import careers
from benchmarks.measure import TIMELINE, Row, process
from benchmarks.service import Service, serving
from benchmarks.workload import Question

CONNECTIONS, SECONDS = 16, 10

# So many questions are asked over and over.
FEW = 1000

# More than are asked in the time, so that none is asked twice.
MANY = 200_000

_SCRIPT = """
local paths, place = {}, 0
for line in io.lines("PATHS") do paths[#paths + 1] = line end
request = function()
  place = place % #paths + 1
  return wrk.format("GET", paths[place], {["Authorization"] = "Bearer TOKEN"})
end
done = function(summary, latency)
  io.write(string.format('{"requests": %d, "seconds": %f, "p50": %d, "p99": %d, "wrong": %d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    summary.errors.status + summary.errors.timeout + summary.errors.read))
end
"""


class Load(NamedTuple):
    """What a load came to: requests a second, and milliseconds."""

    rate: float
    p50: float
    p99: float

    def __str__(self) -> str:
        return f"{self.rate:,.0f}/s, p50 {self.p50:.1f} ms, p99 {self.p99:.1f} ms"


def snapshots(scratch: Path, runs: int, count: int) -> Iterator[Row]:
    """Of a log of so many records."""
    log, newsroom = scratch / "careers.jsonl", scratch / "served"
    sizes = careers.Sizes.of(count)
    careers.write(log, sizes)
    process([TIMELINE, "init", str(newsroom)])
    process([TIMELINE, "--newsroom", str(newsroom), "import", str(log)])
    process([TIMELINE, "--newsroom", str(newsroom), "rebuild"])
    log.unlink()
    yield from of_newsroom(newsroom, sizes, scratch, runs)


def of_newsroom(
    newsroom: Path, sizes: careers.Sizes, scratch: Path, runs: int, connections: int = CONNECTIONS
) -> Iterator[Row]:
    """Of the newsroom that holds the records of *careers* of those sizes.

    Raises:
        RuntimeError: there is no wrk, or something was answered with an error.
    """
    if shutil.which("wrk") is None:
        raise RuntimeError("wrk is not installed: apt-get install wrk")
    questions = careers.workload(newsroom, sizes, 0).questions(MANY)
    new = [_path(each) for each in questions]
    with serving(newsroom, "--rate", "1000000") as service:
        found: dict[str, list[Load]] = {"new": [], "again": [], "health": []}
        share = MANY // runs
        for run in range(runs):
            asked = {
                "new": new[run * share : (run + 1) * share],
                "again": new[:FEW],
                "health": ["/health"],
            }
            for kind, paths in asked.items():
                found[kind].append(_load(service, paths, scratch, connections))
    middle = {kind: _middle(loads) for kind, loads in found.items()}
    what = f"{sizes.records:,} records behind, {connections} connections; baseline: `/health`"
    yield _row(f"snapshots that nobody has asked before, {what}", middle["new"], middle, runs)
    yield _row(f"{FEW:,} snapshots over and over, {what}", middle["again"], middle, runs)


def _row(name: str, load: Load, middle: dict[str, Load], runs: int) -> Row:
    baseline = middle["health"]
    return Row(name, str(load), str(baseline), f"{load.rate / baseline.rate:.2f}", runs)


def _middle(loads: list[Load]) -> Load:
    """Each figure by its median."""
    return Load(*(statistics.median(figures) for figures in zip(*loads, strict=True)))


def _path(question: Question) -> str:
    query = urlencode({"as_of": question.as_of, "as_known": f"@{question.as_known}"})
    return f"/api/snapshot/{question.entity}?{query}"


def _load(service: Service, paths: Sequence[str], scratch: Path, connections: int) -> Load:
    """Ask for some paths in turn for some seconds."""
    listed, script = scratch / "paths", scratch / "ask.lua"
    listed.write_text("".join(f"{path}\n" for path in paths))
    script.write_text(_SCRIPT.replace("PATHS", str(listed)).replace("TOKEN", service.token))
    words = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "-s", str(script)]
    url = f"http://127.0.0.1:{service.port}"
    said = subprocess.run([*words, url], capture_output=True, text=True, check=True).stdout
    told = json.loads(re.findall(r"^{.*}$", said, re.MULTILINE)[-1])
    if told["wrong"]:
        raise RuntimeError(f"{told['wrong']} requests were answered with an error")
    return Load(told["requests"] / told["seconds"], told["p50"] / 1000, told["p99"] / 1000)
