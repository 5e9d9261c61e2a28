"""What LibreOffice makes of every kind of document, measured on the page: sheet, margins, lines, characters, numbers."""

import datetime
import shutil
import subprocess
from collections import defaultdict
from dataclasses import replace

import pypdfium2 as pdfium
import pytest

from longsha_credit.exchange.documents import Paper, docx
from longsha_credit.exchange.official import services
from longsha_credit.exchange.official.kinds import KINDS
from longsha_credit.exchange.typesetting import CHARACTERS, LINES

OFFICE = shutil.which("soffice")
MM = 72 / 25.4
LONG = Paper(
    title="关于“2026年第四季度信用承诺履行和新官不理旧账问题专项督导检查”整改落实情况的通报",
    number="龙信办督〔2026〕3号",
    to="向阳街道办事处、名称特别长的某某某某某某某某街道办事处",
    blocks=("一、基本情况", "示" * 28 * 60, "二、要求", "请按期整改。"),
    sign="示例区信用办",
    signed_on=datetime.date(2026, 11, 5),
)

pytestmark = pytest.mark.prove


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """By name the pages of every document as PDF, each as its size and its lines: {bottom in mm: [(left, right, text)]}."""
    if OFFICE is None:
        pytest.skip(
            "没有找到 soffice，公文没有转成 PDF 量（Debian：apt-get install libreoffice-writer-nogui）"
        )
    folder = tmp_path_factory.mktemp("papers")
    papers = {"long": LONG} | {key: kind.sample for key, kind in KINDS.items()}
    for name, paper in papers.items():
        told = replace(services._told(paper), number="龙信办督〔2026〕3号")
        (folder / f"{name}.docx").write_bytes(docx(told))
    made = [str(path) for path in folder.glob("*.docx")]
    home = f"-env:UserInstallation=file://{folder}/profile"
    command = [OFFICE, home, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *made]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return {name: read(folder / f"{name}.pdf") for name in papers}


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
