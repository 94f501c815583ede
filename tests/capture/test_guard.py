"""The proxy as any client meets it: what it refuses, where it stops, that it looks a name up once a connection."""

import httpx
import pytest

from connectors.capture.guard import Bounds, Guard


@pytest.fixture
def ask(reach):
    def ask(url, bounds=None, times=1, clock_s=None):
        arguments = {} if clock_s is None else {"clock_s": clock_s}
        with (
            Guard(reach, bounds or Bounds(), **arguments) as guard,
            httpx.Client(proxy=guard.address, trust_env=False, timeout=20, verify=False) as client,
        ):
            replies = [client.get(url, headers={"Connection": "close"}) for _ in range(times)]
        return replies, guard.passage

    return ask


def test_a_public_page_comes_through_with_the_address_it_came_from(ask, port):
    (reply,), passage = ask(f"http://site.test:{port}/")
    assert (reply.status_code, "官方账号" in reply.text) == (200, True)
    assert passage.reached == {"site.test": "127.0.0.2"}
    assert passage.refused == []


def test_a_name_that_turns_inward_at_its_second_look_up_is_refused_there(ask, port):
    (first, second), passage = ask(f"http://turning.test:{port}/", times=2)
    assert (first.status_code, second.status_code) == (200, 403)
    assert passage.refused == ["turning.test 指向内部地址 127.0.0.1"]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://inner.test/", "inner.test 指向内部地址 10.0.0.7"),
        ("http://127.0.0.1/", "127.0.0.1 指向内部地址 127.0.0.1"),
    ],
)
def test_inner_addresses_are_refused_with_a_sentence(ask, url, sentence):
    (reply,), passage = ask(url)
    assert (reply.status_code, reply.text, passage.refused) == (403, sentence, [sentence])


def test_a_tunnel_is_held_to_the_same(reach):
    with (
        Guard(reach, Bounds()) as guard,
        httpx.Client(proxy=guard.address, trust_env=False) as client,
        pytest.raises(httpx.ProxyError),
    ):
        client.get("https://inner.test/")
    assert guard.passage.refused == ["inner.test 指向内部地址 10.0.0.7"]


def test_a_huge_page_is_cut_off_and_nothing_more_comes_in(ask, port):
    (reply,), passage = ask(f"http://site.test:{port}/huge", Bounds(bytes_in=1024 * 1024))
    assert passage.stopped == "页面超过 1 MB，已停止接收"
    assert len(reply.content) <= 1024 * 1024


def test_a_page_that_never_ends_is_cut_off(ask, port):
    ticks = iter(range(1000))
    _, passage = ask(
        f"http://site.test:{port}/endless", Bounds(seconds=5), clock_s=lambda: next(ticks)
    )
    assert passage.stopped == "页面超过 5 秒没有结束，已停止接收"
