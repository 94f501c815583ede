"""The door: take personal data out of a text from outside before anything of it is stored.

Names and contacts that the source names in columns of their own are blotted out wherever the text
repeats them; numbers that are personal by their form (mobile, identity, bank card, e-mail, landline)
are masked; a name behind a word such as 来电人 is cut to its surname. What stands between quotation
marks may be an account's name and is only touched by its form. The text stays readable to whoever
verifies the matter; the person behind it can only be reached through the contact kept apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from playbooks.core.masking import masked

BLOT = "＊＊"
# The hundred most frequent surnames cover about 85 of 100 people, the double ones a little more.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁"
    "任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴"
    "莫孔向汤褚卫尤施华俞柳鲍费岑倪滕殷毕安常乐傅齐康伍祝项鲁温庄柴翟"
)
_CUE = "市民|来电人|反映人|举报人|投诉人|联系人|当事人|本人|姓名|我叫|我是"
_NAMED = re.compile(
    rf"((?:{_CUE})[:： ]?)([{_SURNAMES}])[\u4e00-\u9fff·]{{1,2}}?"
    r"(?=先生|女士|同志|来电|来信|称|反映|表示|说|的|投诉|举报|咨询|建议|希望|要求|[，,。；;、：:！!？?）)\s“”]|$)"
)
_EMAIL = re.compile(r"([A-Za-z0-9])[A-Za-z0-9._%+-]*@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
_LANDLINE = re.compile(r"(?<![0-9A-Za-z-])(0\d{2,3})[- ]?\d{4}(\d{3,4})(?![0-9A-Za-z-])")
_CARD = re.compile(r"(?<![0-9A-Za-z])(\d{4})\d{8,11}(\d{4})(?![0-9A-Za-z])")


def without_personal_data(text: str, known: Sequence[str] = ()) -> str:
    """Return *text* without the *known* personal values and without numbers personal by their form."""
    for value in sorted({value.strip() for value in known}, key=len, reverse=True):
        # A single character would blot half the text out; it identifies nobody.
        if len(value) > 1:
            text = text.replace(value, _blotted(value))
    text = _NAMED.sub(rf"\1\2{BLOT}", text)
    text = _EMAIL.sub(r"\1***@\2", masked(text))
    return _LANDLINE.sub(r"\1****\2", _CARD.sub(r"\1********\2", text))


def hint_of(contact: str) -> str:
    """Return a contact as a list may show it: enough to recognise, not enough to use."""
    shown = without_personal_data(contact)
    return shown if shown != contact or not contact else contact[:1] + "***"


def _blotted(value: str) -> str:
    """Keep the surname of a name, and nothing of anything else."""
    return value[0] + BLOT if re.fullmatch(r"[\u4e00-\u9fff·]{2,6}", value) else BLOT
