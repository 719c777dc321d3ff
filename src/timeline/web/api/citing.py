"""A citation from a link and a quote."""

from __future__ import annotations

from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from timeline.access.roles import Role
from timeline.access.tokens import Holder
from timeline.web.auth import needs
from timeline.web.question import JSON
from timeline.web.service import service_of

citing = APIRouter(prefix="/api", tags=["citations"])

Reporter = Annotated[Holder, Depends(needs(Role.REPORTER))]


class CitationRequest(BaseModel):
    """The link to cite, and a quote that the page should contain."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(max_length=2000, examples=["https://example.org/article"])
    quote: str = Field("", max_length=10_000)


class CitationResponse(BaseModel):
    """What the page declares about itself; `problem` is why it could not be read."""

    model_config = ConfigDict(extra="forbid")

    citation: dict[str, str]
    wording: Literal["literal", "nearly", "absent"] | None
    problem: str | None
    remarks: list[str]


@citing.post("/cite", responses={200: {"model": CitationResponse}})
async def cite(request: Request, holder: Reporter, wanted: CitationRequest) -> Response:
    """A citation, filled in from the page that a link leads to. Only public pages are fetched."""
    found = await service_of(request).cite(wanted.url, wanted.quote, holder.token)
    return Response(orjson.dumps(found.as_json()) + b"\n", media_type=JSON)
