"""`timeline token`."""

from __future__ import annotations

from pathlib import Path

import click

from timeline import temporal
from timeline.access import FILE
from timeline.access.file import AccessFile
from timeline.access.roles import ROLES, Role
from timeline.access.tokens import Token, Tokens, expiry, token_json
from timeline.cli.shared import format_option, location_of, refuse_service, takes, zone_of
from timeline.errors import InputError
from timeline.files import exposed
from timeline.newsroom.opening import settings_at
from timeline.render import terminal
from timeline.render.wording import local

access_option = click.option(
    "--access",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="TIMELINE_ACCESS",
    help=f"The file of tokens. Default: {FILE} in the newsroom's directory.",
)


def access_path(ctx: click.Context, given: Path | None) -> Path:
    """The file of tokens: as given, else that in the newsroom's directory.

    That other users can read it is noted.

    Raises:
        InputError: no file was named, and there is no newsroom here, or it is not a directory.
    """
    path = given or _default_path(ctx)
    if (warning := exposed(path)) is not None:
        terminal.note(warning)
    return path


def _default_path(ctx: click.Context) -> Path:
    refuse_service(ctx)
    location = location_of(ctx)
    if isinstance(location, str):
        raise InputError(
            "a newsroom that is named by its address has no directory for tokens",
            "--access names a file, or TIMELINE_ACCESS",
        )
    settings_at(location)  # Raises if there is no newsroom in the directory.
    return location / FILE


@click.group("token")
@access_option
@click.pass_context
def token_command(ctx: click.Context, file: Path | None) -> None:
    """Create, list and revoke the tokens of the service.

    A reader asks questions, a reporter also appends events, an editor also amends and
    publishes, an admin also creates tokens.
    """
    ctx.meta["timeline.access"] = file


@token_command.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What the token allows.")
@click.option(
    "--expires",
    metavar="DURATION",
    help="How long it is valid, such as P90D. Default: until revoked.",
)
@click.pass_context
def add_command(ctx: click.Context, name: str, role: str, expires: str | None) -> None:
    """Create a token for NAME, the author of records appended with it.

    Its secret is printed once.
    """
    now = temporal.now()
    tokens = Tokens(_opened(ctx, access_path(ctx, ctx.meta["timeline.access"])))
    token, secret = tokens.add(name, Role.named(role), now, _expiry(expires, now))
    until = f", until {local(token.expires_at, zone_of(ctx))}" if token.expires_at else ""
    terminal.note(f"token {token.id} for {name}, {role}{until}; its secret is shown only now:")
    click.echo(secret)


@takes(format_option())
@token_command.command("list")
@click.pass_context
def list_command(ctx: click.Context, format: str) -> None:
    """List all tokens and one-time links, also those that ended."""
    path = access_path(ctx, ctx.meta["timeline.access"])
    tokens = Tokens(_opened(ctx, path)).list() if path.exists() else []
    if format == "json":
        terminal.show_json({"tokens": [token_json(token) for token in tokens]})
    elif format == "jsonl":
        terminal.show_json_lines(token_json(token) for token in tokens)
    elif not tokens:
        terminal.say("there are no tokens: `timeline token add` creates one", dim=True)
    else:
        now, zone = temporal.now(), zone_of(ctx)
        for token in tokens:
            link = ", one-time link of a service" if token.is_link else ""
            head = f"{token.id}  {token.holder}, {token.role.label}{link}"
            terminal.say(terminal.safe(head), hang=2, bold=token.is_valid(now))
            terminal.say(_times(token, now, zone), indent=2, hang=2, dim=True)


@token_command.command("revoke")
@click.argument("id")
@click.pass_context
def revoke_command(ctx: click.Context, id: str) -> None:
    """Revoke the token or one-time link ID, from the next request on.

    Browsers that signed in with it are signed out.
    """
    path = access_path(ctx, ctx.meta["timeline.access"])
    if not path.exists():
        raise InputError(f"there is no token {id!r}", "`timeline token add` creates one")
    token = Tokens(_opened(ctx, path)).revoke(id, temporal.now())
    terminal.say(terminal.safe(f"revoked token {token.id} of {token.holder}"))


def _opened(ctx: click.Context, path: Path) -> AccessFile:
    file = AccessFile(path)
    ctx.call_on_close(file.close)
    return file


def _expiry(duration: str | None, now: int) -> int | None:
    if duration is None:
        return None
    try:
        return expiry(duration, now)
    except InputError as error:
        raise InputError(each._replace(field="--expires") for each in error.problems) from error


def _times(token: Token, now: int, zone: str) -> str:
    """Created 2026-11-24 09:00, UTC; never used; valid until 2027-02-22 09:00, UTC."""
    used = "never used"
    if token.last_used_at is not None:
        used = f"last used {local(token.last_used_at, zone)}"
    said = [f"created {local(token.created_at, zone)}", used]
    if token.revoked_at is not None:
        said.append(f"revoked {local(token.revoked_at, zone)}")
    elif token.expires_at is not None:
        verb = "valid until" if now < token.expires_at else "expired"
        said.append(f"{verb} {local(token.expires_at, zone)}")
    return "; ".join(said)
