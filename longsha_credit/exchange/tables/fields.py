"""The field dictionary: what a column is called, what may stand in it, and what is said of it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

MOST_ROWS = 50_000
KEY = "key"  # the name under which the hidden column with a row's own number is read
KEY_LABEL = "系统编号"

# The value that is kept, what people call it, and what else they write for it.
Choice = tuple[str, ...]


class Sort(Enum):
    """What a cell holds, and with it the value it becomes."""

    TEXT = "一行文字"  # str
    LONG = "文字"  # str, with line breaks
    NUMBER = "数"  # Decimal
    MONEY = "金额（元）"  # Decimal in yuan; 万元 and 亿元 are reckoned
    WHOLE = "整数"  # int
    DAY = "日期"  # datetime.date
    TRUTH = "是或否"  # bool
    CHOICE = "从下拉里选"  # str, the kept value
    SEVERAL = "可选几项"  # tuple of kept values
    UNIT = "单位"  # str: a division code of 12 digits, a USCC, or a name as 向阳街道/综合窗口
    PERSON = "人员工号"  # str
    CODE = "编号"  # str, leading zeros and all
    USCC = "统一社会信用代码"  # str, its check character right
    DIVISION = "区划代码"  # str of 12 digits


NUMBERS = frozenset({Sort.NUMBER, Sort.MONEY, Sort.WHOLE})
LISTED = frozenset({Sort.CHOICE, Sort.SEVERAL})
TEXTS = frozenset({Sort.TEXT, Sort.LONG})


@dataclass(frozen=True, eq=False)
class Field:
    """A column.

    `choices` are (kept value, label, other spellings…), as a model's choices are. `most` is the longest text in
    characters or the largest number, `least` the smallest number, `places` the decimals a number may have. `measure`
    is a word that may follow a number (件, 小时). `month_end` says which day stands for a bare month in the proposed fix.
    `check` raises ValidationError with sentences of its own, as the checks of the directory do.
    `as_written` says that 无 or a dash means itself there.
    """

    name: str
    label: str
    sort: Sort = Sort.TEXT
    required: bool = False
    help: str = ""
    example: str = ""
    width: int = 16
    choices: tuple[Choice, ...] = ()
    most: int | None = None
    least: int = 0
    places: int = 2
    measure: str = ""
    month_end: bool = False
    other_names: tuple[str, ...] = ()
    as_written: bool = False
    check: Callable[[str], None] | None = None

    @property
    def head(self) -> str:
        """The head as the template writes it."""
        return f"{self.label}*" if self.required else self.label

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(choice[1] for choice in self.choices)


@dataclass(frozen=True, eq=False)
class Sheet:
    """A kind of table: its columns in their order, and how many rows one file may bring.

    `keyed` sheets carry the row's own number in a hidden last column, so that what was exported is known again.
    `note` stands on the template's page of explanations.
    """

    key: str
    label: str
    fields: tuple[Field, ...]
    most_rows: int = MOST_ROWS
    note: str = ""
    keyed: bool = True

    def __post_init__(self) -> None:
        names = [field.name for field in self.fields]
        if len(set(names)) < len(names) or KEY in names:
            raise ValueError(f"{self.key}: two columns of one name")
        if wrong := [field.name for field in self.fields if bool(field.choices) != (field.sort in LISTED)]:
            raise ValueError(f"{self.key}: choices belong to columns to choose from: {wrong}")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    @property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @property
    def heads(self) -> tuple[str, ...]:
        return tuple(field.head for field in self.fields) + ((KEY_LABEL,) if self.keyed else ())
