"""A process that keeps an index, in small steps, so that it can be killed between and within many.

python -m tests.robustness.indexer ROOM|URL ask|rebuild|follow|finish

It says when it begins, its position after each step, and at last the answer to a question.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from tests import views
from timeline.index import build, catch_up, index_manager
from timeline.index.follow import follow
from timeline.newsroom.newsroom import Newsroom


def main(room: str, what: str) -> None:
    """Ask one question, with an index that is caught up, rebuilt or followed before."""
    build.build = partial(build.build, stretch=50)
    index_manager.catch_up = partial(catch_up.catch_up, batch=20)
    index_manager.PARALLEL = 100
    with Newsroom.open(room if "://" in room else Path(room)) as newsroom:
        assert newsroom.index is not None
        newsroom.index.jobs = 2
        newsroom.index.report = lambda position, last: print(position, flush=True)
        print("begins", flush=True)
        if what in ("follow", "finish"):
            follow(
                newsroom.index,
                newsroom.store,
                once=what == "finish",
                wait=lambda seconds: False,
                reached=lambda position: print(position, flush=True),
            )
            return
        if what == "rebuild":
            newsroom.index.rebuild()
        basis = newsroom.basis("2030", None)
        assert newsroom.index.rows(basis.as_known) is not None
        print(views.snapshot(newsroom, "place-1", basis)["digest"], flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
