"""The imitating accounts use different tricks, and the work orders point at them."""

from connectors.simulation.district import build_district
from connectors.simulation.impostors import impostors, reports


def test_every_trick_once_and_the_account_it_imitates():
    district = build_district()
    known = {account.account_id: account for account in district.accounts}
    tricks = {
        one.trick: (one.name, known[one.imitates].name) for one in impostors(district) if one.trick
    }
    assert tricks == {
        "homophone": ("云衫新区发布", "云杉新区发布"),
        "traditional_variant": ("雲杉公安", "云杉公安"),
        "official_affix": ("云杉人社服务号", "云杉人社"),
        "cross_platform_clone": ("云杉教育", "云杉教育"),
        "zero_width_character": ("云杉\u200b公安", "云杉公安"),
        "formula_name": (
            '=HYPERLINK("http://pay.example.invalid","云杉新区发布")',
            "云杉新区发布",
        ),
        "chat_markup": ("<!channel> 云杉应急", "云杉应急"),
        "semantic_role": ("云杉文旅推荐官", "云杉文旅"),
    }


def test_no_impostor_is_in_the_register():
    district = build_district()
    registered = {(account.platform, account.platform_account_id) for account in district.accounts}
    names = {(account.platform, account.name) for account in district.accounts}
    for one in impostors(district):
        assert (one.platform, one.platform_account_id) not in registered
        assert (one.platform, one.name) not in names


def test_reports_name_known_accounts_and_keep_order():
    district = build_district()
    found = reports(district)
    assert {one.about for one in found} == {one.impostor_id for one in impostors(district)}
    times = [one.handed_over_at for one in found]
    assert times == sorted(times)
    assert found[0].order_number == "YS2026111700001"
    assert (found[3], found[3].order_number) == (found[4], "YS2026111800004")
    assert not any("{" in one.content for one in found)
