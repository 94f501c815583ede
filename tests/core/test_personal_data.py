"""What is taken out at the door, and what stays because it is needed to verify."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.core.personal_data import hint_of, without_personal_data


@pytest.mark.parametrize(
    ("typed", "known", "kept"),
    [
        (
            "市民陈玉珍来电反映,电话15409000001",
            ("陈玉珍", "15409000001"),
            "市民陈＊＊来电反映,电话＊＊",
        ),
        ("来电人王小明称被骗", (), "来电人王＊＊称被骗"),
        ("举报人:欧阳文", (), "举报人:欧阳文"),  # a double surname no column named: only forms help
        ("市民来电反映假冒", (), "市民来电反映假冒"),
        ("身份证220102199003071234", (), "身份证220102**********34"),
        ("卡号6222021234567890123", (), "卡号6222********0123"),
        ("邮箱chen.yz@example.invalid", (), "邮箱c***@example.invalid"),
        ("座机0431-88886666", (), "座机0431****6666"),
        ("公众号“云杉发布”2027年学区", (), "公众号“云杉发布”2027年学区"),
        ("甲", ("甲",), "甲"),  # one character identifies nobody
    ],
)
def test_what_is_personal_goes_and_the_matter_stays(typed, known, kept):
    assert without_personal_data(typed, known) == kept


@given(st.text(max_size=60), st.text("赵钱孙李0123456789", min_size=2, max_size=12))
def test_a_value_that_a_column_named_never_stays(text, value):
    assert value not in without_personal_data(f"{text}{value}{text}", [value])


@pytest.mark.parametrize("contact", ["15409000001", "a.b@example.invalid", "微信 abc123"])
def test_a_contact_is_recognised_and_cannot_be_used(contact):
    assert hint_of(contact) != contact
    assert "***" in hint_of(contact)
