"""The HTTP client: bounded, retried by a stated policy, silent about secrets."""

import gzip
import logging

import pytest

from connectors.http import RetryPolicy, http_client, redact, repeated, send


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("POST /x?access_token=AB-c_1&b=2", "POST /x?access_token=[redacted]&b=2"),
        ('{"secret": "abc", "appid": "wx1"}', '{"secret": "[redacted]", "appid": "wx1"}'),
        ('{"access_token":"abc"}', '{"access_token":"[redacted]"}'),
        ("webhook/send?key=693a91f6-7xxx", "webhook/send?key=[redacted]"),
        ("Bearer xoxb-12-ab", "Bearer [redacted]"),
        ("https://hooks.slack.com/services/T0/B0/x y", "https://[redacted] y"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_secrets_are_recognised_by_name_and_by_shape(text, redacted):
    assert redact(text) == redacted


def test_a_known_secret_is_removed_wherever_it_stands():
    assert redact("odd s3cret/value text", ("", "s3cret/value")) == "odd [redacted] text"


def test_a_reply_keeps_status_and_bytes(loopback, answer):
    loopback.answer = lambda _: answer(b"\xff\x00")
    with http_client(loopback.url) as client:
        reply = send(client, "/a", json={"x": "年"}, query={"q": "1"})
    assert (reply.http_status, reply.body, reply.failure) == (200, b"\xff\x00", None)
    assert loopback.asked[0].json == {"x": "年"}


@pytest.mark.parametrize(
    ("status", "is_retryable"), [(500, True), (503, True), (429, True), (404, False), (302, False)]
)
def test_a_status_other_than_200_is_a_failure(loopback, answer, status, is_retryable):
    loopback.answer = lambda _: answer("why", status=status)
    with http_client(loopback.url) as client:
        reply = send(client, "/a", json={})
    assert (reply.failure, reply.is_retryable) == (f"/a：服务器返回 HTTP {status}", is_retryable)
    assert reply.body == b"why"


def test_a_compressed_bomb_is_cut_off(loopback, answer):
    bomb = gzip.compress(bytes(4 * 1024 * 1024))
    loopback.answer = lambda _: answer(bomb, headers={"Content-Encoding": "gzip"})
    with http_client(loopback.url) as client:
        reply = send(client, "/a", json={}, max_bytes=1000)
    assert len(reply.body) == 1000
    assert reply.failure == "/a：应答超过 1000 字节，已停止读取"


def test_a_broken_compression_is_a_failure(loopback, answer):
    loopback.answer = lambda _: answer(b"not gzip", headers={"Content-Encoding": "gzip"})
    with http_client(loopback.url) as client:
        assert "压缩格式损坏" in send(client, "/a", json={}).failure


def test_silence_ends_at_the_timeout(loopback, answer):
    loopback.answer = lambda _: answer(is_held=True)
    with http_client(loopback.url, timeout_s=0.2) as client:
        reply = send(client, "/a", json={})
    assert (reply.failure, reply.is_retryable) == ("/a：0.2 秒内没有应答", True)


def test_a_body_that_takes_too_long_is_given_up(loopback, answer):
    loopback.answer = lambda _: answer(b"x" * 10)
    with http_client(loopback.url) as client:
        reply = send(client, "/a", json={}, exchange_timeout_s=-1)
    assert "应答没有传完" in reply.failure


def test_the_environment_is_not_read(loopback, answer, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    loopback.answer = lambda _: answer("ok")
    with http_client(loopback.url) as client:
        assert send(client, "/a", json={}).failure is None


def test_the_token_in_the_address_is_not_logged(loopback, answer, caplog):
    caplog.set_level(logging.DEBUG)
    loopback.answer = lambda _: answer("ok")
    with http_client(loopback.url) as client:
        send(client, "/a", json={}, query={"access_token": "SEKRIT"})
    assert "access_token=[redacted]" in caplog.text
    assert "SEKRIT" not in caplog.text


def test_attempts_end_with_the_waits():
    waits, results = [], iter([1, 2, 3, 4])
    policy = RetryPolicy(waits_s=(1.0, 2.0), sleep=waits.append)
    assert repeated(lambda: next(results), lambda _: True, policy) == 3
    assert waits == [1.0, 2.0]


def test_the_first_good_result_ends_the_attempts():
    waits, results = [], iter([1, 2, 3])
    policy = RetryPolicy(waits_s=(1.0, 2.0), sleep=waits.append)
    assert repeated(lambda: next(results), lambda result: result < 2, policy) == 2
    assert waits == [1.0]
