"""Tokens, and who one is."""

from __future__ import annotations

from pydantic import with_config
from typing_extensions import TypedDict

from timeline.web.schemas.appending import JSON, STRICT, Responses, Schema, refused


@with_config(STRICT)
class Me(TypedDict):
    """Who asks."""

    name: str
    """What `recorded_by` says of the records that they append."""
    role: str
    token: str
    """The id of their token, or of the one-time link that opened their session."""


@with_config(STRICT)
class KnownToken(TypedDict):
    """What is known of a token. All times are instants; null where there is none."""

    id: str
    holder: str
    role: str
    created_at: str
    expires_at: str | None
    last_used_at: str | None
    revoked_at: str | None
    link: bool
    """Whether it is a one-time link of `timeline serve`, which ends with the service."""


@with_config(STRICT)
class NewToken(KnownToken):
    """A token that was just made."""

    secret: str
    """What its holder shows. It is never told again."""


@with_config(STRICT)
class TokenList(TypedDict):
    """All tokens there ever were, the oldest first."""

    tokens: list[KnownToken]


ME: Responses = {200: {"model": Me, "description": "Who asks."}, **refused(401, 429)}
LISTED: Responses = {
    200: {"model": TokenList, "description": "All tokens."},
    **refused(401, 403, 429, 503),
}
MADE: Responses = {
    201: {"model": NewToken, "description": "The token and its secret."},
    **refused(400, 401, 403, 413, 415, 429, 503),
}
REVOKED: Responses = {
    200: {"model": KnownToken, "description": "It gives no access any more."},
    **refused(401, 403, 404, 429, 503),
}

WANTED: dict[str, Schema] = {
    JSON: {
        "schema": {
            "type": "object",
            "required": ["holder", "role"],
            "properties": {
                "holder": {"type": "string", "minLength": 1, "maxLength": 200},
                "role": {"enum": ["reader", "reporter", "editor", "admin"]},
                "expires": {
                    "type": ["string", "null"],
                    "description": "How long it lasts, as an ISO 8601 duration.",
                },
            },
            "additionalProperties": False,
        },
        "example": {"holder": "Ada Lovelace", "role": "editor", "expires": "P90D"},
    }
}
