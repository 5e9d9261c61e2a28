"""What an office document is inside, old (OLE2) and new (ZIP), read without unpacking more than its table of contents."""

import io
import re
import struct
import zipfile
import zlib

MIB = 1024 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PACKAGES = frozenset({"docx", "xlsx", "pptx", "ofd"})
MOST_MEMBERS = 5000
LARGEST_LIST = 2 * MIB
LARGEST_INSIDE = 300 * MIB
LARGEST_MANIFEST = 2 * MIB
STEEPEST = 200  # a sheet of equal numbers shrinks about a hundredfold, a bomb a thousandfold
MAIN_PARTS = {
    "wordprocessingml.document.main+xml": "docx",
    "spreadsheetml.sheet.main+xml": "xlsx",
    "presentationml.presentation.main+xml": "pptx",
}
MACRO_PARTS = re.compile(r"(?i)macroenabled|vbaproject|vbadata|macrosheet|activex", re.ASCII)
MACRO_NAMES = re.compile(r"(?i)(^|/)(vbaProject[^/]*|vbaData\.xml|macrosheets/.*|activeX/.*)$")
PROGRAMS = re.compile(
    r"(?i)\.(exe|dll|com|scr|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|msi|lnk|sh|html?|svgz)$"
)

MACROS = "含有宏，不能上传。请打开后另存为不带宏的格式（如 .docx、.xlsx），再上传。"
LOCKED_KIND = "加了密码的 Office 文档"
LOCKED = "设置了打开密码，别人无法核对。请去掉密码后再上传。"
DAMAGED = "打不开，文件可能损坏或没有传完。请用原来的软件打开核对，另存后再上传。"
BOMB = "解开后大得不正常，不能上传。请用原来的软件打开核对，另存后再上传。"
PROGRAM = "里面夹带了程序或网页文件，不能上传。请删去后另存再上传。"


class Damaged(Exception):
    """A package whose table of contents cannot be trusted; `str()` is what stands against it."""


def ends_as_zip(data: bytes) -> bool:
    """Whether a ZIP stands behind other content: its end record within the last 64 KiB."""
    return b"PK\x05\x06" in data[-65_557:]


def kind_of_package(data: bytes) -> str | None:
    """docx, xlsx, pptx, ofd, in Chinese another office format, or None for any other archive; raises Damaged."""
    with _opened(data) as package:
        names = {info.filename for info in package.infolist()}
        if "OFD.xml" in names:
            return "ofd"
        if "[Content_Types].xml" not in names:
            return None
        manifest = _manifest(package)
        kinds = {kind for part, kind in MAIN_PARTS.items() if part in manifest}
        if not kinds and (found := re.search(r"(?i)(word|excel|powerpoint)[\w.]+macroenabled", manifest)):
            kinds = {{"word": "docx", "excel": "xlsx", "powerpoint": "pptx"}[found[1].lower()]}
        return kinds.pop() if len(kinds) == 1 else "别的 Office 格式"


def against_package(data: bytes) -> str:
    """What stands against a docx, xlsx, pptx or ofd, or an empty string."""
    try:
        with _opened(data) as package:
            names = [info.filename for info in package.infolist()]
            if any(PROGRAMS.search(name) for name in names):
                return PROGRAM
            if "OFD.xml" in names:
                return "" if b"OFD" in _member(package, "OFD.xml") else DAMAGED
            if any(MACRO_NAMES.search(name) for name in names) or MACRO_PARTS.search(_manifest(package)):
                return MACROS
    except Damaged as problem:
        return str(problem)
    return ""


def _opened(data: bytes) -> zipfile.ZipFile:
    """The package, once its end record shows that listing it costs little; raises Damaged."""
    end = data[-22:]
    # An office program writes no comment and nothing behind; whatever differs was put together by hand.
    if not data.startswith(b"PK\x03\x04") or not end.startswith(b"PK\x05\x06") or end[20:] != b"\0\0":
        raise Damaged(DAMAGED)
    members, size, start = struct.unpack("<HII", end[10:20])
    if members > MOST_MEMBERS or size > LARGEST_LIST or data[-42:-38] == b"PK\x06\x07":
        raise Damaged(BOMB)
    if start + size + 22 != len(data):
        raise Damaged(DAMAGED)
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, UnicodeError) as problem:
        raise Damaged(DAMAGED) from problem
    _look_over(package.infolist(), len(data))
    return package


def _look_over(members: list[zipfile.ZipInfo], packed: int) -> None:
    """Refuse by the table of contents alone what must not be unpacked."""
    names = [info.filename for info in members]
    inside = sum(info.file_size for info in members)
    if len(members) > MOST_MEMBERS or inside > LARGEST_INSIDE:
        raise Damaged(BOMB)
    if inside > 20 * MIB and inside > STEEPEST * packed:
        raise Damaged(BOMB)
    if any(info.flag_bits & 1 for info in members):
        raise Damaged(LOCKED)
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in members):
        raise Damaged(DAMAGED)
    if len(set(names)) != len(names) or any(_leads_out(name) for name in names):
        raise Damaged(DAMAGED)


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in name or "\x00" in name


def _manifest(package: zipfile.ZipFile) -> str:
    content = _member(package, "[Content_Types].xml")
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as problem:
        raise Damaged(DAMAGED) from problem
    if "<!DOCTYPE" in text or "<!ENTITY" in text or "<Types" not in text and ":Types" not in text:
        raise Damaged(DAMAGED)
    return text


def _member(package: zipfile.ZipFile, name: str) -> bytes:
    """One member, never more than the limit; raises Damaged."""
    try:
        with package.open(name) as member:
            content = member.read(LARGEST_MANIFEST + 1)
    except (
        zipfile.BadZipFile,
        zlib.error,
        RuntimeError,
        NotImplementedError,
        OSError,
        EOFError,
        KeyError,
    ) as problem:
        raise Damaged(DAMAGED) from problem
    if len(content) > LARGEST_MANIFEST:
        raise Damaged(BOMB)
    return content


# --- OLE2: the directory's entries are 128 bytes long and lie on multiples of 128, wherever the chain leads ------


def _entries(data: bytes, name: str) -> list[int]:
    """Where directory entries of this name stand (also deleted ones: rather one refused too many)."""
    wanted = name.encode("utf-16-le") + b"\0\0"
    found, at = [], data.find(wanted)
    while at >= 0 and at + 128 <= len(data):
        length = int.from_bytes(data[at + 64 : at + 66], "little")
        if at % 128 == 0 and length == len(wanted) and data[at + 66] in (1, 2, 5):
            found.append(at)
        at = data.find(wanted, at + 1)
    return found


def kind_of_ole(data: bytes) -> str | None:
    """doc, xls, ppt, or what a locked new document was; None for any other OLE2 file."""
    if _entries(data, "WordDocument"):
        return "doc"
    if _entries(data, "PowerPoint Document"):
        return "ppt"
    if _entries(data, "Workbook") or _entries(data, "Book"):
        return "xls"
    return LOCKED_KIND if _entries(data, "EncryptedPackage") else None


def against_ole(data: bytes) -> str:
    """What stands against a doc, xls or ppt, or an empty string."""
    shift = int.from_bytes(data[30:32], "little")
    if shift not in (9, 12) or len(data) < 1536:
        return DAMAGED
    if any(_entries(data, name) for name in ("Macros", "VBA", "_VBA_PROJECT", "_VBA_PROJECT_CUR", "dir")):
        return MACROS
    if _entries(data, "EncryptedSummary") or _locked_word(data, shift) or _locked_excel(data, shift):
        return LOCKED
    if EXCEL_MACRO_SHEET in data or _powerpoint_macros(data):
        return MACROS
    return ""


EXCEL_MACRO_SHEET = bytes.fromhex("0908100000064000")  # the first record of an Excel 4 macro sheet
POWERPOINT_MACROS = bytes.fromhex("1f00ff0314000000020000040c000000")  # VBAInfo container and its atom


def _powerpoint_macros(data: bytes) -> bool:
    at = data.find(POWERPOINT_MACROS)
    return at >= 0 and data[at + 20 : at + 24] == b"\1\0\0\0"


def _stream(data: bytes, name: str, shift: int) -> bytes:
    """The first sector of a stream that is kept in whole sectors."""
    for entry in _entries(data, name):
        start, size = struct.unpack("<II", data[entry + 116 : entry + 124])
        if size >= 4096:
            at = (start + 1) << shift
            return data[at : at + 512]
    return b""


def _locked_word(data: bytes, shift: int) -> bool:
    head = _stream(data, "WordDocument", shift)
    return head[:2] == b"\xec\xa5" and len(head) > 12 and bool(head[11] & 1)


def _locked_excel(data: bytes, shift: int) -> bool:
    """A FilePass record among the first few of the workbook."""
    head, at = _stream(data, "Workbook", shift), 0
    for _ in range(4):
        if at + 4 > len(head):
            break
        record, length = struct.unpack("<HH", head[at : at + 4])
        if record == 0x2F:
            return True
        at += 4 + length
    return False
