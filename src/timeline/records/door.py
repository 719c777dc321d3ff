"""The door for records that are as they should be: their models, without the objects.

pydantic fills a plain dictionary in less than half of the time that it takes to fill a
model and to make a dictionary of that. So each model has a twin, a typed dictionary made from its
fields; what the twin refuses goes to the model, which says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, reduce
from operator import or_
from types import UnionType
from typing import Annotated, Any, NotRequired, Union, get_args, get_origin, get_type_hints

from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter
from typing_extensions import TypedDict

from timeline.records.declaration import RecordType
from timeline.records.models import Citation, check_citation, model_of
from timeline.records.record import Content


@cache
def door_of(kind: RecordType) -> Callable[[object], Content]:
    """What gives the content of a valid record of a type, without the keys that are null.

    It raises pydantic's `ValidationError` for any other.
    """
    adapter = TypeAdapter[Any](_twin(model_of(kind)))
    return adapter.validator.validate_python


@cache
def _twin(model: type[BaseModel]) -> Any:
    """A typed dictionary that takes what a model takes."""
    hints = get_type_hints(model, include_extras=True)
    fields = {
        name: _plain(hints[name]) if field.is_required() else NotRequired[_plain(hints[name])]
        for name, field in model.model_fields.items()
    }
    make: Any = TypedDict
    twin = make(model.__name__, fields)
    twin.__pydantic_config__ = ConfigDict(extra="forbid")
    return Annotated[twin, AfterValidator(_citation if model is Citation else _without_nulls)]


def _plain(annotation: Any) -> Any:
    """An annotation with the twins of the models in it."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return Annotated[(_plain(arguments[0]), *arguments[1:])]
    if origin is list:
        return list[_plain(arguments[0])]  # type: ignore[misc]
    if origin in (Union, UnionType):
        return reduce(or_, map(_plain, arguments))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _twin(annotation)
    return annotation


def _citation(content: Content) -> Content:
    check_citation(content)
    return _without_nulls(content) if None in content.values() else content


def _without_nulls(content: Content) -> Content:
    if None in content.values():
        return {name: value for name, value in content.items() if value is not None}
    return content
