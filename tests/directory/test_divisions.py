"""The official list of divisions comes in whole or not at all, and a second time changes nothing."""

import io

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from longsha_credit.audit.models import Entry
from longsha_credit.directory.models import Level, Organisation
from tests import make

OFFICIAL = """code,name
230202001,"五龙街道"
230202002,"湖滨街道"
230202003,"江安街道"
230202004,"正阳街道"
230202005,"彩虹街道"
230202006,"南航街道"
230202007,"大民街道"
230202579,"齐齐哈尔局直"
"""

pytestmark = pytest.mark.usefixtures("empty_portal")


@pytest.fixture
def load(tmp_path):
    """load(content, …) writes a list and runs the command on it; gives what it printed."""

    def run(content, name="名单.csv", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        out = io.StringIO()
        call_command("import_divisions", str(path), stdout=out, **options)
        return out.getvalue()

    return run


@pytest.fixture
def refused(load):
    """refused(content, …) gives the sentences of a list that is not taken, once nothing was added."""

    def run(content, **options):
        before = Organisation.objects.count(), Entry.objects.count()
        with pytest.raises(CommandError) as refusal:
            load(content, **options)
        assert (Organisation.objects.count(), Entry.objects.count()) == before
        return str(refusal.value).splitlines()

    return run


def table(*rows, heading=("code", "name")):
    return "\n".join(",".join(row) for row in (heading, *rows)) + "\n"


def workbook(*rows):
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def units():
    return set(Organisation.objects.exclude(level=Level.POST).values_list("division_code", "name", "level"))


def test_the_real_list_gives_a_district_and_its_streets_each_with_a_lead_post(load):
    printed = load(OFFICIAL, parent_name="龙沙区")
    district = Organisation.objects.get(level=Level.DISTRICT)
    assert (district.name, district.division_code, district.path) == (
        "龙沙区",
        "230202000000",
        f"/{district.pk}/",
    )
    streets = Organisation.objects.filter(parent=district, level=Level.STREET)
    assert sorted(streets.values_list("division_code", "taking_part"))[-2:] == [
        ("230202007000", True),
        ("230202579000", False),
    ]
    assert streets.count() == 8 and all(s.path == f"{district.path}{s.pk}/" for s in streets)
    posts = Organisation.objects.filter(level=Level.POST)
    assert posts.filter(is_lead_post=True).count() == posts.count() == 9
    assert not Organisation.objects.public().filter(name="齐齐哈尔局直").exists()
    assert "街道：8 新增，0 已有" in printed and "不参加创建（类似街道、社区的单位）：齐齐哈尔局直" in printed
    added = Entry.objects.filter(
        step="add", object_kind="directory.organisation", actor=None, actor_name="系统"
    )
    assert added.count() == 18 and added.filter(organisation_name="五龙街道").exists()


def test_a_second_run_changes_nothing_and_says_so(load):
    load(OFFICIAL, parent_name="龙沙区")
    before = list(Organisation.objects.order_by("pk").values()), Entry.objects.count()
    assert "合计：0 新增，9 已有" in load(OFFICIAL, parent_name="龙沙区")
    assert "合计：0 新增，9 已有" in load(OFFICIAL)
    assert (list(Organisation.objects.order_by("pk").values()), Entry.objects.count()) == before


def test_a_longer_list_adds_only_what_is_new(load):
    load(OFFICIAL, parent_name="龙沙区")
    printed = load(OFFICIAL + "230202001001,示例社区\n")
    assert "社区：1 新增，0 已有" in printed and "合计：1 新增，9 已有" in printed
    community = Organisation.objects.get(level=Level.COMMUNITY)
    assert community.parent.name == "五龙街道"


def test_every_spelling_of_a_list_gives_the_same_units(load):
    wanted = {
        ("990200000000", "测试区", "district"),
        ("990200001000", "甲街道", "street"),
        ("990200100000", "乙镇", "street"),
        ("990200001001", "丙社区", "community"),
    }
    rows = [("990200001", "甲街道"), ("990200100", "乙镇"), ("990200001001", "丙社区")]
    spellings = {
        "utf8.csv": table(*rows).encode(),
        "bom.csv": b"\xef\xbb\xbf" + table(*rows).encode(),
        "gb.csv": table(*rows, heading=("代码", "名称")).encode("gb18030"),
        "turned.csv": table(*[(b, a) for a, b in rows], heading=("单位名称", "统计用区划代码")).encode(),
        "forced.csv": table(*[(f"'{a}", f" {b} ") for a, b in rows]).encode(),
        "windows.csv": table(*rows).replace("\n", "\r\n").encode(),
        "backwards.csv": table(*reversed(rows)).encode(),
        "twice.csv": table(*rows, *rows).encode(),
        "text.xlsx": workbook(("序号", "代码", "名称"), *[(n, *row) for n, row in enumerate(rows)]),
        "numbers.xlsx": workbook(("code", "name"), (), *[(int(a), b) for a, b in rows]),
        "decimals.xlsx": workbook(("code", "name"), *[(float(a), b) for a, b in rows]),
    }
    first = True
    for name, content in spellings.items():
        printed = load(content, name=name, parent_name="测试区")
        assert units() == wanted, name
        assert first or "合计：0 新增，4 已有" in printed, name
        first = False


def test_a_missing_district_is_asked_for_by_name(refused):
    assert refused(OFFICIAL)[1] == (
        "还没有代码为 230202 的区。请加上 --parent-name 区名，例如 --parent-name 龙沙区。"
    )


def test_every_wrong_line_is_named_and_nothing_is_added(refused):
    wrong = table(
        ("23020200", "短街道"),
        ("2302020010011", "长街道"),
        ("23O202001", "字母街道"),
        ("2.30202E+11", "科学街道"),
        ("000202001", "无省街道"),
        ("230202700", "无级街道"),
        ("230202000001", "无街社区"),
        ("", "无码街道"),
        ("230202003", ""),
        ("230202004", "<b>街道</b>"),
        ("230202005", "甲" * 121),
        ("230202006", "甲街道"),
        ("230202006", "乙街道"),
        ("230202007", "好街道"),
    )
    said = refused(wrong, parent_name="龙沙区")
    assert said[0] == "名单有 12 处不对，没有导入任何内容："
    assert [line.split("行：")[0] for line in said[1:]] == [
        f"第 {n} " for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14)
    ]
    assert said[1] == "第 2 行：代码 23020200 有 8 位，应为 9 位（街道）或 12 位。"
    assert "科学记数" in said[4]
    assert said[12] == "第 14 行：代码 230202006000 在第 13 行叫“甲街道”，这里叫“乙街道”，请核对。"


def test_a_code_that_has_another_name_already_is_refused(load, refused):
    load(OFFICIAL, parent_name="龙沙区")
    said = refused(OFFICIAL.replace("湖滨街道", "新湖滨街道") + "230202008,新街道\n")
    assert said[1].startswith("第 3 行：代码 230202002000 在系统里叫“湖滨街道”，这里叫“新湖滨街道”。")
    said = refused(OFFICIAL, parent_name="别的区")
    assert said[1] == "代码 230202000000 已叫“龙沙区”，和 --parent-name“别的区”不同，请核对。"


def test_a_community_without_its_street_is_refused(refused):
    said = refused(OFFICIAL + "230202009001,孤社区\n", parent_name="龙沙区")
    assert said[1:] == ["第 10 行：“孤社区”所属的街道（230202009000）不在名单里，系统里也没有，请补上。"]


def test_one_name_does_not_serve_two_districts(refused):
    said = refused(OFFICIAL + "230203001,建华街道\n", parent_name="龙沙区")
    assert "一个 --parent-name 只能给一个区命名" in said[1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"\n\n", "没有内容"),
        (b"a,b\n1,2\n", "第 1 行应是表头"),
        (b"code,name\n", "没有一行区划"),
        (b"\xff\xff\xff", "文字编码认不出来"),
        (b"code,name\n\x00,a\n", "不是 CSV 文本"),
        (b"PK\x03\x04rubbish", "打不开这个 xlsx"),
        (b'code,name\n"' + b"a" * 200_000, "引号不成对或太长"),
    ],
)
def test_what_is_no_list_is_refused_in_words(refused, content, said):
    assert said in refused(content, parent_name="龙沙区")[1]


def test_a_file_that_is_not_there_is_said():
    with pytest.raises(CommandError, match="读不到文件"):
        call_command("import_divisions", "/不在/名单.csv")


def test_units_added_by_hand_keep_their_posts(load):
    district = make.organisation(Level.DISTRICT, "龙沙区", division_code="230202000000")
    make.organisation(Level.STREET, "五龙街道", district, division_code="230202001000")
    post = make.organisation(Level.POST, "书记岗", district, is_lead_post=True)
    load(OFFICIAL)
    assert list(Organisation.objects.posts_of(district)) == [post]
    assert Organisation.objects.filter(is_lead_post=True).count() == 9
