"""The inputs of a packet, kept so that it can be generated again as it was then.

Figures go on changing: platforms restate, people correct, accounts move. What a packet was made from
is therefore kept whole: the request as JSON and every frame as Parquet, in one archive that the ledger
names by its SHA-256.
"""

from __future__ import annotations

import zipfile
from functools import cache
from io import BytesIO

import polars as pl
from pydantic import TypeAdapter

from playbooks.statistics.figures import FRAME_NAMES, Figures
from playbooks.statistics.packet import PacketRequest
from playbooks.statistics.packet_record import PacketError

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say; the real time is in the request
_REQUEST = "request.json"


def packed(figures: Figures, request: PacketRequest) -> bytes:
    """Return the archive; equal inputs give equal bytes."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_member(_REQUEST), _adapter().dump_json(request))
        for name in FRAME_NAMES:
            content = BytesIO()
            figures.frames[name].write_parquet(content)
            archive.writestr(_member(f"{name}.parquet"), content.getvalue())
    return buffer.getvalue()


def unpacked(content: bytes) -> tuple[Figures, PacketRequest]:
    """Return what ``packed`` was given.

    Raises:
        PacketError: another version kept other frames.
    """
    with zipfile.ZipFile(BytesIO(content)) as archive:
        request = _adapter().validate_json(archive.read(_REQUEST))
        wanted = {f"{name}.parquet": name for name in FRAME_NAMES}
        missing = sorted(wanted.keys() - set(archive.namelist()))
        if missing:
            raise PacketError(
                f"当时的底数由另一版本留存，缺少{'、'.join(missing)}；请用当时的版本重新生成"
            )
        frames = {
            name: pl.read_parquet(BytesIO(archive.read(member))) for member, name in wanted.items()
        }
    through_on = request.period.through_on(request.today)
    return Figures(request.period, request.scope, through_on, request.today, frames), request


@cache
def _adapter() -> TypeAdapter[PacketRequest]:
    return TypeAdapter(PacketRequest)


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _EPOCH)
    member.external_attr = 0o600 << 16
    return member
