"""Forms of a summary report: one section, and why it goes back."""

from django import forms

from evaluation.models import SectionKey, SummarySection
from evaluation.summary.reference import HINTS, LONGEST
from longsha_credit.audit.forms import StepForm
from longsha_credit.web.forms import PortalModelForm


class SectionForm(PortalModelForm):
    """One part of the report; the stamp of the version it started from goes along."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = SummarySection
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 16})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["text"]
        field.label = self.instance.get_key_display()
        field.help_text = f"{HINTS[SectionKey(self.instance.key)]}全文不超过{LONGEST}字。"


class ReturnForm(StepForm):
    """Which parts are to be changed, and why."""

    flagged = forms.MultipleChoiceField(
        label="要改的部分", choices=SectionKey.choices, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("flagged", "reason")


STEP_FORMS = {"send_back": ReturnForm}
