"""The field dictionary of questions: one list makes the template with its help, the check of a file and the export."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from longsha_credit.programme.contests import sheets
from longsha_credit.programme.models import Category, QuestionKind
from longsha_credit.programme.models.contest_questions import LETTERS, TRUTH

MOST_FAULTS = 200
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
FORMULA = re.compile(r"^[=@＝＠]")
YES, NO = {"对", "正确", "是", "√", "T", "TRUE", "A"}, {"错", "错误", "否", "×", "F", "FALSE", "B"}


@dataclass(frozen=True)
class Field:
    """A column: its name in the model, what it is called, what is said of it, an example, its choices, how much it takes."""

    name: str
    label: str
    help: str
    example: str
    required: bool = True
    most: int = 0
    choices: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    width: int = 16
    of: Callable[[Any], str] | None = None


def _option(at: int) -> Field:
    return Field(
        f"option_{LETTERS[at].lower()}",
        f"选项{LETTERS[at]}",
        "判断题不填选项。" if at == 0 else "没有的留空，中间不要空着。",
        ("公开", "公平", "公正", "诚信", "", "")[at],
        required=False,
        most=200,
        other_names=(LETTERS[at],),
        of=lambda question, at=at: (
            question.options[at] if question.kind != QuestionKind.TRUTH and at < len(question.options) else ""
        ),
    )


FIELDS = (
    Field("kind", "题型", "从下拉里选。", "多选题", choices=tuple(QuestionKind.labels), of=lambda q: q.get_kind_display()),
    Field("category", "类别", "从下拉里选，抽题规则按它分。", "政策文件", choices=tuple(Category.labels), of=lambda q: q.get_category_display()),
    Field("text", "题目", "一道题说一件事，最多500个字。", "政务公开应当坚持哪些原则？", most=500, other_names=("题干", "试题"), width=44, of=lambda q: q.text),
    *(_option(at) for at in range(len(LETTERS))),
    Field("right", "正确答案", "单选写一个字母，多选写几个字母如 ACD，判断题写 对 或 错。", "ABCD", most=20, other_names=("答案",), of=lambda q: q.right if q.kind != QuestionKind.TRUTH else TRUTH[LETTERS.index(q.right)]),
    Field("explanation", "解析", "为什么，最多1000个字。交卷以后给参加的人看。", "政府信息公开条例第五条：遵循公正、公平、合法、便民的原则。", most=1000, other_names=("答案解析",), width=44, of=lambda q: q.explanation),
    Field("source", "法规依据", "文件名称和条款，最多300个字。", "《中华人民共和国政府信息公开条例》第五条", most=300, other_names=("依据", "出处", "来源"), width=32, of=lambda q: q.source),
)  # fmt: skip
BY_NAME = {field.name: field for field in FIELDS}
KINDS = {label: value for value, label in QuestionKind.choices} | {
    "单选": "single",
    "多选": "multiple",
    "判断": "truth",
}
CATEGORIES = {label: value for value, label in Category.choices}


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell (such as C7), and what to do."""

    cell: str
    label: str
    sentence: str


@dataclass(frozen=True)
class Checked:
    """The rows of a file as questions, or everything that stands against it; nothing is taken in by half."""

    questions: list[dict[str, Any]]
    faults: list[Fault]
    rows: int = 0

    @property
    def shown(self) -> list[Fault]:
        return self.faults[:MOST_FAULTS]


def check(name: str, data: bytes, known: set[str]) -> Checked:
    """Read a file whole and check every cell; `known` are the texts the bank holds already. Raises sheets.Unreadable."""
    found = sheets.rows(name, data)
    at, columns = _heads(found)
    questions, faults, seen = [], [], {}
    for number, cells in found[at + 1 :]:
        values = {name: (cells[place] if place < len(cells) else "") for name, place in columns.items()}
        if _is_example(values):
            continue
        row = _Row(values)
        question = row.question()
        text = question.get("text", "")
        if text in known:
            row.fault("text", "题库里已经有这道题。要改它，请在题库里出新版。")
        elif text in seen:
            row.fault("text", f"和第{seen[text]}行是同一道题，请删去一行。")
        elif text:
            seen[text] = number
        faults += [
            Fault(f"{sheets.column(columns.get(name, 0))}{number}", BY_NAME[name].label, sentence)
            for name, sentence in sorted(row.faults, key=lambda fault: columns.get(fault[0], 0))
        ]
        questions.append(question)
    if not questions:
        raise sheets.Unreadable("表里没有题目。请从表头的下一行开始，一行写一道题。")
    return Checked([] if faults else questions, faults, len(questions))


def one(values: dict[str, str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """A question typed on the desk: its values as the model takes them, and (field, sentence) of what is wrong."""
    row = _Row(values)
    return row.question(), row.faults


def texts_of(question: Any) -> dict[str, str]:
    """A question in the words of the columns."""
    return {field.name: field.of(question) for field in FIELDS if field.of}


def _heads(found: list[sheets.Row]) -> tuple[int, dict[str, int]]:
    """Which row has the heads, and in which column each field stands; a title above them does no harm."""
    names = {label: field.name for field in FIELDS for label in (field.label, *field.other_names)}
    for at, (_, cells) in enumerate(found[:10]):
        columns = {}
        for place, cell in enumerate(cells):
            head = unicodedata.normalize("NFKC", cell).replace(" ", "").rstrip("*")
            if head in names:
                columns.setdefault(names[head], place)
        if "text" in columns and "right" in columns:
            missing = [field.label for field in FIELDS if field.required and field.name not in columns]
            if missing:
                raise sheets.Unreadable(f"表头缺少“{'”“'.join(missing)}”。请用模板的表头，不要改名。")
            return at, columns
    raise sheets.Unreadable("没有找到表头。第一行应当有“题目”“正确答案”等，请下载模板照着填。")


def _is_example(values: dict[str, str]) -> bool:
    """The template's own example, left in the file."""
    return all(values.get(field.name, "") == field.example for field in FIELDS if field.required)


class _Row:
    """One row on its way to a question."""

    def __init__(self, values: dict[str, str]):
        self.values = values
        self.faults: list[tuple[str, str]] = []

    def fault(self, name: str, sentence: str) -> None:
        self.faults.append((name, sentence))

    def question(self) -> dict[str, Any]:
        """The values as the model takes them; what is wrong stands in `faults`."""
        clean = {field.name: self._text(field) for field in FIELDS}
        kind = self._one_of("kind", clean["kind"], KINDS)
        category = self._one_of("category", clean["category"], CATEGORIES)
        options = self._options(kind, clean)
        return {
            "kind": kind,
            "category": category,
            "options": options,
            "right": self._right(kind, options, clean["right"]),
            **{name: clean[name] for name in ("text", "explanation", "source")},
        }

    def _text(self, field: Field) -> str:
        text = FORBIDDEN.sub("", self.values.get(field.name, "")).strip()
        if not text and field.required:
            self.fault(field.name, f"没有填。{field.help}")
        elif field.most and len(text) > field.most:
            self.fault(field.name, f"有{len(text)}个字，最多{field.most}个字，请删短。")
        elif FORMULA.match(text) and field.name not in ("right",):
            self.fault(field.name, f"以“{text[0]}”开头，表格软件会当成公式。请改掉开头的符号。")
        return text

    def _one_of(self, name: str, text: str, known: dict[str, str]) -> str:
        if text and text not in known:
            self.fault(name, f"“{text[:20]}”认不出。请填：{'、'.join(BY_NAME[name].choices)}。")
        return known.get(text, "")

    def _options(self, kind: str, clean: dict[str, str]) -> list[str]:
        given = [clean[f"option_{letter.lower()}"] for letter in LETTERS]
        if kind == QuestionKind.TRUTH:
            if any(given) and given[:2] not in (TRUTH, ["正确", "错误"]):
                self.fault("option_a", "判断题不填选项，请清空。")
            return list(TRUTH)
        filled = [option for option in given if option]
        gap = next((at for at, option in enumerate(given) if not option and any(given[at:])), None)
        if gap is not None:
            self.fault(f"option_{LETTERS[gap].lower()}", "空着，后面却还有选项。请补上，或把后面的往前移。")
        least = 3 if kind == QuestionKind.MULTIPLE else 2
        if kind and len(filled) < least:
            name = f"option_{LETTERS[len(filled)].lower()}"
            self.fault(name, f"{QuestionKind(kind).label}至少要有{least}个选项。")
        if len(set(filled)) < len(filled):
            self.fault("option_a", "有两个选项一样，请核对。")
        return filled

    def _right(self, kind: str, options: list[str], text: str) -> str:
        plain = re.sub(r"[\s,，、;；./]", "", unicodedata.normalize("NFKC", text)).upper()
        if not plain:
            return ""
        if kind == QuestionKind.TRUTH:
            if plain not in YES | NO:
                self.fault("right", f"“{text[:20]}”认不出。判断题请写 对 或 错。")
            return "A" if plain in YES else "B"
        offered = LETTERS[: len(options)]
        wrong = "".join(letter for letter in plain if letter not in offered)
        if wrong:
            self.fault("right", f"写了“{wrong[:10]}”，没有这个选项。请写选项前面的字母，如 AC。")
        elif kind == QuestionKind.SINGLE and len(set(plain)) != 1:
            self.fault("right", "单选题只能有一个正确答案。有几个的请把题型改成多选题。")
        elif kind == QuestionKind.MULTIPLE and len(set(plain)) < 2:
            self.fault("right", "多选题至少有两个正确答案。只有一个的请把题型改成单选题。")
        return "".join(letter for letter in offered if letter in plain)
