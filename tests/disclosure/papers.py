"""Word files as offices write them, built by python-docx and by hand."""

import io
import zipfile

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from PIL import Image

NUMBERS = """<w:abstractNum {ns} w:abstractNumId="77">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="japaneseCounting"/><w:suff w:val="nothing"/><w:lvlText w:val="（%2）"/></w:lvl>
  <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
  <w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="·"/></w:lvl>
</w:abstractNum>"""
PEOPLE = [("张三", "230202199001011234"), ("李四", "230202198512120026"), ("王五", "230204197803055519")]


def picture(kind="PNG", size=(4, 3), **options):
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, kind, **options)
    return out.getvalue()


def saved(document):
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_parts(data, changed):
    """The same file with parts put in or replaced; a function gets the old part and gives the new one."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            change = changed.get(name, lambda content: content)
            new.writestr(name, change(old.read(name)) if callable(change) else change)
        for name in set(changed) - set(old.namelist()):
            new.writestr(name, changed[name])
    return out.getvalue()


def add(document, xml):
    """A paragraph from XML, at the end."""
    element = parse_xml(f"<w:p {nsdecls('w', 'r', 'wp', 'a', 'pic')}>{xml}</w:p>")
    document.element.body.insert(len(document.element.body) - 1, element)
    return element


def run(text, face="", bold=False):
    fonts = f'<w:rFonts w:eastAsia="{face}"/>' if face else ""
    return (
        f"<w:r><w:rPr>{fonts}{'<w:b/>' if bold else ''}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"
    )


def numbered(document, level, text, bold=False):
    place = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr></w:pPr>'
    return add(document, place + run(text, bold=bold))


def with_numbering(document):
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(NUMBERS.format(ns=nsdecls("w"))))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    return document


def centred(document, text, **options):
    paragraph = document.add_paragraph(text, **options)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def announcement():
    """What a street really sends: letterhead, number, title over two lines, headings typed and automatic, a table
    merged both ways, a picture, a list of names with their numbers."""
    document = with_numbering(Document())
    centred(document, "示例区东安街道办事处文件")
    centred(document, "示东街发〔2026〕12号")
    document.add_paragraph("")
    centred(document, "示例区东安街道办事处关于公布")
    centred(document, "老旧小区改造补助名单的公告")
    centred(document, "（2026年5月8日）")
    document.add_paragraph("　　现将补助名单公布如下。")
    numbered(document, 0, "补助对象", bold=True)
    document.add_paragraph("　　共3户。")
    add(document, run("（一）核定经过", "楷体_GB2312"))
    numbered(document, 2, "入户核对；")
    numbered(document, 2, "张榜公示。")
    numbered(document, 0, "补助标准", bold=True)
    table = document.add_table(4, 3)
    heads = table.rows[0].cells
    heads[0].merge(table.cell(1, 0)).text = "类别"
    heads[1].merge(heads[2]).text = "金额（元）"
    table.cell(1, 1).text, table.cell(1, 2).text = "区补", "街补"
    table.cell(2, 0).merge(table.cell(3, 0)).text = "一类"
    for at, text in enumerate(["1,200.50", "300", "1,100", "250"]):
        table.cell(2 + at // 2, 1 + at % 2).text = text
    for row in table.rows[:2]:
        for cell in row.cells:
            for one in cell.paragraphs[0].runs:
                one.bold = True
    document.add_paragraph().add_run().add_picture(io.BytesIO(picture()))
    document.paragraphs[-1]._p.find(".//" + qn("wp:docPr")).set("descr", "改造后的楼道")
    names = document.add_table(0, 2)
    for person in [("姓名", "身份证号"), *PEOPLE]:
        for cell, text in zip(names.add_row().cells, person, strict=True):
            cell.text = text
    document.add_paragraph("示例区东安街道办事处").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return saved(document)
