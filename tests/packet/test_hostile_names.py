"""An impostor, or a careless clerk, chooses names knowing that they will be printed."""

from __future__ import annotations

import openpyxl
import pytest

from playbooks.core.documents import Heading
from playbooks.statistics.packet import AnalysisText, Scope, make_packet, write_packet
from sql.catalogs import memory
from tests.packet.conftest import add_account, fill, request
from tests.packet.reading import docx_text

FORMULA = '=HYPERLINK("http://example.invalid","点我")'
REVERSED = "云杉\u202e布发区新"
LONG = "长" * 5_000
TEMPLATE = "{{ 7 * 191 }}{% for x in y %}"
BREAKING = "甲\n\n十二、伪造的一节\n\n乙"
MARKUP = "<script>alert(1)</script>#set text(red)"
UNIT = "云杉新区政务服务与营商环境局政务公开与新媒体管理服务中心综合协调联络科室一二三四"
NAMES = (FORMULA, REVERSED, LONG, TEMPLATE, BREAKING, MARKUP)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with memory("stats") as connection:
        fill(connection)
        connection.execute("delete from account_snapshot")
        for number, name in enumerate(NAMES, start=1):
            account_id = f"A-{number}"
            add_account(connection, account_id, "U-1", "wechat_official", name=name, unit_name=UNIT)
        packet = make_packet(
            connection,
            request(
                scope=Scope(FORMULA), analysis=AnalysisText(next_steps=BREAKING, author=TEMPLATE)
            ),
        )
    return packet, write_packet(packet, tmp_path_factory.mktemp("hostile"))


def test_a_formula_stays_a_text(made):
    _, files = made
    workbook = openpyxl.load_workbook(files.xlsx)
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert [cell for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    assert FORMULA in {cell.value for cell in cells}


def test_no_name_runs_as_template_or_markup(made):
    _, files = made
    text = docx_text(files.docx)
    assert TEMPLATE in text
    assert "1337" not in text
    assert "<script>" not in files.html.read_text(encoding="utf-8")


def test_no_name_makes_a_section_or_hides_its_direction(made):
    packet, files = made
    headings = [block.text for block in packet.report.blocks if isinstance(block, Heading)]
    assert [text for text in headings if "伪造" in text] == []
    assert len(headings) == 17
    assert "\u202e" not in docx_text(files.docx)
    assert "‹U+202E›" in docx_text(files.docx)


def test_a_name_of_5000_characters_is_cut_where_it_is_printed(made):
    _, files = made
    text = docx_text(files.docx)
    assert "长" * 121 not in text
    assert "已截断" in text


def test_a_long_unit_name_is_printed_whole(made):
    assert len(UNIT) == 40
    assert UNIT in docx_text(made[1].docx)
