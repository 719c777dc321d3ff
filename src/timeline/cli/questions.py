"""The commands that ask a question, made from its declaration."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Any, TypeVar

import click

from timeline import temporal
from timeline.cli.completion import (
    complete_entity,
    complete_publication,
    complete_story,
    complete_type,
    complete_zone,
)
from timeline.cli.shared import (
    Position,
    at_least_of,
    at_least_option,
    format_option,
    open_any,
    open_room,
    zone_of,
)
from timeline.projections.positions import written
from timeline.projections.question import Listing, Parameter, Question, question_type
from timeline.projections.when import when_json
from timeline.render import terminal

_COMPLETE = {
    "entity": complete_entity,
    "story": complete_story,
    "publication": complete_publication,
    "type": complete_type,
    "zone": complete_zone,
}

Callback = Callable[..., None]

A = TypeVar("A")


def command_of(name: str) -> click.Command:
    """The command that asks the question of that name."""
    kind = question_type(name)
    parameters = kind.parameters()

    @click.pass_context
    def callback(ctx: click.Context, /, format: str, **given: Any) -> None:
        question = kind(**given)
        answer = show(ctx, question, format)
        if answer is not None and question.is_finding(answer):
            ctx.exit(1)

    command = click.Command(
        name,
        params=[
            *map(_option, parameters),
            *([at_least_option()] if kind.reads_log else []),
            format_option(),
        ],
        callback=callback,
        help=cleandoc(kind.__doc__ or ""),
        epilog=_choices(parameters),
    )
    extend = _EXTENDED.get(name)
    return command if extend is None else extend(command)


def _option(each: Parameter) -> click.Parameter:
    """The argument or the option of a parameter."""
    param = each.param
    complete = None if param.suggest is None else _COMPLETE[param.suggest]
    kind: click.ParamType[Any]
    if param.choices:
        kind = click.Choice(param.choices)
    elif param.is_position:
        kind = Position(param.least, param.most)
    elif each.type is int:
        kind = click.IntRange(param.least, param.most)
    else:
        kind = click.STRING
    if param.kind != "option":
        required = each.required
        return click.Argument([each.field], type=kind, required=required, shell_complete=complete)
    shown = not each.several and each.default is not None
    return click.Option(
        [f"--{each.name.replace('_', '-')}", each.field],
        type=kind,
        default=each.default if shown else None,
        show_default=shown,
        multiple=each.several,
        metavar=param.metavar,
        help=param.doc,
        shell_complete=complete,
    )


def _choices(parameters: tuple[Parameter, ...]) -> str | None:
    """The values of parameters whose placeholder does not list them."""
    listed = [
        f"\b\n{each.param.metavar} is one of:\n"
        + "\n".join(f"  {choice}" for choice in each.param.choices)
        for each in parameters
        if each.param.choices and each.param.metavar
    ]
    return "\n\n".join(listed) or None


def show(ctx: click.Context, question: Question[A], format: str) -> A | None:
    """Ask a question and print the answer. Returns the answer, or None if it was streamed."""
    room = open_room(ctx) if question.reads_log else open_any(ctx)
    at_least = at_least_of(ctx)
    if format == "table":
        from timeline.render.tables import table_of
        from timeline.render.wording import Words

        show_table = table_of(question.name())
        if isinstance(question, Listing):
            show_table(room.entries(question, at_least), Words(room.settings))
            return None
        answer, legend = room.ask_with_legend(question, at_least)
        show_table(answer, Words(room.settings, legend))
        return answer
    if format == "jsonl" and isinstance(question, Listing):
        terminal.show_json_lines(room.entries(question, at_least))
        return None
    answer = room.ask(question, at_least)
    if format == "jsonl":
        terminal.show_json_lines(question.lines(answer))
    else:
        terminal.show_json(answer)
    return answer


# Extensions of single commands


def _diff(command: click.Command) -> click.Command:
    """`timeline diff --exit-code`."""
    from timeline.projections.diff import Diff, has_changed

    @click.pass_context
    def callback(ctx: click.Context, /, exit_code: bool, format: str, **given: Any) -> None:
        answer = show(ctx, Diff(**given), format)
        if exit_code and answer is not None and has_changed(answer):
            ctx.exit(1)

    flag = click.Option(["--exit-code"], is_flag=True, help="Exit with 1 if anything has changed.")
    command.params.insert(-1, flag)
    command.callback = callback
    return command


def _when(command: click.Command) -> click.Command:
    """`timeline when -`: one EDTF expression a line from standard input, one answer a line."""
    ask: Callback | None = command.callback
    assert ask is not None

    @click.pass_context
    def callback(ctx: click.Context, /, expression: str, zone: str | None, **given: Any) -> None:
        if expression != "-":
            ctx.invoke(ask, expression=expression, zone=zone, **given)
            return
        from timeline.projections.when import refuse_unknown_zone

        zone = zone or zone_of(ctx)
        refuse_unknown_zone(zone)
        terminal.show_json_lines(_each_read(zone))

    command.help = (
        f"{command.help}\n\nWith `--format jsonl -`, read one EDTF expression a line from standard "
        "input, and print one answer a line; errors are answers, too."
    )
    command.context_settings = {"ignore_unknown_options": True}  # -0044 is a year
    command.callback = callback
    return command


def _each_read(zone: str) -> Iterator[object]:
    for line in sys.stdin.buffer:
        text = line.decode("utf-8", "backslashreplace").removesuffix("\n").removesuffix("\r")
        try:
            yield when_json(temporal.read(text, zone))
        except temporal.EdtfError as error:
            hint = f" ({error.hint})" if error.hint else ""
            yield {"edtf": text, "error": error.message + hint}


def _replay(command: click.Command) -> click.Command:
    """`timeline replay --to POSITION`, and `--assert FILES`: ask saved answers again."""
    ask: Callback | None = command.callback
    assert ask is not None
    own = {each.name: each.opts[0] for each in command.params if each.name != "format"}

    @click.pass_context
    def callback(
        ctx: click.Context,
        /,
        files: tuple[Path, ...],
        last: int | None,
        asserting: bool,
        head: bool,
        **given: Any,
    ) -> None:
        if asserting:
            if used := ", ".join(flag for name, flag in own.items() if _is_typed(ctx, name)):
                raise click.UsageError(
                    f"--assert repeats the questions in the files: leave out {used}"
                )
            if not files:
                raise click.UsageError("--assert needs FILES: saved answers")
            _assert(ctx, files, head, given["format"])
        elif files:
            raise click.UsageError(
                f"what is {str(files[0])!r}? --assert repeats the questions of saved answers"
            )
        elif head:
            raise click.UsageError("--head goes with --assert")
        elif last is not None and given["as_known"] is not None:
            raise click.UsageError("--to and --as-known both limit the log: give only one of them")
        else:
            known = given["as_known"] if last is None else written(last)
            ctx.invoke(ask, **{**given, "as_known": known})

    command.help = (
        f"{command.help}\n\nWith --assert, check whether history was rewritten: FILES are saved "
        "answers, as --format json prints them, or directories of them."
    )
    command.params[:0] = [click.Argument(["files"], nargs=-1, type=click.Path(path_type=Path))]
    command.params[-1:-1] = [
        click.Option(
            ["--to", "last"], metavar="POSITION", type=Position(1), help="Stop at this position."
        ),
        click.Option(
            ["--assert", "asserting"],
            is_flag=True,
            help="Ask the questions of the saved answers in FILES again; exit with 1 if an answer "
            "differs from the saved one.",
        ),
        click.Option(
            ["--head"],
            is_flag=True,
            help="With --assert: also exit with 1 if an answer differs at the head of the log.",
        ),
    ]
    command.callback = callback
    return command


def _is_typed(ctx: click.Context, name: str | None) -> bool:
    typed = click.core.ParameterSource.COMMANDLINE
    return name is not None and ctx.get_parameter_source(name) is typed


def _assert(ctx: click.Context, files: tuple[Path, ...], head: bool, format: str) -> None:
    from timeline.newsroom.saved_answers import read_saved
    from timeline.newsroom.saved_answers_check import asserted

    room = open_room(ctx)
    saved = read_saved(files)
    with room.whole() as whole:
        reports = list(asserted(whole, saved))
    if format == "json":
        terminal.show_json({"kept": reports})
    elif format == "jsonl":
        terminal.show_json_lines(reports)
    else:
        from timeline.render.tables import saved_answers
        from timeline.render.wording import Words

        saved_answers.show(reports, Words(room.settings))
    if any(not each["unchanged"] or (head and each["moved"]) for each in reports):
        ctx.exit(1)


_EXTENDED = {"diff": _diff, "when": _when, "replay": _replay}
