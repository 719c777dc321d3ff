"""The program: finds the command, and turns errors into messages and exit codes.

Exit codes: 0 success; 1 the answer is a finding; 2 bad usage or input; 3 conflict: another writer
appended first, and nothing was written; 4 the store failed.
"""

from __future__ import annotations

import importlib
import signal
import sys
from pathlib import Path

import click

from timeline import __version__
from timeline.errors import ConflictError, InputError, StoreError, did_you_mean
from timeline.newsroom.opening import is_service
from timeline.projections.question import QUESTIONS
from timeline.render import terminal

# Each command with its module in `timeline.cli.commands`. Commands that ask a question have none:
# they are generated from the question's declaration.
COMMANDS = {
    "init": "init",
    "demo": "demo",
    "append": "append",
    "correct": "amend",
    "retract": "amend",
    "restore": "amend",
    "confirm": "amend",
    "dispute": "amend",
    "conflict": "amend",
    "resolve": "amend",
    "follow": "follow",
    **dict.fromkeys(QUESTIONS),
    "import": "import_export",
    "export": "import_export",
    "backup": "backup",
    "restore-backup": "backup",
    "publish": "publish",
    "schema": "schema",
    "rebuild": "rebuild",
    "work": "work",
    "serve": "serve",
    "token": "token",
    "trust": "trust",
}


class Commands(click.Group):
    """A group that imports a command only when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in QUESTIONS:
            from timeline.cli.questions import command_of

            return command_of(cmd_name)
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        loaded = importlib.import_module(f"timeline.cli.commands.{module}")
        command: click.Command = getattr(loaded, f"{cmd_name.replace('-', '_')}_command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS:
            hint = did_you_mean(args[0], COMMANDS)
            raise click.UsageError(f"there is no command {args[0]!r}; {hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--newsroom",
    "directory",
    type=click.Path(path_type=Path),
    envvar="TIMELINE_NEWSROOM",
    help="The newsroom's directory. Default: found by searching upwards from the current "
    "directory.",
)
@click.option(
    "--log",
    "url",
    metavar="URL",
    envvar="TIMELINE_LOG",
    help="A newsroom on a server, instead of a directory: https://host, or "
    "postgresql://host/database.",
)
@click.version_option(__version__, message="timeline %(version)s")
@click.pass_context
def program(ctx: click.Context, directory: Path | None, url: str | None) -> None:
    """A newsroom's memory: what was so at time T, as we knew it at time K, and why."""
    if directory is not None and url is not None:
        typed = [name for name in ("directory", "url") if _is_typed(ctx, name)]
        if len(typed) != 1:
            raise click.UsageError(
                "--newsroom and --log both name a newsroom: give only one of them"
            )
        # The command line takes precedence over the environment.
        directory, url = (directory, None) if typed == ["directory"] else (None, url)
    ctx.obj = url or directory
    if is_service(ctx.obj) and hasattr(signal, "SIGPIPE"):
        # A connection that breaks is an error to report; the signal would end the process.
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)


def _is_typed(ctx: click.Context, parameter: str) -> bool:
    return ctx.get_parameter_source(parameter) is click.core.ParameterSource.COMMANDLINE


def run() -> None:
    """Run the program and exit."""
    if hasattr(signal, "SIGPIPE"):
        # `timeline log | head` ends quietly, as other programs do.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if not all(_is_text(argument) for argument in sys.argv):
        terminal.complain("an argument is not UTF-8")
        sys.exit(2)
    try:
        program(prog_name="timeline")
    except InputError as error:
        for problem in error.problems:
            terminal.complain(str(problem))
        if not error.complete:
            terminal.complain("there may be more problems: the rest was not read")
        sys.exit(2)
    except ConflictError as error:
        terminal.complain(str(error))
        sys.exit(3)
    except StoreError as error:
        terminal.complain(str(error))
        sys.exit(4)
    except OSError as error:
        # Errors of the log and of files were caught where they happened; this is standard output.
        terminal.complain(f"cannot write the answer: {error.strerror or error}")
        sys.exit(4)


def _is_text(argument: str) -> bool:
    """Whether an argument is UTF-8; invalid bytes are decoded as surrogates."""
    try:
        argument.encode()
    except UnicodeEncodeError:
        return False
    return True
