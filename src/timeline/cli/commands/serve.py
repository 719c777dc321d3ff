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
from timeline.cli.commands.token import access_option, access_path
from timeline.cli.shared import (
    location_of,
    recorder_name,
    refuse_service,
)
from timeline.errors import InputError
from timeline.render import terminal

HTTP_PORT = "80"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8450,
    show_default=True,
    help="0 chooses a free port.",
)
@access_option
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="HOST",
    help="A host name of the service, such as timeline.example.org. Required behind a proxy.",
)
@click.option(
    "--rate",
    type=click.IntRange(1),
    # About what a service with two CPUs can answer from its cache, so one token may use it all.
    default=5000,
    show_default=True,
    metavar="N",
    help="Requests per second for each token. Bursts may be ten times as large.",
)
@click.option("--no-link", is_flag=True, help="Do not print a one-time link.")
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
    """Serve the newsroom over HTTP: an API, and pages.

    On this machine it prints a link that signs in a browser once. To serve other machines
    you need tokens and a TLS proxy.
    """
    if any(find_spec(each) is None for each in ("fastapi", "uvicorn", "jinja2")):
        raise InputError("the service needs more packages", "pip install 'newsroom-timeline[web]'")
    refuse_service(ctx)
    location = location_of(ctx)
    access = access_path(ctx, file)
    is_local = host in LOOPBACK
    if not is_local and not _has_valid_token(access):
        raise InputError(
            f"other machines can reach {host}, and there is no valid token",
            "timeline token add NAME --role reader; then use a TLS proxy such as Caddy: "
            "`caddy reverse-proxy --from timeline.example.org --to :8450`",
        )
    from timeline.web.service import Service
    from timeline.web.serving import listening, most_connections, serve

    connections = most_connections()
    with listening(host, port) as (socket, place):
        hosts = _hosts(place, names) if is_local or names else None
        service = Service.open(location, access, rate, hosts)
        terminal.say(f"serving at http://{place}/")
        if is_local and not no_link:
            link = service.sessions.one_time(recorder_name(None), Role.ADMIN, temporal.now())
            click.echo(f"one-time link, valid for ten minutes: http://{place}/link/{link}")
        if not is_local:
            terminal.note("connections are not encrypted: use a TLS proxy")
        serve(socket, service, connections)


def _has_valid_token(path: Path) -> bool:
    """Whether the file has a valid token."""
    if not path.exists():
        return False
    with closing(AccessFile(path)) as file:
        now = temporal.now()
        return any(token.is_valid(now) and not token.is_link for token in Tokens(file).list())


def _hosts(place: str, names: tuple[str, ...]) -> frozenset[str]:
    """The values of the header Host that are accepted: of this machine, and those given."""
    port = place.rpartition(":")[2]
    local = ["localhost", "127.0.0.1", "[::1]"]
    # Browsers leave out the default port.
    without_port = [*local, place.removesuffix(f":{port}")] if port == HTTP_PORT else []
    return frozenset((place, *(f"{name}:{port}" for name in local), *without_port, *names))
