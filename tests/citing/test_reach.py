"""What is never reached, whatever a link, a name or a redirect says."""

from __future__ import annotations

import os
import ssl
from unittest import mock

import httpx2
import pytest
import trustme

from tests.citing.server import HERE, Site, cite, serving
from timeline.citing.fetching import Limits
from timeline.citing.transport import PUBLIC, resolve


def test_nothing_on_this_machine_is_fetched(site: Site) -> None:
    for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "127.1", "2130706433"):
        network = PUBLIC._replace(ports=frozenset((site.port,)))
        cited = cite(site.url("/", host), "words", network)
        assert cited.problem is not None
        assert "not on the public internet" in cited.problem or "there is no host" in cited.problem
        assert cited.citation["quote"] == "words"
    assert site.asked == []


def test_only_the_ports_of_the_web_are_reached(site: Site) -> None:
    cited = cite(site.url("/", "127.0.0.1"))
    assert cited.problem == f"port {site.port} is not a port of the public web"
    assert cite("http://news.example:0/").problem == "port 0 cannot be used"


@pytest.mark.parametrize("private", ["10.0.0.1", "::1", "fe80::1%lo", "not an address"])
def test_one_private_address_is_enough_to_refuse_a_name(site: Site, private: str) -> None:
    answers = {"a": [private], "b": [str(HERE), private], "c": [private, str(HERE)]}
    for host in answers:
        cited = cite(site.url("/", host), network=site.network(lambda host, *_: answers[host]))
        assert cited.problem == f"{host} is not on the public internet"
    assert site.asked == []


def test_a_name_that_means_another_thing_the_second_time_is_looked_up_once(site: Site) -> None:
    site.page("/", "<title>Yes</title>")
    asked = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return [str(HERE)] if len(asked) == 1 else ["127.0.0.2"]

    cited = cite(site.url("/"), network=site.network(rebinding))
    assert (cited.citation.get("title"), cited.problem) == ("Yes", None)
    assert asked == ["news.example"]


def test_it_connects_to_the_address_that_was_judged(site: Site) -> None:
    reached = []

    async def refusing(_: object, request: httpx2.Request) -> httpx2.Response:
        reached.append(request.url.host)
        assert request.headers["Host"] == request.extensions["sni_hostname"] == "news.example"
        raise httpx2.ConnectError("refused")

    addresses = ["1.1.1.1", "2606:4700::1111"]
    with mock.patch.object(httpx2.AsyncHTTPTransport, "handle_async_request", refusing):
        cited = cite("https://news.example/", network=PUBLIC._replace(resolve=lambda *_: addresses))
    assert reached == addresses
    assert cited.problem == "news.example cannot be reached: refused"


def test_each_redirect_is_judged_again(site: Site) -> None:
    answers = {"news.example": [str(HERE)], "inside.example": ["127.0.0.2"]}
    network = site.network(lambda host, *_: answers.get(host, [host]))
    for to in (
        site.url("/secret", "inside.example"),
        site.url("/secret", "169.254.169.254"),
        site.url("/secret", "[::1]"),
    ):
        site.moved("/", to)
        cited = cite(site.url("/"), network=network)
        assert cited.problem is not None and "not on the public internet" in cited.problem
    for to, reason in (
        ("file:///etc/passwd", "http://"),
        ("http://user:secret@news.example/", "password"),
        ("http://news.example:22/", "port 22"),
        ("http://a b/", "characters"),
    ):
        site.moved("/", to)
        cited = cite(site.url("/"), network=network)
        assert cited.problem is not None and reason in cited.problem
    assert {path for path, _ in site.asked} == {"/"}


def test_a_name_that_means_another_thing_after_a_redirect_is_refused(site: Site) -> None:
    site.moved("/", "/again")
    answers = iter([[str(HERE)], ["127.0.0.2"]])
    cited = cite(site.url("/"), network=site.network(lambda *_: next(answers)))
    assert cited.problem == "news.example is not on the public internet"


def test_five_redirects_are_followed_and_no_more(site: Site) -> None:
    for number in range(7):
        site.moved(f"/{number}", f"/{number + 1}")
    site.page("/5", "<title>Here</title>")
    assert cite(site.url("/0"), network=site.network()).citation["title"] == "Here"
    site.moved("/5", "/6")
    cited = cite(site.url("/0"), network=site.network())
    assert cited.problem == "the link is redirected more than 5 times"
    site.moved("/loop", "")
    assert "redirected" in (cite(site.url("/loop"), network=site.network()).problem or "")


def test_what_is_cited_is_where_the_page_is_for_good(site: Site) -> None:
    site.page("/story", "<title>Story</title>")
    site.moved("/short", "/story", 301)
    site.moved("/consent", "/story", 302)
    site.moved("/both", "/consent", 308)
    site.moved("/mixed", "/short", 307)
    for path, cited in (
        ("/short", "/story"),
        ("/consent", "/consent"),
        ("/both", "/consent"),
        ("/mixed", "/mixed"),
    ):
        found = cite(site.url(path), network=site.network())
        assert found.citation == {"url": site.url(cited), "title": "Story"}


def test_a_request_tells_nothing_of_who_asks(site: Site) -> None:
    site.answer("/", 302, {"Location": "/a", "Set-Cookie": "id=1"}, b"")
    site.page("/a", "<title>A</title>")
    proxies = {"http_proxy": "http://127.0.0.1:9/", "HTTP_PROXY": "x", "ALL_PROXY": "x"}
    with mock.patch.dict(os.environ, proxies):
        assert cite(site.url("/"), network=site.network()).problem is None
    for _, headers in site.asked:
        assert headers.keys() == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}
        assert headers["Host"] == f"news.example:{site.port}"
        assert headers["User-Agent"].startswith("timeline/")


def test_a_certificate_is_for_the_name_and_not_for_the_address() -> None:
    authority, nobody = trustme.CA(), trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("news.example").configure_cert(server)

    def trusting(whom: trustme.CA) -> ssl.SSLContext:
        context = ssl.create_default_context()
        whom.configure_trust(context)
        return context

    with serving(server) as site:
        site.page("/", "<title>Safe</title>")
        network = site.network()._replace(tls=lambda: trusting(authority))
        url = site.url("/", scheme="https")
        assert cite(url, network=network).citation["title"] == "Safe"
        for link, tls in (
            (site.url("/", "other.example", "https"), network.tls),
            (url, lambda: trusting(nobody)),
            (url, httpx2.create_ssl_context),
        ):
            cited = cite(link, network=network._replace(tls=tls))
            assert cited.problem is not None and "certificate" in cited.problem
        assert len(site.asked) == 1


def test_a_name_that_nobody_has_is_no_host(site: Site) -> None:
    assert cite("http://nowhere.invalid/").problem == "there is no host nowhere.invalid"
    cited = cite(site.url("/"), network=site.network(lambda *_: []))
    assert cited.problem == "there is no host news.example"


def test_a_host_is_resolved_or_has_no_address() -> None:
    assert resolve("localhost", 80)
    assert resolve("a" * 300, 80) == []


def test_a_host_that_is_resolved_too_slowly_is_given_up(site: Site) -> None:
    def slow(host: str, port: int) -> list[str]:
        site.over.wait(60)
        return [str(HERE)]

    cited = cite(site.url("/"), network=site.network(slow), limits=Limits(connect=0.05))
    assert cited.problem == "there is no host news.example"


def test_time_is_up_before_a_connection_is_tried(site: Site) -> None:
    cited = cite(site.url("/"), network=site.network(), limits=Limits(total=0))
    assert cited.problem == "the page takes too long"
    assert site.asked == []
