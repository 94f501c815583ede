import pytest

from playbooks.core.documents import layout


def test_the_type_area_is_what_the_margins_leave():
    assert layout.PAGE_WIDTH_MM - layout.LEFT_MM - layout.RIGHT_MM == layout.TEXT_WIDTH_MM == 156
    assert layout.PAGE_HEIGHT_MM - layout.TOP_MM - layout.BOTTOM_MM == layout.TEXT_HEIGHT_MM == 225


def test_22_lines_of_28_characters():
    assert round(layout.LINE_PT, 2) == 28.99
    assert round(layout.CHARACTER_PT, 2) == 15.79
    assert layout.GAP_PT == 14


def test_a_half_width_figure_counts_half():
    assert layout.characters("2026年1月5日") == 6


def test_sealed_the_date_stands_four_from_the_right_and_the_name_is_centred_on_it():
    assert layout.signature_indents("云杉新区管理委员会", "2026年11月3日", is_sealed=True) == (
        2.75,
        4.0,
    )


def test_sealed_a_long_name_stands_at_the_margin_with_the_date_centred_under_it():
    name = "云杉新区突发事件应急处置工作领导小组办公室"  # 21 characters, the date 6.5
    assert layout.signature_indents(name, "2026年11月3日", is_sealed=True) == (0.0, 7.25)


def test_unsealed_the_date_begins_two_characters_right_of_the_name():
    name_indent, date_indent = layout.signature_indents(
        "云杉新区管理委员会", "2026年11月3日", is_sealed=False
    )
    assert (name_indent, date_indent) == (2.0, 2.5)
    assert (date_indent + 6.5) == (name_indent + 9) - 2


def test_unsealed_a_date_longer_than_the_name_takes_the_two_characters():
    name_indent, date_indent = layout.signature_indents("区委办", "2026年11月3日", is_sealed=False)
    assert date_indent == 2.0
    assert (date_indent + 6.5) == (name_indent + 3) - 2


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于开展检查的函", ["关于开展检查的函"]),
        (
            "云杉新区管理委员会关于商请协助处置假冒政务新媒体账号的函",
            ["云杉新区管理委员会", "关于商请协助处置假冒政务新媒体账号的函"],
        ),
        (
            "云杉新区2026年第三季度政务新媒体数据统计分析报告",
            ["云杉新区2026年第三季度", "政务新媒体数据统计分析报告"],
        ),
    ],
)
def test_a_title_breaks_where_it_reads_well(title, lines):
    assert layout.title_lines(title) == lines


def test_a_title_of_any_length_fits_its_lines_and_loses_nothing():
    for length in range(1, 90):
        lines = layout.title_lines("长" * length)
        assert "".join(lines) == "长" * length
        assert all(len(line) <= layout.TITLE_CHARACTERS for line in lines)


def test_the_issuer_mark_stays_on_one_line():
    assert layout.mark_pt("云杉新区管理委员会") == 32
    assert layout.mark_pt("长" * 20) == 22
