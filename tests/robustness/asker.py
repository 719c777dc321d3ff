"""A process that keeps what is derived up to date, built by small steps and side by side.

python -m tests.robustness.asker ROOM|URL ask|rebuild

It says when it sets to work, how far it has come after each step, and at last the answer.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from tests import views
from timeline.index import building, catch_up, index_manager
from timeline.index.effects_index import ACTS
from timeline.newsroom.newsroom import Newsroom


def main(room: str, what: str) -> None:
    """Ask one question, or build anew and ask."""
    index_manager.build = partial(building.build, stretch=50)
    index_manager.catch_up = partial(catch_up.catch_up, batch=20)
    with Newsroom.open(room if "://" in room else Path(room)) as newsroom:
        assert newsroom.upkeep is not None
        newsroom.upkeep.jobs = 2
        newsroom.upkeep.report = lambda position, last: print(position, flush=True)
        print("begins", flush=True)
        if what == "rebuild":
            newsroom.upkeep.rebuild(ACTS)
        basis = newsroom.basis("2030", None)
        assert newsroom.upkeep.rows(ACTS, basis.as_known) is not None
        print(views.snapshot(newsroom, "place-1", basis)["digest"], flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
