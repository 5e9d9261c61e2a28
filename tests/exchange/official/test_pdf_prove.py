"""What LibreOffice makes of every kind of document, measured on the page: sheet, margins, lines, characters, numbers,
the red head above and the 版记 below.

Neither this machine nor LibreOffice has the standard's fonts (方正小标宋、仿宋_GB2312、楷体_GB2312), which are not free to give
along: what is measured is where things stand; the files name those fonts, and what stands in for them.
"""

import ctypes
import datetime
import re
import shutil
import subprocess
from collections import defaultdict
from dataclasses import replace

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest

from longsha_credit.exchange import typesetting
from longsha_credit.exchange.documents import Paper, docx, opens
from longsha_credit.exchange.official import services
from longsha_credit.exchange.official.kinds import KINDS
from longsha_credit.exchange.typesetting import CHARACTERS, LINES

OFFICE = shutil.which("soffice")
MM = 72 / 25.4
NUMBER, SENT = "龙信办督〔2026〕3号", "sent-"
LONG = Paper(
    title="关于“2026年第四季度信用承诺履行和新官不理旧账问题专项督导检查”整改落实情况的通报",
    number=NUMBER,
    to="向阳街道办事处、名称特别长的某某某某某某某某街道办事处",
    blocks=("一、基本情况", "示" * 28 * 60, "二、要求", "请按期整改。"),
    sign="示例区信用办",
    signed_on=datetime.date(2026, 11, 5),
)

pytestmark = pytest.mark.prove


# As a district sends them out: with its red name, long and short, and copies to few and to many.
HEADS = ("示例区信用办文件", "示例区社会信用体系建设领导小组办公室文件")
COPIES = (
    "区纪委监委机关",
    "区纪委监委机关，区委组织部，区政府办公室，各街道办事处，区发展和改革局，区民政局，区财政局",
)


def sent(paper, at):
    """The document with its head, its number and a 版记; `at` decides which."""
    return replace(
        paper, number=NUMBER, head=HEADS[at % 2], copy_to=COPIES[at % 2],
        printed_by="示例区信用办", printed_on=datetime.date(2026, 11, 5),
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Every document as Word and PDF, as it stands and as it is sent out; LibreOffice is started once."""
    if OFFICE is None:
        pytest.skip(
            "没有找到 soffice，公文没有转成 PDF 量（Debian：apt-get install libreoffice-writer-nogui）"
        )
    folder = tmp_path_factory.mktemp("papers")
    papers = {"long": LONG} | {key: kind.sample for key, kind in KINDS.items()}
    for at, (name, paper) in enumerate(papers.items()):
        told = replace(services._told(paper), number=NUMBER)
        (folder / f"{name}.docx").write_bytes(docx(told))
        (folder / f"{SENT}{name}.docx").write_bytes(docx(sent(told, at)))
    for lines in range(3, 25, 2):  # the 版记 meets the text at every height
        body = tuple(f"第{n}段。" for n in range(lines))
        (folder / f"{SENT}{lines}.docx").write_bytes(docx(sent(replace(LONG, blocks=body), lines)))
    made = [str(path) for path in folder.glob("*.docx")]
    home = f"-env:UserInstallation=file://{folder}/profile"
    command = [OFFICE, home, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *made]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder


@pytest.fixture(scope="module")
def pages(folder):
    """By name the pages of every document, each as its size and its lines: {bottom in mm: [(left, right, text)]}."""
    return {path.stem: read(path) for path in folder.glob("*.pdf") if not path.stem.startswith(SENT)}


@pytest.fixture(scope="module")
def sheets(folder):
    """By name the pages of every document that is sent out, each as its letters and its rules."""
    found = sorted(path for path in folder.glob("*.pdf") if path.stem.startswith(SENT))
    return {path.stem: measured(path) for path in found}


def read(path):
    found = []
    document = pdfium.PdfDocument(path)
    for page in document:
        text, rows = page.get_textpage(), defaultdict(list)
        height = page.get_height()
        for at in range(text.count_chars()):
            character = text.get_text_range(at, 1)
            if character.strip():
                left, bottom, right, _ = text.get_charbox(at, loose=True)
                rows[round((height - bottom) / MM)].append((left / MM, right / MM, character))
        found.append((page.get_size(), rows))
    document.close()
    return found


def test_full_pages_have_22_lines_of_28_characters(pages):
    middle = pages["long"][1:-1]
    assert len(middle) == 2
    for _, rows in middle:
        full = {
            bottom: row for bottom, row in rows.items() if bottom < 263 and {c for _, _, c in row} == {"示"}
        }
        assert len(full) == LINES
        assert {len(row) for row in full.values()} == {CHARACTERS}
        print("lines", len(full), "characters", CHARACTERS, "from", min(full), "to", max(full), "mm")


def test_every_kind_stands_on_a4_within_the_margins_with_its_number_outside(pages):
    for name, of_paper in pages.items():
        for number, (size, rows) in enumerate(of_paper, start=1):
            assert [round(side / MM) for side in size] == [210, 297], name
            body = [one for bottom, row in rows.items() if bottom <= 263 for one in row]
            assert min(rows) >= 37, name
            assert min(left for left, _, _ in body) >= 27.5, name
            # a full stop may hang over the edge, as both programs let it
            assert max(right for _, right, c in body if c not in "，。、；）") <= 184.5, name
            foot = [one for bottom, row in rows.items() if bottom > 263 for one in row]
            said = "".join(c for _, _, c in sorted(foot))
            assert said == f"—{number}—", name
            middle = (min(one[0] for one in foot) + max(one[1] for one in foot)) / 2
            assert (middle > 105) == bool(number % 2), name
    print(len(pages), "documents,", sum(map(len, pages.values())), "pages")


def test_no_page_is_empty_and_no_name_stands_alone(pages):
    for name, of_paper in pages.items():
        for _, rows in of_paper:
            body = [bottom for bottom in rows if bottom <= 263]
            assert len(body) >= 2, name


# --- the red head and the 版记 ----------------------------------------------------------------------------------------


def measured(path):
    """Each page as its letters (character, left, top, right, bottom) and its rules (left, middle, right, thickness, colour); mm."""
    document, found = pdfium.PdfDocument(path), []
    for page in document:
        text, height = page.get_textpage(), page.get_height()
        letters = []
        for at in range(text.count_chars()):
            if (character := text.get_text_range(at, 1)).strip():
                left, bottom, right, top = text.get_charbox(at)
                letters.append(
                    (character, left / MM, (height - top) / MM, right / MM, (height - bottom) / MM)
                )
        found.append(
            (letters, sorted({_rule(one, height) for one in page.get_objects() if one.type == PATH}))
        )
    document.close()
    return found


PATH = raw.FPDF_PAGEOBJ_PATH


def _rule(path, height):
    left, bottom, right, top = path.get_bounds()
    colour, width = [ctypes.c_uint() for _ in range(4)], ctypes.c_float()
    raw.FPDFPageObj_GetStrokeColor(path, *colour)
    raw.FPDFPageObj_GetStrokeWidth(path, width)
    rgb = tuple(one.value for one in colour[:3])
    thick = width.value / MM
    # the bounds of a line reach beyond its ends by its corners
    return (
        round(left / MM, 1),
        round((height - (top + bottom) / 2) / MM, 2),
        round(right / MM, 1),
        round(thick, 2),
        rgb,
    )


def where(letters, text):
    """(left, top, right, bottom) of the first place where this text stands."""
    at = "".join(one[0] for one in letters).index(text.replace(" ", ""))
    boxes = letters[at : at + len(text.replace(" ", ""))]
    return (
        min(b[1] for b in boxes),
        min(b[2] for b in boxes),
        max(b[3] for b in boxes),
        max(b[4] for b in boxes),
    )


def test_the_red_head_stands_where_the_standard_puts_it(sheets):
    gaps = defaultdict(list)
    for name, pages in sheets.items():
        letters, rules = pages[0]
        head = next(one for one in HEADS if one[:9] in "".join(c[0] for c in letters))
        left, top, right, bottom = where(letters, head)
        assert top == pytest.approx(37 + 35, abs=1), name
        assert (left + right) / 2 == pytest.approx(106, abs=1) and left >= 28 and right <= 184.5, name
        number = where(letters, NUMBER)
        assert 18 < number[1] - bottom < 27, name  # two lines of 10.2 mm are left between them
        assert (number[0] + number[2]) / 2 == pytest.approx(106, abs=1), name
        ((rule_left, middle, rule_right, thick, colour),) = [rule for rule in rules if rule[4] != (0, 0, 0)]
        assert colour == tuple(typesetting.RED), name
        assert middle - thick / 2 - number[3] == pytest.approx(4, abs=0.5), name
        assert (rule_left, rule_right) == pytest.approx((27.8, 184.2), abs=0.6), name
        below = min(one[2] for one in letters if one[2] > middle)
        assert 19 < below - middle < 27, name  # two empty lines above the title
        gaps["head"].append(top), gaps["rule"].append(middle - number[3])
    print(
        len(sheets),
        "documents:",
        {key: (round(min(row), 1), round(max(row), 1)) for key, row in gaps.items()},
    )


def test_the_imprint_stands_at_the_foot_of_the_last_page_whole_and_over_nothing(sheets):
    for name, pages in sheets.items():
        for letters, rules in pages[:-1]:
            assert not [rule for rule in rules if rule[4] == (0, 0, 0) and rule[1] > 262], name
            assert "印发" not in "".join(one[0] for one in letters), name
        letters, rules = pages[-1]
        wide = [rule for rule in rules if rule[2] - rule[0] > 150 and rule[4] == (0, 0, 0)]
        wide = sorted(wide, key=lambda rule: rule[1])[-3:]
        assert [rule[3] for rule in wide] == pytest.approx([0.35, 0.26, 0.35], abs=0.03), name
        assert wide[-1][1] == pytest.approx(37 + 225, abs=0.5), name  # the lower edge of the text
        for left, _, right, _, _ in wide:
            assert (left, right) == pytest.approx((27.7, 184.3), abs=0.6), name
        top, between, end = (rule[1] for rule in wide)
        copy, printed = where(letters, "抄送"), where(letters, "2026年11月5日印发")
        assert copy[0] == pytest.approx(28 + 4.9, abs=1) and printed[2] == pytest.approx(184 - 4.9, abs=1), (
            name
        )
        assert top < copy[1] and between < printed[1] and printed[3] < end, name
        imprint = [one for one in letters if top < (one[2] + one[4]) / 2 < end]
        said = "".join(one[0] for one in imprint)
        assert re.fullmatch(r"抄送：.*。示例区信用办2026年11月5日印发", said), (name, said)
        above = [one[4] for one in letters if one[4] <= top]
        assert not above or max(above) < top, name
        names = [one for one in imprint if one[4] < between]
        first = min(one[2] for one in names)
        hung = [one[1] for one in names if one[2] > first + 4]
        assert not hung or min(hung) == pytest.approx(28 + 4 * 4.94, abs=1), name  # under the first name


def test_no_name_and_day_stand_on_a_page_without_text_above_them(sheets):
    """They are set at the right; what begins a further page begins at the left."""
    for name, pages in sheets.items():
        for letters, _ in pages[1:]:
            first = min(one[2] for one in letters)
            assert min(one[1] for one in letters if one[2] < first + 5) < 60, name


def test_the_fonts_named_are_those_of_the_standard_each_with_what_stands_in_for_it(folder):
    fonts = {typesetting.BODY: "仿宋_GB2312", typesetting.TITLE: "方正小标宋简体", typesetting.HEADING: "黑体",
             typesetting.SUBHEADING: "楷体_GB2312", typesetting.PLAIN: "宋体"}  # fmt: skip
    assert all(named == told for named, told in fonts.items())
    for path in folder.glob("*.docx"):
        document = opens(path.read_bytes())
        told = set(re.findall(r'w:eastAsia="([^"]+)"', document.element.xml)) - {"zh-CN"}
        assert told <= fonts.keys(), (path.name, told)
        ((_, part),) = [
            (key, one)
            for key, one in document.part.related_parts.items()
            if one.partname.endswith("fontTable.xml")
        ]
        assert all(f'w:name="{font}"><w:altName' in part.blob.decode() for font in fonts), path.name
