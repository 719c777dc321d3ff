"""What people see: 80 columns, no colour where it does not belong, pipes that close early."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from pathlib import Path

import pytest
from wcwidth import wcswidth

from tests.rooms import SOURCE, event
from tests.running import append, command, environment, timeline
from timeline.render.json_output import UNSAFE
from timeline.render.width import cells

STYLE = re.compile(r"\x1b\[[0-9;]*m")
VIEWS = (
    ["snapshot", "lab", "--depth", "2"],
    ["chronology", "story"],
    ["replay"],
    ["log"],
    ["show", "chinese"],
    ["show", "emoji"],
    ["show", "endless"],
    ["status"],
    ["when", "[2026-03-01..2026-03-05]"],
    ["append", "--help"],
)

CHINESE = "阿里巴巴旗下通义千问团队的技术负责人林俊旸宣布离开团队，" * 4
EMOJI = "👩‍👩‍👧‍👦 🇨🇳 🏳️‍🌈 ❤️ 👍🏽 " * 12
ENDLESS = "Donaudampfschifffahrtsgesellschaft" * 8


@pytest.fixture
def wide(room: Path) -> Path:
    """A newsroom whose texts are hard to fit on a terminal."""
    texts = {"chinese": CHINESE, "emoji": EMOJI, "endless": ENDLESS}
    source = [{**SOURCE[0], "quote": CHINESE, "title": EMOJI, "publisher": ENDLESS}]
    append(
        room,
        *(
            event("happened", "2026", id=id, about=["lab"], headline=text, body=text)
            | {"sources": source}
            for id, text in texts.items()
        ),
        *(
            event("renamed", f"2026-01-0{day}", entity="lab", name=text)
            for day, text in enumerate(texts.values(), 1)
        ),
        *(
            event("commented", "2026", speaker="ada", about=["lab"], quote=text)
            for text in texts.values()
        ),
        *(event("asked", "2026-01", question=text, about=["lab"]) for text in texts.values()),
        event("joined", "202X", person="ada", organisation="lab", role=CHINESE),
    )
    return room


def at_a_terminal(room: Path, *words: str, typed: bytes = b"", **env: str) -> str:
    """What a command writes to a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = subprocess.Popen(
        command(room, *words), stdin=theirs, stdout=theirs, stderr=theirs, env=environment(**env)
    )
    os.close(theirs)
    os.write(ours, typed)
    written = b""
    try:
        while chunk := os.read(ours, 65536):
            written += chunk
    except OSError:
        pass  # Linux says so when the other side has closed.
    process.wait(timeout=60)
    os.close(ours)
    return written.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("view", VIEWS, ids=" ".join)
def test_no_line_is_wider_than_the_terminal(wide: Path, view: list[str]) -> None:
    written = at_a_terminal(wide, *view)
    assert "Traceback" not in written
    too_wide = [line for line in STYLE.sub("", written).split("\n") if wcswidth(line) > 80]
    assert not too_wide
    assert all(wcswidth(line) >= 0 for line in STYLE.sub("", written).split("\n"))


def test_nothing_of_a_wide_text_is_lost_in_wrapping(wide: Path) -> None:
    def letters(text: str) -> str:
        return "".join(STYLE.sub("", text).split())

    assert letters(CHINESE) in letters(at_a_terminal(wide, "show", "chinese"))
    assert letters(EMOJI) in letters(at_a_terminal(wide, "show", "emoji"))
    assert letters(ENDLESS) in letters(at_a_terminal(wide, "show", "endless"))


def test_a_terminal_gets_colour_unless_no_color_is_set(story: Path) -> None:
    assert STYLE.search(at_a_terminal(story, "snapshot", "lab"))
    assert "\x1b" not in at_a_terminal(story, "snapshot", "lab", NO_COLOR="1")
    assert "\x1b" not in at_a_terminal(story, "show", "nothing", NO_COLOR="1")


@pytest.mark.parametrize("view", [["snapshot", "lab"], ["log"], ["replay"], ["show", "nothing"]])
def test_a_file_or_pipe_gets_no_colour(story: Path, view: list[str]) -> None:
    done = timeline(story, *view)
    assert "\x1b" not in done.out + done.err


def test_a_person_is_asked_before_anything_is_appended(room: Path) -> None:
    words = (
        "append", "joined", "--story", "s", "--person", "ada", "--organisation", "lab",
        "--when", "2026", "--source", "https://example.org",
    )  # fmt: skip
    refused = at_a_terminal(room, *words, typed=b"n\n")
    assert "+ ada member-of lab" in refused and "Append it?" in refused and "Abort" in refused
    assert timeline(room, "log").out == ""
    accepted = at_a_terminal(room, *words, typed=b"\n")
    assert "at @1" in accepted


def test_contradictory_dates_are_not_appended_by_pressing_enter(room: Path) -> None:
    append(room, event("happened", "2025", id="later", about=["lab"]))
    words = (
        "append", "happened", "--story", "story", "--about", "lab", "--when", "2020",
        "--after", "later", "--source", "https://example.org", "--headline", "Too early",
    )  # fmt: skip
    refused = at_a_terminal(room, *words, typed=b"\n")
    assert "contradict" in refused and "[y/N]" in refused and "Abort" in refused
    assert "at @2" in at_a_terminal(room, *words, typed=b"y\n")


@pytest.mark.parametrize("format", ["table", "json", "jsonl"])
def test_a_reader_that_leaves_early_is_no_error(room: Path, format: str) -> None:
    many = [event("happened", "2026", about=["lab"], body="b" * 500) for _ in range(500)]
    append(room, *many)
    process = subprocess.Popen(
        command(room, "log", "--format", format),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    _, complaint = process.communicate(timeout=60)
    assert complaint == b""


def test_every_character_takes_as_many_cells_as_a_terminal_gives_it() -> None:
    shown = [chr(code) for code in range(0x20, 0x20000) if not 0xD800 <= code < 0xE000]
    # Those that wcwidth cannot measure are controls, which are escaped before they are shown.
    assert [each for each in shown if wcswidth(each) < 0 and not UNSAFE.match(each)] == []
    assert [each for each in shown if 0 <= wcswidth(each) != cells(each)] == []


def test_a_text_of_several_scripts_takes_what_its_characters_take() -> None:
    assert cells("Qwen 通义千问, Ünï, 한국어") == wcswidth("Qwen 通义千问, Ünï, 한국어")
    assert cells(f"通义 {EMOJI}") == wcswidth(f"通义 {EMOJI}")
