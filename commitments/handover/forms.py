"""Forms of the desk for handovers, for units that end, and for those that are renamed."""

from itertools import groupby

from django import forms
from django.utils import timezone

from commitments.models import Cause, Party
from longsha_credit.directory.models import Level, Official, Organisation
from longsha_credit.files.fields import MultipleFilesField
from longsha_credit.web.forms import PortalForm


class ByUnit(forms.models.ModelChoiceIterator):
    """People grouped under the unit they belong to."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        for unit, people in groupby(self.queryset, key=lambda official: official.organisation.name):
            yield (unit, [self.choice(official) for official in people])


class OfficialField(forms.ModelChoiceField):
    iterator = ByUnit

    def label_from_instance(self, official):
        return f"{official.name}（{official.staff_number}）"


def _not_named_like(field, user, left_out):
    """The people somebody may pick, without the one who leaves."""
    people = Official.objects.visible_to(user).with_unit()
    field.queryset = people.exclude(pk=left_out) if left_out else people


class StartForm(PortalForm):
    """Who leaves a post when, why, and who comes."""

    leaves_on = forms.DateField(label="离任日期", help_text="任免文件写明的日期。交接期限从第二天起算。")
    cause = forms.ChoiceField(label="原因", choices=Cause.choices, widget=forms.RadioSelect)
    incoming = OfficialField(
        label="接交人",
        queryset=None,
        required=False,
        help_text="还没有确定的先不选，定下来以后再登记。名单里没有的，请先在单位页面登记公职人员。",
    )

    def __init__(self, *args, user, posting, **kwargs):
        super().__init__(*args, **kwargs)
        _not_named_like(self.fields["incoming"], user, posting.official_id)
        self.fields["leaves_on"].initial = timezone.localdate()


class IncomingForm(PortalForm):
    incoming = OfficialField(label="接交人", queryset=None, help_text="他用自己的账号逐件确认。")

    def __init__(self, *args, user, handover, **kwargs):
        super().__init__(*args, **kwargs)
        _not_named_like(self.fields["incoming"], user, handover.outgoing_id)


class TextForm(PortalForm):
    """One text: what is disputed, or how it was settled."""

    text = forms.CharField(label="", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args, label, hint="", **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["text"]
        field.label, field.help_text = label, hint
        field.error_messages["required"] = f"请填写{label}。"


class PaperForm(PortalForm):
    """A signed paper in the place of one party's word."""

    party = forms.ChoiceField(label="代替谁的确认", choices=Party.choices[:2], widget=forms.RadioSelect)
    uploads = MultipleFilesField(label="签字的纸件")
    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如：移交人已调离，没有账号；或者接交人拒绝在网上确认。由区里另一个人批准后算数。",
    )

    def clean_uploads(self):
        uploads = self.cleaned_data["uploads"]
        if len(uploads) != 1:
            raise forms.ValidationError("请上传一个文件，多页的先合成一个 PDF。")
        return uploads


class ReasonForm(PortalForm):
    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = f"{step.label}的理由"
        if step.name == "ask_override":
            self.fields["reason"].help_text = "写明为什么不能等三方确认完。理由印在交接书上。"


class MergerForm(PortalForm):
    """Which unit goes on for one that ends, from when, on what basis."""

    successor = forms.ModelChoiceField(label="由哪个单位接续", queryset=None)
    leaves_on = forms.DateField(label="撤并日期", help_text="文件写明的日期。交接期限从第二天起算。")
    basis = forms.CharField(label="撤并依据", max_length=200, help_text="文件名称和文号。")

    def __init__(self, *args, user, unit, **kwargs):
        super().__init__(*args, **kwargs)
        same = Organisation.objects.visible_to(user).in_force().filter(level=unit.level)
        self.fields["successor"].queryset = same.exclude(pk=unit.pk).exclude(level=Level.POST).in_tree_order()


class RenameForm(PortalForm):
    name = forms.CharField(label="新名称", max_length=120)
    until = forms.DateField(label="更名日期", help_text="从这一天起用新名称。")
    basis = forms.CharField(label="更名依据", max_length=200, help_text="文件名称和文号。原名和依据会公开。")
