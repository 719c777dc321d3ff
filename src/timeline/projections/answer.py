"""What all answers have in common: the times they were asked by, and a digest.

The type of an answer stands beside the function that makes it, as do the types of its parts.
They are TypedDicts, so mypy checks every answer against its type. The OpenAPI document is made
from the same types: a docstring becomes a description, `JsonSchema` adds what Python types
cannot say.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, NamedTuple, NotRequired, TypeVar

import orjson
from annotated_types import Len
from typing_extensions import TypedDict

from timeline import temporal
from timeline.temporal.instant_bounds import MAX_INSTANT, MIN_INSTANT


class JsonSchema:
    """Keywords of JSON Schema for a type, in addition to what follows from the type itself."""

    def __init__(self, **keywords: object):
        self._keywords = keywords

    def __get_pydantic_json_schema__(
        self, core_schema: object, handler: Callable[[object], dict[str, object]]
    ) -> dict[str, object]:
        return {**handler(core_schema), **self._keywords}


class SchemaOf:
    """The JSON Schema of another type, for values whose Python type says less."""

    def __init__(self, other: type):
        self.other = other

    def __get_pydantic_core_schema__(self, source: object, handler: Any) -> Any:
        return handler.generate_schema(self.other)


Timestamp = Annotated[
    str,
    JsonSchema(
        pattern=r"^[+-]?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$",
        description="An instant in UTC, to the microsecond (RFC 3339).",
        examples=["2026-03-03T16:11:00.000000Z"],
    ),
]
TimeRange = Annotated[
    list[Timestamp | None],
    Len(2, 2),
    JsonSchema(description="`[earliest, latest)`; null is a side that is open, or not known."),
]
NumberRange = Annotated[
    list[str | int | float | None],
    Len(2, 2),
    JsonSchema(
        description="The lowest and the highest number, both included; null is a side that is open."
    ),
]
Digest = Annotated[
    str,
    JsonSchema(
        pattern="^sha256:[0-9a-f]{64}$",
        description="SHA-256 over the RFC 8785 form of the rest of the answer.",
    ),
]
Position = Annotated[int, JsonSchema(minimum=1, description="A position in the log.")]
Cut = Annotated[int, JsonSchema(minimum=0, description="The position at which the log was cut.")]
Count = Annotated[int, JsonSchema(minimum=0)]
RecordIds = Annotated[list[str], JsonSchema(description="Ids of records.")]
NoFindings = Annotated[list[object], JsonSchema(maxItems=0, description="Always empty.")]


class KnownJson(TypedDict):
    """The cut of the log that a question was asked by."""

    as_known: Cut
    recorded_at: Timestamp | None
    """When the last record of that cut was recorded."""


class ReachJson(KnownJson):
    """The cut of the log, and whether the answer reaches beyond it."""

    beyond: NotRequired[Literal[True]]
    """Present if `as_of` is later than `recorded_at`: the answer is as last known then."""


class BasisJson(ReachJson):
    """The two times that a question was asked by."""

    as_of: str
    """An EDTF expression; what happened before its upper bound has happened."""


class Sealed(TypedDict):
    """An answer that carries its own digest."""

    version: Literal[1]
    digest: Digest


AnyAnswer = TypeVar("AnyAnswer", bound=Sealed)

Answer = dict[str, Any]


class Basis(NamedTuple):
    """The two times that a question is asked by, resolved.

    `as_of` is the EDTF expression asked with and `at` its upper bound in microseconds since
    1970, UTC: what happens before `at` has happened. `as_known` is the position at which the
    log was cut, and `recorded_at` the time of the record there, None at position 0.
    """

    as_of: str
    at: int
    as_known: int
    recorded_at: int | None

    def as_json(self) -> BasisJson:
        return {"as_of": self.as_of, **self.reach_json()}

    def reach_json(self) -> ReachJson:
        """The cut of the log, and whether `as_of` is later than all that was recorded.

        A question about now has the instant at which it was asked, to the microsecond, as does the
        same question asked again; one about all times has no `as_of`. These do not count as later.
        """
        known = self.known_json()
        reach: ReachJson = {"as_known": known["as_known"], "recorded_at": known["recorded_at"]}
        exempt = ("", temporal.format_instant(self.at - 1))
        if self.recorded_at is not None and self.at > self.recorded_at and self.as_of not in exempt:
            reach["beyond"] = True
        return reach

    def known_json(self) -> KnownJson:
        """The same without the valid time, for questions that it does not concern."""
        stamp = None if self.recorded_at is None else temporal.format_instant(self.recorded_at)
        return {"as_known": self.as_known, "recorded_at": stamp}


def sealed(answer: AnyAnswer) -> AnyAnswer:
    """The answer with its `digest` filled in: SHA-256 over the RFC 8785 form of the rest."""
    rest = {name: value for name, value in answer.items() if name != "digest"}
    answer["digest"] = f"sha256:{hashlib.sha256(canonical(rest)).hexdigest()}"
    return answer


def time_range(bounds: tuple[int, int] | None) -> TimeRange | None:
    """Bounds as timestamps; None where they are not known, or both sides are open."""
    if bounds is None or bounds == (MIN_INSTANT, MAX_INSTANT):
        return None
    return timestamps(*bounds)


def timestamps(earliest: int | None, latest: int | None) -> TimeRange:
    """Two instants as timestamps; null where a side is open."""
    return [
        None if side in (None, MIN_INSTANT, MAX_INSTANT) else temporal.format_instant(side)
        for side in (earliest, latest)
    ]


# RFC 8785 says how keys sort and how numbers with a fraction are written. An answer without
# such numbers, and without keys beyond ASCII, is the same from any sorted, compact writer;
# nearly all answers are like that, and orjson is many times faster than rfc8785.

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER

# The end of a number with a fraction or an exponent. Text may look like either, which costs
# time only. Both patterns begin with a rare character, which makes the search fast.
_FRACTION = re.compile(rb"\.\d+(?:e[-+]?\d+)?[,\]}]")
_EXPONENT = re.compile(rb"e[-+]?\d+[,\]}]")

# The end of a key beyond ASCII, once only such bytes, quotes and colons are left.
_WIDE_KEY = re.compile(rb'\x80:*":')
_WIDE = bytes(range(0x80)) + b"\x80" * 0x80
_ELSE = bytes(each for each in range(0x80) if each not in b'":')


def canonical(value: Mapping[str, object]) -> bytes:
    """The RFC 8785 form of a JSON object.

    Raises:
        IntegerDomainError: it has an integer of more than 53 bits.
    """
    try:
        written = orjson.dumps(value, option=_OPTIONS)
    except orjson.JSONEncodeError:
        written = b""
    number = _FRACTION.search(written) or _EXPONENT.search(written)
    if written and not number and not _has_wide_key(written):
        return written
    import rfc8785

    return rfc8785.dumps(dict(value))  # type: ignore[arg-type]


def _has_wide_key(written: bytes) -> bool:
    """Whether a key has a character beyond ASCII."""
    if written.isascii():
        return False
    unquoted = written.replace(b"\\\\", b"").replace(b'\\"', b"")
    return bool(_WIDE_KEY.search(unquoted.translate(_WIDE, _ELSE)))
