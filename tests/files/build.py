"""Awkward and honest files, built from nothing."""

import io
import struct
import zipfile
import zlib

import openpyxl

W = "application/vnd.openxmlformats-officedocument.wordprocessingml"
TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'


def part(name, kind):
    return f'<Override PartName="{name}" ContentType="{kind}"/>'


DOCX = TYPES.format(part("/word/document.xml", f"{W}.document.main+xml"))
DOCM = TYPES.format(part("/word/document.xml", "application/vnd.ms-word.document.macroEnabled.main+xml"))


def package(members, comment=b"", compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as bag:
        for name, content in members.items():
            bag.writestr(name, content)
        bag.comment = comment
    return out.getvalue()


def docx(**more):
    return package({"[Content_Types].xml": DOCX, "word/document.xml": "<w:document/>", **more})


def xlsx():
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["单位", "完成"])
    book.save(out)
    return out.getvalue()


def pptx():
    kind = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    return package(
        {
            "[Content_Types].xml": TYPES.format(part("/ppt/presentation.xml", kind)),
            "ppt/presentation.xml": "<p/>",
        }
    )


def ofd():
    return package(
        {
            "OFD.xml": '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0"/>',
            "Doc_0/Document.xml": "<d/>",
        }
    )


def locked_zip_member(data):
    """The same package with the encryption flag of every member set, in both its places."""
    data = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def renamed_member(data, old, new):
    """The same package with a member's name overwritten; both names are equally long."""
    assert len(old) == len(new)
    return data.replace(old, new)


def bomb(ending_content=DOCX, megabytes=60):
    return package({"[Content_Types].xml": ending_content, "word/document.xml": b"\0" * (megabytes << 20)})


def many_members(count=6000):
    return package({"[Content_Types].xml": DOCX, **{f"word/{n}.xml": "" for n in range(count)}})


def ole(*names, streams=None, tail=b""):
    """An OLE2 file: a header, a directory with these entries, and streams in whole sectors behind it."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[24:34] = struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    streams = streams or {}
    every = ["Root Entry", *names, *streams]
    sectors = -(-len(every) * 128 // 512)
    start, body, entries = sectors, b"", b""
    for name in every:
        entry = bytearray(128)
        encoded = name.encode("utf-16-le") + b"\0\0"
        entry[: len(encoded)] = encoded
        entry[64:67] = struct.pack("<HB", len(encoded), 5 if name == "Root Entry" else 2)
        if name in streams:
            content = streams[name].ljust(4096, b"\0")
            entry[116:124] = struct.pack("<II", start, len(content))
            start, body = start + len(content) // 512, body + content
        entries += bytes(entry)
    return bytes(header) + entries.ljust(sectors * 512, b"\0") + body + b"\0" * 1024 + tail


def word(flags=0):
    return ole(streams={"WordDocument": b"\xec\xa5\xc1\x00" + b"\0" * 7 + bytes([flags])})


def excel(records=b""):
    bof = struct.pack("<HH", 0x809, 16) + struct.pack("<HH", 0x600, 5) + b"\0" * 12
    return ole(streams={"Workbook": bof + records})


def png(width=2, height=2, after=b""):
    def chunk(kind, content):
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\xff\0\0" * 2) * 2)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"") + after
    )


def jpeg(width=2, height=2, after=b""):
    app0 = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    return b"\xff\xd8" + app0 + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x7f\xff\xd9" + after


def pdf(more=b"", end=b"%%EOF\n"):
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n" + more + b"\ntrailer<</Root 1 0 R>>\n" + end
