"""TAB in the shell offers commands, types, stories and entities."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.running import PROGRAM, environment, inside


def offered(room: Path, typed: str) -> list[str]:
    """What bash is told when TAB is pressed at the end of a line."""
    done = inside(
        None,
        cwd=room,
        env={
            "_TIMELINE_COMPLETE": "bash_complete",
            "COMP_WORDS": typed,
            "COMP_CWORD": str(len(typed.split(" ")) - 1),
        },
    )
    assert done.err == ""
    return [line.partition(",")[2] for line in done.out.splitlines() if line]


def test_commands_and_types_are_offered(room: Path) -> None:
    assert offered(room, "timeline sn") == ["snapshot"]
    assert offered(room, "timeline append dep") == ["departed"]
    assert "--organisation" in offered(room, "timeline append departed --org")


def test_entities_are_offered(story: Path) -> None:
    assert offered(story, "timeline snapshot la") == ["lab"]
    assert set(offered(story, "timeline snapshot ")) == {"ada", "lab"}
    assert offered(story, "timeline append departed --person a") == ["ada"]
    assert offered(story, "timeline replay --entity a") == ["ada"]


def test_stories_are_offered(story: Path) -> None:
    assert offered(story, "timeline chronology st") == ["story"]
    assert offered(story, "timeline append joined --story ") == ["story"]


def test_types_and_zones_are_offered_where_a_question_takes_them(room: Path) -> None:
    assert offered(room, "timeline log --type dep") == ["departed"]
    assert offered(room, "timeline when 1984 --zone Europe/Berl") == ["Europe/Berlin"]


def test_a_newsrooms_own_types_are_offered(room: Path) -> None:
    with (room / "timeline.toml").open("a") as settings:
        settings.write('[types.docked]\nfields.ship = "entity!"\n')
    assert offered(room, "timeline append do") == ["docked"]
    assert offered(room, "timeline append docked --sh") == ["--ship"]


def test_outside_a_newsroom_nothing_is_offered_and_nothing_complained(tmp_path: Path) -> None:
    assert offered(tmp_path, "timeline snapshot ") == []
    assert offered(tmp_path, "timeline append dep") == ["departed"]


def test_with_wrong_settings_nothing_is_complained(room: Path) -> None:
    (room / "timeline.toml").write_text("name = ")
    assert offered(room, "timeline snapshot ") == []
    assert offered(room, "timeline append dep") == ["departed"]
    assert "--organisation" in offered(room, "timeline append departed --org")


def test_each_shell_gets_its_script() -> None:
    for shell in ("zsh", "fish"):  # For bash, click wants to know which version there is.
        done = subprocess.run(
            PROGRAM,
            capture_output=True,
            text=True,
            env=environment(_TIMELINE_COMPLETE=f"{shell}_source"),
            timeout=60,
        )
        assert done.returncode == 0 and "_TIMELINE_COMPLETE" in done.stdout
