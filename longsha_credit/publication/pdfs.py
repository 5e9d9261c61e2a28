"""The words of a PDF with the place of each character, and a copy in which some characters are black."""

import ctypes
import io
import threading
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageChops, ImageDraw

LOCK = threading.RLock()  # the library is made for one thread at a time
DOTS = (
    (30, 150),
    (80, 110),
    (10_000, 80),
)  # an inch, by how many pages become pictures: the copy has to fit in a file
MOST_DOTS = 4000  # along a side, however large the page says it is
POINTS = 72
LARGE = 0.04  # of the page: a picture that may hold words


class Unopened(Exception):
    """Not a PDF that can be read."""


class Unmasked(Exception):
    """Hits in a place that no black box covers; `str()` says where and what to do."""


def opened(data: bytes) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(data)
        len(document)
    except pypdfium2.PdfiumError as problem:
        raise Unopened from problem
    return document


def letters(page: Any) -> str:
    """The text of a page, one character for each of its own numbering; those of no font's table are U+FFFD."""
    text = page.get_textpage()
    try:
        count = max(0, pdfium.FPDFText_CountChars(text))
        return "".join(_letter(pdfium.FPDFText_GetUnicode(text, at)) for at in range(count))
    finally:
        text.close()


def _letter(code: int) -> str:
    return chr(code) if 0 < code <= 0x10FFFF else "\ufffd"


def notes(page: Any) -> list[str]:
    """What stands in the annotations and form fields of a page: their contents and values."""
    found = []
    for at in range(max(0, pdfium.FPDFPage_GetAnnotCount(page))):
        annotation = pdfium.FPDFPage_GetAnnot(page, at)
        if not annotation:
            continue
        for key in (b"Contents", b"V", b"T", b"RC"):
            size = pdfium.FPDFAnnot_GetStringValue(annotation, key, None, 0)
            if size > 2:
                held = ctypes.create_string_buffer(size)
                pdfium.FPDFAnnot_GetStringValue(
                    annotation, key, ctypes.cast(held, ctypes.POINTER(pdfium.FPDF_WCHAR)), size
                )
                found.append(held.raw[: size - 2].decode("utf-16-le", "replace"))
        pdfium.FPDFPage_CloseAnnot(annotation)
    return found


def fields(page: Any) -> bool:
    """Whether the page has fields to fill in."""
    for at in range(max(0, pdfium.FPDFPage_GetAnnotCount(page))):
        annotation = pdfium.FPDFPage_GetAnnot(page, at)
        kind = pdfium.FPDFAnnot_GetSubtype(annotation) if annotation else -1
        if annotation:
            pdfium.FPDFPage_CloseAnnot(annotation)
        if kind == pdfium.FPDF_ANNOT_WIDGET:
            return True
    return False


def is_empty(page: Any) -> bool:
    """Whether nothing at all is drawn on the page."""
    return next(iter(page.get_objects(max_depth=1)), None) is None


def has_pictures(page: Any) -> bool:
    """Whether a picture covers enough of the page to hold words."""
    width, height = page.get_size()
    for it in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        try:
            left, bottom, right, top = it.get_bounds()
        except pypdfium2.PdfiumError:
            return True
        if abs((right - left) * (top - bottom)) > LARGE * width * height:
            return True
    return False


def about(document: Any) -> Iterator[str]:
    """The document's own words beside its pages: metadata, bookmarks."""
    yield from (value for value in document.get_metadata_dict().values() if value)
    for bookmark in document.get_toc(max_depth=8):
        yield bookmark.get_title()


def attachments(document: Any) -> int:
    return max(0, document.count_attachments())


def blackened(data: bytes, spans: dict[int, list[tuple[int, int]]]) -> bytes:
    """A copy without anything beside its pages; those in `spans` (page: from, to of its letters) become pictures.

    Raises Unmasked where the characters have no place on the page.
    """
    source, copy = opened(data), pypdfium2.PdfDocument.new()
    dots = next(dots for most, dots in DOTS if len(spans) <= most)
    for number in range(len(source)):
        if number not in spans:
            copy.import_pages(source, pages=[number])
            continue
        page = source[number]
        _add_picture(copy, _picture(page, spans[number], number, dots), page.get_size())
        page.close()
    out = io.BytesIO()
    copy.save(out)
    copy.close()
    source.close()
    return out.getvalue()


def _picture(page: Any, spans: list[tuple[int, int]], number: int, dots: int) -> Image.Image:
    width, height = page.get_size()
    scale = min(dots / POINTS, MOST_DOTS / max(width, height, 1))
    # what stands in a remark is not drawn: it would be without the box that covers it
    picture = page.render(scale=scale, draw_annots=False).to_pil().convert("RGB")
    draw, text = ImageDraw.Draw(picture), page.get_textpage()
    for start, end in spans:
        boxes = [box for at in range(start, end) if (box := _box(page, text, at, picture.size))]
        if not boxes:
            raise Unmasked(f"第 {number + 1} 页上找不到要打码的字在哪里")
        for box in boxes:
            draw.rectangle(box, fill="black")
    text.close()
    return picture


def _box(page: Any, text: Any, at: int, size: tuple[int, int]) -> tuple[float, float, float, float] | None:
    """Where a character stands in the picture, a little wider; None for a blank."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    if not pdfium.FPDFText_GetCharBox(text, at, left, right, bottom, top):
        return None
    corners = []
    for x, y in ((left.value, bottom.value), (right.value, top.value)):
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, across, down)
        corners.append((across.value, down.value))
    (x1, y1), (x2, y2) = corners
    if x1 == x2 and y1 == y2:
        return None
    margin = 0.25 * max(abs(x2 - x1), abs(y2 - y1), 4)
    return min(x1, x2) - margin, min(y1, y2) - margin, max(x1, x2) + margin, max(y1, y2) + margin


def _add_picture(copy: Any, picture: Image.Image, size: tuple[float, float]) -> None:
    jpeg = io.BytesIO()
    red, green, blue = picture.split()
    is_grey = (
        not ImageChops.difference(red, green).getbbox() and not ImageChops.difference(green, blue).getbbox()
    )
    (green if is_grey else picture).save(jpeg, "JPEG", quality=70)
    width, height = size
    page = copy.new_page(width, height)
    image = pypdfium2.PdfImage.new(copy)
    image.load_jpeg(jpeg, inline=True)
    image.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
    page.insert_obj(image)
    page.gen_content()
    page.close()
