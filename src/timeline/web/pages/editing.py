"""The pages by which editors look after the log: what changed, the audit, what is to settle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from timeline.errors import Problem
from timeline.log.lookup import find_record
from timeline.newsroom.newsroom import Newsroom
from timeline.projections.answer import Answer
from timeline.projections.check import Check
from timeline.projections.diff import Diff
from timeline.projections.question import PUBLICATION
from timeline.projections.replay import Replay
from timeline.projections.show import record_json
from timeline.render import wording
from timeline.web.pages.asking import Typed, ask, dates_of, link, names_at, publications, typed
from timeline.web.pages.findings import settling
from timeline.web.pages.templates import page
from timeline.web.pages.text_helpers import Words
from timeline.web.service import service_of

editing_pages = APIRouter(include_in_schema=False)

# So many steps of an audit are on one page, and so many records are a comparison by default.
PART, RECENT = 50, 10

# No position is larger.
LAST = 10**15


@editing_pages.get("/diff")
async def diff(
    request: Request,
    entity: Typed = None,
    story: Typed = None,
    as_known: Typed = None,
    as_of: Typed = None,
    known_from: Typed = None,
    known_to: Typed = None,
    of_from: Typed = None,
    of_to: Typed = None,
) -> Response:
    """Two states side by side, and the records between them."""
    published = await publications(request)
    known = typed(as_known) or _joined(known_from, known_to)
    of = typed(as_of) or _joined(of_from, of_to)
    if known is None and of is None:
        head = service_of(request).executor.head
        start = f"{PUBLICATION}{published[0]}" if published and entity is None else ""
        known = f"{start or max(0, head - RECENT)}.."
    asked = {"entity": typed(entity), "story": typed(story), "as_known": known, "as_of": of}
    answer, notes = await ask(request, Diff, **asked)
    zone = service_of(request).settings.zone
    dates = await dates_of(request, _behind(answer), answer["to"]["as_known"])
    return page(
        request,
        "diff.html",
        answer=answer,
        asked=asked,
        notes=notes,
        publications=published,
        records=await _records(request, _behind(answer)),
        say=Words(zone, await names_at(request, answer["to"]["as_known"]), dates),
        times={"as_of": answer["to"]["as_of"], "as_known": answer["to"]["as_known"]},
    )


@editing_pages.get("/audit")
async def audit(
    request: Request,
    story: Typed = None,
    entity: Typed = None,
    by: Typed = None,
    as_of: Typed = None,
    as_known: Typed = None,
    first: Annotated[int, Query(le=LAST)] = 1,
) -> Response:
    """The audit, step by step: who recorded what, and what it changed."""
    asked = {"story": typed(story), "entity": typed(entity), "by": typed(by)}
    times = {"as_of": typed(as_of), "as_known": typed(as_known)}
    answer, notes = await ask(
        request, Replay, **asked, **times, first=max(1, first), limit=PART + 1
    )
    steps = answer["steps"]
    goes_on = steps[PART]["position"] if len(steps) > PART else None
    return page(
        request,
        "audit.html",
        answer=answer,
        asked=asked,
        later=goes_on and link("audit", first=goes_on, **asked, **times),
        notes=notes,
        publications=await publications(request),
        say=await _words(request, answer),
        steps=steps[:PART],
        times=times,
    )


@editing_pages.get("/findings")
async def findings(
    request: Request,
    story: Typed = None,
    entity: Typed = None,
    as_of: Typed = None,
    as_known: Typed = None,
) -> Response:
    """What is left to settle, each with the form that settles it."""
    asked = {"story": typed(story), "entity": typed(entity)}
    times = {"as_of": typed(as_of), "as_known": typed(as_known)}
    answer, notes = await ask(request, Check, **asked, **times)
    kinds = groupby(answer["findings"], key=lambda each: str(each["kind"]))
    return page(
        request,
        "findings.html",
        answer=answer,
        asked=asked,
        kinds=[(kind, wording.TITLES[kind], list(found)) for kind, found in kinds],
        notes=notes,
        publications=await publications(request),
        say=await _words(request, answer),
        settling=settling,
        times=times,
    )


async def _words(request: Request, answer: Answer) -> Words:
    """How a page about an answer says things."""
    return Words(service_of(request).settings.zone, await names_at(request, answer["as_known"]))


def _joined(first: str | None, last: str | None) -> str | None:
    """A..B, of two fields of which one may be empty."""
    sides = [typed(first) or "", typed(last) or ""]
    return "..".join(sides) if any(sides) else None


def _behind(answer: Answer) -> list[str]:
    """The records that a comparison names."""
    return list(dict.fromkeys(_named(answer)))


def _named(answer: Answer) -> Iterator[str]:
    for change in (*answer["changes"], *answer["comments"], *answer["questions"]):
        yield from change["records"]
        for side in (change["before"], change["after"]):
            yield from (side or {}).get("because", ())
    for notice in answer["notices"]:
        yield from notice["records"]


async def _records(request: Request, ids: Iterable[str]) -> dict[str, Answer]:
    """Some records, by their ids."""

    def read(newsroom: Newsroom) -> dict[str, Answer]:
        found = (find_record(newsroom.store, newsroom.settings.vocabulary, id) for id in ids)
        return {each.id: record_json(each) for each in found if not isinstance(each, Problem)}

    return await service_of(request).executor.read(read)
