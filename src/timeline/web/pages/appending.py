"""The pages to append a record: a form for each type, with a preview and conflicts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import JSONResponse, RedirectResponse
from uuid_utils import uuid7

from timeline import temporal
from timeline.access.roles import role_needed
from timeline.errors import ConflictError, InputError, NotFoundError, Problem, did_you_mean
from timeline.newsroom.amending import WAYS
from timeline.newsroom.append import row_of
from timeline.newsroom.concurrency import version_at
from timeline.newsroom.input import read_date, said_bounds
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.validate_many import RawRecord
from timeline.projections.when import refuse_unknown_zone
from timeline.records.declaration import RecordType
from timeline.records.vocabulary import FAMILIES
from timeline.temporal.wording import said_date
from timeline.web.append_service import Trial, submission, submit, try_out
from timeline.web.forms.fields import CITATION, common_fields, own_fields, time_fields
from timeline.web.forms.reading import count_of_citations, record_typed
from timeline.web.pages.asking import link, typed
from timeline.web.pages.templates import page
from timeline.web.problems import RefusedError
from timeline.web.service import holder_of, service_of

appending_pages = APIRouter(include_in_schema=False)

# Types with a form of their own, for the event that they amend.
AMENDING = {*(way.type for way in WAYS.values()), "conflict", "resolution"}

# The most citations in one form.
MOST_CITATIONS = 20

# The most characters read of a date that is being typed.
MOST_TYPED = 500

# The most entities offered as completions.
MOST_OFFERED = 20

# A position of the log, in a form.
_POSITION = re.compile("[0-9]{1,18}", re.ASCII)

Read = Callable[[Newsroom, list[str]], dict[str, Any]]
"""Makes the content of a record from a form; remarks are added to the list."""


@appending_pages.get("/append")
async def choose(request: Request, story: str | None = None) -> Response:
    """The types to choose from."""
    vocabulary, role = service_of(request).settings.vocabulary, holder_of(request).role
    families = {name: list(kinds) for name, kinds in FAMILIES.items()}
    families["This newsroom's own"] = list(vocabulary.own)
    offered = {
        name: [kind for kind in kinds if kind.name not in AMENDING and role >= role_needed(kind)]
        for name, kinds in families.items()
    }
    return page(request, "choose.html", families=offered, story=typed(story))


@appending_pages.get("/append/{type}")
async def form(request: Request, type: str) -> Response:
    """The form of a type, prefilled from the query."""
    kind = kind_named(request, type)
    given = {name: text for name, text in request.query_params.items() if text}
    if "source" in given:
        given["source-0-url"] = given.pop("source")
    if "story" not in given:
        story = await service_of(request).executor.read(Newsroom.only_story)
        given |= {"story": story} if story else {}
    return await shown(request, kind, fresh(request, given))


@appending_pages.post("/append/{type}")
async def append(request: Request, type: str) -> Response:
    """Submit a form: add a citation, preview the record, or append it."""
    kind = kind_named(request, type)
    given = await filled_in(request)
    if given.get("form-act") == "more":
        return await shown(request, kind, given, room=count_of_citations(given) + 1)
    if given.get("form-act", "").startswith("cite-"):
        return await shown(request, kind, given, notes=await cited(request, given))

    def read(newsroom: Newsroom, notes: list[str]) -> dict[str, Any]:
        return record_typed(newsroom, kind, given, notes.append)

    return await done(request, kind, given, read, "append.html")


@appending_pages.get("/reads")
async def reads(request: Request, expression: str, zone: str | None = None) -> Response:
    """How a date is read, or its problem, while it is typed."""
    zone = typed(zone) or service_of(request).settings.zone
    notes: list[str] = []
    try:
        refuse_unknown_zone(zone)
        edtf = read_date(expression[:MOST_TYPED], zone, temporal.now(), "when", notes.append)
        reading = temporal.read(edtf, zone)
    except InputError as error:
        return JSONResponse({"problem": "; ".join(map(str, error.problems))})
    said = f"{reading.edtf}: {said_date(reading)}, {said_bounds(reading.bounds)}"
    return JSONResponse({"said": said})


@appending_pages.get("/completions")
async def completions(request: Request, query: str) -> Response:
    """Completions of an entity that is being typed, most likely first."""

    def read(newsroom: Newsroom) -> dict[str, list[str]]:
        basis = newsroom.basis(None, None)
        return newsroom.completions(query[:MOST_TYPED], basis)

    found = await service_of(request).executor.read(read)
    offered = [{"slug": slug, "names": names} for slug, names in found.items()]
    return JSONResponse(offered[:MOST_OFFERED])


async def done(
    request: Request,
    kind: RecordType,
    given: dict[str, str],
    read: Read,
    template: str,
    **more: Any,
) -> Response:
    """The response to a submitted form: a preview, the new record, or its problems."""
    service, holder = service_of(request), holder_of(request)
    more["notes"] = notes = list[str]()

    def read_it(newsroom: Newsroom) -> tuple[list[RawRecord], dict[str, int]]:
        content = {"id": given["form-id"], **read(newsroom, notes)}
        story = str(content.get("story"))
        version = version_at(newsroom.store, story, int(given["form-seen"]))
        return [RawRecord(content)], {story: version}

    try:
        items, expected = await service.executor.read(read_it)
        if given.get("form-act") != "append":
            tried = await try_out(service, holder, submission(service, holder, items, {}))
            notes += tried.effects["notes"] if tried.effects else ()
            return await shown(request, kind, given, template=template, tried=tried, **more)
        written = await submit(service, submission(service, holder, items, expected))
    except InputError as error:
        return await shown(request, kind, given, template=template, problems=error.problems, **more)
    except ConflictError as error:
        # Records after those shown now will be a conflict again.
        given["form-seen"] = str(max(each["position"] for each in error.between))
        return await shown(request, kind, given, template=template, between=error.between, **more)
    (entry,) = written.entries
    return RedirectResponse(link("record", row_of(entry)["id"], appended="yes"), 303)


async def shown(
    request: Request,
    kind: RecordType,
    given: dict[str, str],
    room: int | None = None,
    template: str = "append.html",
    tried: Trial | None = None,
    problems: tuple[Problem, ...] = (),
    between: Any = (),
    notes: list[str] | None = None,
    **more: Any,
) -> Response:
    """A form with its input, and a preview, problems or conflicts.

    The status is 200 even if there are problems, since browsers log any other to the console.
    """
    stories = await service_of(request).executor.read(lambda newsroom: newsroom.store.stories())
    return page(
        request,
        template,
        between=between,
        citation=CITATION,
        citations=min(room or count_of_citations(given), MOST_CITATIONS),
        common=list(common_fields()),
        given=given,
        kind=kind,
        notes=notes or [],
        own=own_fields(kind),
        problems=problems,
        stories=list(stories),
        times=[] if kind.is_amendment else list(time_fields()),
        tried=tried,
        zone=service_of(request).settings.zone,
        **more,
    )


async def cited(request: Request, given: dict[str, str]) -> list[str]:
    """Fill in the empty fields of a citation from its link. Returns remarks."""
    place = f"source-{given['form-act'].removeprefix('cite-')}-"
    url, quote = given.get(f"{place}url", ""), given.get(f"{place}quote", "")
    found = await service_of(request).cite(url, quote, holder_of(request).token)
    for part, text in found.citation.items():
        given.setdefault(f"{place}{part}", text)
    return [found.problem] if found.problem else list(found.remarks)


def kind_named(request: Request, type: str) -> RecordType:
    """The type of that name, if the user may append it.

    Raises:
        NotFoundError: there is none.
        RefusedError: the user may not append it.
    """
    vocabulary, holder = service_of(request).settings.vocabulary, holder_of(request)
    kind = vocabulary.get(type)
    if kind is None:
        hint = did_you_mean(type, [each.name for each in vocabulary])
        raise NotFoundError([Problem(f"there is no type {type!r}", hint)])
    if holder.role < (needed := role_needed(kind)):
        raise RefusedError(403, f"you need the {needed.label} role to record a {kind.name}")
    return kind


def fresh(request: Request, given: dict[str, str]) -> dict[str, str]:
    """The hidden fields of a new form: the id of its record, and the head of the log."""
    own = {name: text for name, text in given.items() if not name.startswith("form-")}
    return {**own, "form-id": str(uuid7()), "form-seen": str(service_of(request).executor.head)}


async def filled_in(request: Request) -> dict[str, str]:
    """The fields of a submitted form, with line breaks as in the log.

    Raises:
        InputError: it is not a form of this service.
    """
    given: dict[str, str] = {}
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, str) and value.strip():
                text = value.replace("\r\n", "\n").strip()
                given[name] = f"{given[name]}\n{text}" if name in given else text
    if not _POSITION.fullmatch(given.get("form-seen", "")) or "form-id" not in given:
        raise InputError("this is not a form of this service", "reload the page")
    return given
