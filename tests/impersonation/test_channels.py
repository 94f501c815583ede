"""The channel registry: what nobody has seen is doubtful, what was checked long ago expires."""

from datetime import date

import pytest

from playbooks.impersonation.channels import ChannelError, read_channels

TODAY = date(2026, 11, 23)
ENTRY = """\
platforms:
  weibo:
    title: 微博
    complaint: 冒名顶替
    wording: ""
    requests: []
    entrances: [{name: 举报, materials: [截图], grade: weak, source: 转述}]
    usual: null
    checked_on: %s
"""


def own(tmp_path, text):
    path = tmp_path / "channels.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_platform_of_the_intake_has_a_channel_and_weak_ones_say_so():
    channels = read_channels()
    assert set(channels.platforms) >= {
        *("wechat_official", "wechat_channels", "weibo", "douyin"),
        *("kuaishou", "bilibili", "toutiao", "xiaohongshu"),
    }
    assert {channels.warning(name, TODAY) for name in channels.platforms} == {
        "待核实",
        "尚未由本单位核对",
    }
    usual = channels.platforms["wechat_official"].usual
    assert usual is not None
    assert usual.text.endswith("2016 年说明，待核实）")


@pytest.mark.parametrize(
    ("checked_on", "warning"),
    [
        ("2026-11-01", ""),
        ("2026-06-01", "将于 2026-11-28 过期，请重新核对"),
        ("2026-05-01", "过期：2026-05-01 核对，已超过 180 天"),
        ("null", "待核实"),
    ],
)
def test_an_office_overrides_a_platform_and_its_check_expires(tmp_path, checked_on, warning):
    channels = read_channels(own(tmp_path, ENTRY % checked_on))
    assert channels.warning("weibo", TODAY) == warning
    assert "douyin" in channels.platforms


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("complaint:", "complaints:", "complaints"),
        ("grade: weak", "grade: sure", "grade"),
        ("[截图]", "[", "YAML"),
    ],
)
def test_faults_are_named(tmp_path, old, new, word):
    with pytest.raises(ChannelError, match=word):
        read_channels(own(tmp_path, (ENTRY % "null").replace(old, new)))
