"""`timeline serve`."""

from __future__ import annotations

from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import click

from timeline import temporal
from timeline.access.file import AccessFile
from timeline.access.roles import Role
from timeline.access.tokens import Tokens
from timeline.cli.shared import (
    access_option,
    access_path,
    location_of,
    recorder_name,
    refuse_service,
)
from timeline.errors import InputError
from timeline.render import terminal

HTTP_PORT = "80"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8450, show_default=True, help="0 is any."
)
@access_option
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="HOST",
    help="A name by which browsers ask for it, such as timeline.example.org. Needed where "
    "something else stands before it.",
)
@click.option(
    "--rate",
    type=click.IntRange(1),
    default=200,
    show_default=True,
    metavar="N",
    help="Requests a second that one token may make for long; ten times as many at once.",
)
@click.option("--no-link", is_flag=True, help="Print no one-time link.")
@click.pass_context
def serve_command(
    ctx: click.Context,
    host: str,
    port: int,
    file: Path | None,
    names: tuple[str, ...],
    rate: int,
    no_link: bool,
) -> None:
    """Serve the newsroom over HTTP: its questions, and pages to look at the answers.

    On this machine alone it prints a link that opens it once. Beyond it, who asks needs a
    token, and something that speaks TLS has to stand before it.
    """
    if any(find_spec(each) is None for each in ("fastapi", "uvicorn", "jinja2")):
        raise InputError("the service needs more packages", "pip install 'newsroom-timeline[web]'")
    refuse_service(ctx)
    location = location_of(ctx)
    access = access_path(ctx, file)
    is_local = host in LOOPBACK
    if not is_local and not _anybody_has_access(access):
        raise InputError(
            f"{host} can be reached by others, and nobody has a token",
            "timeline token add NAME --role reader; and let a proxy that speaks TLS stand before "
            "it, such as Caddy: `caddy reverse-proxy --from timeline.example.org --to :8450`",
        )
    from timeline.web.service import Service
    from timeline.web.serving import listening, serve

    with listening(host, port) as (socket, place):
        hosts = _hosts(place, names) if is_local or names else None
        service = Service.open(location, access, hosts, rate)
        terminal.say(f"serving at http://{place}/")
        if is_local and not no_link:
            link = service.sessions.one_time(recorder_name(None), Role.ADMIN, temporal.now())
            click.echo(f"open once, within ten minutes: http://{place}/link/{link}")
        if not is_local:
            terminal.note("nothing is encrypted: let a proxy that speaks TLS stand before it")
        serve(socket, service)


def _anybody_has_access(path: Path) -> bool:
    """Whether somebody has a token that counts."""
    if not path.exists():
        return False
    with closing(AccessFile(path)) as file:
        now = temporal.now()
        return any(token.counts(now) for token in Tokens(file).list())


def _hosts(place: str, names: tuple[str, ...]) -> frozenset[str]:
    """The names by which it is asked: on this machine, and those that were given."""
    port = place.rpartition(":")[2]
    local = ["localhost", "127.0.0.1", "[::1]"]
    # Of the port that is usual, browsers say nothing.
    unsaid = [*local, place.removesuffix(f":{port}")] if port == HTTP_PORT else []
    return frozenset((place, *(f"{name}:{port}" for name in local), *unsaid, *names))
