import re

from specimens import HOSTILE, letter, report

from playbooks.core.documents import Column, Paragraph, Table, render_html


def test_hostile_names_are_escaped():
    body = [Table([Column(name) for name in HOSTILE[:5]], [HOSTILE[:5]]), *map(Paragraph, HOSTILE)]
    page = render_html(letter(body=body, issuer=HOSTILE[3], watermark=HOSTILE[3]))
    assert "<script" not in page
    assert "&lt;!channel&gt; &lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; ]]&gt;" in page
    assert "{{ config }}" in page
    assert "\u202e" not in page


def test_the_page_holds_no_script_and_fetches_nothing():
    page = render_html(report())
    assert not re.search(r"(?i)<script|\son\w+=|https?://|<link|@import|url\(", page)
    assert "default-src 'none'" in page
    assert 'src="data:image/png;base64,' in page


def test_missing_is_shown_and_cautions_come_first():
    page = render_html(letter(cautions=["引文待核。"]))
    assert '<td class="left">未取得</td>' in page
    assert page.index("引文待核。") < page.index('class="mark"')
    assert "审签前请核对" not in render_html(letter())
