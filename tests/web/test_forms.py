"""What a form says when something is wrong, and how it is drawn."""

import datetime
from decimal import Decimal

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from longsha_credit.web.forms import FileInput, FilesField, HalfWidthCharField, PortalForm

KINDS = [("a", "便民服务"), ("b", "助残")]


class Sample(PortalForm):
    title = forms.CharField(label="标题", max_length=60, min_length=4, help_text="一句话。")
    content = forms.CharField(label="内容", max_length=200, widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(label="类别", choices=KINDS, widget=forms.RadioSelect)
    unit = forms.ChoiceField(label="单位", choices=[("", "---------"), ("1", "向阳街道")])
    due = forms.DateField(label="完成期限")
    target = forms.DecimalField(label="目标", max_digits=6, decimal_places=2, min_value=1)
    number = forms.IntegerField(label="件数", required=False)
    phone = HalfWidthCharField(label="电话", required=False)
    sure = forms.BooleanField(label="我已核对")
    own = forms.CharField(
        label="自定", required=False, max_length=3, error_messages={"max_length": "太长了。"}
    )


GOOD = {"title": "建成坡道", "kind": "a", "unit": "1", "due": "2026-11-30", "target": "24", "sure": "on"}


def errors(**changes):
    form = Sample({**GOOD, **changes})
    return {name: list(texts) for name, texts in form.errors.items()}


def test_a_good_form_passes():
    form = Sample(GOOD)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["due"] == datetime.date(2026, 11, 30)


def test_what_is_missing_is_named():
    assert {name: list(texts) for name, texts in Sample({}).errors.items()} == {
        "title": ["请填写标题。"],
        "kind": ["请选择类别。"],
        "unit": ["请选择单位。"],
        "due": ["请填写完成期限。"],
        "target": ["请填写目标。"],
        "sure": ["请勾选“我已核对”。"],
    }


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("title", "长" * 83, "标题最多 60 个字，现在有 83 个字，请删去 23 个字。"),
        ("title", "短短", "标题至少 4 个字，现在有 2 个字，请再写 2 个字。"),
        (
            "title",
            "有\x00空字符的标题",
            "标题里有看不见的控制字符，请删去后重新填写，或先粘贴到记事本再复制过来。",
        ),
        ("content", "响\x07铃", "内容里有看不见的控制字符，请删去后重新填写，或先粘贴到记事本再复制过来。"),
        ("kind", "z", "请从列出的选项里选择类别。"),
        ("unit", "9\x00", "请从列出的选项里选择单位。"),
        ("due", "年底", "完成期限要写成 2026-11-30 这样的日期。"),
        ("due", "2026-11-31", "完成期限要写成 2026-11-30 这样的日期。"),
        ("due", "0026-11-30", "完成期限的年份要在 1900 到 2100 之间，请核对。"),
        ("due", "2026-11-30\x00", "完成期限要写成 2026-11-30 这样的日期。"),
        ("target", "尽快", "目标要写数字，例如 24 或 24.5。"),
        ("target", "0", "目标不能小于 1，请核对。"),
        ("target", "1.234", "目标最多保留 2 位小数。"),
        ("target", "NaN", "目标要写数字，例如 24 或 24.5。"),
        ("target", "9" * 5000, "目标最多 6 位数字，请核对。"),
        ("number", "24.5", "件数要写整数，例如 24。"),
        ("number", "9" * 20, "件数不能大于 2147483647，请核对。"),
        ("number", "9" * 5000, "件数要写整数，例如 24。"),
        ("own", "四个字长", "太长了。"),
    ],
)
def test_what_is_wrong_says_what_to_do(name, value, sentence):
    assert errors(**{name: value}) == {name: [sentence]}


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-30",
        "2026/11/30",
        "2026.11.30",
        "2026年11月30日",
        "20261130",
        "２０２６－１１－３０",
        " 2026年11月30日　",
    ],
)
def test_every_way_offices_write_a_date_is_understood(text):
    form = Sample({**GOOD, "due": text})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["due"] == datetime.date(2026, 11, 30)


def test_full_width_digits_are_understood():
    form = Sample({**GOOD, "target": "２４．５", "number": "１２", "phone": "００００－１２３４"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["target"] == Decimal("24.5")
    assert form.cleaned_data["number"] == 12
    assert form.cleaned_data["phone"] == "0000-1234"


def test_line_breaks_count_once_and_invisible_characters_go():
    form = Sample({**GOOD, "content": "一\r\n" * 100, "title": "\ufeff建成\u200b坡道"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["content"] == ("一\n" * 100).strip()
    assert form.cleaned_data["title"] == "建成坡道"


def test_field_links_hint_and_fault():
    html = Sample({**GOOD, "title": ""})["title"].as_field_group()
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert html.index('id="id_title_error"') < html.index("<input")
    assert 'class="input"' in html
    assert "maxlength" not in html
    assert 'data-max="60"' in html


def test_choices_are_a_fieldset_with_their_fault():
    form = Sample({**GOOD, "kind": ""})
    html = form["kind"].as_field_group()
    assert '<fieldset class="field" aria-describedby="id_kind_error">' in html
    assert html.count('class="choice"') == 2
    assert form["kind"].anchor == "id_kind_0"
    assert 'id="id_kind_0"' in html


def test_the_chosen_one_stays_chosen():
    assert 'value="b" id="id_kind_1" checked' in str(Sample({**GOOD, "kind": "b"})["kind"])


def test_optional_fields_say_so():
    form = Sample()
    assert "（选填）" in form["content"].as_field_group()
    assert "（选填）" not in form["title"].as_field_group()
    assert "请选择" in str(form["unit"])


def test_form_begins_with_its_summary():
    html = str(Sample({**GOOD, "title": "", "kind": ""}))
    assert "有2处需要修改" in html
    assert '<a href="#id_title">请填写标题。</a>' in html
    assert '<a href="#id_kind_0">请选择类别。</a>' in html
    assert "error-summary" not in str(Sample())


def test_what_was_typed_is_escaped():
    assert "<script>" not in str(Sample({**GOOD, "title": "<script>", "content": "</textarea><script>"}))


class Papers(PortalForm):
    papers = FilesField(label="材料", widget=FileInput(limits="PDF，不超过 20 MB。", accept=".pdf"))


def test_file_box_says_its_limits():
    html = Papers()["papers"].as_field_group()
    assert "PDF，不超过 20 MB。" in html
    assert 'accept=".pdf"' in html


@pytest.mark.parametrize(
    ("content", "sentence"), [(None, "请选择要上传的材料。"), (b"", "这个文件是空的，请打开核对后重新选择。")]
)
def test_file_faults_are_sentences(content, sentence):
    files = MultiValueDict({"papers": [SimpleUploadedFile("a.pdf", content)]} if content is not None else {})
    assert list(Papers({}, files).errors["papers"]) == [sentence]


def test_a_percent_sign_in_a_label_stays_one():
    class Rates(PortalForm):
        floor = forms.DecimalField(label="最低得分率（%）", min_value=0, max_value=100, decimal_places=2)
        of = forms.ChoiceField(label="哪个%", choices=KINDS)

    def said(floor):
        return [
            sentence for faults in Rates({"floor": floor, "of": "x"}).errors.values() for sentence in faults
        ]

    assert said("101")[0] == "最低得分率（%）不能大于 100，请核对。"
    assert said("1.234")[0] == "最低得分率（%）最多保留 2 位小数。"
    assert said("1") == ["请从列出的选项里选择哪个%。"]
