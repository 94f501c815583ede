"""Names read as places, bodies and words."""

import pytest

from playbooks.impersonation.matching import gazetteer, vocabulary
from playbooks.impersonation.matching.forms import is_plainly_ordinary
from playbooks.impersonation.matching.parsing import parse
from playbooks.impersonation.matching.protected import Official, place_of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("长春新区市监局服务号", ["长春新区:place", "市监局:body", "服务号:official_affix"]),
        ("平安长春", ["平安:body", "长春:place"]),
        ("长春市朝阳区人民政府", ["长春市:place", "朝阳区:place", "人民政府:body"]),
        ("日照文旅推荐官", ["日照:place", "文旅:body", "推荐官:role"]),
        ("长沙吃喝玩乐", ["长沙:place", "吃喝玩乐:ordinary"]),
        ("皖公安", ["皖:place", "公安:body"]),
        ("南京高新区管委会", ["南京:place", "高新区:zone", "管委会:body"]),
        ("长春珺璟局", ["长春:place", "珺璟:unknown", "局:common"]),
    ],
)
def test_words_and_their_classes(name: str, words: list[str]) -> None:
    assert [f"{word.text}:{word.kind}" for word in parse(name).words] == words


def test_a_county_is_found_within_the_city_named_before_or_after_it() -> None:
    assert parse("长春市朝阳区").places == parse("朝阳长春").places == {"220104"}
    assert len(parse("朝阳区").places) > 1


@pytest.mark.parametrize(
    ("name", "zone", "body"),
    [
        ("长春新区便民服务办", "", "便民服务办"),
        ("修武县投资监管局", "", "投资监管局"),
        ("长春教育监察局", "", "教育监察局"),
        ("固阳南部新区招办", "南部新区", ""),
        ("金华空港新区公安", "空港新区", ""),
        ("长春市文化旅游和体育局", "", ""),
        ("长春市民政和人社局", "", ""),
        ("长春市委网信办", "", ""),
        ("南京高新区管委会", "", ""),
        ("长春饭局", "", ""),
    ],
)
def test_zones_and_bureaus_in_no_list_are_made_up(name: str, zone: str, body: str) -> None:
    assert (parse(name).made_up_zone, parse(name).made_up_body) == (zone, body)


def test_words_change_their_meaning_behind_a_body() -> None:
    kinds = [word.kind for word in parse("徐州市发展和改革委员会12345").words]
    assert kinds == ["place", "body", "official_affix"]
    assert parse("遂川发布").bodies >= parse("遂川县融媒体中心").bodies


def test_synonyms_name_the_same_body() -> None:
    names = ["市场监督管理局", "市监局", "市场监管", "市场监管局"]
    assert len({parse("长春" + name).bodies for name in names}) == 1


def test_short_and_full_names_of_zones_agree() -> None:
    assert parse("南京高新区").places == parse("南京市高新技术产业开发区").places == {"3201:高新区"}


@pytest.mark.parametrize(
    ("candidate", "relation"),
    [("220104", "same"), ("220100", "parent"), ("220104005", "child"), ("220102", "other")],
)
def test_how_a_place_relates_to_an_official_one(candidate: str, relation: str) -> None:
    assert gazetteer.relation(frozenset([candidate]), frozenset(["220104"])) == relation


@pytest.mark.parametrize(
    ("name", "is_ordinary"),
    [
        ("通州酒业", True),
        ("对虾购房", True),
        ("长春公安粉丝团", False),
        ("长舂新区发布", False),
        ("日照文旅推荐官", False),
    ],
)
def test_names_of_ordinary_words_are_compared_with_nobody(name: str, is_ordinary: bool) -> None:
    assert is_plainly_ordinary(parse(name)) == is_ordinary


def test_a_city_is_not_the_county_of_its_name() -> None:
    city = Official("1", "荆州组工", "微博", "荆州市委组织部", "湖北省荆州市")
    assert place_of(city) == {"421000"}
    assert place_of(Official("2", "长沙教育", "微博", "长沙市教育局", "湖南省长沙市")) == {"430100"}
    assert parse("长沙县教育局").places == {"430121"}


@pytest.mark.parametrize(
    ("text", "first", "kind"),
    [
        ("通道公积金中心", "通道", vocabulary.PLACE),  # 通道侗族自治县
        ("温泉酒店", "温泉", vocabulary.ORDINARY),
        ("濮阳信贷管理委员会", "濮阳", vocabulary.PLACE),  # not 阳信 within it
    ],
)
def test_a_name_begins_with_its_place(text: str, first: str, kind: str) -> None:
    word = parse(text).words[0]
    assert (word.text, word.kind) == (first, kind)
