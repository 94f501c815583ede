"""Mail over SMTP to a server on loopback: TLS by default, one mail, no header from outside."""

import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connectors import email
from connectors.chat import ChatMessage
from connectors.email import Mailer
from connectors.simulation import mail_server
from connectors.simulation.faults import Fault

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MESSAGE = ChatMessage(
    "lin@office.example",
    "时限将到：核实",
    ("案件 IMP-2026-0001", ".一行以点开头"),
    "rung:1",
    "critical",
    "https://juzhen.example/run?x=1",
    "去办理",
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for ``localhost`` that nobody but this test trusts."""
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def plain():
    with mail_server.MailServer() as server:
        yield server


def mailer(server, **changed):
    given = {"security": "none", "sender": "juzhen@office.example", "timeout_s": 5.0} | changed
    return Mailer(email.MailServer("localhost", server.port, **given), lambda: NOW)


def test_a_mail_goes_encrypted_and_logged_in_unless_told_otherwise(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    login = {"user": mail_server.USER, "password": mail_server.PASSWORD}
    usual = {"security": email.MailServer.__dataclass_fields__["security"].default}
    with mail_server.MailServer(tls=context, asks_login=True) as server:
        trusted = mailer(server, **usual, **login, ca_file=str(certificate)).deliver(MESSAGE)
        assert (trusted.status, trusted.reference) == ("delivered", "2.0.0 queued as 000001")
        strange = mailer(server, **usual, **login).deliver(MESSAGE)
        assert (strange.status, "证书不可信" in strange.detail) == ("refused", True)
        wrong = mailer(server, **usual, user="juzhen", password="no", ca_file=str(certificate))
        refused = wrong.deliver(MESSAGE)
        assert (refused.status, "口令" in refused.detail) == ("refused", True)
    (mail,) = server.messages
    assert mail.is_encrypted
    assert mail.message["Subject"] == "【紧急】时限将到：核实"
    assert mail.message.get_content().splitlines() == [
        "案件 IMP-2026-0001",
        ".一行以点开头",
        "",
        "去办理：https://juzhen.example/run?x=1",
        "",
        "本邮件由系统自动发出，请勿回复。",
    ]


def test_a_server_without_tls_gets_nothing_by_default(plain):
    delivery = mailer(plain, security="starttls").deliver(MESSAGE)
    assert (delivery.status, plain.messages) == ("refused", [])
    assert "JUZHEN_SMTP_SECURITY" in delivery.detail


@pytest.mark.parametrize(
    ("fault", "status"),
    [("dropped_after_accept", "unknown"), ("busy", "failed"), ("quota", "refused")],
)
def test_what_goes_wrong_is_told_apart(plain, fault, status):
    plain.spoil(Fault(fault, times=1))
    assert mailer(plain).deliver(MESSAGE).status == status
    assert len(plain.messages) == (fault == "dropped_after_accept")


def test_nobody_there_is_failed_and_the_same_key_is_the_same_mail(plain):
    mailer(plain).deliver(MESSAGE)
    mailer(plain).deliver(MESSAGE)
    first, second = (mail.message["Message-ID"] for mail in plain.messages)
    assert first == second
    gone = mailer(plain)
    plain.__exit__(None, None, None)
    assert gone.deliver(MESSAGE).status == "failed"


@pytest.mark.parametrize(
    "bad", ["a@b\r\nBcc: evil@x.example", "林@x.example", "a@b, c@d", "", "a b@c"]
)
def test_only_one_plain_address_is_written_to(plain, bad):
    message = ChatMessage(bad, "题", ("文",), "k")
    assert mailer(plain).deliver(message).status == "refused"
    assert plain.messages == []
    with pytest.raises(ValueError, match="no plain mail address"):
        mailer(plain, sender=bad)


def test_a_name_from_outside_makes_no_header_and_no_second_mail(plain):
    hostile = "题\r\nBcc: evil@x.example\r\n\r\n正文\u202e" + "长" * 900
    message = ChatMessage(MESSAGE.channel, hostile, ("\r\n.\r\nMAIL FROM:<x@y>", "<b>粗</b>"), "k")
    assert mailer(plain).deliver(message).status == "delivered"
    (mail,) = plain.messages
    assert mail.message["Bcc"] is None
    assert mail.message["Subject"].startswith("题 Bcc: evil@x.example 正文")
    assert mail.message.get_content_type() == "text/plain"
    assert mail.message.get_content().splitlines()[:2] == [". MAIL FROM:<x@y>", "<b>粗</b>"]
