"""Which font is used for which role, and which official typefaces are missing.

The official typefaces （方正小标宋简体, 仿宋_GB2312, 楷体_GB2312, 黑体, 宋体） are commercial and not ours to
distribute. A PDF uses them when a configured folder holds them, and otherwise the free Noto fonts that
come with the package; a .docx only names them, and the reader's machine supplies them. Fonts of the
operating system are never looked at, so every machine produces the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pylopdf_fonts_zh_cn

from playbooks.core.documents.text import code_point

if TYPE_CHECKING:
    import typst

SERIF, SANS, SYMBOLS = "Noto Serif SC", "Noto Sans SC", "DejaVu Sans"


@dataclass(frozen=True)
class Role:
    """A place in a document and its official typeface.

    ``names`` are the family names under which font files carry it, ``alternative`` what an office
    machine is likely to have instead, ``fallback`` the free font of the package.
    """

    official: str
    names: tuple[str, ...]
    alternative: str
    fallback: str


ROLES: Mapping[str, Role] = {
    "title": Role(
        "方正小标宋简体",
        (
            "方正小标宋简体",
            "方正小标宋_GBK",
            "FZXiaoBiaoSong-B05S",
            "FZXiaoBiaoSong-B05",
            "FZXBSJW",
        ),
        "华文中宋",
        SERIF,
    ),
    "body": Role(
        "仿宋_GB2312", ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong"), "仿宋", SERIF
    ),
    "kai": Role("楷体_GB2312", ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi"), "楷体", SERIF),
    "hei": Role("黑体", ("黑体", "SimHei"), "微软雅黑", SANS),
    "song": Role("宋体", ("宋体", "SimSun", "NSimSun"), "新宋体", SERIF),
}


@dataclass(frozen=True)
class FontSet:
    """The fonts of one rendering: a family list for each role, files for coverage, what is missing."""

    folder: Path | None
    families: Mapping[str, tuple[str, ...]]
    missing: tuple[str, ...]

    def missing_sentence(self) -> str | None:
        """Return the sentence that tells the user what is missing, None when nothing is."""
        if not self.missing:
            return None
        return (
            f"未找到法定公文字体：{'、'.join(self.missing)}\uff1bPDF 以思源宋体、思源黑体代替，"
            "正式用印前请在装有上述字体的电脑上打开 .docx 核对版式，或把字体文件放入所配置的字体文件夹。"
        )


def find_fonts(folder: Path | None = None) -> FontSet:
    """Return the fonts for a rendering, official ones first where *folder* holds them.

    Raises:
        NotADirectoryError: *folder* was configured and is no folder.
    """
    if folder is not None and not folder.is_dir():
        raise NotADirectoryError(f"the configured font folder {folder} is not a folder")
    present = typst_fonts(folder).families()
    families: dict[str, tuple[str, ...]] = {}
    missing: list[str] = []
    others = tuple(name for name in present if name not in (SERIF, SANS) and folder is not None)
    extra = tuple(name for name in others if not name.startswith(("DejaVu", "STIX", "cm")))
    for role, face in ROLES.items():
        found = next((name for name in face.names if name in present), None)
        if found is None:
            missing.append(face.official)
        chain = (found, face.fallback, SERIF, SANS, *extra, SYMBOLS)
        families[role] = tuple(dict.fromkeys(name for name in chain if name))
    return FontSet(folder, families, tuple(missing))


@cache
def typst_fonts(folder: Path | None) -> typst.Fonts:
    """Return the opened font files: *folder*, the packaged Chinese fonts, the symbol font."""
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(path) for path in _folders(folder)],
    )


def _folders(folder: Path | None) -> list[Path]:
    packaged = [pylopdf_fonts_zh_cn.sans_path().parent, symbols_path().parent]
    return ([folder] if folder else []) + packaged


def symbols_path() -> Path:
    """Return the path of DejaVu Sans, which comes with matplotlib: symbols, emoji, other scripts."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


@cache
def coverage(folder: Path | None = None) -> frozenset[int]:
    """Return the code points that some font of a rendering can draw."""
    files = [pylopdf_fonts_zh_cn.sans_path(), pylopdf_fonts_zh_cn.serif_path(), symbols_path()]
    if folder is not None:
        suffixes = (".ttf", ".otf", ".ttc")
        files += [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in suffixes]
    return frozenset(point for path in files for point in file_coverage(path))


@cache
def file_coverage(path: Path) -> frozenset[int]:
    """Return the code points that the font file *path* can draw."""
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(path)).get_charmap())


def drawable(text: str, drawn: frozenset[int]) -> str:
    """Return *text* with every character outside *drawn* written out, as in ``‹U+20BB7›``."""
    if text.isascii():
        return text
    return "".join(each if ord(each) in drawn else code_point(each) for each in text)


def unsupported(texts: Iterable[str], drawn: frozenset[int]) -> list[str]:
    """Return a sentence for each character of *texts* that a PDF shows by its code only."""
    absent = sorted({each for text in texts for each in text if ord(each) not in drawn})
    return [
        f"字符“{each}”（{code_point(each)}）现有字体不能显示，PDF 中以编码代替；"
        "请把含有该字的字体放入所配置的字体文件夹。"
        for each in absent
    ]
