"""The office's own Word template: what fields it uses, what stands against it, and rendering it without any program.

A template is data from outside. Of Jinja2 only texts, conditions and loops over declared fields are let through, by a
list of what may stand in it; nothing is called, no attribute of any object is read.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import nodes
from jinja2.exceptions import TemplateError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from longsha_credit.exchange import documents
from longsha_credit.exchange.documents import Paper
from longsha_credit.exchange.official.kinds import DocumentKind, Field, Text
from longsha_credit.exchange.typesetting import clean
from longsha_credit.files import office

MIB = 1024 * 1024
LARGEST = 2 * MIB
LARGEST_PART = MIB // 2  # a loop over two hundred rows repeats it so often
MOST_TAGS = 300
DEEPEST = 3
LOOP = frozenset({"index", "first", "last"})
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If,
    nodes.Compare, nodes.Operand, nodes.Const, nodes.And, nodes.Or, nodes.Not,
)  # fmt: skip
PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml$")
LINKS_OUT = re.compile(r'TargetMode\s*=\s*["\']External', re.I)
OBJECTS = re.compile(r"<\w+:(?:altChunk|object|OLEObject|control)\b")
FIELD_CODES = re.compile(r"""<\w+:instrText[^>]*>([^<]*)|\w+:instr=["']([^"']*)""")
REACHES_OUT = re.compile(r"INCLUDE|IMPORT|DDE|\bLINK\b|DATABASE|MACROBUTTON", re.I)
TAG = re.compile(r"\{\{|\{%|\{#")


class Unusable(Exception):
    """A file that cannot be a template; `str()` says why and what to do."""


@dataclass
class Trial:
    """What a dry run found: the fields used, and what stands against the template, a sentence each."""

    used: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    document: bytes = b""

    @property
    def is_good(self) -> bool:
        return not (self.faults or self.missing or self.unknown)


class Checked(ImmutableSandboxedEnvironment):
    """Jinja2 that refuses whatever is not on the list before it runs, and reads rows by their columns only."""

    def __init__(self) -> None:
        super().__init__(autoescape=True)
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()

    def from_string(self, source: Any, *args: Any, **kwargs: Any) -> Any:
        look_over(self.parse(source))
        return super().from_string(source, *args, **kwargs)

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        return obj.get(attribute, "") if type(obj) is dict else ""

    def getitem(self, obj: Any, argument: Any) -> Any:
        return self.getattr(obj, argument)

    def is_safe_callable(self, obj: Any) -> bool:
        return False


def look_over(tree: nodes.Node) -> None:
    """Raise Unusable for anything that is not a text, a condition or a loop, or is nested too deep."""
    for node in _all(tree):
        if not isinstance(node, ALLOWED):
            raise Unusable(
                "模板里有不能用的写法：只能用{{ 栏目 }}、{% if 栏目 %}和{%p for … %}、{%tr for … %}，"
                "不能用计算、函数、过滤器、引用别的文件。请删去以后再上传。"
            )
        if isinstance(node, nodes.For) and (node.recursive or not isinstance(node.target, nodes.Name)):
            raise Unusable("循环只能写成{%tr for 行 in 栏目 %}，请改好以后再上传。")
        if isinstance(node, nodes.Getattr) and not isinstance(node.node, nodes.Name):
            raise Unusable("“行.栏目”以外的写法不能用，请改好以后再上传。")
    if _depth(tree, nodes.For) > 1 or _depth(tree, nodes.If) > DEEPEST:
        raise Unusable(f"循环里不能再有循环，条件最多套{DEEPEST}层。请改好以后再上传。")


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for below in node.iter_child_nodes():
        yield from _all(below)


def _depth(node: nodes.Node, kind: type[nodes.Node]) -> int:
    return isinstance(node, kind) + max((_depth(below, kind) for below in node.iter_child_nodes()), default=0)


def against(data: bytes) -> str:
    """What stands against the file before it is opened as a template, or an empty string."""
    if len(data) > LARGEST:
        return f"模板不能超过{LARGEST // MIB} MB。请去掉大的图片再上传。"
    try:
        if office.kind_of_package(data) != "docx":
            return "模板要是 Word 文档（.docx）。请用 Word 另存为 .docx 再上传。"
    except office.Damaged as damaged:
        return str(damaged)
    if problem := office.against_package(data):
        return problem
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return "".join(list(_inside(package))[:1])


def _inside(package: zipfile.ZipFile) -> Iterator[str]:
    tags = 0
    for info in package.infolist():
        if not info.filename.endswith((".xml", ".rels")):
            continue
        if info.file_size > LARGEST_PART:
            yield "模板里的文字太多，打不开。请只留版式，不要放正文。"
            continue
        text = package.read(info).decode("utf-8", "replace")
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            yield office.DAMAGED
        if info.filename.endswith(".rels") and LINKS_OUT.search(text):
            yield "模板里有指向外面的链接或图片。请删去链接、把图片嵌入以后再上传。"
        codes = "".join(map("".join, FIELD_CODES.findall(text)))  # one may be split over several runs
        if OBJECTS.search(text) or REACHES_OUT.search(codes):
            yield "模板里有嵌入的对象或引用别的文件的域。请删去以后再上传。"
        tags += len(TAG.findall(re.sub(r"<[^>]+>", "", text)))
    if tags > MOST_TAGS:
        yield f"模板里的栏目太多（{tags}处），最多{MOST_TAGS}处。"


def try_out(kind: DocumentKind, data: bytes) -> Trial:
    """The dry run: what is used, missing and unknown, and the document with example values."""
    trial = Trial()
    try:
        names, columns = _used(data)
        trial.document = render(data, kind.example)
    except Unusable as problem:
        trial.faults.append(str(problem))
        return trial
    known = {one.name: one for one in kind.fields}
    trial.used = [name for name in known if name in names]
    trial.unknown = [f"{name}" for name in sorted(names - set(known))]
    for name, column in sorted(columns):
        if name in known and column not in known[name].columns:
            trial.unknown.append(f"{name}里的“{column}”")
    trial.missing = [one.name for one in kind.fields if one.required and one.name not in names]
    trial.missing += _content_missing(kind, names)
    trial.unused = [name for name in known if name not in names and name not in trial.missing]
    return trial


def _content_missing(kind: DocumentKind, names: set[str]) -> list[str]:
    """The body, unless every field of its own the kind has takes its place."""
    own = {one.name for one in kind.own}
    instead = bool(own) and own <= names
    tables = [one.name for one in kind.tables if one.name not in names]
    return ([] if "正文" in names or instead else ["正文"]) + tables


def _used(data: bytes) -> tuple[set[str], set[tuple[str, str]]]:
    """The fields named in a template, and for loops over rows the columns asked of them."""
    environment, names, columns = Checked(), set[str](), set[tuple[str, str]]()
    for source in _sources(data):
        try:
            tree = environment.parse(source)
        except TemplateError as problem:
            raise Unusable(_fault(problem)) from problem
        look_over(tree)
        _collect(tree, {}, names, columns)
    return names, columns


def _collect(
    node: nodes.Node, rows: Mapping[str, str], names: set[str], columns: set[tuple[str, str]]
) -> None:
    """Walk a tree with the loop variables in sight: `rows` gives for each the field it runs over."""
    if isinstance(node, nodes.For):
        if not isinstance(node.iter, nodes.Name) or node.iter.name in rows:
            raise Unusable("循环只能在一个栏目上：{%tr for 行 in 栏目 %}。请改好以后再上传。")
        names.add(node.iter.name)
        inner = {**rows, node.target.name: node.iter.name, "loop": ""}  # type: ignore[attr-defined]
        for below in (*node.body, *node.else_, *([node.test] if node.test else [])):
            _collect(below, inner, names, columns)
        return
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        field_name = rows.get(node.node.name)
        if field_name is None or (field_name == "" and node.attr not in LOOP):
            raise Unusable("点号只能写在循环里：行.栏目。请改好以后再上传。")
        if field_name:
            columns.add((field_name, node.attr))
        return
    if isinstance(node, nodes.Name) and node.name not in rows:
        names.add(node.name)
    for below in node.iter_child_nodes():
        _collect(below, rows, names, columns)


def _sources(data: bytes) -> Iterable[str]:
    """The parts docxtpl renders, as it hands them to Jinja2."""
    template = _opened(data)
    yield template.patch_xml(template.get_xml())
    for uri in (DocxTemplate.HEADER_URI, DocxTemplate.FOOTER_URI):
        for _, part in template.get_headers_footers(uri):
            yield template.patch_xml(template.get_part_xml(part))


def _opened(data: bytes) -> DocxTemplate:
    if problem := against(data):
        raise Unusable(problem)
    try:
        template = DocxTemplate(io.BytesIO(data))
        template.init_docx()
    except Exception as problem:  # whatever a broken package raises inside the library
        raise Unusable(office.DAMAGED) from problem
    # docxtpl renders the file's properties too: they are ours to write
    properties = template.docx.core_properties
    for name in ("author", "comments", "identifier", "language", "subject", "title"):
        setattr(properties, name, "")
    return template


def render(data: bytes, context: Mapping[str, Text]) -> bytes:
    """The document of a template with these texts; raises Unusable where it cannot be one."""
    _used(data)
    template = _opened(data)
    try:
        template.render(
            {name: _cleaned(value) for name, value in context.items()}, Checked(), autoescape=True
        )
        target = io.BytesIO()
        template.docx.core_properties.title = clean(str(context.get("标题", "")))[:200]
        template.save(target)
        documents.opens(target.getvalue())
    except TemplateError as problem:
        raise Unusable(_fault(problem)) from problem
    except (etree.XMLSyntaxError, ValueError, KeyError, AttributeError, TypeError) as problem:
        raise Unusable(
            "模板填上内容以后打不开：{%tr … %}要单独占一行表格、{%p … %}要单独占一段，每个 for、if 都要有结束。"
        ) from problem
    return target.getvalue()


def _cleaned(value: Text) -> Any:
    if isinstance(value, list):
        return [
            {name: clean(text) for name, text in row.items()} if isinstance(row, dict) else clean(row)
            for row in value
        ]
    return clean(value)


def _fault(problem: TemplateError) -> str:
    return (
        f"模板里有一处写得不完整，读不懂：{str(problem)[:120]}。请核对每一个{{{{ }}}}和{{% %}}都写全、成对。"
    )


def starting_point(kind: DocumentKind) -> bytes:
    """Our own layout with fields in the place of words, for the office to change in Word."""
    blocks: list[Any] = ["{%p for 段 in 正文 %}", "{{ 段 }}", "{%p endfor %}"]
    for table in kind.tables:
        heads = table.columns
        blocks.append(_loop(table, heads))
    paper = Paper(
        title="{{ 标题 }}",
        number="{{ 发文字号 }}",
        to="{{ 主送机关 }}",
        blocks=tuple(blocks),
        sign="{{ 发文机关 }}",
        signed_on=None,
        note="{{ 附注 }}",
    )
    return documents.docx(paper, date_text="{{ 成文日期 }}")


def _loop(table: Field, heads: tuple[str, ...]) -> documents.Table:
    begin = (f"{{%tr for 行 in {table.name} %}}", *[""] * (len(heads) - 1))
    row = tuple(f"{{{{ 行.{head} }}}}" for head in heads)
    return documents.Table(table.name, heads, (begin, row, ("{%tr endfor %}", *[""] * (len(heads) - 1))))
