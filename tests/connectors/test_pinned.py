"""A host is judged at the look-up whose answer is connected to: a second answer changes nothing."""

from __future__ import annotations

from itertools import chain, repeat

import pytest

from connectors.addresses import Reach
from connectors.http import Request, exchange, http_client

NAME = "stats.office.test"
NOW = Request("POST", "/now", json={})


def reach_with(*answers, private_hosts=()):
    """Return a reach whose resolver gives one of *answers* after the other, the last for ever."""
    given = chain(answers, repeat(answers[-1]))
    return Reach(lambda *_: next(given), ports=None, private_hosts=frozenset(private_hosts))


def client_for(loopback, reach):
    port = loopback.url.rsplit(":", 1)[1]
    return http_client(f"http://{NAME}:{port}", reach=reach)


def test_the_request_goes_to_the_judged_address_and_still_names_the_host(loopback, answer):
    loopback.answer = lambda _: answer(b"{}")
    with client_for(loopback, reach_with(["127.0.0.1"], private_hosts=[NAME])) as client:
        reply = exchange(client, NOW)
    assert reply.http_status == 200
    (asked,) = loopback.asked
    assert asked.headers["Host"].startswith(f"{NAME}:")


def test_a_name_that_turns_inward_after_a_public_answer_is_refused_at_once(loopback):
    loopback.answer = lambda _: pytest.fail("the private address was reached")
    reach = reach_with(["1.1.1.1"], ["127.0.0.1"])
    assert reach.resolve(NAME, 80) == "1.1.1.1"  # what a check beforehand would have seen
    with client_for(loopback, reach) as client:
        reply = exchange(client, NOW)
    assert (reply.http_status, reply.is_retryable, reply.is_unsent) == (None, False, True)
    assert reply.failure == f"/now：{NAME} 指向内部地址 127.0.0.1，已拒绝访问"
    assert loopback.asked == []


def test_an_unknown_name_is_a_failed_connection_that_may_heal(loopback, answer):
    loopback.answer = lambda _: answer(b"{}")
    with client_for(loopback, reach_with([], ["127.0.0.1"], private_hosts=[NAME])) as client:
        first = exchange(client, NOW)
        second = exchange(client, NOW)
    assert (first.is_retryable, first.is_unsent, second.http_status) == (True, True, 200)
    assert "没有地址" in first.failure
