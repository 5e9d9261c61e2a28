"""A Word file of the kind an office has becomes a clean text: nothing of it is lost without a word, nothing else comes along."""

import copy
import hashlib
import io

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from PIL import Image

from disclosure.word import Unreadable, read
from disclosure.word_numbers import written
from longsha_credit.web import richtext
from tests.disclosure.papers import (
    PEOPLE,
    add,
    announcement,
    centred,
    numbered,
    picture,
    run,
    saved,
    with_numbering,
    with_parts,
)
from tests.files import build


def test_an_announcement_comes_whole():
    brought = read(announcement())
    assert brought.title == "示例区东安街道办事处关于公布老旧小区改造补助名单的公告"
    assert brought.document_number == "示东街发〔2026〕12号"
    assert brought.dropped == ["版头“示例区东安街道办事处文件”没有带入。"]
    [image] = brought.pictures
    assert (image.name, image.alt, image.sha256) == (
        "图1.png",
        "改造后的楼道",
        hashlib.sha256(image.content).hexdigest(),
    )
    rows = "".join(f"<tr><td>{name}</td><td>{number}</td></tr>" for name, number in PEOPLE)
    assert (
        brought.html
        == richtext.clean(brought.html)
        == (
            "<p>（2026年5月8日）</p><p>现将补助名单公布如下。</p>"
            "<h2>一、补助对象</h2><p>共3户。</p><h3>（一）核定经过</h3><p>1. 入户核对；</p><p>2. 张榜公示。</p>"
            '<h2>二、补助标准</h2><table><thead><tr><th rowspan="2" scope="col">类别</th><th colspan="2" scope="col">金额（元）</th></tr>'
            '<tr><th scope="col">区补</th><th scope="col">街补</th></tr></thead>'
            '<tbody><tr><td rowspan="2">一类</td><td>1,200.50</td><td>300</td></tr><tr><td>1,100</td><td>250</td></tr></tbody></table>'
            f'<p><img data-picture="{image.sha256}" alt="改造后的楼道"></p>'
            f'<table><thead><tr><th scope="col">姓名</th><th scope="col">身份证号</th></tr></thead><tbody>{rows}</tbody></table>'
            "<p>示例区东安街道办事处</p>"
        )
    )


def test_automatic_numbers_count_as_in_word():
    document = with_numbering(Document())
    for level, text in [
        (0, "甲"),
        (1, "乙"),
        (1, "丙"),
        (2, "丁"),
        (0, "戊"),
        (1, "己"),
        (3, "点"),
        (2, "庚"),
    ]:
        numbered(document, level, f"{text}。")
    assert richtext.to_text(read(saved(document)).html).split("\n") == [
        *("一、甲。", "（一）乙。", "（二）丙。", "1. 丁。", "二、戊。", "（一）己。", "点。", "1. 庚。")
    ]


@pytest.mark.parametrize(
    ("number", "kind", "text"),
    [
        *((10, "chineseCounting", "十"), (11, "japaneseCounting", "十一"), (20, "chineseCountingThousand", "二十")),
        *((103, "chineseCounting", "一百零三"), (110, "chineseCounting", "一百一十"), (12, "chineseLegalSimplified", "壹拾贰")),
        *((3, "decimalEnclosedCircle", "③"), (2, "ideographTraditional", "乙"), (28, "lowerLetter", "bb"), (4, "upperRoman", "IV")),
        *((20, "ideographDigital", "二〇"), (7, "decimalZero", "07"), (5, "none", ""), (12, "unheard-of", "12")),
    ],
)  # fmt: skip
def test_numbers_are_written_as_the_list_says(number, kind, text):
    assert written(number, kind) == text


def test_heading_styles_of_word_and_wps_are_headings():
    document = Document()
    document.add_heading("关于公布名单的通知", 0)
    document.add_heading("总体要求", 1)
    document.add_heading("（一）目标", 3)
    wps = document.styles.add_style("标题 2", WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("任务", style=wps)
    own = document.styles.add_style("本单位小标题", WD_STYLE_TYPE.PARAGRAPH)
    own.base_style = document.styles["Heading 3"]
    document.add_paragraph("分工", style=own)
    add(document, f'<w:pPr><w:outlineLvl w:val="0"/></w:pPr>{run("附则")}')
    brought = read(saved(document))
    assert brought.title == "关于公布名单的通知"
    assert brought.html == "<h2>总体要求</h2><h3>（一）目标</h3><h3>任务</h3><h4>分工</h4><h2>附则</h2>"


def test_a_numbered_sentence_is_no_heading():
    document = Document()
    document.add_paragraph("各社区：").runs[0].bold = True
    document.add_paragraph("一、提高认识。各社区要加强领导。").runs[0].bold = True
    document.add_paragraph("二、居民身份证")
    brought = read(saved(document))
    assert brought.title == brought.document_number == ""
    assert brought.html == (
        "<p><strong>各社区：</strong></p><p><strong>一、提高认识。各社区要加强领导。</strong></p><p>二、居民身份证</p>"
    )


def test_an_appendix_number_may_stand_above_the_title():
    document = Document()
    document.add_paragraph("附件1")
    centred(document, "补助名单")
    document.add_paragraph("正文引用示东街发〔2025〕3号文件。")
    brought = read(saved(document))
    assert (brought.title, brought.document_number) == ("补助名单", "")
    assert brought.html == "<p>附件1</p><p>正文引用示东街发〔2025〕3号文件。</p>"


def test_marks_breaks_links_and_notes_are_text():
    document = Document()
    document.add_paragraph("开头。")
    link = document.part.relate_to("https://example.cn/a?b=1&c", "http://x/hyperlink", is_external=True)
    evil = document.part.relate_to("file:///C:/x.docx", "http://x/hyperlink", is_external=True)
    add(
        document,
        f'<w:hyperlink r:id="{link}">{run("原文")}</w:hyperlink><w:hyperlink r:id="{evil}">{run("本机")}</w:hyperlink>'
        f"<w:r><w:br/></w:r>{run('粗', bold=True)}<w:r><w:rPr><w:u w:val='single'/><w:vertAlign w:val='superscript'/></w:rPr><w:t>2</w:t></w:r>"
        '<w:r><w:t>见</w:t><w:footnoteReference w:id="2"/></w:r>',
    )
    data = with_parts(
        saved(document),
        {
            "word/footnotes.xml": f'<w:footnotes xmlns:w="{qn("w:p")[1:-2]}"><w:footnote w:id="2"><w:p>{run("依据第三条")}</w:p></w:footnote></w:footnotes>',
            "word/_rels/document.xml.rels": lambda old: old.replace(
                b"</Relationships>",
                b'<Relationship Id="f9" Type="http://x/footnotes" Target="footnotes.xml"/></Relationships>',
            ),
        },
    )
    assert read(data).html == (
        '<p>开头。</p><p><a href="https://example.cn/a?b=1&amp;c">原文</a>本机<br><strong>粗</strong><u><sup>2</sup></u>'
        "见<sup>[注1]</sup></p><p>[注1]依据第三条</p>"
    )


def test_what_is_struck_out_hidden_or_beside_the_text_does_not_come_and_is_named():
    document = Document()
    document.sections[0].header.paragraphs[0].text = "内部资料 注意保存"
    document.sections[0].footer.paragraphs[0].text = "第 1 页 共 2 页"
    document.add_paragraph("正文。")
    add(
        document,
        '<w:del w:id="1" w:author="王明"><w:r><w:delText>旧数</w:delText></w:r></w:del>'
        f'<w:ins w:id="2" w:author="王明">{run("新数")}</w:ins><w:r><w:commentReference w:id="0"/></w:r>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>领导批示</w:t></w:r>",
    )
    add(
        document,
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="wps">'
        '<w:drawing><wp:anchor><wps:wsp xmlns:wps="http://w"><wps:txbx><w:txbxContent><w:p>'
        f"{run('加盖公章处')}</w:p></w:txbxContent></wps:txbx></wps:wsp></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><w:p>{run('加盖公章处')}</w:p></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        '<w:r><w:drawing><wp:anchor><c:chart xmlns:c="http://c"/></wp:anchor></w:drawing></w:r>'
        "<w:r><w:object/></w:r><m:oMath xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'/>"
        "<w:r><w:sym w:font='Nowhere' w:char='0041'/></w:r>",
    )
    brought = read(saved(document))
    assert brought.html == "<p>正文。</p><p>新数</p>"
    assert brought.dropped == [
        "文件里还有没处理的修订，已按“全部接受”带入。请逐处核对。",
        "文件里有隐藏的文字，没有带入。",
        "文本框里的文字没有带入：“加盖公章处”。需要的请写进正文。",
        "1 处公式没有带入。请改写成文字或截成图片。",
        "1 条批注没有带入。",
        "页眉页脚没有带入：“内部资料 注意保存”。",
        "1 个图形（线条、箭头、图表等）没有带入。需要的请截成图片。",
        "1 个嵌入的对象（如 Excel 表格）没有带入。请把内容写进正文或作为附件。",
        "1 个特殊符号认不出来，没有带入。请在正文里补上。",
    ]


def test_text_in_fields_and_controls_comes_and_what_is_lost_is_counted():
    document = Document()
    document.add_paragraph("正文。")
    add(
        document,
        f"<w:fldSimple w:instr='DATE'>{run('2026年')}</w:fldSimple><w:sdt><w:sdtPr/><w:sdtContent>{run('5月')}</w:sdtContent></w:sdt>"
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击此处输入')}</w:sdtContent></w:sdt>"
        f"<w:r><w:ruby><w:rt>{run('lóng')}</w:rt><w:rubyBase>{run('龙')}</w:rubyBase></w:ruby></w:r><w:novel>{run('新')}</w:novel>",
    )
    brought = read(saved(document))
    assert brought.html == "<p>正文。</p><p>2026年5月龙</p>"
    assert brought.dropped == ["约有 1 个字没有带入，原因不明。请对照原文逐段核对。"]


def with_picture(content, blip=None):
    document = Document()
    document.add_paragraph("看图。")
    document.add_picture(io.BytesIO(picture()))
    if blip:
        found = document.element.body.find(".//" + qn("a:blip"))
        found.attrib.clear()
        found.set(qn("r:link"), document.part.relate_to(blip, "http://x/image", is_external=True))
    return with_parts(saved(document), {"word/media/image1.png": content})


@pytest.mark.parametrize(
    ("content", "blip", "said"),
    [
        (b"\x01\x00\x00\x00" + b"\0" * 60, None, "1 张 EMF 格式的图片没有带入。请在 Word 里另存为 PNG 再插入。"),
        (picture("GIF"), None, "1 张 GIF 格式的图片没有带入。请在 Word 里另存为 PNG 再插入。"),
        (picture()[:-12], None, "1 张图片损坏或太大，没有带入。请换一张再插入。"),
        (b"<svg/>", None, "1 张 别的 格式的图片没有带入。请在 Word 里另存为 PNG 再插入。"),
        (picture(), "http://192.0.2.1/a.png", "1 张图片只是链接，不在文件里，没有带入。请在 Word 里重新插入。"),
        (picture(), "file:///etc/passwd", "1 张图片只是链接，不在文件里，没有带入。请在 Word 里重新插入。"),
    ],
    ids=["emf", "gif", "damaged", "svg", "linked", "local"],
)  # fmt: skip
def test_a_picture_that_cannot_be_shown_is_named(content, blip, said):
    brought = read(with_picture(content, blip))
    assert (brought.html, brought.pictures, brought.dropped) == ("<p>看图。</p>", [], [said])


def test_a_photograph_does_not_tell_where_and_when_it_was_taken():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(0x8825)[2] = (47.0, 20.0, 1.0)
    brought = read(with_picture(picture("JPEG", (8, 4), exif=exif)))
    [photo] = brought.pictures
    with Image.open(io.BytesIO(photo.content)) as shown:
        assert (shown.size, dict(shown.getexif())) == ((4, 8), {})
    assert photo.name == "图1.jpg"
    assert brought.dropped == ["1 张图片没有说明文字，看不见图的人无从知道内容。请补写。"]


def test_a_long_table_comes_and_one_too_long_is_refused():
    document = Document()
    table = document.add_table(400, 5)
    row = table.rows[0]._tr
    for cell in row.iter(qn("w:p")):
        cell.append(Document().add_paragraph("字").runs[0]._r)
    data = saved(document)
    assert read(data).html.count("<td>") == 2000
    for _ in range(1300):
        table._tbl.append(copy.copy(row))
    with pytest.raises(Unreadable, match="超过 8000 格。请把长表格另作附件"):
        read(saved(document))


def test_an_empty_document_is_empty():
    brought = read(saved(Document()))
    assert (brought.title, brought.html, brought.pictures, brought.dropped) == ("", "", [], [])


def test_too_many_pictures_and_characters_are_refused():
    document = Document()
    for _ in range(61):
        document.add_picture(io.BytesIO(picture()))
    with pytest.raises(Unreadable, match="图片超过 60 张"):
        read(saved(document))
    document = Document()
    document.add_paragraph("字" * 200_001)
    with pytest.raises(Unreadable, match="20 万个字符"):
        read(saved(document))


def nested(depth):
    xml = "<w:p/>"
    for _ in range(depth):
        xml = f"<w:tbl><w:tr><w:tc>{xml}<w:p>{run('1')}</w:p></w:tc></w:tr></w:tbl>"
    return f'<w:document xmlns:w="{qn("w:p")[1:-2]}"><w:body>{xml}</w:body></w:document>'


@pytest.mark.parametrize("runs", [1, 25_000])
def test_a_small_file_of_endless_pieces_is_refused_before_it_costs_time(runs):
    document = Document()
    for _ in range(25_000 // runs):
        paragraph = document.element.body.makeelement(qn("w:p"))
        for _ in range(runs):
            paragraph.append(paragraph.makeelement(qn("w:r")))
        document.element.body.append(paragraph)
    with pytest.raises(Unreadable, match="分得太碎"):
        read(saved(document))


def test_tables_inside_tables_keep_their_text_or_are_refused():
    good = saved(Document())
    assert (
        richtext.to_text(read(with_parts(good, {"word/document.xml": nested(8)})).html).split() == ["1"] * 8
    )
    with pytest.raises(Unreadable, match="请把表格拆开|另存为"):
        read(with_parts(good, {"word/document.xml": nested(100)}))


def lies(document_xml):
    return with_parts(saved(Document()), {"word/document.xml": document_xml})


BOMB = '<!DOCTYPE x [<!ENTITY a "字">]><w:document xmlns:w="{}"><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (lambda: b"", "是空的"),
        (lambda: b"hello", "不是 Word 文档（docx）"),
        (lambda: build.ole("WordDocument", tail=b"\0" * 600), "旧格式的 Word 文档（doc、wps）。请用 Word 或 WPS 打开，另存为 .docx"),
        (lambda: build.ole("EncryptedPackage"), "设置了打开密码"),
        (lambda: build.xlsx(), "不是 Word 文档"),
        (lambda: announcement()[:-500], "可能损坏"),
        (lambda: build.bomb(), "大得不正常"),
        (lambda: lies(f'<w:document xmlns:w="{qn("w:p")[1:-2]}"/>'), "找不到正文"),
        (lambda: build.package({"[Content_Types].xml": build.DOCM, "word/document.xml": "<w/>"}), "含有宏"),
        (lambda: lies("<w:document"), "可能损坏"),
        (lambda: lies(BOMB.format(qn("w:p")[1:-2])), "可能损坏"),
        (lambda: b"PK\x03\x04" + b"\0" * 100, "可能损坏"),
        (lambda: b"\0" * 21_000_000, "超过 20 MB"),
    ],
    ids=["empty", "text", "doc", "locked", "xlsx", "cut", "bomb", "bodyless", "macros", "torn", "entity", "zip", "large"],
)  # fmt: skip
def test_what_is_no_word_file_is_refused_in_words(data, said):
    with pytest.raises(Unreadable, match="这份") as refusal:
        read(data())
    assert said in str(refusal.value)
