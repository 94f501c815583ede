"""Say in Chinese why a name is suspected, mark by mark: what a person would point at."""

from __future__ import annotations

from collections.abc import Iterable

from playbooks.core.documents.text import visible
from playbooks.impersonation.matching import fold, gazetteer, likeness, sound, vocabulary
from playbooks.impersonation.matching.features import Comparison
from playbooks.impersonation.matching.fold import Folding
from playbooks.impersonation.matching.protected import Official

FOLDINGS_NAMED = 4

_LIKENESS = {
    likeness.SAME_SOUND: "同音",
    likeness.NEAR_SOUND: "近音",
    likeness.SHAPE: "形近",
    likeness.PINYIN: "拼音代字",
    likeness.INITIAL: "首字母代字",
}
_FOLDING = {
    fold.HIDDEN: "不可见字符",
    fold.COMBINING: "附加符号",
    fold.WIDTH: "全角或变体字符",
    fold.EMOJI: "表情符号",
    fold.RADICAL: "部首字符",
    fold.VARIANT: "繁体或异体字",
    fold.SCRIPT: "其他文字的形似字符",
}
_ADDED = {
    vocabulary.AFFIX: "新增官方后缀",
    vocabulary.ROLE: "冒用身份称谓",
    vocabulary.INVENTED: "新增服务机构字样",
    vocabulary.BODY: "新增机构名称",
    vocabulary.ZONE: "新增功能区名称",
    vocabulary.PLACE: "新增地名",
    vocabulary.UNKNOWN: "新增字样",
    vocabulary.COMMON: "新增字样",
}


def reasons(name: str, official: Official, compared: Comparison) -> list[str]:
    """Return the reasons for an alert, the plainest first.

    Args:
        name: the candidate's name as given.
        official: the account it resembles.
        compared: the comparison the score came from.
    """
    found = fold.fold(name)
    said: list[str] = []
    if name.strip() == official.name.strip():
        said.append("与受保护账号名称完全相同，而该平台未登记此账号")
    elif name.strip() == official.unit.strip():
        said.append("与受保护单位名称完全相同，未登记")
    said += _marks(found.foldings)
    if compared.seen.joined_parts:
        said.append("拆字拼写，合起来读作" + _quoted(compared.seen.text))
    said += _disguises(compared, found)
    made_up = _made_up(compared)
    if made_up:
        said += made_up
    elif "完全相同" not in "".join(said):
        said += _whole(compared)
    said += _additions(compared)
    if found.is_cut:
        said.append(f"名称过长，只比对了前 {fold.NAME_LENGTH_MAX} 个字")
    return said


def _made_up(compared: Comparison) -> list[str]:
    """Name the zone or body that is in no list, where the place is the protected one."""
    written = compared.seen.written
    if compared.place != gazetteer.SAME or not (written.made_up_body or written.made_up_zone):
        return []
    said = (
        [f"名录中查不到功能区“{sound.shown(written.made_up_zone)}”"] if written.made_up_zone else []
    )
    if written.made_up_body:
        said.append(f"名录中查不到该地区有机构“{sound.shown(written.made_up_body)}”")
    return said


def _marks(foldings: Iterable[Folding]) -> list[str]:
    """Name what was folded; variants are named beside the official character instead."""
    said: list[str] = []
    hidden = 0
    for folding in foldings:
        if folding.kind in (fold.HIDDEN, fold.COMBINING):
            hidden += 1
        elif folding.kind in _FOLDING and folding.plain and len(said) < FOLDINGS_NAMED:
            kind = _FOLDING[folding.kind]
            said.append(f"第{folding.position}字“{folding.plain}”→“{visible(folding.mark)}”{kind}")
    if hidden:
        said.insert(0, f"含不可见字符{hidden}个")
    return said


def _disguises(compared: Comparison, found: fold.Folded) -> list[str]:
    places = _positions(found)
    same_length = compared.seen.joined_parts == 0 and len(compared.seen.text) == len(places)
    said: list[str] = []
    for disguise in compared.repaired.disguises:
        mark = sound.shown(disguise.mark)
        where = f"第{places[disguise.position]}字" if same_length else ""
        kind = _LIKENESS[disguise.likeness.kind]
        said.append(f"{where}“{disguise.official_mark}”→“{mark}”{kind}")
    return said


def _positions(found: fold.Folded) -> list[int]:
    """Return where each folded mark stands in the name as given, counted from 1."""
    dropped = {folding.position for folding in found.foldings if not folding.plain}
    size = len(found.text) + len(dropped)
    return [position for position in range(1, size + 1) if position not in dropped]


def _whole(compared: Comparison) -> list[str]:
    text, face = compared.repaired.text, compared.face.text
    if text == face:
        how = "还原后" if compared.repaired.disguises else "除去标点、符号后"
        return [f"{how}与{_quoted(face)}相同"]
    if sorted(text) == sorted(face) and text != face:
        return [f"{_quoted(face)}换序"]
    if compared.place == gazetteer.SAME and compared.body == gazetteer.SAME:
        return [f"与{_quoted(face)}指同一地区、同一机构"]
    if face in text and text != face:
        return [f"包含受保护名称{_quoted(face)}"]
    lost = [part for part in compared.repaired.lost if part]
    if lost and not any(compared.repaired.added):
        return [f"由{_quoted(face)}缺“{sound.shown(''.join(lost))}”而成"]
    return [f"与{_quoted(face)}相近"]


def _additions(compared: Comparison) -> list[str]:
    return [
        f"{_ADDED[word.kind]}“{sound.shown(word.text)}”"
        for word in compared.added
        if word.kind in _ADDED and word.text not in compared.seen.written.made_up_body
    ]


def _quoted(text: str) -> str:
    return f"「{visible(sound.shown(text))}」"
