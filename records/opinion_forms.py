"""The form for opinions: about whom, and for what."""

from django import forms

from longsha_credit.directory.models import Level, Official, Organisation
from longsha_credit.web.forms import PortalForm
from records.models.opinions import ISSUERS, Purpose
from records.opinions import Subject


class UnitsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj):
        return f"{obj.name}（{obj.get_level_display()}）"


class OfficialsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj):
        return f"{obj.name} · {obj.organisation.name} · 工号 {obj.staff_number}"


class OpinionForm(PortalForm):
    """Units, officials, or both; each gets an opinion of its own."""

    purpose = forms.ChoiceField(label="用途", choices=Purpose.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label="用在什么事项上", max_length=200, help_text="写进意见正文，例如：2026年度先进社区评选。"
    )
    units = UnitsField(
        label="核查哪些单位", queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    officials = OfficialsField(
        label="核查哪些公职人员", queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        mine = Organisation.objects.visible_to(user).where(user, ISSUERS)
        units = mine.taking_part().units().exclude(level=Level.DISTRICT)
        self.fields["units"].queryset = units.order_by("path")
        people = Official.objects.visible_to(user).filter(organisation__in=mine)
        self.fields["officials"].queryset = people.select_related("organisation").order_by(
            "organisation__path", "staff_number"
        )

    def clean(self):
        data = super().clean()
        if not self.errors and not data.get("units") and not data.get("officials"):
            self.add_error("units", "请至少选择一个单位或一名公职人员。")
        return data

    def subjects(self) -> list[Subject]:
        data = self.cleaned_data
        return [Subject(unit) for unit in data["units"]] + [
            Subject(one.organisation, one) for one in data["officials"]
        ]
