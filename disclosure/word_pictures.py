"""The pictures of a Word file: checked like any upload, without what a camera wrote into them."""

import hashlib
import io
import re
from collections import Counter
from dataclasses import dataclass, field

from django.core.files.base import ContentFile
from lxml import etree
from PIL import Image, ImageOps

from disclosure.word_leaving import drop, replace_by
from disclosure.word_package import Package, R, Unreadable, W
from longsha_credit.files import checks
from longsha_credit.web.richtree import tidy

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
V = "{urn:schemas-microsoft-com:vml}"
MOST = 60
MOST_PIXELS = 50_000_000  # decoded here, unlike an upload
LONGEST_ALT = 200
KINDS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))
OTHERS = (
    (b"\x01\x00\x00\x00", "EMF"),
    (b"\xd7\xcd\xc6\x9a", "WMF"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
)
# What Word writes by itself, a file's name or a path on somebody's computer are no description.
NO_WORDS = re.compile(
    r"(?i)(?:图片|图像|picture|image|img|mmexport|微信图片|qq图片|截图)?[\s_\d-]*|.*[\\/].*|.*\.\w{2,4}"
)


@dataclass(frozen=True)
class Picture:
    """A picture found in the text: `html` names it by `sha256`."""

    name: str
    content: bytes
    sha256: str
    alt: str


@dataclass
class Found:
    """What became of the pictures: `of` gives each by the id under which the tree names it."""

    of: dict[str, Picture] = field(default_factory=dict)
    left: Counter = field(default_factory=Counter)

    @property
    def pictures(self) -> list[Picture]:
        """Each once."""
        return list({picture.sha256: picture for picture in self.of.values()}.values())

    def sentences(self) -> list[str]:
        """What was left out and what is missing."""
        said = [f"{count} {what}" for what, count in self.left.items()]
        silent = sum(not picture.alt for picture in self.pictures)
        if silent:
            said.append(f"{silent} 张图片没有说明文字，看不见图的人无从知道内容。请补写。")
        return said


def take(package: Package) -> Found:
    """Replace every drawing of the body by the plain pictures in it; what is no picture is left out."""
    found = Found()
    for drawing in list(package.body.iter(f"{W}drawing", f"{W}pict", f"{W}object")):
        if drawing.getparent() is None:
            continue
        if drawing.tag == f"{W}object":
            found.left["个嵌入的对象（如 Excel 表格）没有带入。请把内容写进正文或作为附件。"] += 1
            drop(drawing)
            continue
        ids = _references(drawing)
        if not ids and not any(str(one.tag).endswith(("}txbx", "}textbox")) for one in drawing.iter()):
            found.left["个图形（线条、箭头、图表等）没有带入。需要的请截成图片。"] += 1
        replace_by(drawing, [new for new in (_taken(package, *one, found) for one in ids) if new is not None])
    return found


def _references(drawing: etree._Element) -> list[tuple[str, str]]:
    """The ids of the pictures in a drawing and what is said of them."""
    described = next((d for d in drawing.iter(f"{WP}docPr") if d.get("descr")), None)
    words = described.get("descr", "") if described is not None else ""
    blips = [(b.get(f"{R}embed") or b.get(f"{R}link", ""), words) for b in drawing.iter(f"{A}blip")]
    shapes = [(d.get(f"{R}id", ""), d.getparent().get("alt", "")) for d in drawing.iter(f"{V}imagedata")]
    return blips or shapes


def _taken(package: Package, reference: str, words: str, found: Found) -> etree._Element | None:
    related = package.relations.get(reference)
    if related is None or related.outside or related.target not in package.names:
        found.left["张图片只是链接，不在文件里，没有带入。请在 Word 里重新插入。"] += 1
        return None
    if len(found.of) >= MOST:
        raise Unreadable(f"这份 Word 文件里的图片超过 {MOST} 张。请分成几份，或把图片另作附件。")
    content = package.read(related.target)
    ending = next((ending for magic, ending in KINDS if content.startswith(magic)), "")
    if not ending:
        kind = next((name for magic, name in OTHERS if content.startswith(magic)), "别的")
        found.left[f"张 {kind} 格式的图片没有带入。请在 Word 里另存为 PNG 再插入。"] += 1
        return None
    name = f"图{len(found.of) + 1}.{ending}"
    try:
        checks.check(ContentFile(content, name=name))
        content = bare(content)
    except (checks.Unacceptable, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        found.left["张图片损坏或太大，没有带入。请换一张再插入。"] += 1
        return None
    words = tidy(words)[:LONGEST_ALT]
    picture = Picture(
        name, content, hashlib.sha256(content).hexdigest(), "" if NO_WORDS.fullmatch(words) else words
    )
    number = f"p{len(found.of) + 1}"
    found.of[number] = picture
    return _drawing(number)


def bare(content: bytes) -> bytes:
    """A PNG or JPEG without place, camera, author and preview, turned as it is looked at; raises OSError, ValueError."""
    with Image.open(io.BytesIO(content)) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        told = {"exif", "comment", "photoshop", "xmp", "XML:com.adobe.xmp"} & set(picture.info)
        if not told and not getattr(picture, "text", None):
            return content
        out = io.BytesIO()
        turned = ImageOps.exif_transpose(picture)
        kept = {"icc_profile": picture.info["icc_profile"]} if picture.info.get("icc_profile") else {}
        if picture.format == "JPEG":
            turned.info.clear()
            turned.save(out, "JPEG", quality=92, **kept)
        else:
            turned.info = {key: turned.info[key] for key in ("transparency", "gamma") if key in turned.info}
            turned.save(out, "PNG", **kept)
        return out.getvalue()


def _drawing(number: str) -> etree._Element:
    """The least that mammoth reads as a picture."""
    drawing = etree.Element(f"{W}drawing")
    inline = etree.SubElement(drawing, f"{WP}inline")
    etree.SubElement(inline, f"{WP}docPr")
    data = etree.SubElement(etree.SubElement(inline, f"{A}graphic"), f"{A}graphicData")
    fill = etree.SubElement(etree.SubElement(data, f"{PIC}pic"), f"{PIC}blipFill")
    etree.SubElement(fill, f"{A}blip").set(f"{R}embed", number)
    return drawing
