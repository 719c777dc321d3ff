"""A timeline.toml of someone else decides nothing until the user trusts it."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.running import Done, inside
from tests.servers import Server, server
from timeline.errors import StoreError
from timeline.log.postgres import connections
from timeline.log.postgres.create_database import make

SECRET = "correct horse battery staple"


@pytest.fixture
def asks(tmp_path: Path) -> Callable[..., Done]:
    """Runs a command in a directory, as a user who has trusted nothing yet."""
    env = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "PGPASSWORD": SECRET}

    def run(directory: Path, *words: object) -> Done:
        return inside(None, *words, env=env, cwd=directory)

    return run


class Eavesdropper:
    """A server that asks for the password in clear text, and remembers what it is sent."""

    def __init__(self) -> None:
        self.heard = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def url(self, host: str = "127.0.0.1", options: str = "") -> str:
        return f"postgresql://ada@{host}:{self._listener.getsockname()[1]}/room{options}"

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client:
                while (request := client.recv(65536))[4:8] in SECURED:
                    client.sendall(b"N")  # It has neither TLS nor GSSAPI.
                self.heard += request
                # AuthenticationCleartextPassword
                client.sendall(b"R\x00\x00\x00\x08\x00\x00\x00\x03")
                self.heard += client.recv(65536)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)


# The codes of SSLRequest and GSSENCRequest.
SECURED = (b"\x04\xd2\x16\x2f", b"\x04\xd2\x16\x30")


@pytest.fixture
def eavesdropper() -> Iterator[Eavesdropper]:
    running = Eavesdropper()
    yield running
    running.close()


def planted(directory: Path, url: str) -> Path:
    """A directory below one whose timeline.toml names a database."""
    below = directory / "stories" / "qwen"
    below.mkdir(parents=True)
    (directory / "timeline.toml").write_text(f'log = "{url}"\n')
    return below


@pytest.mark.parametrize(
    "words", [["status"], ["init"], ["when", "2026"], ["append", "happened"], ["serve"]]
)
def test_a_database_that_is_named_by_a_found_file_gets_nothing(
    asks: Callable[..., Done], eavesdropper: Eavesdropper, tmp_path: Path, words: list[str]
) -> None:
    below = planted(tmp_path / "archive", eavesdropper.url(options="?require_auth=password"))
    here = tmp_path / "archive" if words == ["init"] else below
    done = asks(here, *words)
    assert (done.code, done.out) == (2, "")
    assert f"names the database {eavesdropper.url()}" in done.err
    assert f"`timeline trust {tmp_path / 'archive'}`" in done.err
    assert eavesdropper.heard == b""


def test_a_password_is_never_sent_in_clear_text(
    asks: Callable[..., Done], eavesdropper: Eavesdropper, tmp_path: Path
) -> None:
    done = asks(tmp_path, "--log", eavesdropper.url(), "status")
    assert done.code == 4
    assert "scram" in done.err
    assert eavesdropper.heard and SECRET.encode() not in eavesdropper.heard
    # Unless the user asks for that.
    asks(tmp_path, "--log", eavesdropper.url(options="?require_auth=password"), "status")
    assert SECRET.encode() in eavesdropper.heard


def test_a_server_beyond_this_machine_needs_tls(
    asks: Callable[..., Done],
    eavesdropper: Eavesdropper,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "_is_local", lambda host: False)
    done = asks(tmp_path, "--log", eavesdropper.url(), "status")
    assert done.code == 4
    assert "SSL" in done.err
    assert b"room" not in eavesdropper.heard


def test_a_directory_is_trusted_with_the_database_that_it_names(
    asks: Callable[..., Done], databases: Callable[[], str], tmp_path: Path
) -> None:
    url = databases()
    below = planted(tmp_path / "room", url)
    assert asks(below, "status").code == 2
    trusted = asks(below, "trust", tmp_path / "room")
    assert trusted.out.split() == f"trusted {tmp_path / 'room'}, with the database {url}".split()
    assert asks(below, "status").code == 0
    (tmp_path / "room" / "timeline.toml").write_text(f'log = "{databases()}"\n')
    assert asks(below, "status").code == 2
    assert asks(tmp_path / "room", "trust").code == 0
    assert asks(below, "status").code == 0


def test_a_directory_that_the_user_names_or_makes_is_trusted(
    asks: Callable[..., Done], databases: Callable[[], str], tmp_path: Path
) -> None:
    below = planted(tmp_path / "named", databases())
    assert asks(below, "--newsroom", tmp_path / "named", "status").code == 0
    assert asks(tmp_path, "init", tmp_path / "made", "--log", databases()).code == 0
    assert asks(tmp_path / "made", "status").code == 0


def test_a_directory_of_another_user_is_refused_until_it_is_trusted(
    asks: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = tmp_path / "room"
    assert asks(tmp_path, "init", room).code == 0
    assert asks(room, "status").code == 0
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    done = asks(room, "status")
    assert done.code == 2
    assert f"{room / 'timeline.toml'} belongs to another user" in done.err
    assert asks(room, "trust").code == 0
    assert asks(room, "status").code == 0


def test_a_link_to_the_users_own_file_makes_no_directory_theirs(
    asks: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asks(tmp_path, "init", tmp_path / "room").code == 0
    trap = tmp_path / "trap"
    trap.mkdir()
    (trap / "timeline.toml").symlink_to(tmp_path / "room" / "timeline.toml")
    lstat = Path.lstat

    def of_another(path: Path) -> os.stat_result:
        found = lstat(path)
        return os.stat_result([*found[:4], found.st_uid + 1, *found[5:]]) if path == trap else found

    monkeypatch.setattr(Path, "lstat", of_another)
    assert asks(trap, "status").code == 2
    assert asks(tmp_path / "room", "status").code == 0


@pytest.mark.parametrize("text", ["", "[]", "{", "\xff"])
def test_a_file_of_trusted_directories_that_is_broken_is_reported(
    asks: Callable[..., Done], tmp_path: Path, text: str
) -> None:
    file = tmp_path / "config" / "timeline" / "trusted.json"
    file.parent.mkdir(parents=True)
    file.write_bytes(text.encode("latin-1"))
    done = asks(planted(tmp_path / "room", "postgresql://db.example.org/room"), "status")
    assert done.code == 2 and str(file) in done.err


@pytest.fixture(scope="module")
def guarded() -> Iterator[Server]:
    """A server with a newsroom, and a user for each way of asking for a password."""
    with server(fsync="off") as running:
        with psycopg.connect(running.url(), autocommit=True) as connection:
            for method in METHODS:
                encryption = "md5" if method == "md5" else "scram-sha-256"
                connection.execute(f"SET password_encryption = '{encryption}'")
                connection.execute(
                    f"CREATE ROLE \"by-{method}\" LOGIN SUPERUSER PASSWORD '{SECRET}'"
                )
            rules = running.data / "pg_hba.conf"
            asked = "".join(f"local all by-{method} {method}\n" for method in METHODS)
            rules.write_text(asked + rules.read_text())
            connection.execute("SELECT pg_reload_conf()")
        make(running.url(), '{"name": "test", "zone": "UTC"}')
        yield running


METHODS = ("scram-sha-256", "md5", "password")


@pytest.mark.parametrize("method", METHODS)
def test_a_password_is_shown_by_scram_alone_unless_the_address_says_otherwise(
    asks: Callable[..., Done], guarded: Server, tmp_path: Path, method: str
) -> None:
    url = guarded.url(user=f"by-{method}")
    done = asks(tmp_path, "--log", url, "status")
    assert done.code == (0 if method == "scram-sha-256" else 4)
    assert asks(tmp_path, "--log", f"{url}&require_auth={method}", "status").code == 0


@pytest.mark.parametrize(
    ("address", "auth", "tls"),
    [
        ("postgresql:///room", "scram-sha-256,none", None),
        ("postgresql://[::1]/room", "scram-sha-256,none", None),
        ("postgresql:///room?host=/run/postgresql", "scram-sha-256,none", None),
        ("postgresql://db.example.org/room", "scram-sha-256", "require"),
        ("postgresql://localhost,db.example.org/room", "scram-sha-256", "require"),
        ("postgresql://localhost/room?hostaddr=192.0.2.1", "scram-sha-256", "require"),
        ("postgresql://db.example.org/room?sslmode=verify-full", "scram-sha-256", "verify-full"),
        ("postgresql://db.example.org/room?require_auth=gss", "gss", "require"),
    ],
)
def test_what_a_connection_requires_depends_on_where_it_leads(
    monkeypatch: pytest.MonkeyPatch, address: str, auth: str, tls: str | None
) -> None:
    asked: list[dict[str, object]] = []

    def refuse(conninfo: str, **_: object) -> None:
        asked.append(conninfo_to_dict(conninfo))
        raise psycopg.OperationalError

    monkeypatch.setattr(psycopg, "connect", refuse)
    with pytest.raises(StoreError):
        connections.connect(address)
    assert (asked[0]["require_auth"], asked[0].get("sslmode")) == (auth, tls)
