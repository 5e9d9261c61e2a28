"""Cells as values: what people write is understood, what cannot be is refused with a sentence and a proposal."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longsha_credit.exchange.tables.cleaning import clean, clean_row, text_of
from longsha_credit.exchange.tables.fields import Field, Sheet, Sort
from longsha_credit.exchange.tables.wrong import Wrong
from tests.exchange.tables.making import SHEET

CHOICES = (("promise", "公开承诺"), ("contract", "合同契约", "合同"), ("none", "无"))
FIELDS = {
    sort: Field(sort.name.lower(), sort.value, sort, choices=CHOICES if sort in (Sort.CHOICE, Sort.SEVERAL) else (), measure="件")
    for sort in Sort
}  # fmt: skip
START = Field("starts", "开始日期", Sort.DAY)
GOOD_USCC = "91110000802100433B"

UNDERSTOOD = [
    (Sort.TEXT, "　第２０２６〔３〕号 ", "第2026〔3〕号"),
    (Sort.TEXT, "向阳\n街道", "向阳街道"),
    (Sort.TEXT, "two\nwords", "two words"),
    (Sort.TEXT, "\u200b无", None),
    (Sort.NUMBER, "１，２３４．５件", Decimal("1234.50")),
    (Sort.MONEY, "￥1,234.5元", Decimal("1234.50")),
    (Sort.MONEY, "12.5万元", Decimal(125000)),
    (Sort.MONEY, "1.2亿", Decimal(120000000)),
    (Sort.MONEY, "三万", ""),
    (Sort.NUMBER, "3万", ""),
    (Sort.NUMBER, "1,23", "123"),
    (Sort.NUMBER, "95%", ""),
    (Sort.NUMBER, "约30户", "30"),
    (Sort.NUMBER, "1.2E+5", "120000"),
    (Sort.NUMBER, "1.234", "1.23"),
    (Sort.NUMBER, "-1", "1"),
    (Sort.WHOLE, "3.0", 3),
    (Sort.WHOLE, "3.5", "4"),
    (Sort.DAY, "２０２１年３月５日（星期五）", date(2021, 3, 5)),
    (Sort.DAY, "2021/3/5 14:30", date(2021, 3, 5)),
    (Sort.DAY, "2021-03-05T08:00:00+08:00", date(2021, 3, 5)),
    (Sort.DAY, "44260", date(2021, 3, 5)),
    (Sort.DAY, "二〇二一年十二月二十一日", date(2021, 12, 21)),
    (Sort.DAY, "2021年3月", "2021-03-01"),
    (Sort.DAY, "202103", "2021-03-01"),
    (Sort.DAY, "2021", "2021-01-01"),
    (Sort.DAY, "21.3.5", "2021-03-05"),
    (Sort.DAY, "2021-13-05", "2021-05-13"),
    (Sort.DAY, "3月5日", ""),
    (Sort.DAY, "1021-3-5", ""),
    (Sort.TRUTH, "无", False),
    (Sort.TRUTH, "√", True),
    (Sort.TRUTH, "不公开", "否"),
    (Sort.CHOICE, "无", "none"),
    (Sort.CHOICE, "合 同", "contract"),
    (Sort.CHOICE, "PROMISE", "promise"),
    (Sort.CHOICE, "公开承诺书", "公开承诺"),
    (Sort.SEVERAL, "合同,公开承诺；合同", ("promise", "contract")),
    (Sort.SEVERAL, "合同、别的", ""),
    (Sort.UNIT, "向阳街道 ／ 综合窗口", "向阳街道/综合窗口"),
    (Sort.UNIT, "230202001", "230202001000"),
    (Sort.UNIT, "2.30202E+11", ""),
    (Sort.UNIT, GOOD_USCC.lower(), GOOD_USCC),
    (Sort.DIVISION, "230202001001", "230202001001"),
    (Sort.DIVISION, "23020200100", ""),
    (Sort.DIVISION, "230202700001", ""),
    (Sort.USCC, "９１１１００００８０２１００４３３b", GOOD_USCC),
    (Sort.USCC, "91110000802100433A", ""),
    (Sort.USCC, "9111OOOO8O21OO433B", GOOD_USCC),
    (Sort.USCC, "9.11E+17", ""),
    (Sort.PERSON, "００１２", "0012"),
    (Sort.CODE, "12.0", "12"),
    (Sort.CODE, "=1+1", "1+1"),
    (Sort.TEXT, "#REF!", ""),
]


@pytest.mark.parametrize(
    ("sort", "text", "wanted"), UNDERSTOOD, ids=[f"{s.name} {t}" for s, t, _ in UNDERSTOOD]
)
def test_a_cell_is_understood_or_refused_with_a_proposal(sort, text, wanted):
    """Where `wanted` is a text and the value is not, the cell is refused and that is proposed."""
    try:
        assert clean(FIELDS[sort], text) == wanted
    except Wrong as wrong:
        assert (wrong.fix, wrong.sentence[-1] in "。？") == (wanted, True)


def test_what_may_be_empty_is_nothing_and_what_must_be_filled_says_so():
    required = Field("liability", "违诺责任", required=True, help="写清楚怎样承担。")
    assert [clean(FIELDS[Sort.TEXT], text) for text in ("", "/", "无", "—", "N/A", "　")] == [None] * 6
    with pytest.raises(Wrong, match="写的是“无”，这一栏必须填。写清楚怎样承担。"):
        clean(required, "无")


def test_a_month_is_proposed_by_its_last_day_where_something_is_due():
    due = Field("due", "到期日期", Sort.DAY, month_end=True)
    for field, fix in ((START, "2024-02-01"), (due, "2024-02-29")):
        with pytest.raises(Wrong) as wrong:
            clean(field, "2024年2月")
        assert wrong.value.fix == fix


@given(
    sort=st.sampled_from(list(Sort)),
    text=st.text(max_size=40) | st.from_regex(r"[0-9年月日./:E+,万元-]{0,20}", fullmatch=True),
)
def test_no_text_breaks_cleaning_and_what_it_gives_it_gives_again(sort, text):
    field = FIELDS[sort]
    try:
        value = clean(field, text)
    except Wrong as wrong:
        assert wrong.sentence
        return
    assert clean(field, text_of(field, value)) == value


@given(
    sort=st.sampled_from(list(Sort)),
    text=st.from_regex(r"[0-9年月日./:E+,万元-]{1,20}", fullmatch=True)
    | st.sampled_from([t for _, t, _ in UNDERSTOOD]),
)
def test_a_proposal_is_taken(sort, text):
    field = FIELDS[sort]
    try:
        clean(field, text)
    except Wrong as wrong:
        if wrong.fix:
            clean(field, wrong.fix)


@given(st.lists(st.text(max_size=30), min_size=7, max_size=7))
def test_a_row_gives_a_value_or_a_fault_for_each_cell(texts):
    values, faults = clean_row(SHEET, texts)
    assert len(values) == len(SHEET.fields)
    named = {fault.name for fault in faults}
    assert all(values[at] is None for at, field in enumerate(SHEET.fields) if field.name in named)


def test_a_dictionary_with_two_columns_of_one_name_is_refused():
    with pytest.raises(ValueError, match="two columns"):
        Sheet("x", "X", (Field("a", "甲"), Field("a", "乙")))


def test_no_proposal_says_the_opposite_or_guesses_among_several():
    openness = Field(
        "openness",
        "公开类型",
        Sort.CHOICE,
        choices=(("all", "可向社会公开"), ("some", "特定范围内公开"), ("no", "不可公开")),
    )
    with pytest.raises(Wrong) as told:
        clean(openness, "公开")
    assert told.value.fix == ""
    with pytest.raises(Wrong) as told:
        clean(openness, "不公开")
    assert told.value.fix == "不可公开"
