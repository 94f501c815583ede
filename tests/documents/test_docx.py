import zipfile
from dataclasses import replace
from datetime import datetime
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree
from specimens import CREATED_AT, HOSTILE, letter, report

from playbooks.core.documents import Column, Paragraph, Table, render_docx


def opened(document):
    return docx.Document(BytesIO(render_docx(document, CREATED_AT)))


def paragraph(word, beginning):
    return next(each for each in word.paragraphs if each.text.startswith(beginning))


def test_the_page_is_that_of_the_standard():
    section = opened(letter()).sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in sides] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    assert (grid.get(qn("w:linePitch")), grid.get(qn("w:charSpace"))) == ("579", "-848")


@pytest.mark.parametrize(
    ("style", "font", "half_points"),
    [
        ("Normal", "仿宋_GB2312", "32"),
        ("Title", "方正小标宋简体", "44"),
        ("heading 1", "黑体", None),
        ("heading 2", "楷体_GB2312", None),
        ("heading 3", "仿宋_GB2312", None),
        ("公文页码", "宋体", "28"),
    ],
)
def test_the_official_typefaces_are_declared_by_name(style, font, half_points):
    styles = opened(letter()).styles.element
    found = styles.xpath(f'w:style[w:name/@w:val="{style}"]/w:rPr')[0]
    assert found.find(qn("w:rFonts")).get(qn("w:eastAsia")) == font
    size = found.find(qn("w:sz"))
    assert half_points is None or size.get(qn("w:val")) == half_points
    assert found.find(qn("w:b")) is None


def test_each_official_typeface_names_its_fallback():
    package = zipfile.ZipFile(BytesIO(render_docx(letter(), CREATED_AT)))
    fonts = etree.fromstring(package.read("word/fontTable.xml"))
    pairs = {
        font.get(qn("w:name")): font[0].get(qn("w:val")) for font in fonts.findall(qn("w:font"))
    }
    assert pairs == {
        "方正小标宋简体": "华文中宋",
        "仿宋_GB2312": "仿宋",
        "楷体_GB2312": "楷体",
        "黑体": "SimHei",
        "宋体": "SimSun",
    }


def test_the_letter_head_stands_outside_the_type_area_on_the_first_page_only():
    section = opened(letter()).sections[0]
    mark = section.first_page_header.paragraphs[0]
    assert mark.text == "云杉新区管理委员会"
    upper = mark._p.find(f".//{qn('w:bottom')}")
    assert (upper.get(qn("w:val")), upper.get(qn("w:color"))) == ("thickThinSmallGap", "FF0000")
    lower = section.first_page_footer.paragraphs[0]._p.find(f".//{qn('w:bottom')}")
    assert lower.get(qn("w:val")) == "thinThickSmallGap"
    assert (round(section.header_distance.mm), round(section.footer_distance.mm)) == (30, 20)
    sides = mark._p.find(f".//{qn('w:ind')}")
    overhang_twips = -int(sides.get(qn("w:left"))) - int(sides.get(qn("w:right")))
    assert round(156 + overhang_twips / 56.6929) == 170
    assert section.header.paragraphs[0].text == ""


@pytest.mark.parametrize("issuer", ["云杉新区管委会", "云杉新区政务服务与营商环境局", "长" * 26])
def test_the_letter_head_ends_within_the_first_line_of_the_page(issuer):
    section = opened(replace(letter(), issuer=issuer)).sections[0]
    mark, spacer = section.first_page_header.paragraphs
    twips = [
        int(each._p.find(f".//{qn('w:spacing')}").get(qn("w:line"))) for each in (mark, spacer)
    ]
    space_pt = int(mark._p.find(f".//{qn('w:bottom')}").get(qn("w:space")))
    double_line_pt = 4.5
    foot_mm = 30 + (sum(twips) / 20 + space_pt + double_line_pt) / 72 * 25.4
    assert 37 < foot_mm < 37 + 225 / 22 - 0.8  # LibreOffice sets the head 0.8 mm lower than Word


def test_page_numbers_odd_right_even_left_and_none_on_the_first_page():
    word = opened(letter())
    section = word.sections[0]
    assert word.settings.odd_and_even_pages_header_footer
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert odd._p.find(f".//{qn('w:jc')}").get(qn("w:val")) == "right"
    assert even._p.find(f".//{qn('w:jc')}").get(qn("w:val")) == "left"
    assert odd._p.find(f".//{qn('w:fldSimple')}").get(qn("w:instr")) == "PAGE"
    assert section.first_page_footer.paragraphs[0].text == ""


def test_the_number_follows_the_urgency_on_the_line_under_the_rule():
    word = opened(letter())
    assert word.paragraphs[0].text == "特急\t云新函〔2026〕12号"
    assert [each.text for each in word.paragraphs[1:3]] == ["", ""]
    assert word.paragraphs[3].style.name == "Title"


def test_body_paragraphs_begin_two_characters_in():
    style = opened(letter()).styles["公文正文"].element
    assert style.find(f".//{qn('w:ind')}").get(qn("w:firstLineChars")) == "200"


def test_the_signature_is_indented_in_characters_and_stays_with_text():
    word = opened(letter())
    name, day = word.paragraphs[-4], word.paragraphs[-3]
    assert (name.text, day.text) == ("云杉新区管理委员会", "2026年11月3日")
    right = [each._p.find(f".//{qn('w:ind')}").get(qn("w:rightChars")) for each in (name, day)]
    assert right == ["275", "400"]
    closing = paragraph(word, "特此函商")._p
    kept = [closing, *closing.itersiblings(qn("w:p"))]
    last = kept.index(day._p)
    assert all(each.find(f".//{qn('w:keepNext')}") is not None for each in kept[:last])


def test_copied_to_is_a_frame_at_the_foot_of_the_last_page():
    copied = opened(letter()).paragraphs[-1]
    assert copied.text == "抄送\uff1a云杉新区政务营商局\uff0c云杉新区党工委网信办。"
    assert copied._p.find(f".//{qn('w:framePr')}").get(qn("w:yAlign")) == "bottom"


def test_a_table_repeats_its_heading_and_shows_what_is_missing():
    table = opened(report()).tables[0]
    assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    assert [cell.text for cell in table.rows[7].cells] == ["7", "未取得"]


def test_a_figure_keeps_its_alternative_text():
    body = opened(report()).element.body
    assert body.find(f".//{qn('wp:docPr')}").get("descr") == "九天的折线\uff0c第十天缺数"


def test_a_watermark_is_behind_every_page():
    section = opened(letter(watermark='草稿"<&')).sections[0]
    for header in (section.first_page_header, section.header, section.even_page_header):
        text = header._element.find(".//{urn:schemas-microsoft-com:vml}shape")[0].get("string")
        assert text == '草稿"<&'


def test_hostile_names_are_texts_and_nothing_else():
    rows = [(name,) for name in HOSTILE]
    body = [Table([Column("账号")], rows), *(Paragraph(name) for name in HOSTILE)]
    word = opened(letter(body=body))
    cells = [row.cells[0].text for row in word.tables[0].rows[1:]]
    assert cells[:5] == list(HOSTILE[:5])
    assert cells[5] == "长春‹U+202E›布发区新‹U+200B›"
    assert len(cells[6]) == 300
    assert cells[7].endswith("‹U+0000›‹U+0007›‹U+FFFE›‹U+D800›")
    assert not word.element.body.findall(f".//{qn('w:hyperlink')}")


def test_equal_arguments_give_equal_bytes_and_no_clock_shows():
    first, second = render_docx(report(), CREATED_AT), render_docx(report(), CREATED_AT)
    assert first == second
    package = zipfile.ZipFile(BytesIO(first))
    assert {member.date_time[0] for member in package.infolist()} == {1980}
    assert opened(letter()).core_properties.created == CREATED_AT


def test_a_creation_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        render_docx(letter(), datetime(2026, 1, 1))
