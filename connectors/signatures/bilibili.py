"""The signature that Bilibili's open platform wants on every call (unverified against the platform).

The ``x-bili-`` headers, sorted, one ``name:value`` a line, are signed with HMAC-SHA256 under the
application's secret, and the signature goes into ``Authorization``.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from dataclasses import replace
from datetime import datetime

from connectors.asking import SourceAccount
from connectors.http import Request


def signed(request: Request, account: SourceAccount, now: datetime) -> Request:
    """Return *request* with the headers of *account*, made at *now*."""
    return _signed(request, account, now, uuid.uuid4().hex)


def _signed(request: Request, account: SourceAccount, now: datetime, nonce: str) -> Request:
    signed_headers = {
        "x-bili-accesskeyid": account.values["client_id"],
        # The interface asks for the digest of the body; that is no use of MD5 as protection.
        "x-bili-content-md5": hashlib.md5(b"", usedforsecurity=False).hexdigest(),
        "x-bili-signature-method": "HMAC-SHA256",
        "x-bili-signature-nonce": nonce,
        "x-bili-signature-version": "2.0",
        "x-bili-timestamp": str(int(now.timestamp())),
    }
    return replace(
        request,
        headers={
            **request.headers,
            **signed_headers,
            "Authorization": bilibili_signature(signed_headers, account.values["client_secret"]),
        },
    )


def bilibili_signature(headers: dict[str, str], secret: str) -> str:
    """Return the signature over the ``x-bili-`` headers, in lower-case hexadecimal."""
    lines = "\n".join(f"{name}:{headers[name]}" for name in sorted(headers))
    return hmac.new(secret.encode(), lines.encode(), hashlib.sha256).hexdigest()
