"""The questions, as GET: `/api/snapshot/qwen-team` is `timeline snapshot qwen-team`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from inspect import Parameter as Argument
from inspect import Signature
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from timeline.projections.question import QUESTIONS, Listing, Parameter, Question, question_type
from timeline.web.api.parameters import Format, path_type, query_model
from timeline.web.openapi.examples import DIRECTORY, example
from timeline.web.openapi.operations import Responses, answers, not_there
from timeline.web.problems import refuse_repeated
from timeline.web.question import HttpQuestion
from timeline.web.responses import answered

reading = APIRouter(prefix="/api", tags=["questions"], default_response_class=Response)


def _add_routes(kind: type[Question[Any]]) -> None:
    """The routes of a question: one for each number of parts that its path may have."""
    parts = [each for each in kind.parameters() if each.param.kind == "path"]
    fewest = sum(each.required for each in parts)
    for count in range(fewest, len(parts) + 1):
        given = parts[:count]
        names = [
            f"{{{each.name}:record}}" if each.name == "id" else f"{{{each.name}}}" for each in given
        ]
        path = "/".join((f"/{kind.name()}", *names))
        reading.add_api_route(
            path,
            _endpoint(kind, given),
            name="_".join([kind.name(), *(each.name for each in given[fewest:])]),
            responses=_responses(kind, path),
        )


def _endpoint(
    kind: type[Question[Any]], parts: list[Parameter]
) -> Callable[..., Awaitable[Response]]:
    """The function that answers a question; `parts` are the parameters in its path."""
    model = query_model(kind)

    async def endpoint(request: Request, asked: Format, **path: str) -> Response:
        refuse_repeated(request, asked)
        query = asked.model_dump(exclude={"format", "at_least"})
        values = {
            name: tuple(each) if isinstance(each, list) else each for name, each in query.items()
        }
        return await answered(request, HttpQuestion(kind(**values, **path), asked.format), asked)

    arguments = [
        Argument("request", Argument.KEYWORD_ONLY, annotation=Request),
        *(
            Argument(each.field, Argument.KEYWORD_ONLY, annotation=path_type(each))
            for each in parts
        ),
        Argument("asked", Argument.KEYWORD_ONLY, annotation=Annotated[model, Query()]),
    ]
    endpoint.__signature__ = Signature(arguments)  # type: ignore[attr-defined]
    endpoint.__doc__ = kind.__doc__
    return endpoint


def _responses(kind: type[Question[Any]], path: str) -> Responses:
    """The responses of a route."""
    shape, line = kind.answer_type(), kind.entry_type() if kind.lists else None
    has_digest = kind.name() not in ("log", "when", "status", "verify")
    found = answers(
        shape, line, *_examples(path), digest=has_digest, part=issubclass(kind, Listing)
    )
    names = {each.field for each in kind.parameters()}
    return found | not_there() if names & {"id", "as_known"} else found


def _examples(path: str) -> Iterator[str]:
    """The names of the examples for a path."""
    parts = f"/api{path}".split("/")
    for file in sorted(DIRECTORY.glob("*.json")):
        asked = example(file.stem).asked.partition("?")[0].split("/")
        if len(asked) == len(parts) and all(
            one == other or other.startswith("{") for one, other in zip(asked, parts, strict=True)
        ):
            yield file.stem


for _name in QUESTIONS:
    _add_routes(question_type(_name))
