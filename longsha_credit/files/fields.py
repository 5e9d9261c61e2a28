"""The form field for attachments: several files, each checked, the fault beside the box."""

from django.core.exceptions import ValidationError

from longsha_credit.files import checks
from longsha_credit.web.forms import FilesField, FilesInput


class MultipleFilesField(FilesField):
    """Up to ten files; cleans to a list of uploads that passed `files.checks`."""

    most = 10

    def __init__(self, **kwargs):
        limits = f"可以一次选多个，最多 {self.most} 个，每个不超过 {checks.LARGEST // checks.MIB} MB；可上传 {checks.ALLOWED}。"
        kwargs.setdefault("label", "附件")
        kwargs.setdefault("widget", FilesInput(limits=limits, accept=checks.ACCEPT))
        kwargs.setdefault("allow_empty_file", True)  # the check names the empty file, Django does not
        super().__init__(**kwargs)

    def clean(self, data, initial=None):
        uploads = super().clean(data, initial)
        if len(uploads) > self.most:
            raise ValidationError(f"一次最多 {self.most} 个文件，现在有 {len(uploads)} 个，请分几次上传。")
        faults = []
        for upload in uploads:
            try:
                checks.check(upload)
            except checks.Unacceptable as fault:
                faults.append(ValidationError(str(fault)))
        if faults:
            raise ValidationError(faults)
        return uploads
