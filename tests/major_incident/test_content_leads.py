"""Words of Article 15 in titles are leads; clarifications are none, and an office edits its own lists."""

import pytest

from playbooks.major_incident.content_leads import WordsError, leads_of, read_items


def post(title):
    return {
        "account_id": "A1",
        "content_id": "c",
        "title": title,
        "url": None,
        "published_on": "2026-08-12",
    }


def codes(title, own):
    return [(lead.code, lead.word) for lead in leads_of([post(title)], read_items(own))]


@pytest.fixture
def own(tmp_path):
    return tmp_path / "content_words.yml"


def test_the_thirteen_items_are_there(own):
    assert list(read_items(own)) == [f"15-{number}" for number in range(1, 14)]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("年货节 限 时 抢购，扫码购买", [("15-11", "限时抢购")]),
        ("详情见 https://item.JD.com/1", [("15-11", "jd.com")]),
        ("网传水库溃坝", [("15-6", "网传")]),
        ("网传水库溃坝系谣言", []),
        ("警惕“刷单”：下注平台套路", []),
        ("小编认为，网传消息属实", [("15-6", "网传"), ("15-10", "小编认为")]),
        ("关于开展消费券发放的公告（优惠券）", []),
        ("政务大厅延时服务时间表", []),
    ],
)
def test_a_word_is_a_lead_unless_the_title_explains_it(title, found, own):
    assert codes(title, own) == found


def test_an_office_replaces_the_words_of_one_item(own):
    own.write_text('"15-11": {words: [清仓价]}', encoding="utf-8")
    assert codes("清仓价，限时抢购", own) == [("15-11", "清仓价")]
    assert read_items(own)["15-11"].title == "商业广告或链接商业广告页面"
    assert codes("网传", own) == [("15-6", "网传")]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('"15-14": {words: [甲乙]}', "应为 15-1 至 15-13"),
        ('"15-1": {words: [甲]}', "每个词 2 至 40 字"),
        ('"15-1": {wrods: [甲乙]}', "应写成"),
        ('"15-1": [甲乙]', "应写成"),
        ("[", "不是可读的词表"),
        ("甲乙", "不是可读的词表"),
    ],
)
def test_a_list_with_faults_says_where(text, word, own):
    own.write_text(text, encoding="utf-8")
    with pytest.raises(WordsError, match=word):
        read_items(own)
