"""Whether a picture's bytes really are a whole picture, read by its own structure."""

import struct
import zlib

MOST_PIXELS = 120_000_000  # a phone's largest photo; more would fill the memory of who opens it
DAMAGED = "打不开，图片可能损坏或没有传完。请用看图软件打开核对，另存后再上传。"
TOO_MANY = "的像素太多，打开时可能卡死电脑。请缩小到 10000×10000 以内再上传。"
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})


def against_png(data: bytes) -> str:
    """Walk the chunks from the header to IEND; nothing may follow it."""
    if len(data) < 45 or data[12:16] != b"IHDR":
        return DAMAGED
    at, seen_data = 8, False
    while at + 12 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        end = at + 12 + length
        if end > len(data):
            return DAMAGED
        if kind == b"IHDR" and not _header_fits(data[at + 4 : end]):
            return DAMAGED
        seen_data = seen_data or kind == b"IDAT"
        if kind == b"IEND":
            width, height = struct.unpack(">II", data[16:24])
            return (_size(width, height) if seen_data else DAMAGED) or _rest(data[end:])
        at = end
    return DAMAGED


def _header_fits(chunk: bytes) -> bool:
    """The IHDR chunk has thirteen bytes and the checksum that stands behind them."""
    return len(chunk) == 21 and zlib.crc32(chunk[:-4]) == int.from_bytes(chunk[-4:], "big")


def _rest(data: bytes) -> str:
    return "" if not data.strip(b"\x00\r\n") else "里面夹带了图片以外的内容。请用看图软件另存一份再上传。"


def against_jpeg(data: bytes) -> str:
    """Walk the segments to the frame header; the end mark stands somewhere behind (phones append to it)."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return DAMAGED
        mark = data[at + 1]
        if mark == 0xFF:
            at += 1
        elif mark in JPEG_ALONE:
            at += 2
        elif mark in JPEG_FRAMES:
            return _frame(data, at)
        else:
            length = int.from_bytes(data[at + 2 : at + 4], "big")
            if mark in (0xD9, 0xDA) or length < 2:
                return DAMAGED
            at += 2 + length
    return DAMAGED


def _frame(data: bytes, at: int) -> str:
    if at + 9 > len(data) or b"\xff\xd9" not in data[at:] or b"\xff\xda" not in data[at:]:
        return DAMAGED
    height, width = struct.unpack(">HH", data[at + 5 : at + 9])
    return _size(width, height)


def _size(width: int, height: int) -> str:
    if not width or not height:
        return DAMAGED
    return TOO_MANY if width * height > MOST_PIXELS else ""
