"""Rows of a small table inside one form: those that are there and a few blank ones, so that no script is needed."""

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

BLANK = 3
MOST = 30


@dataclass(frozen=True)
class Table:
    """A table in a form: its prefix, its columns (each gives a field for the row's name), what a row must have."""

    prefix: str
    row_name: str
    columns: dict[str, Callable[[str], forms.Field]]
    needed: dict[str, str]

    def key(self, index: int, column: str) -> str:
        return f"{self.prefix}-{index}-{column}"

    def numbers(self, rows: list[dict[str, Any]], data: Any) -> list[int]:
        """The number of every row on the page: the known ones, then new ones counted on."""
        known = [row["number"] for row in rows]
        size = min(max(len(known) + BLANK, self._sent(data)), MOST)
        last = max(known, default=0)
        return known[:size] + [last + n + 1 for n in range(size - len(known))]

    def _sent(self, data: Any) -> int:
        pattern = re.compile(rf"^{self.prefix}-(\d{{1,2}})-")
        return max((int(found[1]) + 1 for key in data or () if (found := pattern.match(key))), default=0)

    def fields(self, numbers: list[int]) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for index, number in enumerate(numbers):
            found[self.key(index, "number")] = forms.IntegerField(
                required=False, widget=forms.HiddenInput, min_value=1, max_value=32000
            )
            for column, make in self.columns.items():
                found[self.key(index, column)] = make(self.row_name.format(number))
        return found

    def initial(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            self.key(index, column): row[column]
            for index, row in enumerate(rows)
            for column in ("number", *self.columns)
        }

    def cleaned(self, form: forms.Form) -> list[dict[str, Any]]:
        """The rows somebody filled in, each with its `number` (None: a new one) and its `index` on the page."""
        found = []
        for index in range(len(form.row_numbers[self.prefix])):
            row = {c: form.cleaned_data.get(self.key(index, c)) for c in self.columns}
            if any(value not in (None, "") for value in row.values()):
                number = form.cleaned_data.get(self.key(index, "number"))
                found.append(row | {"number": number, "index": index})
        return found

    def require(self, form: forms.Form, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            for column, sentence in self.needed.items():
                if row[column] in (None, ""):
                    _fault(form, self, row, column, f"：{sentence}")


def _text(what: str, longest: int) -> Callable[[str], forms.Field]:
    return lambda row: forms.CharField(label=f"{row}{what}", max_length=longest, required=False)


def _day(what: str) -> Callable[[str], forms.Field]:
    return lambda row: forms.DateField(label=f"{row}{what}", required=False)


def _number(what: str, digits: int = 12) -> Callable[[str], forms.Field]:
    return lambda row: forms.DecimalField(
        label=f"{row}{what}", max_digits=digits, decimal_places=2, min_value=0, required=False
    )


PARTS = Table(
    "parts",
    "第{}部分",
    {
        "title": _text("名称", 60),
        "due_on": _day("做到哪天"),
        "target": _number("数量"),
        "unit": _text("计量单位", 10),
        "weight": _number("权重"),
    },
    {"title": "请写明做什么。", "due_on": "请写明哪天前做完。"},
)
PAYMENTS = Table(
    "payments",
    "第{}笔",
    {
        "amount": _number("应付金额（元）", 14),
        "due_on": _day("付款期限"),
        "delivered_on": _day("交付日期"),
        "paid_on": _day("付款日期"),
        "paid_amount": _number("已付金额（元）", 14),
    },
    {"amount": "请写明要付多少。"},
)


class WithRows:
    """Put before a form class: it has the tables named in `tables`, filled from `rows` by their prefix."""

    tables: tuple[Table, ...] = ()

    def __init__(self, *args, rows=None, fields=None, **kwargs):
        data, rows = (args[0] if args else kwargs.get("data")), rows or {}
        self.row_numbers = {}
        self.base_fields = fields or copy.deepcopy(dict(type(self).base_fields))
        initial = {}
        for table in self.tables:
            known = rows.get(table.prefix, [])
            self.row_numbers[table.prefix] = table.numbers(known, data)
            self.base_fields |= table.fields(self.row_numbers[table.prefix])
            initial |= table.initial(known)
        kwargs["initial"] = initial | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def rows_on_page(self, table):
        """Each row as its number and its fields, for the template."""
        return [
            {
                "name": table.row_name.format(number),
                "number": self[table.key(index, "number")],
                **{column: self[table.key(index, column)] for column in table.columns},
            }
            for index, number in enumerate(self.row_numbers[table.prefix])
        ]

    @property
    def part_rows(self):
        return self.rows_on_page(PARTS)

    @property
    def payment_rows(self):
        return self.rows_on_page(PAYMENTS)

    def _is_open(self, table, column):
        """Whether the block of a table has something to show or to say."""
        filled = any(row[column].value() for row in self.rows_on_page(table))
        return filled or any(key.startswith(f"{table.prefix}-") for key in self.errors)

    @property
    def parts_open(self):
        return self._is_open(PARTS, "title")

    @property
    def payments_open(self):
        return self._is_open(PAYMENTS, "amount")


def _fault(form: forms.Form, table: Table, row: dict[str, Any], column: str, sentence: str) -> None:
    """Say what is wrong with one field of a row, unless something is said of it already."""
    key = table.key(row["index"], column)
    if key not in form.errors:
        form.add_error(key, f"{form.fields[key].label}{sentence}")


def check_parts(form: forms.Form, last_day: Any) -> list[dict[str, Any]]:
    """The parts somebody filled in, faults noted on the form."""
    rows = PARTS.cleaned(form)
    PARTS.require(form, rows)
    weighted = any(row["weight"] is not None for row in rows)
    for row in rows:
        if row["target"] is not None and not row["unit"]:
            _fault(form, PARTS, row, "unit", "：填了数量，请写上计量单位。")
        if row["unit"] and row["target"] is None:
            _fault(form, PARTS, row, "target", "：填了计量单位，请写上数字。")
        for column in ("target", "weight"):
            if row[column] == 0:
                _fault(form, PARTS, row, column, "要大于 0。")
        if weighted and row["weight"] is None:
            _fault(form, PARTS, row, "weight", "：权重要么每一部分都填，要么都不填。")
        if row["due_on"] and last_day and row["due_on"] > last_day:
            _fault(form, PARTS, row, "due_on", f"：不能晚于整件事的期限 {last_day}。")
    return rows


def check_payments(form: forms.Form) -> list[dict[str, Any]]:
    """The payments somebody filled in, faults noted on the form."""
    rows = PAYMENTS.cleaned(form)
    PAYMENTS.require(form, rows)
    for row in rows:
        if row["amount"] == 0:
            _fault(form, PAYMENTS, row, "amount", "要大于 0。")
        delivered = PAYMENTS.key(row["index"], "delivered_on")
        if row["due_on"] is None and row["delivered_on"] is None and delivered not in form.errors:
            sentence = "：请填写；合同没有约定的留空，填交付日期，按法定的日子算。"
            _fault(form, PAYMENTS, row, "due_on", sentence)
        _check_paid(form, row)
    return rows


def _check_paid(form: forms.Form, row: dict[str, Any]) -> None:
    paid_on, paid_amount = row["paid_on"], row["paid_amount"]
    if paid_on and paid_amount is None:
        _fault(form, PAYMENTS, row, "paid_amount", "：填了付款日期，请写上付了多少。")
    if paid_amount is not None and not paid_on:
        _fault(form, PAYMENTS, row, "paid_on", "：填了已付金额，请写上哪天付的。")
    if paid_on and paid_on > timezone.localdate():
        _fault(form, PAYMENTS, row, "paid_on", "不能晚于今天。")
    if paid_amount == 0:
        _fault(form, PAYMENTS, row, "paid_amount", "要大于 0；还没有付的，和付款日期一起留空。")
    if row["amount"] and paid_amount and paid_amount > row["amount"]:
        _fault(form, PAYMENTS, row, "paid_amount", "不能多于应付金额。")
