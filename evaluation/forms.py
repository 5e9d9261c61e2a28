"""Forms of the evaluation's desk pages."""

from django import forms

from evaluation.models import Purpose
from longsha_credit.web.forms import PortalForm


class SnapshotForm(PortalForm):
    """Which year, for what; `once` makes a double click one snapshot."""

    year = forms.ModelChoiceField(None, label="年度", empty_label=None)
    purpose = forms.ChoiceField(label="用途", choices=Purpose.choices)
    once = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].queryset = years
