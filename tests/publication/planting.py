"""Personal data and what looks like it, and files of each kind to plant them in."""

import io

import docx
import openpyxl
from stdnum import luhn
from stdnum.cn import ric

from tests.files.build import DOCX, package


def identity(place="230202", born="19800101", order="123"):
    """A number as the police would give it, check digit and all; nobody's."""
    return f"{place}{born}{order}" + ric.calc_check_digit(f"{place}{born}{order}0")  # it leaves the last out


def card(start="621700", length=19):
    body = (start + "0123456789012345")[: length - 1]
    return body + luhn.calc_check_digit(body)


def wide(text):
    return text.translate(str.maketrans("0123456789X-", "０１２３４５６７８９Ｘ－"))


ID, C16, C19 = identity(), card("622202", 16), card()
IDENTITIES = [
    f"身份证号{ID}",
    f"张三，{identity(born='19491231', order='002')}，低保",
    f"证件：{identity('110105', '19491231', '002').lower()}",
    f"{ID[:6]} {ID[6:14]} {ID[14:]}",
    f"{ID[:6]}-{ID[6:14]}-{ID[14:]}",
    wide(identity("310115", "19990909", "456")),
    f"（{identity('650102', '20010203', '789')}）",
    "旧证230202650312041",
    "户主证号：310101 620229 003".replace("620229", "640229"),
    f"{identity('830000', '19851111', '001')}居住证",
    f"ID:{identity('440524', '19700707', '011')}",
    " ".join(identity("370102", "19560606", "222")),
    f"\u200b{ID[:10]}\u200b{ID[10:]}",
    f"身份证 {ID[:17]}{(int(ID[17]) + 1) % 10 if ID[17].isdigit() else 0}",  # written down wrong
    f"{identity('210102', '19631010', '345')},{identity('220102', '19720808', '567')}"[:18],
]
PHONES = [
    "电话13804520001",
    "手机：139 0452 0002",
    "150-4520-0003",
    "+86 13904520004",
    "+86-186-0452-0005",
    "008613904520006",
    "8615104520007",
    wide("18904520008"),
    "联系人王某（17704520009）",
    "Tel13304520010",
    "微信同号wx19904520011",
    "1.13604520012",
    "13704520013/办公室",
    "1 3 5 0 4 5 2 0 0 1 4",
    "张三　16604520015",
]
CARDS = [
    f"卡号{C19}",
    f"{C19[:4]} {C19[4:8]} {C19[8:12]} {C19[12:16]} {C19[16:]}",
    f"{C16[:4]}-{C16[4:8]}-{C16[8:12]}-{C16[12:]}",
    wide(card("621226")),
    f"农行{card('622848')}",
    f"{card('955880')}存折",
    f"建行：{card('436742', 16)}",
    f"{card('356839', 16)}",
    f"{card('513685', 16)}，补贴发放",
    f"{card('623058')}（社保卡）",
    f"打到{card('621098')}",
    f"账号:{C16}",
    f"银行卡号 {C19[:18]}{(int(C19[18]) + 3) % 10}",  # written down wrong
    f"{card('601382')}",
    f"邮储{card('622188')}。",
]
ADDRESSES = [
    "家住向阳小区3号楼2单元501室",
    "新苑小区5栋1单元302",
    "永安大街36号2号楼3单元601户",
    "和平村三组15号",
    "新苑小区12-3-501",
    "幸福家园A区6幢1201室",
    "兴隆胡同7号院3排2号",
    "胜利村后屯22号",
    "龙沙花园4#1-502",
    "光明街5委12组23号",
    "卜奎大街安居公寓1806房",
    "北园六号楼三单元二零一室",
    "3单元五楼东户",
    "家庭住址：中华路128号",
    "中华路88号新苑公寓1203室",
]
PLANTED = [
    *(("id_number", text) for text in IDENTITIES),
    *(("phone", text) for text in PHONES),
    *(("bank_card", text) for text in CARDS),
    *(("address", text) for text in ADDRESSES),
]

LOOK_ALIKES = [
    # numbers of the office
    "示政发〔2026〕6号", "龙政办发〔2021〕12号", "黑政规〔2025〕3号", "承诺编码99019920260101000009",
    "99010000100020261123", "统一社会信用代码91110000802100433B", "9144030071526726XG", "11230202MB1234567C",
    "台账TZ-230202-2026-0001", "TZ-230202-2026-1231", "记录JL2026000123", "来件LJ20261123000123456",
    "受理编号230202202601010001", "申请编号：230202-2026-000123", "合同编号LS-2026-0815-003", "区划代码230202001001",
    "GB/T 9704-2012", "GB/T 22239-2019", "GB 11643-1999", "ISBN 978-7-302-51234-5",
    # amounts, dates, times, measures
    "人民币13812345678.00元", "13812345678元", "总投资15900000000元", "1,381,234,567.80元", "预算13.812345678亿元",
    "2026-01-01至2026-12-31", "20260101-20261231", "2026年11月23日", "2026-11-23 10:13:05", "20261123101305123",
    "面积1200平方米", "2号楼1200平方米", "3号楼共120户", "2单元24户居民", "经度123.93456789012，纬度47.35412345678",
    # public contacts and addresses
    "0452-2345678", "（0452）2345678转801", "400-810-8888", "12345热线", "邮编161000",
    "中华路128号", "龙沙区永安大街36号", "政务服务中心3楼B12窗口", "街道办事处205办公室", "综合楼三楼会议室",
    "中华路88号政务大厦1203室", "社区居委会设在新苑小区5号楼1单元101室", "新苑小区3号楼2单元楼道照明", "各单元门24处",
    "和平村3号机井", "6栋楼消防通道清障", "第3网格2号楼", "12栋1至4单元",
    # already masked, and what machines write
    "230202********1234", "138****5678", "6217***********0123", "向阳小区*号楼*单元***室",
    "d41d8cd98f00b204e9800998ecf8427e", f"a{ID}f{ID}", "0b5c2f9e-1380-4520-8888-139045200021",
]  # fmt: skip


# --- files -----------------------------------------------------------------------------------------------------------


def text_file(texts):
    return "\n".join(texts).encode("gb18030")


def csv_file(texts):
    return ("\ufeff序号,内容\n" + "\n".join(f'{n},"{text}"' for n, text in enumerate(texts, 1))).encode()


def word_file(texts):
    """Each text in two runs, by turns in paragraphs, table cells and the header."""
    document, out = docx.Document(), io.BytesIO()
    table = document.add_table(0, 2)
    header = document.sections[0].header
    for at, text in enumerate(texts):
        if at % 3 == 0:
            paragraph = document.add_paragraph()
        elif at % 3 == 1:
            paragraph = table.add_row().cells[1].paragraphs[0]
        else:
            paragraph = header.add_paragraph()
        half = len(text) // 2
        paragraph.add_run(text[:half]).bold = True
        paragraph.add_run(text[half:])
    document.save(out)
    return out.getvalue()


def excel_file(texts, numbers=()):
    """Texts by turns on a shown and a hidden sheet and in remarks; numbers stored as numbers."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "名单"
    hidden = book.create_sheet("底稿")
    hidden.sheet_state = "hidden"
    for at, text in enumerate(texts, 1):
        if at % 3 == 2:
            hidden.cell(at, 3, text)
        elif at % 3:
            book.active.cell(at, 2, text)
        else:
            book.active.cell(at, 4, "备注").comment = openpyxl.comments.Comment(text, "经办")
    for at, number in enumerate(numbers, 1):
        book.active.cell(at, 6, number)
    book.save(out)
    return out.getvalue()


def _drawn(lines):
    rows = "".join(f"<{line.encode('utf-16-be').hex()}> Tj T* " for line in lines)
    return f"BT /F 11 Tf 18 TL 40 1170 Td {rows}ET".encode()


def pdf_file(*pages):
    """Pages of lines in a font every reader of Chinese knows without having it; bytes are drawn as they are."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"",
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
        b"/Supplement 4>>/FontDescriptor 5 0 R/DW 1000>>",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 880"
        b"/Descent -120/CapHeight 700/StemV 80>>",
    ]
    kids = []
    for lines in pages:
        drawn = lines if isinstance(lines, bytes) else _drawn(lines)
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn))
        content = len(objects)
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 1190]/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>"
            % content
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % at for at in places)
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)


OPEN = "application/vnd.openxmlformats-officedocument."
FILES = {
    "text/plain": ("名单.txt", text_file),
    "text/csv": ("名单.csv", csv_file),
    f"{OPEN}wordprocessingml.document": ("名单.docx", word_file),
    f"{OPEN}spreadsheetml.sheet": ("名单.xlsx", excel_file),
    "application/pdf": ("名单.pdf", lambda texts: pdf_file(texts[:30], texts[30:])),
}


# --- awkward corners of a Word file ----------------------------------------------------------------------------------

RUN = "<w:r><w:t>{}</w:t></w:r>"
BODY = """<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml">
<w:body><w:p><w:del w:id="1" w:author="x"><w:r><w:delText>{deleted}</w:delText></w:r></w:del>
<w:ins w:id="2" w:author="x"><w:r><w:t>{inserted}</w:t></w:r></w:ins></w:p>
<w:p><w:r><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>{box}</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></w:r></w:p>
<w:tbl><w:tr><w:tc><w:p/><w:tbl><w:tr><w:tc><w:p><w:r><w:t>{nested}</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:tc></w:tr>
<w:tr>{boxes}</w:tr></w:tbl>
<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>HYPERLINK "tel:{field}"</w:instrText></w:r></w:p></w:body></w:document>"""
NOTES = """<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:footnote w:id="2">
<w:p><w:r><w:t>{}</w:t></w:r></w:p></w:footnote></w:footnotes>"""
CORE = """<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title><dc:creator>周岚</dc:creator></cp:coreProperties>"""
RELATIONS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="tel:{}" TargetMode="External"/>
</Relationships>"""


def corners(numbers):
    """A Word file with a number in every corner an office forgets, by the name of the corner."""
    boxes = "".join(f"<w:tc><w:p><w:r><w:t>{digit}</w:t></w:r></w:p></w:tc>" for digit in numbers["boxes"])
    return package(
        {
            "[Content_Types].xml": DOCX,
            "word/document.xml": BODY.format(**numbers | {"boxes": boxes}),
            "word/footnotes.xml": NOTES.format(numbers["footnote"]),
            "word/comments.xml": NOTES.format(numbers["comment"]).replace("footnote", "comment"),
            "word/header1.xml": NOTES.format(numbers["header"]).replace("footnotes", "hdr"),
            "word/_rels/document.xml.rels": RELATIONS.format(numbers["link"]),
            "word/embeddings/表.xlsx": excel_file([f"电话{numbers['embedded']}"]),
            "docProps/core.xml": CORE.format(numbers["title"]),
            "docProps/thumbnail.jpeg": b"a picture of the first page",
        }
    )


CORNERS = [
    *("deleted", "inserted", "box", "nested", "boxes", "field", "footnote", "comment", "header", "link"),
    *("embedded", "title"),
]
