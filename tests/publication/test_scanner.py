"""What holds a person's number, phone, card or home is found wherever it hides, and its masked copy holds none."""

import io
import random
import re
import time
import zipfile
from collections import Counter

import openpyxl
import pypdfium2
import pytest

from longsha_credit.publication import contents, masking, personal, scanning
from tests.files import build
from tests.publication.planting import (
    CORNERS,
    FILES,
    ID,
    LOOK_ALIKES,
    OPEN,
    PLANTED,
    corners,
    excel_file,
    identity,
    pdf_file,
)

WORD, EXCEL, PDF = f"{OPEN}wordprocessingml.document", f"{OPEN}spreadsheetml.sheet", "application/pdf"
PHONE = "138{:08}"


def found_in(data, content_type):
    content = contents.read(data, content_type)
    return scanning.hits_in(content.pieces), content.unread


def digits_in(data):
    """Everything a file holds, taken apart by other means than ours, once with its tags and once without."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as bag:
            inside = [bag.read(name) for name in bag.namelist()]
        return "".join(digits_in(part) for part in inside)
    if data.startswith(b"%PDF"):
        return "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data))
    text = data.decode("utf-8", "replace")
    return text + re.sub("<[^>]*>", "", text)


def test_sixty_planted_are_found_in_every_kind_of_file_and_sixty_look_alikes_are_let_be():
    assert Counter(kind for kind, _ in PLANTED) == dict.fromkeys(personal.KINDS, 15)
    assert len(LOOK_ALIKES) == 60
    missed = [text for kind, text in PLANTED if [hit.kind for hit in personal.find(text)] != [kind]]
    alarms = [text for text in LOOK_ALIKES if personal.find(text)]
    counts = {"text": (60 - len(missed), len(alarms))}
    for content_type, (name, made) in FILES.items():
        hits, unread = found_in(made([text for _, text in PLANTED]), content_type)
        false, _ = found_in(made(LOOK_ALIKES), content_type)
        counts[name] = (len(hits), len(false))
        assert Counter(hit["kind"] for hit in hits) == dict.fromkeys(personal.KINDS, 15), name
        assert unread == []
    print("\nfound of 60, false alarms of 60:", counts)
    assert missed == []
    assert all(false <= 3 for _, false in counts.values())


def test_a_mask_keeps_the_length_and_leaves_nothing_to_find():
    texts = [text for _, text in PLANTED]
    for text in [*texts, "\n".join(texts), "".join(texts), "，".join(texts)]:
        masked = personal.mask(text)
        assert len(masked) == len(text)
        assert personal.find(masked) == []
    assert [personal.mask(text) for text in LOOK_ALIKES] == LOOK_ALIKES
    assert personal.mask(f"张三 {ID} 13804520001") == f"张三 {ID[:6]}********{ID[14:]} 138****0001"


@pytest.mark.parametrize(
    "text",
    [
        "1" * 10**6,
        "1 3 " * 250_000,
        "138 " * 250_000,
        f"{ID} " * 50_000,
        "住址：三" * 250_000,
        "1\u200b" * 500_000,
    ],
    ids=["digits", "blanks", "phones", "numbers", "labels", "hidden"],
)
def test_a_hostile_megabyte_takes_seconds(text):
    began = time.process_time()
    personal.find(text)
    assert time.process_time() - began < 15  # about two on an idle machine


def test_any_text_at_all_is_read_without_a_fault():
    dice = random.Random(6)
    alphabet = "0123456789Xx -\n号楼单元室村组路住址：〇三元.*" + "\u200b\ud83d\udc68"
    for _ in range(2000):
        text = "".join(dice.choice(alphabet) for _ in range(dice.randrange(60)))
        masked = personal.mask(text)
        assert (len(masked), personal.find(masked)) == (len(text), [])


def word_with(**more):
    empty = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
    return build.package({"[Content_Types].xml": build.DOCX, "word/document.xml": empty, **more})


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content_type", FILES)
def test_the_masked_copy_of_a_file_holds_none_of_it(content_type):
    name, made = FILES[content_type]
    data = made([text for _, text in PLANTED])
    masked = masking.masked_bytes(data, content_type)
    hits, _ = found_in(masked, content_type)
    assert hits == []
    assert ID in digits_in(data)
    assert not any(number in digits_in(masked) for number in (ID, "13804520001", "3号楼2单元501"))
    assert masking.name_of(name) == name.replace(".", "（打码）.")


def test_no_corner_of_a_word_file_is_forgotten():
    numbers = {corner: PHONE.format(at) for at, corner in enumerate(CORNERS)}
    data = corners(numbers)
    hits, unread = found_in(data, WORD)
    assert Counter(hit["masked"][-2:] for hit in hits).keys() == {n[-2:] for n in numbers.values()}
    assert {hit["place"] for hit in hits} >= {
        "页眉",
        "脚注",
        "批注",
        "链接",
        "文件属性",
        "正文的文本框",
        "嵌入的文件，名单!B1",
    }
    assert unread == []
    masked = masking.masked_bytes(data, WORD)
    assert not any(number in digits_in(masked) for number in numbers.values())
    assert "delText" not in digits_in(masked)
    assert "周岚" not in digits_in(masked)
    assert "docProps/thumbnail.jpeg" not in zipfile.ZipFile(io.BytesIO(masked)).namelist()


def test_numbers_stored_as_numbers_and_digit_by_digit_are_found_and_masked():
    data = excel_file(
        [], numbers=[13804520001, 110105194912310020, 1.10105194912310e17, *map(int, "13804520001")]
    )
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.active
    for at, digit in enumerate(ID, 1):
        sheet.cell(20, at, digit)
    sheet["H1"] = '="138"&"04520001"'
    out = io.BytesIO()
    book.save(out)
    hits, _ = found_in(out.getvalue(), EXCEL)
    assert (
        [(hit["place"], hit["masked"]) for hit in hits]
        == [
            ("名单!F1", "138****0001"),
            ("名单!F2", "110105********0000"),  # a table keeps fifteen digits of a number
            ("名单!F3", "110105********0000"),
            ("名单!A20", f"{ID[:6]}********{ID[14:]}"),
        ]
    )
    masked = openpyxl.load_workbook(io.BytesIO(masking.masked_bytes(out.getvalue(), EXCEL))).active
    assert [masked[place].value for place in ("F1", "F4", "G20", "A20")] == ["138****0001", 1, "*", ID[0]]


def test_what_cannot_be_read_is_told_with_what_to_do():
    scanned = pdf_file(b"0 0 300 300 re f")  # something is drawn, but no letter
    for data, content_type, told in (
        (build.word(), "application/msword", "旧格式"),
        (build.excel(), "application/vnd.ms-excel", "旧格式"),
        (build.png(), "image/png", "是图片"),
        (word_with(**{"word/media/1.png": build.png()}), WORD, "1 张图片"),
        (word_with(**{"word/embeddings/o.bin": "x"}), WORD, "o.bin"),
        (word_with(**{"word/header1.xml": "<w:hdr"}), WORD, "格式不对"),
        (build.pdf(), PDF, "打不开"),
        (scanned, PDF, "第 1 页是扫描件"),
        ("字" * 3_100_000, "text/plain", "太长，只检查到“第 1 行”"),
    ):
        _, unread = found_in(data.encode() if isinstance(data, str) else data, content_type)
        assert [told in sentence for sentence in unread] == [True], (told, unread)
        assert unread[0].endswith("。")


def test_only_the_pages_with_finds_become_pictures():
    masked = masking.masked_bytes(pdf_file([f"身份证{ID}"], ["第二页没有号码"]), PDF)
    first, second = (page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(masked))
    assert (first, second) == ("", "第二页没有号码")
    assert found_in(masked, PDF)[1] == [
        "第 1 页是扫描件或图形，没有文字层，系统看不到上面的字。要有人逐页看过；有原文件的，请上传原文件或重新导出。"
    ]


def strict():
    """The same workbook as another setting of the office program saves it."""
    bag = zipfile.ZipFile(io.BytesIO(excel_file([f"张三 {ID}", "李四", "13804520001"])))
    parts = {name: bag.read(name) for name in bag.namelist()}
    usual, other = (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    return build.package({name: part.replace(usual, other) for name, part in parts.items()})


def test_a_workbook_in_the_strict_form_is_read_as_well():
    hits, unread = found_in(strict(), EXCEL)
    assert ({hit["kind"] for hit in hits}, unread) == ({"id_number", "phone"}, [])


def test_a_file_that_cannot_be_masked_says_so():
    with pytest.raises(masking._Not, match="改不了这种文件"):
        masking.masked_bytes(build.ofd(), "application/ofd")
    with pytest.raises(masking._Not, match="严格 Open XML"):
        masking.masked_bytes(strict(), EXCEL)
    cache = {"xl/pivotCache/pivotCacheRecords1.xml": f'<r><s v="{identity()}"/></r>'}
    bag = zipfile.ZipFile(io.BytesIO(excel_file(["名单"])))
    inside = {name: bag.read(name) for name in bag.namelist()} | cache
    with pytest.raises(masking._Not, match="数据透视表的缓存"):
        masking.masked_bytes(build.package(inside), EXCEL)
