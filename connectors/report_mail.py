"""Reports in a mailbox export: .eml or .mbox, read with the standard library.

A message's number is its Message-ID, or the SHA-256 of its bytes where it has none, so that importing
twice changes nothing. The plain text counts; where there is only HTML its text is taken, and nothing in
it is fetched. Attachments come along as they are, bounded in number and size.
"""

from __future__ import annotations

import hashlib
import mailbox
import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path
from typing import cast

from lxml import html  # pyright: ignore[reportMissingTypeStubs]

from connectors.report_model import Attachment, FeedReading, ReportRow, RowProblem
from connectors.spreadsheet import UnreadableFileError
from connectors.text_tables import TextTableError, decode_text

SOURCE = "mailbox"
MOST_MESSAGES = 5_000
MOST_ATTACHMENTS = 20
LARGEST_MESSAGE_BYTES = 40 * 1024**2
LARGEST_FILE_BYTES = 500 * 1024**2
MOST_PARTS = 200
LONGEST_TEXT = 20_000
# What the library is known to raise on headers and bodies that break the rules.
MALFORMED = (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,40}:[ \t\r\n]")


def is_mail(content: bytes) -> bool:
    """Tell by its first bytes whether a file is one message or a mailbox."""
    head = content[:2000].removeprefix(b"\xef\xbb\xbf")
    return head.startswith(b"From ") or bool(_HEADER.match(head))


def read_mail(content: bytes, file_name: str) -> FeedReading:
    """Return the reports in an .eml or .mbox file.

    Raises:
        UnreadableFileError: larger than the bound.
    """
    if len(content) > LARGEST_FILE_BYTES:
        size = LARGEST_FILE_BYTES // 1024**2
        raise UnreadableFileError(file_name, f"超过 {size} MB", "请按月份分开导出邮箱")
    rows: list[ReportRow] = []
    problems: list[RowProblem] = []
    for number, raw in enumerate(_messages(content), 1):
        place = f"「{file_name}」第 {number} 封"
        if number > MOST_MESSAGES:
            sentence = f"超过 {MOST_MESSAGES} 封，其余未读；请分开导出后再导入"
            problems.append(RowProblem(f"{place}起", sentence))
            break
        if len(raw) > LARGEST_MESSAGE_BYTES:
            problems.append(RowProblem(place, "邮件超过 40 MB；请把附件另存后逐件登记"))
            continue
        try:
            rows.append(_row(raw, place))
        except MALFORMED as error:
            sentence = f"格式有误，读不出来（{type(error).__name__}）；请在邮箱中打开后手工登记"
            problems.append(RowProblem(place, sentence))
    return FeedReading(SOURCE, rows, problems)


def _messages(content: bytes) -> Iterator[bytes]:
    if not content.startswith(b"From "):
        yield content
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.mbox"
        path.write_bytes(content)
        box = mailbox.mbox(path, create=False)
        try:
            for key in box.iterkeys():
                yield box.get_bytes(key)
        finally:
            box.close()


def _row(raw: bytes, place: str) -> ReportRow:
    message = BytesParser(policy=policy.default).parsebytes(raw)
    assert isinstance(message, EmailMessage)
    identifier = str(message.get("Message-ID", "")).strip().strip("<>")
    name, address = parseaddr(str(message.get("From", "")))
    body, attachments = _contents(message)
    return ReportRow(
        place=place,
        number=identifier[:80] if identifier else f"SHA-256:{hashlib.sha256(raw).hexdigest()[:32]}",
        texts={
            "subject": str(message.get("Subject", "")).strip()[:500],
            "content": body[:LONGEST_TEXT],
        },
        received_at=_sent_at(message),
        contact=address.strip()[:200],
        personal=tuple(value for value in (name.strip(), address.strip()) if value),
        attachments=attachments,
    )


def _sent_at(message: Message) -> datetime | None:
    try:
        sent_at = parsedate_to_datetime(str(message.get("Date", "")))
    except (ValueError, TypeError, IndexError):
        return None
    return sent_at if sent_at.tzinfo else None


def _contents(message: Message) -> tuple[str, list[Attachment]]:
    """Return the text and the attachments; parts beyond the bounds are left out."""
    plain: list[str] = []
    rich: list[str] = []
    attachments: list[Attachment] = []
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            break
        if part.is_multipart():
            continue
        content = cast("bytes | None", part.get_payload(decode=True)) or b""
        file_name = part.get_filename()
        if file_name or part.get_content_maintype() != "text":
            if content and len(attachments) < MOST_ATTACHMENTS:
                attachments.append(Attachment(file_name or f"附件{number}", content))
        elif part.get_content_subtype() == "html":
            rich.append(_html_text(_decoded(part, content)))
        else:
            plain.append(_decoded(part, content))
    return "\n".join(plain).strip() or "\n".join(rich).strip(), attachments


def _decoded(part: Message, content: bytes) -> str:
    """Return the text in the charset it states; where that is wrong, in what its bytes are."""
    charset = part.get_content_charset() or ""
    try:
        # gb18030 covers what mail programs call gb2312 and gbk, and the characters they forgot.
        return content.decode("gb18030" if charset in ("gb2312", "gbk") else charset or "utf-8")
    except (UnicodeDecodeError, LookupError):
        try:
            return decode_text(content)
        except TextTableError:
            return content.decode("utf-8", "replace").replace("\x00", "\ufffd")


def _html_text(text: str) -> str:
    if not text.strip():
        return ""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    content = b"<div>" + text.encode("utf-8", "replace")
    document = html.document_fromstring(content, parser=parser)  # pyright: ignore
    for hidden in list(document.iter("script", "style", "head")):  # pyright: ignore
        hidden.drop_tree()  # pyright: ignore
    lines = (" ".join(str(line).split()) for line in document.itertext())  # pyright: ignore
    return "\n".join(line for line in lines if line)
