"""Tokens over HTTP: for admins; and who one is oneself."""

from __future__ import annotations

import pytest

from tests.web.writing import desk_at, told
from timeline.newsroom.newsroom import Newsroom


@pytest.fixture
def desk(tmp_path):
    Newsroom.init(tmp_path / "room")
    with desk_at(tmp_path / "room") as desk:
        yield desk


def test_everybody_is_told_who_they_are(desk):
    for who in ("reader", "reporter", "editor", "admin"):
        answer = desk.get("/api/me", by=who).json()
        assert (answer["name"], answer["role"]) == (who, who)
        assert desk.tokens[who].startswith(f"tl_{answer['token']}_")
    assert desk.client.get("/api/me").status_code == 401


def test_a_token_is_made_used_listed_and_revoked(desk):
    wanted = {"holder": "Ada Lovelace", "role": "reporter", "expires": "P90D"}
    made = desk.post("/api/tokens", wanted, by="admin")
    assert made.status_code == 201 and made.headers["Cache-Control"] == "no-store"
    secret, id = made.json()["secret"], made.json()["id"]
    desk.tokens["ada"] = secret
    assert desk.post("/api/append", told("a"), by="ada").status_code == 201
    assert desk.records()[0]["recorded_by"] == "Ada Lovelace"
    listed = desk.get("/api/tokens", by="admin")
    assert secret not in listed.text
    (token,) = [each for each in listed.json()["tokens"] if each["id"] == id]
    assert token["role"] == "reporter" and token["last_used_at"] and not token["revoked_at"]
    done = desk.client.delete(f"/api/tokens/{id}", headers=desk.by("admin"))
    assert done.status_code == 200 and done.json()["revoked_at"]
    assert desk.get("/api/me", by="ada").status_code == 401


def test_only_an_admin_sees_to_tokens(desk):
    for who in ("reader", "reporter", "editor"):
        assert desk.get("/api/tokens", by=who).status_code == 403
        wanted = {"holder": who, "role": "admin"}
        assert desk.post("/api/tokens", wanted, by=who).status_code == 403
        done = desk.client.delete("/api/tokens/x", headers=desk.by(who))
        assert done.status_code == 403


def test_a_token_that_is_not_there_cannot_be_revoked(desk):
    done = desk.client.delete("/api/tokens/nothere", headers=desk.by("admin"))
    assert done.status_code == 404


@pytest.mark.parametrize(
    ("wanted", "wrong"),
    [
        ({}, ["holder", "role"]),
        ({"holder": 7, "role": 7}, ["holder", "role"]),
        ({"holder": " ", "role": "reader"}, [None]),
        ({"holder": "a\u202eb", "role": "reader"}, [None]),
        ({"holder": "Ada", "role": "editr"}, ["role"]),
        ({"holder": "Ada", "role": "editor", "expires": "soon"}, ["expires"]),
        ({"holder": "Ada", "role": "editor", "expires": "P106751991D"}, ["expires"]),
        ({"holder": "Ada", "role": "editor", "id": "x"}, ["id"]),
        ([], [None]),
    ],
)
def test_what_is_wrong_with_a_token_is_said(desk, wanted, wrong):
    done = desk.post("/api/tokens", wanted, by="admin")
    assert done.status_code == 400
    assert [each.get("field") for each in done.json()["problems"]] == wrong
