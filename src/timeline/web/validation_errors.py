"""Parameters that are none, or cannot be what they say: what is wrong, and what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel

from timeline.errors import InputError, Problem, did_you_mean

# So much of what was given is repeated to whoever gave it.
_SHOWN = 60


def invalid(request: Request, error: RequestValidationError) -> InputError:
    """What is wrong with the parameters of a request."""
    return InputError([_problem(request, each) for each in error.errors()])


def refuse_repeated(request: Request, given: BaseModel) -> None:
    """Refuse parameters that are given more than once, and can be given only once.

    Raises:
        InputError: there are any; all of them are named.
    """
    items = request.query_params.multi_items()
    if len(items) == len(request.query_params):
        return
    names = [name for name, _ in items]
    lists = {
        field.alias or name
        for name, field in type(given).model_fields.items()
        if isinstance(getattr(given, name), list)
    }
    problems = [
        Problem(f"is given {names.count(name)} times", "give it once", name)
        for name in dict.fromkeys(names)
        if names.count(name) > 1 and name not in lists
    ]
    if problems:
        raise InputError(problems)


def _problem(request: Request, error: Mapping[str, Any]) -> Problem:
    where, *path = error["loc"]
    field = ".".join(map(str, path)) or None
    given, limits = error.get("input"), error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden" if where == "query":
            hint = did_you_mean(str(path[-1]), _parameters(request))
            return Problem("there is no such parameter", hint, field)
        case "extra_forbidden":
            return Problem("there is no such field", None, field)
        case "missing":
            return Problem("is missing", None, field)
        case "int_parsing" | "int_type" | "int_from_float":
            return Problem(f"{_shown(given)} is no whole number", "such as 12", field)
        case "int_parsing_size" | "less_than_equal":
            most = f"at most {limits['le']}" if "le" in limits else None
            return Problem(f"{_shown(given)} is too large", most, field)
        case "greater_than_equal":
            return Problem(f"{_shown(given)} is too small", f"at least {limits['ge']}", field)
        case "literal_error":
            known = re.findall("'([^']*)'", str(limits["expected"]))
            return Problem(f"{_shown(given)} is not known", did_you_mean(str(given), known), field)
        case "string_too_long":
            return Problem(f"is longer than {limits['max_length']} characters", None, field)
        case "too_long":
            return Problem(f"is given more than {limits['max_length']} times", None, field)
        case "json_invalid":
            return Problem(f"the body is no JSON: {limits.get('error', 'it ends too early')}")
        case _:
            return Problem(str(error["msg"]), None, field)


def _shown(given: object) -> str:
    """What was given, as far as it helps to see it."""
    text = given if isinstance(given, str) else str(given)
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def _parameters(request: Request) -> Sequence[str]:
    """The parameters that the route takes in the query."""
    route = request.scope.get("route")
    dependant = getattr(route, "dependant", None)
    return list(_names(dependant.query_params)) if dependant is not None else []


def _names(fields: Sequence[Any]) -> Iterator[str]:
    for field in fields:
        kind = field.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from (each.alias or name for name, each in kind.model_fields.items())
        else:
            yield field.alias
