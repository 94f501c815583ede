"""Mail as a feed of reports: one message, a mailbox, and messages that break the rules."""

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.report_mail import is_mail, read_mail


def message(body="有人假冒“云杉发布”微博", **headers):
    made = EmailMessage()
    made["From"] = headers.get("sender", "陈玉珍 <chen@example.invalid>")
    made["Subject"] = headers.get("subject", "举报假冒账号")
    made["Date"] = "Tue, 17 Nov 2026 09:12:40 +0800"
    if headers.get("identifier", "<m1@example.invalid>"):
        made["Message-ID"] = headers.get("identifier", "<m1@example.invalid>")
    made.set_content(body)
    return made


def test_a_message_gives_number_texts_contact_and_attachments():
    made = message()
    made.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="截图.png")
    (row,) = read_mail(made.as_bytes(), "一封.eml").rows
    assert row.number == "m1@example.invalid"
    assert (row.text("subject"), row.text("content")) == (
        "举报假冒账号",
        "有人假冒“云杉发布”微博",
    )
    assert row.contact == "chen@example.invalid"
    assert "陈玉珍" in row.personal
    assert [(a.file_name, a.content) for a in row.attachments] == [("截图.png", b"\x89PNG")]


def test_html_alone_gives_its_text_and_nothing_hidden():
    made = message()
    made.set_content("<style>p{}</style><p>假冒<b>公众号</b></p><script>x()</script>", "html")
    (row,) = read_mail(made.as_bytes(), "网页.eml").rows
    assert row.text("content") == "假冒\n公众号"


def test_a_mailbox_gives_every_message_and_names_the_place():
    box = b"".join(
        b"From x Tue Nov 17 09:12:40 2026\n" + message(identifier=f"<{n}@x>").as_bytes() + b"\n\n"
        for n in (1, 2)
    )
    reading = read_mail(box, "箱.mbox")
    assert [(row.number, row.place) for row in reading.rows] == [
        ("1@x", "「箱.mbox」第 1 封"),
        ("2@x", "「箱.mbox」第 2 封"),
    ]


def test_without_an_identifier_the_bytes_are_the_number():
    made = message(identifier="")
    first, second = (read_mail(made.as_bytes(), "a.eml").rows[0].number for _ in range(2))
    assert first == second
    assert first.startswith("SHA-256:")


@pytest.mark.parametrize("charset", ["gb2312", "no-such-charset", "utf-8"])
def test_a_wrong_charset_costs_no_message(charset):
    raw = (
        f"From: a@b\nContent-Type: text/plain; charset={charset}\n"
        "Content-Transfer-Encoding: 8bit\n\n"
    ).encode() + "镕基假冒账号".encode("gb18030")
    (row,) = read_mail(raw, "a.eml").rows
    assert row.text("content") == "镕基假冒账号"


def test_mail_is_known_by_its_first_bytes():
    assert is_mail(b"From a@b Tue")
    assert is_mail(b"Received: from x")
    assert not is_mail("工单编号,诉求标题".encode())
    assert not is_mail(b"PK\x03\x04")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_stop_the_import(noise):
    read_mail(b"From: a@b\nContent-Type: multipart/mixed; boundary=x\n" + noise, "噪声.eml")
