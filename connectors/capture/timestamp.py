"""A trusted timestamp (RFC 3161) over the digest of a capture's log, which names every other file's digest.

Which authority an office may use is the office's decision; without a configured address there is none.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import httpx

ANSWER: Final = "application/timestamp-reply"
TIMEOUT_S: Final = 20.0
LARGEST_BYTES: Final = 1024 * 1024


class TimestampError(ValueError):
    """No timestamp came about; the sentence says why. The capture stands without it."""


def stamp(content: bytes, url: str, root: Path | None, *, proxy: str | None = None) -> bytes:
    """Return the authority's answer for *content*, whose digest alone is sent.

    Args:
        content: what is stamped.
        url: the authority's address.
        root: PEM certificates the answer must lead to; None keeps the answer unverified.
        proxy: of this network, if any.

    Raises:
        TimestampError: no answer, a refusal, or a token that is not over *content* or not by that authority.
    """
    from rfc3161_client import TimestampRequestBuilder, decode_timestamp_response

    request = TimestampRequestBuilder().data(content).build()
    try:
        reply = httpx.post(
            url,
            content=request.as_bytes(),
            headers={"content-type": "application/timestamp-query"},
            timeout=TIMEOUT_S,
            proxy=proxy,
            trust_env=False,
        )
    except httpx.HTTPError as error:
        raise TimestampError(f"时间戳服务没有应答（{type(error).__name__}）") from error
    if reply.status_code != 200 or len(reply.content) > LARGEST_BYTES:
        raise TimestampError(f"时间戳服务应答 HTTP {reply.status_code}")
    try:
        decode_timestamp_response(reply.content)
    except ValueError as error:
        raise TimestampError("时间戳服务的应答读不懂") from error
    if root is not None:
        verify(reply.content, content, root)
    return reply.content


def verify(token: bytes, content: bytes, root: Path) -> None:
    """Check that *token* is over *content* and leads to the certificates in *root*.

    Raises:
        TimestampError: it is not, or does not.
    """
    from cryptography.x509 import load_pem_x509_certificates
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    builder = VerifierBuilder()
    for certificate in load_pem_x509_certificates(root.read_bytes()):
        builder = builder.add_root_certificate(certificate)
    try:
        builder.build().verify_message(decode_timestamp_response(token), content)
    except (VerificationError, ValueError) as error:
        raise TimestampError(f"时间戳校验不通过：{str(error)[:200]}") from error
