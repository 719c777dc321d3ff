"""`timeline demo`."""

from __future__ import annotations

import shlex
import tempfile
from pathlib import Path

import click

import timeline
from timeline.newsroom.newsroom import Newsroom
from timeline.render import terminal


@click.command("demo")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the newsroom in DIRECTORY.",
)
@click.pass_context
def demo_command(ctx: click.Context, keep: Path | None) -> None:
    """Load the shipped story into a scratch newsroom, and walk through three tasks."""
    if keep is not None:
        _walk(ctx, keep)
        click.echo(f"The newsroom is in {keep}: try `timeline --newsroom {keep} log`.")
        return
    with tempfile.TemporaryDirectory(prefix="timeline-demo-") as scratch:
        _walk(ctx, Path(scratch) / "newsroom")
    terminal.say(
        "The scratch newsroom was deleted; `timeline demo --keep DIR` keeps one to explore."
    )


def _walk(ctx: click.Context, directory: Path) -> None:
    Newsroom.init(directory, name="demo")
    terminal.say("A scratch newsroom, and the story that made us build this:", fg="cyan")
    _run(ctx, directory, "import", str(_shipped_story()))
    for title, steps in JOBS:
        terminal.say()
        terminal.say(title, bold=True)
        for explanation, command in steps:
            terminal.say()
            terminal.say(explanation, fg="cyan")
            _run(ctx, directory, *shlex.split(command))
    terminal.say()


def _shipped_story() -> Path:
    """The story, in the installed package or in the checkout."""
    package = Path(timeline.__file__).parent
    installed = package / "demo" / "qwen.jsonl"
    return installed if installed.exists() else package.parents[1] / "events" / "qwen.jsonl"


def _run(ctx: click.Context, directory: Path, *command: str) -> None:
    """Print a command as a user would type it, and run it."""
    shown = [Path(part).name if part.endswith("qwen.jsonl") else part for part in command]
    line = "timeline " + " ".join(part if part.isalnum() else _quoted(part) for part in shown)
    terminal.say("$ " + line, hang=4, bold=True)
    ctx.find_root().command.main(
        ["--newsroom", str(directory), *command], prog_name="timeline", standalone_mode=False
    )


def _quoted(part: str) -> str:
    return part if shlex.quote(part) == part else f'"{part}"'


JOBS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "1. Append: what happened, when, and who says so",
        (
            (
                "A record takes ten seconds. What it changes in the state is shown before it "
                "is written.",
                "append began --story qwen --subject qwen3-asr --property supported-by"
                " --value transformers --when 2026-06-26"
                " --source https://github.com/QwenLM/Qwen3-ASR"
                ' --quote "Native Transformers support is now available!"'
                ' --headline "Qwen3-ASR gains native Transformers support"',
            ),
        ),
    ),
    (
        "2. Replay: how we came to know it",
        (
            (
                "Who recorded what about Lin Junyang, when, and what it changed in the state?",
                "replay --entity lin-junyang --as-of 2026-03-05 --to 112",
            ),
            (
                "One record with its lineage: as it was recorded, corrected, and now reads.",
                "show qwen2-beta-released",
            ),
        ),
    ),
    (
        "3. Snapshot: the state at one time, as known at another",
        (
            (
                "Lin Junyang at the end of 3 March, as known that day:",
                "snapshot lin-junyang --as-of 2026-03-03 --as-known 2026-03-03",
            ),
            (
                "The same day, as known a week later: he had left. What we know has changed; "
                "what we knew then has not.",
                "snapshot lin-junyang --as-of 2026-03-03 --as-known 2026-03-10",
            ),
            (
                "The article gives no day for the architect's exit, so the answer says what "
                "is possible.",
                "snapshot qwen-technical-architect --as-of 2026-03-03",
            ),
        ),
    ),
)
