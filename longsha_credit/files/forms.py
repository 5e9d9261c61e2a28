"""The part of a form that brings files along."""

from django import forms

from longsha_credit.files.fields import MultipleFilesField
from longsha_credit.files.services import Upload


class WithFiles(forms.Form):
    """New files to add and existing ones to leave out, for any form whose row has `files`."""

    uploads = MultipleFilesField(label="添加附件", required=False)
    removed = forms.TypedMultipleChoiceField(
        label="不再附带的文件", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def offer_files(self, existing):
        self.fields["removed"].choices = [(f.pk, f.name) for f in existing]
        if not existing:
            del self.fields["removed"]

    def upload(self) -> Upload:
        data = self.cleaned_data
        return Upload(added=tuple(data.get("uploads") or ()), removed=frozenset(data.get("removed") or ()))
