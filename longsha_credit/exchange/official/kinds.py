"""What kinds of official documents there are; each is registered by the app whose things it is about."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from longsha_credit.exchange.documents import Paper, Table, day
from longsha_credit.exchange.models import READERS

Text = str | list[str] | list[dict[str, str]]


@dataclass(frozen=True)
class Field:
    """A field a Word template may use: its name, what it says, an example; `columns` where it is a table's rows."""

    name: str
    meaning: str
    example: Text = ""
    required: bool = False
    columns: tuple[str, ...] = ()

    @property
    def is_list(self) -> bool:
        return isinstance(self.example, list)


COMMON = (
    Field("标题", "文书的标题", "关于某某事项的通知", required=True),
    Field("发文字号", "出具的时候编的号；草稿写“未编号”", "龙信办〔2026〕3号", required=True),
    Field("主送机关", "发给谁", "向阳街道办事处"),
    Field("正文", "正文各段，怎样写见上面", ["第一段。", "第二段。"]),
    Field("附件", "附件的名称，一个一行", ["附件名称"]),
    Field("签字栏", "由人签字的各行", ["移交人：（签字）"]),
    Field("发文机关", "署名的单位", "示例区信用办", required=True),
    Field("成文日期", "日期，不编虚位", "2026年11月5日", required=True),
    Field("附注", "日期下面括号里的话，没有时为空", "办理编号：信治督〔2026〕0001号"),
    Field("抄送机关", "抄送，没有时为空", "区纪委监委机关"),
    Field("印发机关", "版记里的印发机关，没有时为空", "示例区信用办"),
    Field("印发日期", "版记里的印发日期，没有时为空", "2026年11月5日"),
)


@dataclass(frozen=True)
class DocumentKind:
    """One kind of official document.

    `word` stands in its default number, `model` is what it is about, `things(user)` the queryset of those the user may
    read, `paper(thing)` what the document says, `unit(thing)` who issues it, `roles` who of that unit may.
    `against(thing)` gives the sentences that stand against issuing. `url(thing)` is the page it belongs to.
    `own` are fields beside the common ones, `values(thing)` their texts; `tables` names the paper's tables in their
    order. `opened(user, thing)` is called whenever somebody reads one; where a thing
    is `quiet` (about a person) lists show neither whom it is about nor to whom it goes. `sample` is a document with fictional content.
    """

    key: str
    label: str
    word: str
    model: type[Any]
    things: Callable[[Any], Any]
    paper: Callable[[Any], Paper]
    unit: Callable[[Any], Any]
    roles: frozenset[str]
    url: Callable[[Any], str]
    sample: Paper
    own: tuple[Field, ...] = ()
    values: Callable[[Any], Mapping[str, str]] = lambda thing: {}
    tables: tuple[Field, ...] = ()
    against: Callable[[Any], list[str]] = lambda thing: []
    applies: Callable[[Any], bool] = lambda thing: True
    opened: Callable[[Any, Any], None] = lambda user, thing: None
    quiet: Callable[[Any], bool] = lambda thing: False

    @property
    def fields(self) -> tuple[Field, ...]:
        return (*COMMON, *self.own, *self.tables)

    def context(self, paper: Paper, values: Mapping[str, str]) -> dict[str, Text]:
        """What a template is rendered with: texts, lists of texts and lists of rows, nothing else."""
        return {
            "标题": paper.title,
            "发文字号": paper.number,
            "主送机关": paper.to,
            "正文": [part["text"] for part in paper.parts if part["kind"] != "table"],
            "附件": list(paper.attachments),
            "签字栏": list(paper.signatures),
            "发文机关": paper.sign,
            "成文日期": paper.signed_on_text,
            "附注": "；".join(paper.notes),
            "抄送机关": paper.copy_to,
            "印发机关": paper.printed_by,
            "印发日期": day(paper.printed_on) if paper.printed_on else "",
            **{one.name: str(values.get(one.name, "")) for one in self.own},
            **dict(self._rows(paper)),
        }

    def _rows(self, paper: Paper) -> Iterator[tuple[str, Text]]:
        found = [block for block in paper.blocks if isinstance(block, Table)]
        for number, one in enumerate(self.tables):
            rows = found[number].rows if number < len(found) else ()
            yield (
                one.name,
                [dict(zip(one.columns, (*row, *[""] * len(one.columns)), strict=False)) for row in rows],
            )

    @property
    def example(self) -> dict[str, Text]:
        """Example values for every field."""
        own = {one.name: str(one.example) for one in self.own}
        return self.context(self.sample, own)


KINDS: dict[str, DocumentKind] = {}


def register(kind: DocumentKind) -> None:
    """Make a kind of document known, in the `ready()` of its app. The last registration counts."""
    KINDS[kind.key] = kind
    READERS[kind.key] = kind.things


def of(thing: Any) -> list[DocumentKind]:
    """The kinds of documents there are on a thing."""
    return [kind for kind in KINDS.values() if isinstance(thing, kind.model) and kind.applies(thing)]


def label_of(key: str) -> str:
    return KINDS[key].label if key in KINDS else "现在没有的种类"
