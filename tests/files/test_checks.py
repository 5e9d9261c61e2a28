"""What offices upload is taken when it is whole and harmless; everything else is refused with its name and a way out."""

import struct

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from longsha_credit.files.checks import LARGEST, Unacceptable, check
from longsha_credit.files.fields import MultipleFilesField
from tests.files import build

GOOD = {
    "承诺书.pdf": (build.pdf(), "application/pdf"),
    "报告.docx": (build.docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "台账.xlsx": (build.xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "讲稿.pptx": (build.pptx(), "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "公文.ofd": (build.ofd(), "application/ofd"),
    "旧报告.doc": (build.word(), "application/msword"),
    "旧台账.xls": (build.excel(), "application/vnd.ms-excel"),
    "旧讲稿.ppt": (build.ole("PowerPoint Document"), "application/vnd.ms-powerpoint"),
    "现场.png": (build.png(), "image/png"),
    "现场.jpg": (build.jpeg(), "image/jpeg"),
    "手机.JPEG": (build.jpeg(after=b"\0\0\0\x18ftypmp42 live photo"), "image/jpeg"),
    "说明.txt": ("验收合格\r\n".encode(), "text/plain"),
    "说明（旧记事本）.txt": ("验收合格".encode("gb18030"), "text/plain"),
    "名单.csv": (b"\xef\xbb\xbf" + "单位,完成\n新苑社区,24\n".encode(), "text/csv"),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_offices_have_is_taken(name):
    content, content_type = GOOD[name]
    checked = check(SimpleUploadedFile(name, content))
    assert (checked.name, checked.size, checked.content_type) == (name, len(content), content_type)


XLM = bytes.fromhex("0908100000064000") + b"\0" * 12
PPT_MACROS = bytes.fromhex("1f00ff0314000000020000040c000000") + struct.pack("<III", 1, 1, 2)
UTF16 = "验收合格".encode("utf-16")
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"

BAD = {
    "empty": ("空.pdf", b"", "空文件"),
    "too large": ("大.txt", b"a" * (LARGEST + 1), "超过 20 MB"),
    "no ending": ("承诺书", b"text", "没有后缀"),
    "dots only": ("...", b"text", "没有后缀"),
    "name too long": ("长" * 160 + ".txt", b"text", "最多 150 个字"),
    "program": ("工具.exe", b"MZ\x90\0", "不能上传"),
    "program named pdf": ("通知.pdf", b"MZ\x90\0\x03" + b"\0" * 99, "其实是程序"),
    "program behind a turned name": ("报告\u202efdp.exe", b"MZ", "（.exe）不能上传"),
    "web page": ("页.html", HTML, "不能上传"),
    "web page named doc": ("通知.doc", HTML, "内容是网页代码"),
    "table page named xls": ("导出.xls", b"<html><table></table></html>", "内容是网页代码"),
    "svg named png": ("图.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "内容是网页代码"),
    "script in text": ("说明.txt", HTML, "网页代码"),
    "gif named jpg": ("图.jpg", b"GIF89a\1\0\1\0\0\0\0", "内容是别种图片"),
    "png named jpg": ("图.jpg", build.png(), "内容是PNG 图片"),
    "text named pdf": ("通知.pdf", "通知".encode(), "内容是纯文本"),
    "rtf named doc": ("通知.doc", b"{\\rtf1\\ansi}", "内容是RTF 文档"),
    "zip": ("材料.zip", build.package({"a.txt": "a"}), "压缩包"),
    "rar": ("材料.rar", b"Rar!\x1a\x07\x01\0", "压缩包"),
    "rar named pdf": ("材料.pdf", b"Rar!\x1a\x07\x01\0" + b"\0" * 99, "压缩包"),
    "zip named docx": ("材料.docx", build.package({"a.txt": "a"}), "压缩包"),
    "zip named pdf": ("材料.pdf", build.package({"a.txt": "a"}), "压缩包"),
    "xlsx named docx": ("材料.docx", build.xlsx(), "内容是Excel 表格"),
    "docm named docx": ("表.docx", build.package({"[Content_Types].xml": build.DOCM}), "宏"),
    "docm by name": ("表.docm", build.package({"[Content_Types].xml": build.DOCM}), "不能上传"),
    "vba in docx": ("表.docx", build.docx(**{"word/vbaProject.bin": "x"}), "宏"),
    "macro sheet in docx": ("表.docx", build.docx(**{"xl/macrosheets/sheet1.xml": "x"}), "宏"),
    "program in docx": ("表.docx", build.docx(**{"word/embeddings/run.exe": "MZ"}), "夹带了程序"),
    "locked docx": ("表.docx", build.locked_zip_member(build.docx()), "密码"),
    "docx cut short": ("表.docx", build.docx()[:-30], "损坏或没有传完"),
    "docx with a comment": (
        "表.docx",
        build.package({"[Content_Types].xml": build.DOCX}, comment=b"<x>"),
        "损坏",
    ),
    "docx behind a picture": ("表.docx", build.png() + build.docx(), "内容是PNG 图片"),
    "docx leads out": ("表.docx", build.docx(**{"../../etc/passwd": "x"}), "损坏"),
    "docx with entities": (
        "表.docx",
        build.package({"[Content_Types].xml": '<!DOCTYPE x [<!ENTITY a "b">]>' + build.DOCX}),
        "损坏",
    ),
    "docx bomb": ("表.docx", build.bomb(), "大得不正常"),
    "docx of too many members": ("表.docx", build.many_members(), "大得不正常"),
    "bomb in the manifest": (
        "表.docx",
        build.package({"[Content_Types].xml": b" " * (3 << 20)}),
        "大得不正常",
    ),
    "locked new format": ("表.docx", build.ole("EncryptedPackage", "EncryptionInfo"), "密码"),
    "word macros": ("旧.doc", build.ole("Macros", "VBA", streams={"WordDocument": b""}), "宏"),
    "excel 4 macros": ("旧.xls", build.excel(XLM), "宏"),
    "powerpoint macros": ("旧.ppt", build.ole("PowerPoint Document", tail=PPT_MACROS), "宏"),
    "locked word": ("旧.doc", build.word(flags=1), "密码"),
    "locked excel": ("旧.xls", build.excel(struct.pack("<HH", 0x2F, 54) + b"\0" * 54), "密码"),
    "doc named xls": ("旧.xls", build.word(), "内容是Word 文档"),
    "installer named doc": ("旧.doc", build.ole("!AdminExecuteSequence"), "别的 Office 格式"),
    "pdf cut short": ("书.pdf", build.pdf(end=b""), "没有传完"),
    "locked pdf": ("书.pdf", build.pdf(b"trailer<</Encrypt 5 0 R>>"), "密码"),
    "pdf with script": ("书.pdf", build.pdf(b"2 0 obj<</S/JavaScript/JS(app)>>endobj"), "可以运行的代码"),
    "pdf with hidden script": ("书.pdf", build.pdf(b"2 0 obj<</S/J#61vaScript>>endobj"), "可以运行的代码"),
    "pdf and zip in one": ("书.pdf", build.pdf() + build.docx(), "夹带了别的文件"),
    "png cut short": ("图.png", build.png()[:50], "打不开"),
    "png of no size": ("图.png", build.png(width=0), "打不开"),
    "png too large to open": ("图.png", build.png(width=30000, height=30000), "像素太多"),
    "png and zip in one": ("图.png", build.png(after=build.docx()), "夹带了"),
    "jpg and page in one": ("图.jpg", build.jpeg(after=HTML), "夹带了"),
    "jpg cut short": ("图.jpg", build.jpeg()[:25], "打不开"),
    "text of zeros": ("空.txt", b"\0" * 300, "认不出的数据"),
    "text with controls": ("说明.txt", b"abc\x1b[31mred", "不该有的字符"),
    "text of another encoding": ("说明.txt", UTF16, "文字编码认不出来"),
    "text of half characters": ("说明.txt", b"\xff\xff\xff", "文字编码认不出来"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_refused_with_its_name_and_a_way_out(case):
    name, content, said = BAD[case]
    upload = SimpleUploadedFile("x", content)
    upload._name = name  # as a hand-made request may name it, past Django's own cleaning
    with pytest.raises(Unacceptable) as refusal:
        check(upload)
    sentence = str(refusal.value)
    assert said in sentence
    assert sentence.startswith(("“", "这个文件")) and sentence.endswith("。") and "请" in sentence


def test_folders_and_invisible_marks_are_taken_from_a_name():
    upload = SimpleUploadedFile("x", b"ok")
    upload._name = "C:\\资料\\..\\/etc/\u202e验收\x00 单\u200b.txt"
    assert check(upload).name == "验收 单.txt"


def test_several_files_are_checked_each_and_named_each():
    field = MultipleFilesField()
    with pytest.raises(Exception) as fault:
        field.clean(
            [
                SimpleUploadedFile("好.txt", b"ok"),
                SimpleUploadedFile("坏.exe", b"MZ"),
                SimpleUploadedFile("空.pdf", b""),
            ]
        )
    assert [m[:4] for m in fault.value.messages] == ["“坏.e", "“空.p"]
    with pytest.raises(Exception, match="一次最多 10 个文件，现在有 11 个"):
        field.clean([SimpleUploadedFile(f"{n}.txt", b"ok") for n in range(11)])
    assert [f.name for f in field.clean([SimpleUploadedFile("好.txt", b"ok")])] == ["好.txt"]
