"""The form of the check: one file, which is looked at and not kept."""

from pathlib import PurePath

from django import forms

from longsha_credit.web.forms import FileInput, PortalForm

MOST_BYTES = 20 * 1024 * 1024


class CheckForm(PortalForm):
    """A file to hold against a form."""

    file = forms.FileField(label="表格文件", widget=FileInput(accept=".xlsx,.csv"))

    def __init__(self, *args, most_rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.limits = f"xlsx 或 csv，不超过 20 MB，最多{most_rows}行。"

    def clean_file(self):
        file = self.cleaned_data["file"]
        if PurePath(str(file.name)).suffix.lower() not in (".xlsx", ".csv"):
            raise forms.ValidationError("请上传 xlsx 或 csv 文件。旧版的 xls 请用 Excel 或 WPS 另存为 xlsx。")
        if file.size > MOST_BYTES:
            raise forms.ValidationError("文件超过 20 MB。请分成几个文件再检查。")
        return file
