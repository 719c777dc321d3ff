"""An API with faults, one an operation, or none, to see whether they are found."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Literal

import uvicorn
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel

Fault = Literal["fails", "status", "kind", "shape", "body"]


class Number(BaseModel):
    """What is asked, and answered."""

    number: int


def operation(fault: Fault) -> str:
    """The operation that has a fault."""
    return f"POST /{fault}" if fault == "body" else f"GET /{fault}/{{number}}"


def make(*faults: Fault) -> FastAPI:
    """The API; an operation with a fault is wrong for some numbers from 100 on."""
    app = FastAPI()
    bad: dict[Fault, Response] = {
        "fails": JSONResponse({"detail": "planted"}, 500),
        "status": JSONResponse({"number": 1}, 418),
        "kind": PlainTextResponse("1"),
        "shape": JSONResponse({"number": "one"}),
    }

    def add(fault: Fault, wrong: Response) -> None:
        @app.get(f"/{fault}/{{number}}", response_model=Number)
        def ask(number: int) -> object:
            return wrong if number >= 100 and fault in faults else Number(number=number)

    for fault, wrong in bad.items():
        add(fault, wrong)

    @app.post("/body", response_model=Number, responses={400: {"description": "No JSON"}})
    def tell(number: Number) -> object:
        is_bad = number.number >= 100 and "body" in faults
        return Response(status_code=500) if is_bad else number

    return app


@contextmanager
def serving(*faults: Fault) -> Iterator[str]:
    """Serve it on this machine; gives the address of its document."""
    config = uvicorn.Config(make(*faults), log_level="critical", access_log=False)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/openapi.json"
        finally:
            server.should_exit = True
            thread.join()
