"""The form of an import: the file, and for which unit it is kept."""

from django import forms

from longsha_credit.directory.models import Organisation
from longsha_credit.files.checks import LARGEST, MIB
from longsha_credit.web.forms import FileInput, PortalForm


class UploadForm(PortalForm):
    """A file, and for which unit it is kept."""

    organisation = forms.ModelChoiceField(label="以哪个单位导入", queryset=None, empty_label=None)
    file = forms.FileField(label="表格文件", widget=FileInput(accept=".xlsx,.csv"))

    def __init__(self, *args, user, kind, **kwargs):
        super().__init__(*args, **kwargs)
        own = {m.organisation_id for m in user.current_memberships if m.role in kind.roles}
        units = Organisation.objects.visible_to(user).in_force().filter(pk__in=own)
        most = kind.sheet().most_rows
        self.fields["file"].widget.limits = f"xlsx 或 csv，不超过 {LARGEST // MIB} MB，最多{most}行。"
        self.fields["organisation"].queryset = units.order_by("path")
        self.fields[
            "organisation"
        ].help_text = "文件和检查结果留在这个单位。表里各行写您辖区里的哪个单位都可以。"

    def given(self, by):
        """What was asked beside the file, as it is kept with the import; a kind's own form gives it."""
        return {}


class PurposeForm(PortalForm):
    """What rows about people are taken out for."""

    purpose = forms.CharField(
        label="导出用途", max_length=200, help_text="写在表的最后一行，也写进留痕。例如：核对今年的任职。"
    )
