"""Diagrams and pages of playbooks: what leads where, where a case stands, and that they are current."""

from flows.operations.playbooks import pages
from playbooks.core.playbook import parse_playbook
from playbooks.core.playbook.diagram import mermaid
from playbooks.core.playbook.page import page
from tests.core.test_vocabulary import RICH
from tests.support.casework import SMALL


def test_the_pages_in_docs_are_current():
    for path, text in pages().items():
        assert path.is_file(), f"run: juzhen playbooks diagram --write ({path.name} is missing)"
        assert path.read_text(encoding="utf-8") == text, "run: juzhen playbooks diagram --write"


def test_a_small_playbook_is_drawn_whole():
    assert mermaid(parse_playbook(SMALL, "p.yml"), {"decide", "gone"}).splitlines() == [
        "flowchart TD",
        '  s_look["查看<br/>经办人"]',
        '  s_decide["决定<br/>审核人"]',
        '  s_close(["办结"])',
        "  s_start((开始)) --> s_look",
        '  s_look -->|"好"| s_close',
        '  s_look -->|"坏"| s_decide',
        '  s_look -.->|"超期"| s_decide',
        "  s_decide --> s_close",
        "  classDef current fill:#fde68a,stroke:#b45309,stroke-width:3px,color:#000;",
        "  class s_decide current;",
    ]


def test_every_word_of_the_vocabulary_is_drawn():
    drawn = mermaid(parse_playbook(RICH, "p.yml")).splitlines()
    for line in (
        '  s_keep -.->|"未成"| s_by_hand',
        '  s_grade -->|"浏览量≥100000"| s_write',
        '  s_grade -->|"类别为被盗"| s_write',
        '  s_elsewhere -->|"done"| s_last',
        '  s_receipt_due -.->|"超期"| s_write',
        '  s_close -->|"办结后"| s_review',
        '  s_review -->|"改进措施"| s_improve_3',
    ):
        assert line in drawn
    assert not any(line.startswith("  s_drop -->") for line in drawn)


def test_a_title_cannot_break_out_of_its_label():
    hostile = SMALL.replace("title: 决定", "title: '决定\"] --> x<script>`'")
    drawn = mermaid(parse_playbook(hostile, "p.yml"))
    assert '  s_decide["决定#quot;] --#gt; x#lt;script#gt;\'<br/>审核人"]' in drawn.splitlines()


def test_a_page_tells_limits_with_their_start_and_pauses():
    text = page(parse_playbook(RICH, "p.yml"))
    assert "由 rich@2 修订" in text
    assert "| 4小时(内部时限，非法定)，自填报的 input.known_at 起 | — | 100% 审核人 |" in text
    assert "1个月(内部时限，非法定)，自「等回执」取得回执起" in text
