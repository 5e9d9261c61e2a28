"""What is asked for a mark, a ruling, a snapshot; points are typed as people write them and kept in hundredths."""

import uuid
from decimal import Decimal

from django import forms

from evaluation.checks import HUNDREDTHS, in_points
from evaluation.models import Circumstance, Purpose, Rank, RulingKind
from longsha_credit.directory.checks import free_text
from longsha_credit.directory.models import Organisation
from longsha_credit.programme.models import Year
from longsha_credit.web.forms import PortalForm

NOT_APPLICABLE = "na"


class PointsField(forms.DecimalField):
    """Points from nothing to a hundred with two decimals; gives hundredths, or None."""

    def __init__(self, **kwargs):
        super().__init__(**{"min_value": 0, "max_value": 100, "decimal_places": 2, **kwargs})

    def prepare_value(self, value):
        return Decimal(value) / HUNDREDTHS if isinstance(value, int) else value

    def clean(self, value):
        points = super().clean(value)
        return None if points is None else int(points * HUNDREDTHS)


class MarkForm(PortalForm):
    """Points of one indicator on one sheet, and why."""

    reason = forms.CharField(
        label="理由", max_length=500, validators=[free_text], widget=forms.Textarea(attrs={"rows": 4}),
        help_text="凭什么给这个分：看了什么材料、哪里不够。",
    )  # fmt: skip

    def __init__(self, *args, indicator, **kwargs):
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        self.order_fields(["points", "na", "reason"])


class ScaleForm(MarkForm):
    """One of the steps of the indicator's scale."""

    points = forms.ChoiceField(label="评为", widget=forms.RadioSelect)

    def __init__(self, *args, indicator, **kwargs):
        super().__init__(*args, indicator=indicator, **kwargs)
        steps = [(str(points), f"{label}：{in_points(points)}分") for label, points in indicator.scale]
        self.fields["points"].choices = [*steps, (NOT_APPLICABLE, "不适用，分值分到同一项的其他指标")]

    def given(self) -> dict:
        points = self.cleaned_data["points"]
        given = None if points == NOT_APPLICABLE else int(points)
        return {"points": given, "reason": self.cleaned_data["reason"]}


class FreeForm(MarkForm):
    """Any points up to the indicator's, or not applicable."""

    points = PointsField(label="给几分", required=False)
    na = forms.BooleanField(label="这一条对这个单位不适用", required=False)

    def __init__(self, *args, indicator, **kwargs):
        super().__init__(*args, indicator=indicator, **kwargs)
        self.fields["points"].help_text = f"最高{in_points(indicator.points)}分。"

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        if data["points"] is None and not data["na"]:
            self.add_error("points", "请填写分值，或者勾选不适用。")
        elif data["points"] is not None and data["na"]:
            self.add_error("na", "填了分值就不要勾选不适用，请留下一个。")
        elif (data["points"] or 0) > self.indicator.points:
            self.add_error("points", f"最高{in_points(self.indicator.points)}分，请修改。")
        return data

    def given(self) -> dict:
        return {"points": self.cleaned_data["points"], "reason": self.cleaned_data["reason"]}


def mark_form(indicator) -> type[MarkForm]:
    """The form that fits how an indicator is judged."""
    return ScaleForm if indicator.scale else FreeForm


class RulingForm(PortalForm):
    """A ruling about a unit in a year, with its document."""

    year = forms.ModelChoiceField(queryset=None, label="年度")
    organisation = forms.ModelChoiceField(queryset=None, label="单位")
    facts = forms.CharField(
        label="事实", max_length=500, validators=[free_text], widget=forms.Textarea(attrs={"rows": 4})
    )
    document_number = forms.CharField(label="文号", max_length=100, validators=[free_text])
    document = forms.FileField(label="文书", help_text="生效的判决、决定、通报、表彰文件等。")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].queryset = Year.objects.visible_to(user).exclude(state="frozen")
        units = Organisation.objects.visible_to(user).in_force().exclude(level="district")
        self.fields["organisation"].queryset = units.order_by("path")
        self.order_fields(["year", "organisation", "circumstance", "matter", "rank", "facts"])


class CircumstanceField(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return f"{row.set.year.number}年{row.set.get_level_display()}：{row.text}"


class OutForm(RulingForm):
    """A circumstance that rules a unit out."""

    circumstance = CircumstanceField(queryset=None, label="情形")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        rows = Circumstance.objects.visible_to(user).filter(set__state="in_force").select_related("set__year")
        self.fields["circumstance"].queryset = rows.order_by("set", "number")

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        unit, year, found = data["organisation"], data["year"], data["circumstance"]
        if (found.set.level, found.set.year_id) != (unit.level, year.pk):
            its = f"{found.set.year}{found.set.get_level_display()}"
            self.add_error("circumstance", f"请选{year}{unit.get_level_display()}的情形，这一条是{its}的。")
        return data


class BonusForm(RulingForm):
    """A commendation that adds to a unit's points."""

    matter = forms.CharField(
        label="事项", max_length=100, validators=[free_text],
        help_text="同一事项有几级表彰的，写一样的事项，只取最高的一级。",
    )  # fmt: skip
    rank = forms.ChoiceField(label="级别", choices=Rank.choices)


RULING_FORMS = {RulingKind.OUT.value: OutForm, RulingKind.BONUS.value: BonusForm}


class OnceForm(PortalForm):
    """A button that counts once however often it is pressed; without its word it counts each time."""

    once = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput, required=False)

    def given(self) -> str:
        return (self.is_valid() and self.cleaned_data["once"]) or uuid.uuid4().hex


class SnapshotForm(PortalForm):
    """Which year, for what; `once` makes a double click one snapshot."""

    year = forms.ModelChoiceField(None, label="年度", empty_label=None)
    purpose = forms.ChoiceField(label="用途", choices=Purpose.choices)
    once = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].queryset = years
