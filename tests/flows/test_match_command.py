"""``juzhen match``: one row per candidate, reasons for alerts, bad rows named, hostile cells inert."""

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook

from flows.command import main
from flows.operations.matching_forms import _cut

REGISTER = """official_id,name,platform,unit,region
P1,长春新区发布,微信公众号,长春新区管理委员会,吉林省长春市
P2,平安长春,抖音,长春市公安局,吉林省长春市
P3,日照文旅,微信公众号,日照市文化和旅游局,山东省日照市
P4,,微博,没有名称的单位,长春市
"""
CANDIDATES = """candidate_id,name,platform,certified_subject
C1,长春新区发布,微信公众号,
C2,长舂新区髮布服务号,抖音,
C3,日照文旅推荐官,微信公众号,
C4,长春市公安局,微博,
C5,长春吃喝玩乐,抖音,
C6,吉林市公安局,微博,
C7,"=HYPERLINK(""http://x"",""长春新区发布"")",微博,
C8,长\u202e春新区发布,抖音,
C9,,微博,
C10,长春新区发布,抖音,长春新区管理委员会
C11,{{ config }}../../etc<!channel>,微博,多出,一格
C12,\u202e布发区新春长,抖音,
C13,长春\x00新区发布,抖音,
C14,长春新区便民服务办,抖音,
C14,济南l2З45,抖音,
"""
LONG_NAME = "C15," + "长春新区发布" * 900 + ",抖音\n"  # 5,400 characters


@pytest.fixture(scope="module")
def matched(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, list[dict[str, str]], str]:
    folder = tmp_path_factory.mktemp("match")
    (folder / "R.csv").write_bytes(("\ufeff" + REGISTER).encode())
    (folder / "C.csv").write_text(CANDIDATES + LONG_NAME, encoding="utf-8")
    files = {name: str(folder / f"{name}.csv") for name in "RCO"}
    status = main(
        ["match", "--register", files["R"], "--candidates", files["C"], "--out", files["O"]]
    )
    text = Path(files["O"]).read_text(encoding="utf-8-sig")
    return status, list(csv.DictReader(text.splitlines())), text


def test_every_candidate_has_one_row_in_order(matched) -> None:
    status, rows, _ = matched
    assert status == 0
    expected = [f"C{number}" for number in (*range(1, 15), 14, 15)]  # a repeated id stays two rows
    assert [row["candidate_id"] for row in rows] == expected
    assert list(rows[0]) == ["candidate_id", "score", "official_id", "alert", "reasons"]


def test_imitations_alert_and_neighbours_do_not(matched) -> None:
    _, rows, _ = matched
    said = {row["candidate_id"]: (row["alert"], row["official_id"]) for row in rows}
    imitations = {
        "C2": "P1",
        "C3": "P3",
        "C4": "P2",
        "C7": "P1",
        "C8": "P1",
        "C12": "P1",
        "C13": "P1",
        "C15": "P1",
    }
    assert {key: said[key] for key in imitations} == {k: ("1", v) for k, v in imitations.items()}
    assert {said[key][0] for key in ("C1", "C5", "C6", "C9", "C10", "C11")} == {"0"}


def test_reasons_name_mark_place_and_kind(matched) -> None:
    _, rows, _ = matched
    reasons = {row["candidate_id"]: row["reasons"] for row in rows}
    assert "第2字“春”→“舂”形近" in reasons["C2"]
    assert "第5字“发”→“髮”繁体或异体字" in reasons["C2"]
    assert "新增官方后缀“服务号”" in reasons["C2"]
    assert "冒用身份称谓“推荐官”" in reasons["C3"]
    assert "与受保护单位名称完全相同" in reasons["C4"]
    assert "含不可见字符1个" in reasons["C8"]
    assert reasons["C1"] == "台账已登记"
    assert "除去标点、符号后与「长春新区发布」相同" in reasons["C12"]
    assert "只比对了前 64 个字" in reasons["C15"]


def test_a_bureau_in_no_list_is_named(matched) -> None:
    row = next(row for row in matched[1] if row["candidate_id"] == "C14")
    assert row["alert"] == "1"
    assert row["reasons"] == "名录中查不到该地区有机构“便民服务办”"


def test_nothing_hidden_reaches_the_file(matched) -> None:
    assert "\u202e" not in matched[2]


def test_gb18030_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "R.csv").write_bytes(REGISTER.encode("gb18030"))
    (tmp_path / "C.csv").write_bytes(
        "candidate_id,name,platform\r\n1,平安长春官方,抖音\r\n".encode("gbk")
    )
    arguments = ["--register", "R.csv", "--candidates", "C.csv", "--out", "O.csv"]
    paths = [str(tmp_path / word) if word.endswith(".csv") else word for word in arguments]
    assert main(["match", *paths]) == 0
    assert "P2,1," in (tmp_path / "O.csv").read_text(encoding="utf-8-sig")


def test_a_missing_column_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "R.csv").write_text("official_id,名称\n1,平安长春\n", encoding="utf-8")
    (tmp_path / "C.csv").write_text("candidate_id,name,platform\n", encoding="utf-8")
    paths = [str(tmp_path / name) for name in ("R.csv", "C.csv", "O.csv")]
    arguments = ["--register", paths[0], "--candidates", paths[1], "--out", paths[2]]
    assert main(["match", *arguments]) == 1
    assert "「R.csv」第 1 行缺少列 name、platform" in capsys.readouterr().err


def test_ids_that_look_like_formulas_come_back_unchanged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = ["=1+1", "+86", "-7", "@x", " 8 ", '=HYPERLINK("http://x","a")']
    rows = [[each, "长春新区发布服务号", "抖音"] for each in ids]
    with (tmp_path / "C.csv").open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([["candidate_id", "name", "platform"], *rows])
    (tmp_path / "R.csv").write_text(REGISTER.replace("P1", "=P1"), encoding="utf-8")
    paths = [str(tmp_path / name) for name in ("R.csv", "C.csv", "O.csv", "O.xlsx")]
    arguments = ["--register", paths[0], "--candidates", paths[1], "--out", paths[2]]
    assert main(["match", *arguments, "--sheet", paths[3]]) == 0
    assert "有 5 个待查编号以 = + - @ 等开头" in capsys.readouterr().err
    with (tmp_path / "O.csv").open(encoding="utf-8", newline="") as source:
        written = list(csv.DictReader(source))
    assert [row["candidate_id"] for row in written] == ids
    assert {row["official_id"] for row in written} == {"=P1"}
    sheet = load_workbook(paths[3])["疑似账号"]
    cells = [(cell.data_type, cell.value) for cell in sheet["B"][1:]]
    assert sorted(cells) == sorted(("s", each) for each in ids)


def test_a_name_of_many_bytes_leaves_room_for_what_is_put_around_it() -> None:
    assert _cut("名单") == "名单"
    assert _cut("待" * 80) == "待" * 50
    assert len(f"比对结果_{_cut('a待' * 80)}.csv.part".encode()) <= 255
