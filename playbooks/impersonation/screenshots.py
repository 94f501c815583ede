"""Screenshots of pages, read within bounds: an evidence file may be anything that calls itself .png."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Image

SUFFIXES: Final = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
OFFICIAL: Final = "官方"
"""An evidence file whose name begins with this is a picture of the office's own account."""

MOST_PIXELS: Final = 60_000_000
WIDTH_PX: Final = 900
TALLEST: Final = 0.8  # of the width; a full page is many screens long, its head is what is compared


def chosen_screenshots(
    evidence: Sequence[Mapping[str, object]],
) -> tuple[Mapping[str, object] | None, Mapping[str, object] | None]:
    """Return the evidence that shows the official page and the impostor's, the latest of each."""
    pictures = [file for file in evidence if str(file["file_name"]).lower().endswith(SUFFIXES)]
    official = [file for file in pictures if str(file["file_name"]).startswith(OFFICIAL)]
    others = [file for file in pictures if file not in official]
    return (official[-1] if official else None), (others[-1] if others else None)


def shown_screenshot(content: bytes) -> tuple[Image | None, str]:
    """Return the head of a picture, small enough to print; or ``None`` and why it cannot be shown."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings(), Image.open(BytesIO(content)) as picture:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            if picture.width * picture.height > MOST_PIXELS:
                return None, "截图过大，见证据文件"
            height = min(picture.height, round(picture.width * TALLEST))
            head = picture.convert("RGB").crop((0, 0, picture.width, height))
    except (
        UnidentifiedImageError,
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,  # Pillow's word for a broken PNG
    ):
        return None, "截图无法显示，见证据文件"
    head.thumbnail((WIDTH_PX, WIDTH_PX))
    return head, ""
