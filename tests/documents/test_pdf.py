from io import BytesIO

import pytest
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from pypdf import PdfReader
from specimens import CREATED_AT, HOSTILE, letter, report

from playbooks.core.documents import Column, Paragraph, Report, Table, pdf_warnings, render_pdf
from playbooks.core.documents.fonts import find_fonts


def pages(document, fonts=None):
    return PdfReader(BytesIO(render_pdf(document, CREATED_AT, fonts))).pages


def font_names(page):
    fonts = page["/Resources"]["/Font"].values()
    return {str(font.get_object()["/BaseFont"]).partition("+")[2] for font in fonts}


def test_a_full_page_holds_22_lines_of_28_characters():
    text = "国" * 28 * 60
    lines = pages(Report("报告", [Paragraph(text, "flush")]))[1].extract_text().splitlines()
    assert [line for line in lines if "国" in line] == ["国" * 28] * 22


def test_a_paragraph_begins_two_characters_in():
    lines = pages(Report("报告", [Paragraph("国" * 60)]))[0].extract_text().splitlines()
    assert [len(line.strip()) for line in lines if "国" in line] == [26, 28, 6]


def test_the_first_page_of_a_letter_has_no_number_and_the_second_has():
    first, second = (page.extract_text() for page in pages(letter()))
    assert "云杉新区管理委员会" in first
    assert "— 1 —" not in first
    assert "— 2 —" in second
    assert "未取得" in first + second


def test_a_cover_has_no_number_and_the_heading_row_repeats():
    texts = [page.extract_text() for page in pages(report())]
    assert "— 1 —" not in texts[0]
    assert "— 2 —" in texts[1]
    assert "序号 粉丝" in texts[1]
    assert "序号 粉丝" in texts[2]


def test_only_embedded_fonts_of_the_package_are_used():
    names = set().union(*(font_names(page) for page in pages(letter())))
    assert names <= {"NotoSerifSC-Regular-Identity-H", "NotoSansSC-Regular-Identity-H"}
    assert names


def test_equal_arguments_give_equal_bytes():
    assert render_pdf(report(), CREATED_AT) == render_pdf(report(), CREATED_AT)


def test_hostile_names_are_set_as_they_stand():
    body = [Table([Column("账号")], [(name,) for name in HOSTILE]), *map(Paragraph, HOSTILE[:6])]
    shown = "\n".join(page.extract_text() for page in pages(letter(body=body)))
    for name in HOSTILE[:5]:
        assert name in shown
    assert "长春‹U+202E›布发区新‹U+200B›" in shown
    assert "原文共5000字" in shown.replace("\n", "")


def test_a_long_digest_breaks_inside_its_cell_and_copies_whole():
    digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    table = Table([Column("甲"), Column("摘要")], [("乙", digest)])
    assert digest in pages(letter(body=[table]))[0].extract_text().replace("\n", "").replace(
        " ", ""
    )


def test_rare_characters_are_drawn_and_impossible_ones_are_reported():
    document = letter(body=[Paragraph("龘䶮㐂𰻝😀𠮷")])
    text = pages(document)[0].extract_text()
    assert "龘䶮㐂𰻝😀‹U+20BB7›" in text
    assert [each for each in pdf_warnings(document) if "𠮷" in each or "龘" in each] == [
        "字符“𠮷”（‹U+20BB7›）现有字体不能显示，PDF 中以编码代替；请把含有该字的字体放入所配置的字体文件夹。"
    ]


@pytest.fixture
def official_folder(tmp_path):
    """A folder with a font that says it is 仿宋_GB2312 and holds two characters."""
    import pylopdf_fonts_zh_cn

    font = TTFont(pylopdf_fonts_zh_cn.serif_path())
    subsetter = Subsetter(Options())
    subsetter.populate(text="国函")
    subsetter.subset(font)
    for record in font["name"].names:
        record.string = "FangSong_GB2312" if record.nameID in (1, 4, 16) else "FangSongGB"
    font["CFF "].cff.fontNames = ["FangSongGB"]
    font.save(tmp_path / "fangsong.otf")
    return tmp_path


def test_an_official_font_in_the_configured_folder_is_used_first(official_folder):
    fonts = find_fonts(official_folder)
    assert fonts.missing == ("方正小标宋简体", "楷体_GB2312", "黑体", "宋体")
    names = font_names(pages(Report("报告", [Paragraph("国函字")]), fonts)[0])
    assert any(name.startswith("FangSong") for name in names)
    assert any(name.startswith("NotoSerifSC") for name in names)


def test_the_user_is_told_which_official_typefaces_are_missing():
    sentence = pdf_warnings(letter())[0]
    assert sentence.startswith(
        "未找到法定公文字体\uff1a方正小标宋简体、仿宋_GB2312、楷体_GB2312、黑体、宋体"
    )


def test_a_font_folder_that_is_none_is_named(tmp_path):
    with pytest.raises(NotADirectoryError, match="nowhere"):
        find_fonts(tmp_path / "nowhere")


@pytest.mark.parametrize("line_count", [47, 48])
def test_copied_to_stands_at_the_foot_of_the_last_page_even_alone(line_count):
    body = [Paragraph("国" * 20) for _ in range(line_count)]
    last = pages(letter(body=body, copied_to=["甲" * 30]))[-1]
    heights = []
    last.extract_text(visitor_text=lambda text, cm, tm, *_: "甲" in text and heights.append(cm[5]))
    foot_pt = 35 / 25.4 * 72  # the text area ends 35 mm above the edge
    assert foot_pt <= min(heights) < foot_pt + 29
