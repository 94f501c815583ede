import socket
from ipaddress import ip_address

import pytest

from connectors.addresses import Reach, RefusedAddressError, is_public


@pytest.mark.parametrize("text", ["1.1.1.1", "223.5.5.5", "2400:3200::1", "::ffff:1.1.1.1"])
def test_public_addresses(text):
    assert is_public(ip_address(text))


@pytest.mark.parametrize(
    "text",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
        *("::1", "::", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
        *("2002:7f00:1::", "2002:0a00:0001::1"),
    ],
)
def test_addresses_that_lead_inside_in_any_wrapping(text):
    assert not is_public(ip_address(text))


def refusal(reach, host, port=443):
    with pytest.raises(RefusedAddressError) as caught:
        reach.resolve(host, port)
    return str(caught.value)


def test_a_name_with_one_private_address_among_public_ones_is_a_trap():
    assert refusal(Reach(lambda *_: ["1.1.1.1", "10.0.0.8"]), "mixed.test") == (
        "mixed.test 指向内部地址 10.0.0.8"
    )


def test_an_unknown_name_and_a_port_of_another_protocol_are_said():
    def fails(host, port):
        raise socket.gaierror

    assert refusal(Reach(fails), "nowhere.test") == "找不到主机 nowhere.test"
    assert refusal(Reach(lambda *_: []), "empty.test") == "主机 empty.test 没有地址"
    assert refusal(Reach(lambda *_: ["1.1.1.1"]), "mail.test", 25) == "mail.test:25 不是网页端口"


def test_the_first_of_several_public_addresses_is_used():
    assert Reach(lambda *_: ["1.1.1.1", "1.0.0.1"]).resolve("dns.test", 443) == "1.1.1.1"
