"""Who may come in, and from where."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from functools import partial

import pytest
from starlette.testclient import TestClient

from tests.rooms import file_newsroom
from tests.running import inside
from tests.web.rooms import service_at, token_of, visiting
from timeline import temporal
from timeline.access.roles import Role
from timeline.web.auth import HEADERS
from timeline.web.budget import BusyError
from timeline.web.executor import Executor
from timeline.web.limits import Rates

HOST = "testserver"


@pytest.fixture
def room(tmp_path):
    file_newsroom(tmp_path).close()
    return tmp_path


@pytest.fixture
def service(room):
    return service_at(room)


@pytest.fixture
def stranger(service):
    with visiting(service) as client:
        yield client


@pytest.fixture
def browser(service, stranger):
    """Somebody who has signed in."""
    answer = stranger.post("/sign-in", data={"token": token_of(service, Role.ADMIN)})
    assert answer.status_code == 303
    return stranger


def test_a_program_without_a_token_is_told_how_to_show_one(stranger):
    answer = stranger.get("/api/status")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/status", "/metrics", "/openapi.json"])
def test_these_need_a_token(stranger, path):
    assert stranger.get(path).status_code == 401


@pytest.mark.parametrize(
    "path", ["/healthy", "/link", "/links", "/sign-in/x", "/sign-inside", "/static", "/staticx"]
)
def test_what_is_only_named_like_something_open_is_not_open(stranger, path):
    answer = stranger.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=")


@pytest.mark.parametrize(
    "secret", ["", "x", "tl_aaaaaaaa_", "tl_aaaaaaaa_x", "ts_aaaaaaaa_x", "tl_\xe9" * 9, "é" * 999]
)
def test_what_is_no_token_lets_nobody_in(stranger, secret):
    answer = stranger.get("/api/status", headers={"Authorization": f"Bearer {secret}".encode()})
    assert answer.status_code == 401


def test_a_revoked_token_lets_nobody_in_and_ends_its_sessions(service, browser):
    secret = token_of(service)
    shown = {"Authorization": f"Bearer {secret}"}
    assert browser.get("/api/status").status_code == 200
    for token in service.tokens.list():
        service.tokens.revoke(token.id, temporal.now())
    assert browser.get("/api/status").status_code == 401
    browser.cookies.clear()
    assert browser.get("/api/status", headers=shown).status_code == 401


def test_who_came_by_a_link_is_listed_and_can_be_signed_out(room, service, stranger):
    link = service.sessions.one_time("Ada Lovelace", Role.ADMIN, temporal.now())
    assert stranger.get(f"/link/{link}").status_code == 303
    me = stranger.get("/api/me").json()
    assert (me["name"], me["role"]) == ("Ada Lovelace", "admin")
    assert f"{me['token']}  Ada Lovelace, admin, one-time link" in inside(room, "token", "list").out
    assert inside(room, "token", "revoke", me["token"]).code == 0
    assert stranger.get("/api/me").status_code == 401


def test_a_session_by_link_ends_with_the_service(room, service):
    link = service.sessions.one_time("Ada Lovelace", Role.ADMIN, temporal.now())
    with visiting(service) as client:
        client.get(f"/link/{link}")
        cookies = client.cookies
    with visiting(service_at(room)) as client:
        client.cookies = cookies
        assert client.get("/api/me").status_code == 401
    (token,) = inside(room, "token", "list", "--format", "json").json()["tokens"]
    assert token["link"] and token["revoked_at"] is not None


def test_a_page_asks_to_sign_in_and_comes_back(service, stranger):
    wanted = "/entity/qwen%2Fteam?as_of=2026-03-04"
    answer = stranger.get(wanted)
    assert answer.status_code == 303
    form = stranger.get(answer.headers["location"])
    assert 'value="/entity/qwen%2Fteam?as_of=2026-03-04"' in form.text.replace("&amp;", "&")
    signed = stranger.post("/sign-in", data={"token": token_of(service), "next": wanted})
    assert signed.headers["location"] == wanted


@pytest.mark.parametrize(
    "next",
    [
        "https://example.org/",
        "//example.org/",
        "/\\example.org",
        "\\\\example.org",
        "javascript:alert(1)",
        "/\t/example.org",
        "/\n/example.org",
        " //example.org",
        "",
    ],
)
def test_signing_in_leads_to_no_other_site(service, stranger, next):
    answer = stranger.post("/sign-in", data={"token": token_of(service), "next": next})
    assert answer.headers["location"] == "/"


def test_the_cookie_is_for_this_site_and_no_script(service, stranger):
    answer = stranger.post("/sign-in", data={"token": token_of(service)})
    cookie = answer.headers["set-cookie"].casefold()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "domain" not in cookie


def test_by_tls_the_cookie_is_for_tls_alone(service, stranger):
    answer = stranger.post(f"https://{HOST}/sign-in", data={"token": token_of(service)})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"__Host-{service.cookie}=")
    assert "secure" in cookie.casefold() and "path=/;" in cookie.casefold()
    assert stranger.get(f"https://{HOST}/api/me").status_code == 200
    # A cookie without the prefix may come from another host, or over plain HTTP.
    plain = {"Cookie": f"{service.cookie}={cookie.partition('=')[2].partition(';')[0]}"}
    stranger.cookies.clear()
    assert stranger.get(f"https://{HOST}/api/me", headers=plain).status_code == 401


def test_by_tls_signing_out_removes_the_cookie(service, stranger):
    stranger.post(f"https://{HOST}/sign-in", data={"token": token_of(service)})
    origin = {"Origin": f"https://{HOST}"}
    answer = stranger.post(f"https://{HOST}/sign-out", headers=origin)
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"].casefold()
    assert "max-age=0" in cookie and "secure" in cookie
    assert not list(stranger.cookies)


def test_by_tls_browsers_are_told_to_use_nothing_else(stranger):
    for path in ("/sign-in", "/api/status", "/nothing"):
        told = stranger.get(f"https://{HOST}{path}").headers
        assert told["strict-transport-security"] == "max-age=31536000"
        assert "strict-transport-security" not in stranger.get(path).headers


def test_two_newsrooms_at_two_ports_of_a_host_do_not_sign_each_other_out(tmp_path):
    services = []
    for name in ("gazette", "herald"):
        file_newsroom(tmp_path / name).close()
        services.append(service_at(tmp_path / name))
    with visiting(services[0]) as first, visiting(services[1]) as second:
        second.cookies = first.cookies  # As a browser has them, which ignores ports.
        for client, service in ((first, services[0]), (second, services[1])):
            client.post("/sign-in", data={"token": token_of(service)})
        assert first.get("/api/me").status_code == second.get("/api/me").status_code == 200
        assert second.post("/sign-out", headers={"Origin": f"http://{HOST}"}).status_code == 303
        assert first.get("/api/me").status_code == 200
        assert second.get("/api/me").status_code == 401


def test_head_does_not_use_up_a_link(service, stranger):
    link = service.sessions.one_time("Ada Lovelace", Role.ADMIN, temporal.now())
    answer = stranger.head(f"/link/{link}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert "set-cookie" not in answer.headers
    assert stranger.get(f"/link/{link}").status_code == 303


def test_signing_in_gives_another_session_than_whoever_planted_one_knows(service, stranger):
    stranger.cookies.set(service.cookie, planted := "ts_aaaaaaaa_planted")
    answer = stranger.post(
        "/sign-in",
        data={"token": token_of(service)},
        headers={"Origin": f"http://{HOST}"},
    )
    assert answer.status_code == 303
    assert planted not in answer.headers["set-cookie"]


def test_signing_out_ends_the_session_for_everybody_who_knows_it(service, browser):
    session = browser.cookies[service.cookie]
    answer = browser.post("/sign-out", headers={"Origin": f"http://{HOST}"})
    assert answer.status_code == 303
    browser.cookies.clear()
    again = browser.get("/api/status", headers={"Cookie": f"{service.cookie}={session}"})
    assert again.status_code == 401


@pytest.mark.parametrize(
    "sent",
    [
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Origin": f"http://{HOST}.example.org"},
        {"Origin": f"http://{HOST}:81"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": f"http://{HOST}"},
        {},
    ],
)
def test_a_page_of_another_site_can_do_nothing_with_the_cookie(browser, sent):
    assert browser.post("/sign-out", headers=sent).status_code == 403
    assert browser.get("/api/status").status_code == 200


@pytest.mark.parametrize(
    "sent", [{"Origin": f"http://{HOST}"}, {"Sec-Fetch-Site": "same-origin", "Origin": "null"}]
)
def test_our_own_pages_can(browser, sent):
    assert browser.post("/sign-out", headers=sent).status_code == 303


def test_a_page_of_another_site_can_sign_nobody_in(service, stranger):
    token = token_of(service)
    answer = stranger.post(
        "/sign-in", data={"token": token}, headers={"Origin": "https://example.org"}
    )
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_program_with_a_token_has_no_origin(service, stranger):
    shown = {"Authorization": f"Bearer {token_of(service)}", "Origin": "https://example.org"}
    assert stranger.post("/api/status", headers=shown).status_code == 405


def test_the_service_answers_by_its_own_names_only(room):
    service = service_at(room, hosts=frozenset((HOST,)))
    with visiting(service, token_of(service)) as client:
        assert client.get("/api/status").status_code == 200
        rebound = client.get("/api/status", headers={"Host": "attacker.example"})
        assert rebound.status_code == 421


@pytest.mark.parametrize("others", [[b"attacker.example"], [HOST.encode()], []])
def test_a_request_has_one_host(room, others):
    service = service_at(room, hosts=frozenset((HOST,)))
    token = token_of(service).encode()
    headers = [(b"authorization", b"Bearer " + token)]
    if others:
        headers += [(b"host", HOST.encode()), *((b"host", other) for other in others)]
    scope = {"type": "http", "http_version": "1.1", "method": "GET", "scheme": "http"}
    scope |= {"path": "/api/status", "raw_path": b"/api/status", "query_string": b""}
    sent = []

    async def receive():
        return {"type": "http.request"}

    async def send(message):
        sent.append(message)

    with visiting(service) as client:
        call = partial(client.app, {**scope, "headers": headers}, receive, send)
        client.portal.call(call)
    assert sent[0]["status"] == 400
    assert b"RFC 9112" in sent[1]["body"]


def test_every_response_has_the_policy_also_one_that_refuses(service, stranger):
    for path in ("/sign-in", "/api/status", "/static/timeline.css", "/nothing", "/health"):
        answer = stranger.get(path)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, path


def test_so_has_what_nobody_has_foreseen(service, monkeypatch):
    async def broken(*_):
        raise RuntimeError("nobody has foreseen this")

    token = token_of(service)
    with visiting(service, token) as client:
        client = TestClient(client.app, raise_server_exceptions=False, headers=client.headers)
        monkeypatch.setattr(Executor, "read", broken)
        for path, kind in (("/", "text/html"), ("/api/stories", "application/problem+json")):
            answer = client.get(path)
            assert answer.status_code == 500
            assert answer.headers["content-type"].startswith(kind)
            assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
            assert "nobody has foreseen" not in answer.text


def test_a_page_that_is_refused_says_the_same_headers_as_the_api(service, monkeypatch):
    async def busy(*_):
        raise BusyError("too many ask", 7)

    with visiting(service, token_of(service)) as client:
        monkeypatch.setattr(Executor, "reply", busy)
        for path in ("/findings", "/api/check"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")
        assert client.put("/findings").headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/", "private, no-store"),
        ("/nothing", "private, no-store"),
        ("/reads?expression=1984", "private, no-store"),
        ("/api/schema", "private, no-store"),
        ("/static/timeline.css", "no-cache"),
        ("/api/snapshot/lab?as_of=2026", "private, no-cache"),
        ("/api/snapshot/lab?as_of=2026&as_known=0", "private, max-age=31536000, immutable"),
        ("/api/snapshot/lab?as_of=2026&as_known=2020-01-01T00:00:00Z", "private, no-cache"),
        ("/api/snapshot/lab?as_of=yesterday&as_known=0", "private, no-cache"),
    ],
)
def test_only_what_cannot_change_is_kept(service, path, kept):
    with visiting(service, token_of(service)) as client:
        assert client.get(path).headers["cache-control"] == kept


@pytest.mark.parametrize("path", ["/entity/lab", "/story/s", "/diff", "/audit", "/record/x"])
def test_what_is_asked_of_a_page_is_not_longer_than_what_is_asked_of_the_api(service, path):
    with visiting(service, token_of(service)) as client:
        assert client.get(path, params={"as_of": "2" * 501}).status_code == 400


def test_a_page_asks_for_no_position_beyond_all(service):
    with visiting(service, token_of(service)) as client:
        assert client.get("/audit", params={"first": "9" * 30}).status_code == 400


def test_nothing_is_wrong_with_who_asks_when_tokens_cannot_be_read(service, stranger, monkeypatch):
    def broken(*_):
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(service.access._reader, "current", broken)
    secret = "tl_aaaaaaaa_" + "x" * 43
    answer = stranger.get("/api/status", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 503
    assert answer.headers["retry-after"]


def test_who_asks_too_often_with_a_token_is_told_when_to_come_again(service):
    service = replace(service, rates=Rates(rate=0.5, burst=2))
    with visiting(service, token_of(service)) as client:
        answers = [client.get("/api/when?expression=1984") for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_who_guesses_tokens_is_soon_heard_no_more_but_those_who_have_one_are(service):
    service = replace(service, anonymous_rates=Rates(rate=0.001, burst=3, client="address"))
    token = token_of(service)
    with visiting(service) as client:
        guesses = [
            client.get("/api/status", headers={"Authorization": f"Bearer tl_aaaaaaaa_{number}"})
            for number in range(5)
        ]
        assert [each.status_code for each in guesses] == [401, 401, 401, 429, 429]
        signing_in = client.post("/sign-in", data={"token": "tl_aaaaaaaa_5"})
        assert signing_in.status_code == 429
        shown = {"Authorization": f"Bearer {token}"}
        assert client.get("/api/status", headers=shown).status_code == 200


def test_rates_come_back_with_time_and_forget_who_is_gone():
    rates = Rates(rate=1, burst=2)
    for number in range(30_000):
        rates.spend(f"address {number}", now=number / 100)
    assert len(rates._left) <= 20_001
    rates.spend("somebody", now=1000)
    rates.spend("somebody", now=1000)
    with pytest.raises(Exception, match="more than 1 requests a second"):
        rates.spend("somebody", now=1000.5)
    rates.spend("somebody", now=1001.5)


def test_what_another_site_sends_is_not_kept_for_whoever_signs_in(service, stranger):
    for origin in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = stranger.post("/append/happened", data={"headline": "planted"}, headers=origin)
        assert answer.status_code == 403
        assert "planted" not in answer.text and "<form" not in answer.text


def test_to_sign_out_twice_is_to_be_signed_out(service, stranger):
    answer = stranger.post("/sign-out", data={}, headers={"Origin": f"http://{HOST}"})
    assert answer.status_code in (303, 401)
