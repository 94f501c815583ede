"""What is masked where cases are shown, and what is not."""

import pytest

from playbooks.core.masking import masked, masked_identifier


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("请联系13812340000，谢谢", "请联系138****0000，谢谢"),
        ("身份证220102199003071234", "身份证220102**********34"),
        ("身份证22010219900307123X。", "身份证220102**********3X。"),
        ("工单 2026112200031", "工单 2026112200031"),
        ("受理号A13812340000", "受理号A13812340000"),
        ("电话0431-88888888", "电话0431-88888888"),
    ],
)
def test_mobile_and_identity_numbers_are_masked_and_nothing_else(typed, shown):
    assert masked(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("lin.xiao", "li***o"),
        ("林晓", "林***"),
        ("linxiao@office.example", "li***o@office.example"),
        ("lin@office.example", "l***@office.example"),
    ],
)
def test_accounts_and_addresses_keep_what_their_owner_knows_them_by(typed, shown):
    assert masked_identifier(typed) == shown
