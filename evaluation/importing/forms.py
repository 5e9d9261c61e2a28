"""Forms of imported facts: one fact, a correction, a table with the document that proves it."""

from typing import Any

from django import forms

from evaluation.importing import fields, services
from evaluation.metrics.imported import COUNT, GRADE, IMPORTABLE, number_words, told
from longsha_credit.directory.checks import free_text
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.exchange.imports.forms import UploadForm
from longsha_credit.files import checks
from longsha_credit.programme.models import Year, YearState
from longsha_credit.web.forms import FileInput, PortalForm

LIMITS = f"不超过 {checks.LARGEST // checks.MIB} MB；可上传 {checks.ALLOWED}。"
NUMBERS = {"numerator": "分子", "denominator": "分母"}


def open_years(user: Any) -> Any:
    return Year.objects.visible_to(user).exclude(state=YearState.FROZEN)


class _Document(PortalForm):
    """Where the numbers come from."""

    source = forms.CharField(
        label="来源单位", max_length=100, validators=[free_text], help_text="谁出的数，例如：区营商局。"
    )
    document_number = forms.CharField(
        label="文号",
        max_length=60,
        required=False,
        validators=[free_text],
        help_text="来源文件有文号的写文号。",
    )
    document = forms.FileField(
        label="来源文件",
        help_text="证明这些数的文件：盖章的统计表、测评报告、通报。",
        widget=FileInput(limits=LIMITS, accept=checks.ACCEPT),
    )

    def clean_document(self):
        upload = self.cleaned_data["document"]
        if upload:
            try:
                checks.check(upload)
            except checks.Unacceptable as fault:
                raise forms.ValidationError(str(fault)) from fault
        return upload


class _UnitField(forms.ModelChoiceField):
    def label_from_instance(self, unit: Organisation) -> str:
        above = "" if unit.parent is None or unit.parent.level == Level.DISTRICT else f"{unit.parent.name}/"
        return f"{above}{unit.name}（{unit.get_level_display()}）"


class FactForm(_Document):
    """One fact typed on the desk, checked by the same rules as a file."""

    year = forms.ModelChoiceField(label="年度", queryset=None, empty_label=None)
    metric = forms.ChoiceField(label="指标")
    organisation = _UnitField(label="单位", queryset=None)
    numerator = forms.CharField(
        label="分子",
        max_length=20,
        required=False,
        help_text="数字，最多两位小数。考核等次写 优秀、称职 或 其他。",
    )
    denominator = forms.CharField(
        label="分母", max_length=20, required=False, help_text="整数。数查实件数的指标和考核等次可以不填。"
    )

    field_order = (
        "year",
        "metric",
        "organisation",
        "numerator",
        "denominator",
        "source",
        "document_number",
        "document",
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].queryset = open_years(user)
        units = Organisation.objects.visible_to(user).taking_part().exclude(level=Level.DISTRICT)
        self.fields["organisation"].queryset = units.select_related("parent").order_by("path")
        self.fields["metric"].choices = [("", "请选择")] + [
            (item.key, f"{item.title}（{item.level_words}）") for item in IMPORTABLE.values()
        ]
        self.fields["numerator"].needed_later = True

    def clean(self):
        data = super().clean()
        if {"year", "metric", "organisation"} <= data.keys():
            texts = {name: data.get(name) or "" for name in NUMBERS}
            self.brought = _brought(self, data["organisation"], data["metric"], texts)
        return data


class CorrectionForm(_Document):
    """Other numbers in the place of one fact, and why; without a new file the old document proves them."""

    numerator = forms.CharField(label="分子", max_length=20, required=False)
    denominator = forms.CharField(label="分母", max_length=20, required=False)
    reason = forms.CharField(
        label="更正理由",
        max_length=500,
        validators=[free_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="原来错在哪里，凭什么改。",
    )

    field_order = ("numerator", "denominator", "reason", "source", "document_number", "document")

    def __init__(self, *args, fact, **kwargs):
        item = IMPORTABLE.get(fact.metric)
        number = number_words(fact.numerator)
        if item and item.shape == GRADE:
            number = told(fact.metric, fact.numerator, fact.denominator)
        start = {"numerator": number, "denominator": fact.denominator or ""}
        start |= {"source": fact.source, "document_number": fact.document_number}
        super().__init__(*args, initial=start, **kwargs)
        self.fact = fact
        self.fields["document"].required = False
        self.fields["document"].help_text = "不选就沿用原来的来源文件。"
        if item:
            self.fields["numerator"].help_text = f"{item.numerator}。"
            self.fields["denominator"].help_text = f"{item.denominator}。"
        self.fields["numerator"].needed_later = True
        if item and item.shape == GRADE:
            del self.fields["denominator"]
        else:
            self.fields["denominator"].needed_later = item is None or item.shape != COUNT

    def clean(self):
        data = super().clean()
        if "reason" in data:
            texts = {name: data.get(name) or "" for name in NUMBERS}
            self.brought = _brought(self, self.fact.organisation, self.fact.metric, texts, data["reason"])
            if not self.errors and self.brought.value == (self.fact.numerator, self.fact.denominator):
                self.add_error("numerator", "和原来的数一样，没有改动。要改请改数，不改请返回。")
        return data


def _brought(form: Any, unit: Organisation, metric: str, numbers: dict[str, str], reason: str = "") -> Any:
    """The fact in the form; what a file would be told beside its cells stands beside the form's fields."""
    item = IMPORTABLE[metric]
    if unit.level not in item.levels:
        wanted = "、".join(Level(one).label for one in item.levels)
        form.add_error(
            "organisation" if "organisation" in form.fields else None,
            f"“{item.title}”只用于{wanted}，这是{unit.get_level_display()}。请换单位或者换指标。",
        )
    numerator, denominator, faults = fields.value_of(item, **numbers)
    for fault in faults:
        where = fault.name if fault.name in form.fields else "numerator"
        form.add_error(where, f"{fault.sentence}是不是“{fault.fix}”？" if fault.fix else fault.sentence)
    return services.Brought(unit.pk, metric, numerator, denominator, reason)


class TableForm(_Document, UploadForm):
    """A table of facts, for which year, and the document that proves them."""

    year = forms.ModelChoiceField(label="年度", queryset=None, empty_label=None)

    field_order = ("year", "organisation", "file", "source", "document_number", "document")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.fields["year"].queryset = open_years(user)
        self.fields["organisation"].help_text = "表和来源文件留在区里。"

    def clean(self):
        data = super().clean()
        year, unit = data.get("year"), data.get("organisation")
        if year and unit and year.organisation_id != unit.pk:
            self.add_error("year", "这个年度不是这个单位的，请重新选。")
        return data

    def given(self, by):
        """The year, who said so and in which file, which is kept."""
        data = self.cleaned_data
        document = services.keep(data["document"], purpose=services.PURPOSE, year=data["year"], by=by)
        return {
            "year": data["year"].pk,
            "source": data["source"],
            "document_number": data["document_number"],
            "document": document.pk,
            "document_name": document.name,
        }
