"""The field dictionary of questions, and what the cells of one question say together."""

import re
import unicodedata
from typing import Any

from longsha_credit.exchange.tables.cleaning import Fault, clean_row
from longsha_credit.exchange.tables.fields import Field, Sheet, Sort
from longsha_credit.programme.models import Category, QuestionKind
from longsha_credit.programme.models.contest_questions import LETTERS, TRUTH

KEY = "questions"
MOST_QUESTIONS = 1000  # of one file
YES, NO = {"对", "正确", "是", "√", "T", "TRUE", "A"}, {"错", "错误", "否", "×", "F", "FALSE", "B"}
KINDS = tuple((value, label, label.removesuffix("题")) for value, label in QuestionKind.choices)


def _option(at: int) -> Field:
    help_ = "判断题不填选项。" if at == 0 else "没有的留空，中间不要空着。"
    example = ("公开", "公平", "公正", "诚信", "", "")[at]
    return Field(
        f"option_{LETTERS[at].lower()}", f"选项{LETTERS[at]}", Sort.TEXT, help=help_, example=example, most=200,
        other_names=(LETTERS[at],), as_written=True,
    )  # fmt: skip


SHEET = Sheet(
    KEY,
    "题目",
    (
        Field("kind", "题型", Sort.CHOICE, True, "从下拉里选。", "多选题", choices=KINDS),
        Field("category", "类别", Sort.CHOICE, True, "从下拉里选，抽题规则按它分。", "政策文件", choices=tuple(Category.choices)),
        Field("text", "题目", Sort.LONG, True, "一道题说一件事，最多500个字。", "政务公开应当坚持哪些原则？", 44, most=500,
              other_names=("题干", "试题")),
        *(_option(at) for at in range(len(LETTERS))),
        Field("right", "正确答案", Sort.TEXT, True, "单选写一个字母，多选写几个字母如 ACD，判断题写 对 或 错。", "ABCD",
              most=20, other_names=("答案",), as_written=True),
        Field("explanation", "解析", Sort.LONG, True, "为什么，最多1000个字。交卷以后给参加的人看。",
              "政府信息公开条例第五条：遵循公正、公平、合法、便民的原则。", 44, most=1000, other_names=("答案解析",)),
        Field("source", "法规依据", Sort.TEXT, True, "文件名称和条款，最多300个字。",
              "《中华人民共和国政府信息公开条例》第五条", 32, most=300, other_names=("依据", "出处", "来源")),
    ),
    most_rows=MOST_QUESTIONS,
    note="导入的都是待核对的草稿，由另一个人核对答案和依据再启用。",
)  # fmt: skip
FIELDS = SHEET.fields
OPTIONS = tuple(f"option_{letter.lower()}" for letter in LETTERS)


def one(values: dict[str, str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """A question typed on the desk: its values as the model takes them, and (field, sentence) of what is wrong."""
    cells, faults = clean_row(SHEET, [values.get(name, "") for name in SHEET.names])
    row = _Row(dict(zip(SHEET.names, cells, strict=True)))
    return row.question(), [(fault.name, fault.sentence) for fault in faults] + row.faults


def together(values: dict[str, Any]) -> list[Fault]:
    """What the cells of a file's row say together; its options and its right answer are written as they are kept."""
    row = _Row(values)
    question = row.question()
    given = dict(values)
    values["right"] = question["right"] or None
    values |= dict.fromkeys(OPTIONS) | dict(zip(OPTIONS, question["options"], strict=False))
    return [
        Fault(name, SHEET.by_name[name].label, str(given[name] or ""), sentence)
        for name, sentence in row.faults
    ]


def values_of(question: Any) -> dict[str, Any]:
    """A question as the values of the columns."""
    truth = question.kind == QuestionKind.TRUTH
    options = dict(zip(OPTIONS, () if truth else question.options, strict=False))
    right = TRUTH[LETTERS.index(question.right)] if truth else question.right
    named = {name: getattr(question, name) for name in ("kind", "category", "text", "explanation", "source")}
    return named | options | {"right": right}


def texts_of(question: Any) -> dict[str, str]:
    """A question in the words of the columns."""
    values = values_of(question)
    labels = {"kind": question.get_kind_display(), "category": question.get_category_display()}
    return {name: str(values.get(name) or "") for name in SHEET.names} | labels


class _Row:
    """The clean cells of one row on their way to a question."""

    def __init__(self, values: dict[str, Any]):
        self.values = values
        self.faults: list[tuple[str, str]] = []

    def fault(self, name: str, sentence: str) -> None:
        self.faults.append((name, sentence))

    def question(self) -> dict[str, Any]:
        """The values as the model takes them; what is wrong stands in `faults`."""
        named = {
            name: self.values[name] or "" for name in ("kind", "category", "text", "explanation", "source")
        }
        options = self._options(named["kind"])
        return named | {
            "options": options,
            "right": self._right(named["kind"], options, self.values["right"] or ""),
        }

    def _options(self, kind: str) -> list[str]:
        given = [self.values[name] or "" for name in OPTIONS]
        if kind == QuestionKind.TRUTH:
            if any(given) and given[:2] not in (TRUTH, ["正确", "错误"]):
                self.fault("option_a", "判断题不填选项，请清空。")
            return list(TRUTH)
        filled = [option for option in given if option]
        gap = next((at for at, option in enumerate(given) if not option and any(given[at:])), None)
        if gap is not None:
            self.fault(OPTIONS[gap], "空着，后面却还有选项。请补上，或把后面的往前移。")
        least = 3 if kind == QuestionKind.MULTIPLE else 2
        if kind and len(filled) < least:
            self.fault(OPTIONS[len(filled)], f"{QuestionKind(kind).label}至少要有{least}个选项。")
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
