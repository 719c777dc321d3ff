"""An API with one fault, or none, to see whether it is found."""

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

Fault = Literal["none", "fails", "status", "kind", "shape", "body"]


class Number(BaseModel):
    """What is asked, and answered."""

    number: int


def make(fault: Fault) -> FastAPI:
    """The API; with a fault it is wrong for some numbers from 100 on."""
    app = FastAPI()
    bad = {
        "fails": JSONResponse({"detail": "planted"}, 500),
        "status": JSONResponse({"number": 1}, 418),
        "kind": PlainTextResponse("1"),
        "shape": JSONResponse({"number": "one"}),
    }

    @app.get("/numbers/{number}", response_model=Number)
    def ask(number: int) -> object:
        return bad[fault] if number >= 100 and fault in bad else Number(number=number)

    @app.post("/numbers", response_model=Number, responses={400: {"description": "No JSON"}})
    def tell(number: Number) -> object:
        is_bad = number.number >= 100 and fault == "body"
        return Response(status_code=500) if is_bad else number

    return app


@contextmanager
def serving(fault: Fault) -> Iterator[str]:
    """Serve it on this machine; gives the address of its document."""
    config = uvicorn.Config(make(fault), log_level="critical", access_log=False)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/openapi.json"
        finally:
            server.should_exit = True
            thread.join()
