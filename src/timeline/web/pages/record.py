"""The page of a record: as it was recorded, its amendments, and as it reads."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from timeline.projections.answer import Answer
from timeline.projections.show import Show
from timeline.web.api import parameters as given
from timeline.web.pages.asking import Typed, ask, publications, typed
from timeline.web.pages.templates import page
from timeline.web.service import service_of

record_pages = APIRouter(include_in_schema=False)

# Fields with a place of their own on the page.
_PLACED = {"id", "story", "type", "when", "zone", "headline", "body", "sources", "position"}


@record_pages.get("/record/{id:record}")
async def record(
    request: Request,
    id: given.RecordId,
    as_of: Typed = None,
    as_known: Typed = None,
    appended: Typed = None,
) -> Response:
    """A record with its lineage."""
    times = {"as_of": typed(as_of), "as_known": typed(as_known)}
    answer, words, notes = await ask(request, Show, id=id, **times)
    reads = answer["reads"]
    content = reads["content"] if reads else answer["record"]
    settings = service_of(request).settings
    kind = settings.vocabulary[answer["record"]["type"]]
    return page(
        request,
        "record.html",
        answer=answer,
        appended=appended,
        content=content,
        fields=_fields(content),
        amendments=_amendments(answer),
        notes=notes,
        naming=dict(kind.naming),
        publications=await publications(request),
        say=words,
        times=times,
    )


def _fields(content: Answer) -> dict[str, Any]:
    """The fields of a record that belong to its type, and its tags."""
    return {
        name: value
        for name, value in content.items()
        if name not in _PLACED and not name.startswith("recorded_")
    }


def _amendments(answer: Answer) -> list[Answer]:
    """Its amendments; corrections with the old values, too."""
    reads = dict(answer["record"])
    found = []
    for each in answer["amendments"]:
        amendment = dict(each)
        if each["type"] == "correction":
            amendment["changes"] = {
                name: {"old": reads.get(name), "new": value}
                for name, value in each["changes"].items()
            }
            reads.update(each["changes"])
        found.append(amendment)
    return found
