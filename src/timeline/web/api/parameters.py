"""The parameters of requests: those of a question are made from its declaration."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model

from timeline.projections.question import PAGE, Listing, Parameter, Question
from timeline.web.url_paths import whole

# Characters in a parameter, and in a part of the path, where non-ASCII text is percent-encoded.
LONGEST, LONGEST_PART = 500, 600

# The largest position.
LARGEST = 10**15

# Parameters that name something of a newsroom: in place of this keyword, the OpenAPI document lists
# all names.
NAMED = ("type", "zone")
X_NAMES = "x-names"

# The most entries in one response.
MOST = 10_000

Text = Annotated[str, Field(max_length=LONGEST)]


class Format(BaseModel):
    """The format of the answer, and the position that the log must have reached."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["json", "jsonl", "full"] = Field(
        "json",
        description="`json`: the answer. `jsonl`: its items, one a line. `full`: the "
        "answer with its legend and notes, as an object.",
    )
    at_least: int | None = Field(
        None,
        ge=0,
        le=LARGEST,
        description="Wait until the log has reached this position. For replicas, which may lag "
        "behind.",
    )


class Append(BaseModel):
    """Whether to append or only try, and the format of the answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dry_run: bool = Field(False, description="Report what would happen, without writing anything.")
    format: Literal["json", "jsonl"] = Field(
        "json", description="`json`: one object. `jsonl`: one line for each record."
    )


def query_model(kind: type[Question[Any]]) -> type[Format]:
    """The query parameters of a question."""
    fields = {
        each.field: _query_field(each, is_page=issubclass(kind, Listing) and each.field == "limit")
        for each in kind.parameters()
        if each.param.kind != "path"
    }
    return create_model(f"{kind.__name__}Query", __base__=Format, **fields)


def _query_field(each: Parameter, is_page: bool) -> Any:
    param = each.param
    type: Any = Text if each.type is str else each.type
    if param.choices:
        type = Literal[param.choices]
    elif param.schema or param.suggest in NAMED:
        extra = {**param.schema, **({X_NAMES: param.suggest} if param.suggest in NAMED else {})}
        type = Annotated[str, Field(max_length=LONGEST, json_schema_extra=extra)]
    more: dict[str, Any] = {
        "description": param.doc,
        "examples": list(param.examples) or None,
        "alias": param.name,
        "ge": param.least,
    }
    if each.several:
        return list[type], Field(default_factory=list, max_length=param.most, **more)
    if is_page:
        return int, Field(PAGE, le=MOST, **more)
    if each.type is int:
        more["le"] = param.most or LARGEST
    if each.required:
        return type, Field(**more)
    return type if each.default is not None else type | None, Field(each.default, **more)


def path_type(each: Parameter) -> Any:
    """The type of a parameter that is a part of the path."""
    return _of_path(each.param.doc, *each.param.examples)


def _of_path(description: str, *examples: str) -> Any:
    path = Path(
        description=description, min_length=1, max_length=LONGEST_PART, examples=list(examples)
    )
    return Annotated[str, path, AfterValidator(whole)]


Entity = _of_path("An entity, by its slug or a name.", "qwen-team")
Story = _of_path("A story, by its slug.", "qwen")
RecordId = _of_path("The id of a record.", "qwen-image-report-published")
