"""The pages for editors: what changed, the audit, and findings."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from timeline.projections.check import Check
from timeline.projections.diff import Diff
from timeline.projections.positions import written
from timeline.projections.question import PUBLICATION
from timeline.projections.replay import Replay
from timeline.render.wording import TITLES
from timeline.web.pages.asking import Typed, ask, link, publications, typed
from timeline.web.pages.findings import settling
from timeline.web.pages.templates import page
from timeline.web.service import service_of

editing_pages = APIRouter(include_in_schema=False)

# The steps on one page of the audit, and the records that a comparison covers by default.
PART, RECENT = 50, 10

# The largest position.
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
    answer, words, notes = await ask(request, Diff, **asked)
    return page(
        request,
        "diff.html",
        answer=answer,
        asked=asked,
        notes=notes,
        publications=published,
        say=words,
        times={"as_of": answer["to"]["as_of"], "as_known": written(answer["to"]["as_known"])},
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
    answer, words, notes = await ask(
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
        say=words,
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
    """Unresolved findings, each with a link to the form that settles it."""
    asked = {"story": typed(story), "entity": typed(entity)}
    times = {"as_of": typed(as_of), "as_known": typed(as_known)}
    answer, words, notes = await ask(request, Check, **asked, **times)
    kinds = groupby(answer["findings"], key=lambda each: str(each["kind"]))
    return page(
        request,
        "findings.html",
        answer=answer,
        asked=asked,
        kinds=[(kind, TITLES[kind], list(found)) for kind, found in kinds],
        notes=notes,
        publications=await publications(request),
        say=words,
        settling=settling,
        times=times,
    )


def _joined(first: str | None, last: str | None) -> str | None:
    """Two fields as A..B; either may be empty."""
    sides = [typed(first) or "", typed(last) or ""]
    return "..".join(sides) if any(sides) else None
