"""The page of a story: what happened, drawn and in words; and that of what concerns an entity."""

from __future__ import annotations

from itertools import groupby

from fastapi import APIRouter, Request, Response

from timeline.projections.answer import Answer
from timeline.web.pages.asking import ask, publications, typed
from timeline.web.pages.templates import page

story_pages = APIRouter(include_in_schema=False)

# So many happenings are listed on one page.
PART = 200


@story_pages.get("/story/{story}")
async def story(
    request: Request,
    story: str,
    as_of: str | None = None,
    as_known: str | None = None,
    part: int = 1,
) -> Response:
    """What happened in a story."""
    return await _chronology(request, as_of, as_known, part, story=story, entity=None)


@story_pages.get("/chronology/{entity}")
async def of_entity(
    request: Request,
    entity: str,
    as_of: str | None = None,
    as_known: str | None = None,
    part: int = 1,
) -> Response:
    """What happened about an entity."""
    return await _chronology(request, as_of, as_known, part, story=None, entity=entity)


async def _chronology(
    request: Request, as_of: str | None, as_known: str | None, part: int, **of: str | None
) -> Response:
    times = {"as_of": typed(as_of), "as_known": typed(as_known)}
    answer, notes = await ask(request, "chronology", **of, **times)
    happenings = answer["happenings"]
    parts = max(1, -(-len(happenings) // PART))
    part = min(max(1, part), parts)
    shown = happenings[(part - 1) * PART : part * PART]
    return page(
        request,
        "story.html",
        answer=answer,
        groups=_groups(shown),
        notes=notes,
        part=part,
        parts=parts,
        publications=await publications(request),
        times=times,
    )


def _groups(happenings: list[Answer]) -> list[list[Answer]]:
    """Neighbours with the same bounds and no order between them are together."""
    return [list(group) for _, group in groupby(happenings, key=lambda each: each["group"])]
