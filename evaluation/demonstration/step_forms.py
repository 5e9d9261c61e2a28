"""The form of who objects to a candidate, with no account or for an office."""

from django import forms

from commitments.supervision.forms import LONGEST, ResidentForm
from longsha_credit.directory.models import Organisation
from longsha_credit.publication.gate import WRITERS
from longsha_credit.web.forms import HalfWidthCharField


class ObjectionForm(ResidentForm):
    """To which candidate, why, and whatever the objector wants to leave of themselves."""

    candidate = forms.ChoiceField(label="对哪个单位有异议？", widget=forms.RadioSelect)
    words = forms.CharField(
        label="您的理由", min_length=5, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="什么事、什么时候、有什么依据。不用写自己的姓名和电话。",
    )  # fmt: skip
    name = forms.CharField(label="怎么称呼您", required=False, max_length=40)
    contact = HalfWidthCharField(
        label="电话或其他联系方式",
        required=False,
        max_length=60,
        help_text="加密保存，只有处理异议的人看得到，看一次留痕一次。",
    )
    field_order = ("token", "candidate", "words", "name", "contact", "question", "answer")

    def __init__(self, *args, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.candidates = {str(row.pk): row for row in candidates}
        self.fields["candidate"].choices = [(key, row.name) for key, row in self.candidates.items()]
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["contact"].widget.attrs["autocomplete"] = "tel"

    def about(self):
        return self.candidates[self.cleaned_data["candidate"]]

    def told(self):
        """What `objections.file` takes."""
        return {name: self.cleaned_data[name] for name in ("words", "name", "contact", "token")}


class UnitObjectionForm(ObjectionForm):
    """The same, said by an office under its own name."""

    unit = forms.ModelChoiceField(label="由哪个单位提出", queryset=None)
    field_order = ("token", "unit", "candidate", "words", "name", "contact")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, asks=False, **kwargs)
        units = Organisation.objects.visible_to(user).where(user, WRITERS).taking_part().units()
        self.fields["unit"].queryset = units.order_by("path")
        self.fields["name"].label = "经办人"

    def told(self):
        return super().told() | {"unit": self.cleaned_data["unit"]}
