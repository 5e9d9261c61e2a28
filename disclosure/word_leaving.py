"""What of a Word file a page cannot show: taken out of its tree and named, so that nobody finds it missing later."""

import re

from lxml import etree

from disclosure.word_package import Package, Styles, W, is_on, text_of, value

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
CONTENTS = re.compile(r"(?:toc|目录)\d?(?:heading)?$")
NOISE = re.compile(r"[\s\d\-－—–·/|第共页]*")
SHOWN = 20


def settle(package: Package) -> list[str]:
    """Take out of the body what cannot be shown, write notes as text; gives a sentence for each kind."""
    body, said = package.body, []
    for step in (_choose_alternatives, _accept_changes, _unwrap):
        said += step(body)
    said += _hidden(body, package.styles)
    said += _text_boxes(body)
    said += _contents(body, package.styles)
    said += _formulas(body)
    said += _comments(body)
    said += _around_the_page(package)
    for kind in ("footnote", "endnote"):
        said += _notes(package, kind)
    _fill_grid(body)
    return said


def drop(element: etree._Element) -> None:
    """Take an element out, not the text behind it (there is none that counts in a Word file)."""
    element.getparent().remove(element)


def replace_by(element: etree._Element, others: list[etree._Element]) -> None:
    """Put others where an element stands."""
    parent = element.getparent()
    at = parent.index(element)
    parent.remove(element)
    for offset, other in enumerate(others):
        parent.insert(at + offset, other)


def _each(body: etree._Element, *names: str) -> list[etree._Element]:
    return list(body.iter(*(f"{W}{name}" for name in names)))


def _choose_alternatives(body: etree._Element) -> list[str]:
    for alternative in list(body.iter(f"{MC}AlternateContent")):
        chosen = alternative.find(f"{MC}Choice")
        chosen = chosen if chosen is not None else alternative.find(f"{MC}Fallback")
        replace_by(alternative, list(chosen) if chosen is not None else [])
    return []


def _accept_changes(body: etree._Element) -> list[str]:
    """As if all changes were accepted: what was struck out must not be read by the public."""
    found = False
    for element in _each(body, "del", "moveFrom", "ins", "moveTo"):
        parent = element.getparent()
        found = True
        if parent is None or parent.tag == f"{W}rPr":
            continue  # the mark of a paragraph, which mammoth reads
        if parent.tag == f"{W}trPr":
            if element.tag == f"{W}del":
                drop(parent.getparent())
            continue
        if element.tag in (f"{W}ins", f"{W}moveTo"):
            replace_by(element, list(element))
        else:
            drop(element)
    return ["文件里还有没处理的修订，已按“全部接受”带入。请逐处核对。"] if found else []


def _unwrap(body: etree._Element) -> list[str]:
    """Controls and marks around rows and cells, which would hide merged cells; breaks under another name."""
    for element in _each(body, "cr", "ptab"):
        element.tag = f"{W}br" if element.tag == f"{W}cr" else f"{W}tab"
    for control in _each(body, "sdt", "customXml", "smartTag", "fldSimple", "dir", "bdo", "ruby"):
        inner = control
        if control.tag in (f"{W}sdt", f"{W}ruby"):
            inner = control.find(f"{W}sdtContent" if control.tag == f"{W}sdt" else f"{W}rubyBase")
        if control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
            inner = None  # 单击此处输入文字
        replace_by(control, [one for one in inner if not one.tag.endswith("Pr")] if inner is not None else [])
    for name in ("bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd", "tblPrEx", "moveFromRangeStart") + (
        "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "commentRangeStart", "commentRangeEnd",
    ):  # fmt: skip
        for element in _each(body, name):
            drop(element)
    return []


def _hidden(body: etree._Element, styles: Styles) -> list[str]:
    hidden = [run for run in _each(body, "r") if is_on(styles.run_property(run, "vanish")) and text_of(run)]
    for run in hidden:
        drop(run)
    return ["文件里有隐藏的文字，没有带入。"] if hidden else []


def _text_boxes(body: etree._Element) -> list[str]:
    texts = []
    for box in _each(body, "txbxContent"):
        text = text_of(box) or ("图片" if _each(box, "drawing", "pict") else "")
        texts += [text] if text else []
        drop(box)
    return _named(texts, "文本框里的文字没有带入：{}。需要的请写进正文。")


def _contents(body: etree._Element, styles: Styles) -> list[str]:
    lines = [p for p in _each(body, "p") if any(map(CONTENTS.match, styles.names(p)))]
    for line in lines:
        drop(line)
    return ["目录没有带入。"] if lines else []


def _formulas(body: etree._Element) -> list[str]:
    formulas = [
        one for one in body.iter(f"{MATH}oMath") if next(one.iterancestors(f"{MATH}oMath"), None) is None
    ]
    for formula in formulas:
        drop(formula)
    return [f"{len(formulas)} 处公式没有带入。请改写成文字或截成图片。"] if formulas else []


def _comments(body: etree._Element) -> list[str]:
    comments = _each(body, "commentReference")
    for comment in comments:
        drop(comment)
    return [f"{len(comments)} 条批注没有带入。"] if comments else []


def _around_the_page(package: Package) -> list[str]:
    texts = []
    for kind in ("header", "footer"):
        for root in package.parts(kind):
            text = text_of(root)
            texts += [text] if not NOISE.fullmatch(text) and text not in texts else []
    return _named(texts, "页眉页脚没有带入：{}。")


def _notes(package: Package, kind: str) -> list[str]:
    """Footnotes as text: a raised number where it stood, the note itself at the end."""
    texts = {}
    for root in package.parts(f"{kind}s"):
        texts |= {note.get(f"{W}id"): text_of(note) for note in root.iter(f"{W}{kind}")}
    label = "注" if kind == "footnote" else "尾注"
    at = 0
    for reference in _each(package.body, f"{kind}Reference"):
        text = texts.get(reference.get(f"{W}id"), "")
        if not text:
            drop(reference)
            continue
        at += 1
        run = next(reference.iterancestors(f"{W}r"), None)
        replace_by(reference, [])
        if run is not None:
            run.addnext(new_run(f"[{label}{at}]", raised=True))
        add_paragraph(package.body, f"[{label}{at}]{text}")
    return []


def _fill_grid(body: etree._Element) -> None:
    """Rows that begin or end later get empty cells, without which mammoth counts columns wrong."""
    for row in _each(body, "tr"):
        properties = row.find(f"{W}trPr")
        for name, put in (("gridBefore", _put_first), ("gridAfter", row.append)):
            given = value(properties.find(f"{W}{name}")) if properties is not None else ""
            if given.isdecimal() and 0 < int(given) <= 60:
                cell = etree.SubElement(row, f"{W}tc")
                if given != "1":
                    etree.SubElement(etree.SubElement(cell, f"{W}tcPr"), f"{W}gridSpan").set(f"{W}val", given)
                etree.SubElement(cell, f"{W}p")
                put(cell)


def _put_first(cell: etree._Element) -> None:
    row = cell.getparent()
    first = row.find(f"{W}tc")
    if first is not cell:
        first.addprevious(cell)


def new_run(text: str, raised: bool = False) -> etree._Element:
    """A run with this text."""
    run = etree.Element(f"{W}r")
    if raised:
        align = etree.SubElement(etree.SubElement(run, f"{W}rPr"), f"{W}vertAlign")
        align.set(f"{W}val", "superscript")
    etree.SubElement(run, f"{W}t").text = text
    return run


def add_paragraph(body: etree._Element, text: str) -> None:
    """A paragraph at the end of the body."""
    paragraph = etree.SubElement(body, f"{W}p")
    paragraph.append(new_run(text))


def _named(texts: list[str], sentence: str) -> list[str]:
    if not texts:
        return []
    shown = "、".join(f"“{text[:SHOWN]}{'…' if len(text) > SHOWN else ''}”" for text in texts[:3])
    return [sentence.format(shown + (f"等 {len(texts)} 处" if len(texts) > 3 else ""))]
