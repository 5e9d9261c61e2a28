"""What an uploaded file must be: a known kind by content as by name, whole, readable and without programs."""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import puremagic

from longsha_credit.audit.workflow import Refused
from longsha_credit.files import images, office

MIB = 1024 * 1024
LARGEST = 20 * MIB
LONGEST_NAME = 150
ALLOWED = "pdf、doc、docx、xls、xlsx、ppt、pptx、ofd、png、jpg、txt、csv"
# Marks that turn the direction of writing or cannot be seen make a program look like a picture.
INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\ud800-\udfff]")
WEB_CODE = re.compile(rb"<(?:script|html|iframe|!doctype html|svg |\?php)", re.IGNORECASE)
PDF_LOCK = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
PDF_PROGRAM = re.compile(rb"/(?:JavaScript|Launch)\b")
PDF_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
TEXT_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")


class Unacceptable(Refused):
    """A file that is not taken; `str()` names it, says what is wrong and what to do."""

    def __init__(self, sentence: str):
        super().__init__(sentence, "file")


@dataclass(frozen=True)
class Checked:
    """What is kept of a file that passed."""

    name: str
    size: int
    content_type: str
    sha256: str


@dataclass(frozen=True)
class Kind:
    """One kind of file: what people call it, how it is served, and what stands against its content."""

    label: str
    content_type: str
    against: Callable[[bytes], str]


def check(upload: Any) -> Checked:
    """Read an upload once, from its start, and return what is known of it; raises Unacceptable.

    `upload` is a Django file with `name` and `chunks()`; it is left rewound.
    """
    name = clean_name(upload.name)
    data, digest = _read(upload, name)
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    kind = _kind_of(name, ending, data)
    if problem := kind.against(data):
        raise Unacceptable(f"“{name}”{problem}")
    return Checked(name, len(data), kind.content_type, digest)


def clean_name(given: Any) -> str:
    """The bare file name without folders and invisible characters; raises Unacceptable when none is left."""
    name = unicodedata.normalize("NFC", str(given or "")).replace("\\", "/").rsplit("/", 1)[-1]
    name = re.sub(r"\s+", " ", INVISIBLE.sub("", name)).strip(" .")
    if not name or not PurePosixPath(name).suffix:
        shown = f"“{name}”的文件名" if name else "这个文件的名字"
        raise Unacceptable(f"{shown}没有后缀，认不出是什么文件。请改成“名称.pdf”这样的名字再上传。")
    if len(name) > LONGEST_NAME:
        raise Unacceptable(
            f"“{name[:20]}…”的文件名有 {len(name)} 个字，最多 {LONGEST_NAME} 个字。请改短后再上传。"
        )
    return name


def _read(upload: Any, name: str) -> tuple[bytes, str]:
    """The whole content, never more than the limit, and its SHA-256."""
    data, digest = bytearray(), hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
        data += chunk
        if len(data) > LARGEST:
            raise Unacceptable(
                f"“{name}”超过 {LARGEST // MIB} MB。请压缩图片、降低扫描分辨率，或拆成几个文件再上传。"
            )
    upload.seek(0)
    if not data:
        raise Unacceptable(f"“{name}”是空文件。请打开核对内容后重新选择。")
    return bytes(data), digest.hexdigest()


def _kind_of(name: str, ending: str, data: bytes) -> Kind:
    """The kind that content and name agree on."""
    if ending in ARCHIVES:
        raise Unacceptable(f"“{name}”是压缩包，不能上传。请解压后把里面的文件逐个上传。")
    if ending not in ENDINGS:
        raise Unacceptable(
            f"“{name}”的类型（.{ending[:20]}）不能上传。可以上传：{ALLOWED}。请另存为其中一种。"
        )
    found, wanted = _detect(data, ending), ENDINGS[ending]
    if found != wanted:
        raise Unacceptable(f"“{name}”{_is_not(found, ending)}")
    return KINDS[wanted]


def _is_not(found: str, ending: str) -> str:
    """What to say of content that is not what the name says."""
    if found in KINDS:
        return f"的内容是{KINDS[found].label}，和后缀 .{ending} 不符。请把后缀改成 .{found} 再上传。"
    if found == ARCHIVE:
        return "其实是压缩包，不能上传。请解压后把里面的文件逐个上传。"
    if found == office.LOCKED_KIND:
        return office.LOCKED
    if found == PROGRAM:
        return "其实是程序，不能上传。请不要打开它，核对来源后告诉系统管理员。"
    return f"的内容是{found}，和后缀 .{ending} 不符。请用原来的软件打开，另存为真正的 .{ending} 后再上传。"


def _detect(data: bytes, ending: str) -> str:
    """The key of the kind this content is, or in Chinese what else it seems to be."""
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data.startswith(office.OLE):
        return office.kind_of_ole(data) or "别的 Office 格式"
    if data.startswith(b"PK"):
        return _kind_of_zip(data, ending)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) and ending in ("txt", "csv"):
        return ending  # text of an old notepad: its own check says how to save it
    other = _known_otherwise(data)
    if other is None or (ending in ("txt", "csv") and other == "网页代码"):
        return ending if ending in ("txt", "csv") else "txt"
    return other


def _kind_of_zip(data: bytes, ending: str) -> str:
    """A damaged or locked package counts as what its name says, so that its own check can say what is wrong."""
    try:
        return office.kind_of_package(data) or ARCHIVE
    except office.Damaged:
        return ENDINGS[ending] if ending in office.PACKAGES else ARCHIVE


def _known_otherwise(data: bytes) -> str | None:
    """What content outside the list seems to be, or None where it may be plain text."""
    if WEB_CODE.search(data[:4096]):
        return "网页代码"
    if data.startswith(b"MIME-Version"):
        return "网页代码"
    if data.startswith((b"MZ", b"\x7fELF")):
        return PROGRAM
    if b"\x00" not in data[:4096] and not data.startswith(b"{\\rtf") and not data.startswith(b"GIF8"):
        return None
    try:
        found = {match.extension.lstrip(".").lower() for match in puremagic.magic_string(data[:4096])}
    except (puremagic.PureError, ValueError):
        return "认不出的数据"
    for label, endings in OTHERS:
        if found & endings:
            return label
    return "认不出的数据"


def _against_pdf(data: bytes) -> str:
    if WEB_CODE.search(data[:1024]) or office.ends_as_zip(data):
        return "里面夹带了别的文件。请用原来的软件重新导出 PDF 后再上传。"
    if b"%%EOF" not in data[-8192:]:
        return "不完整，可能没有传完。请打开核对后重新上传。"
    plain = PDF_ESCAPE.sub(lambda m: bytes([int(m[1], 16)]), data)
    if PDF_LOCK.search(plain):
        return "设置了密码或限制了权限，别人无法打开核对。请去掉保护后再上传。"
    if PDF_PROGRAM.search(plain):
        return "里面有可以运行的代码。请重新打印为 PDF 后再上传。"
    return ""


def _against_text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if TEXT_CONTROL.search(text):
            return "里面有文本文件不该有的字符。请用记事本打开，另存为 UTF-8 文本后再上传。"
        if WEB_CODE.search(data):
            return "里面是网页代码，不能上传。请只保留文字，另存为文本后再上传。"
        return ""
    return "的文字编码认不出来。请用记事本打开，另存为 UTF-8 后再上传。"


def _against_picture(parse: Callable[[bytes], str]) -> Callable[[bytes], str]:
    def against(data: bytes) -> str:
        if WEB_CODE.search(data) or office.ends_as_zip(data):
            return "里面夹带了图片以外的内容。请用看图软件另存一份再上传。"
        return parse(data)

    return against


ARCHIVE = "压缩包"
PROGRAM = "程序"
ARCHIVES = frozenset(["zip", "rar", "7z", "gz", "tgz", "tar", "bz2", "xz", "cab", "iso", "jar", "apk", "z"])
OPEN = "application/vnd.openxmlformats-officedocument."
KINDS = {
    "pdf": Kind("PDF", "application/pdf", _against_pdf),
    "doc": Kind("Word 文档（doc）", "application/msword", office.against_ole),
    "xls": Kind("Excel 表格（xls）", "application/vnd.ms-excel", office.against_ole),
    "ppt": Kind("PPT 演示（ppt）", "application/vnd.ms-powerpoint", office.against_ole),
    "docx": Kind("Word 文档（docx）", f"{OPEN}wordprocessingml.document", office.against_package),
    "xlsx": Kind("Excel 表格（xlsx）", f"{OPEN}spreadsheetml.sheet", office.against_package),
    "pptx": Kind("PPT 演示（pptx）", f"{OPEN}presentationml.presentation", office.against_package),
    "ofd": Kind("OFD 版式文件", "application/ofd", office.against_package),
    "png": Kind("PNG 图片", "image/png", _against_picture(images.against_png)),
    "jpg": Kind("JPG 图片", "image/jpeg", _against_picture(images.against_jpeg)),
    "txt": Kind("纯文本", "text/plain", _against_text),
    "csv": Kind("CSV 文本", "text/csv", _against_text),
}
ENDINGS = {key: key for key in KINDS} | {"jpeg": "jpg"}
ACCEPT = ",".join(f".{ending}" for ending in ENDINGS)
OTHERS = (
    (ARCHIVE, frozenset(["rar", "7z", "gz", "bz2", "xz", "tar", "cab"])),
    ("别种图片", frozenset(["gif", "bmp", "tif", "tiff", "webp", "heic", "heif", "ico", "psd"])),
    ("RTF 文档", frozenset({"rtf"})),
    ("音频或视频", frozenset(["mp3", "mp4", "mov", "avi", "wav", "flv", "wmv", "mkv", "3gp", "m4a"])),
)
