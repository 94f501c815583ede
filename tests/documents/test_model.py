import pytest
from specimens import letter

from playbooks.core.documents import Column, Figure, Paragraph, Table
from playbooks.core.documents.model import numbered


def test_every_text_of_a_model_is_visible_once_it_is_built():
    built = letter(issuer="甲\u202e", copied_to=["乙\u200b"])
    assert (built.issuer, built.copied_to) == ("甲‹U+202E›", ("乙‹U+200B›",))
    assert Table([Column("列\x00")], [("值\n二",)]).rows == (("值 二",),)


def test_a_name_is_bounded_and_a_paragraph_may_be_long():
    assert len(Table([Column("列")], [("长" * 5000,)]).rows[0][0]) == 300
    assert len(Paragraph("长" * 5000).text) == 5000


def test_a_row_that_does_not_fit_its_columns_is_named():
    with pytest.raises(ValueError, match="table 总览, row 2: 1 cells under 2 columns"):
        Table([Column("甲"), Column("乙")], [("1", "2"), ("3",)], caption="总览")


def test_a_table_without_columns_is_refused():
    with pytest.raises(ValueError, match="no columns"):
        Table([], [])


@pytest.mark.parametrize("weight", [0, -1, float("nan"), float("inf")])
def test_a_column_that_cannot_be_drawn_is_refused(weight):
    with pytest.raises(ValueError, match="not a positive number"):
        Column("甲", weight=weight)


def test_bytes_that_are_no_png_are_refused():
    with pytest.raises(ValueError, match="走势: the bytes are not a PNG"):
        Figure(b"<svg/>", "走势", "")


def test_tables_and_figures_are_numbered_separately():
    table = Table([Column("甲")], [], caption="总览")
    blocks = numbered([table, Paragraph("文"), Table([Column("甲")], []), table])
    assert [getattr(block, "caption", "-") for block in blocks] == [
        "表1\u3000总览",
        "-",
        None,
        "表2\u3000总览",
    ]
