"""Forms of the desk for people and the posts they take."""

from django import forms

from longsha_credit.directory import checks
from longsha_credit.directory.models import Official, Organisation, Posting
from longsha_credit.web.forms import HalfWidthCharField, PortalForm


class OfficialForm(PortalForm):
    """A person of a unit: name and staff number."""

    name = forms.CharField(label="姓名", max_length=60, validators=[checks.person_name])
    staff_number = HalfWidthCharField(
        label="工号",
        max_length=30,
        validators=[checks.free_text],
        help_text="单位内部的编号，不要写身份证号码。",
    )


class PersonField(forms.ModelChoiceField):
    """A person, named with staff number and unit."""

    def label_from_instance(self, official):
        return f"{official.name}（{official.staff_number}） · {official.organisation.name}"


class PostingForm(PortalForm):
    """Who takes which vacant post, and when."""

    post = forms.ModelChoiceField(label="岗位", queryset=None, help_text="只列没有人在任的岗位。")
    official = PersonField(label="谁到任", queryset=None)
    started_on = forms.DateField(label="到任日期", help_text="任免文件写明的日期。")

    def __init__(self, *args, user, unit, **kwargs):
        super().__init__(*args, **kwargs)
        posts = Organisation.objects.visible_to(user).posts_of(unit)
        self.fields["post"].queryset = posts.exclude(postings__in=Posting.objects.visible_to(user).current())
        self.fields["official"].queryset = Official.objects.visible_to(user).with_unit()


class AccountOfficialForm(PortalForm):
    """Which registered person an account belongs to."""

    official = PersonField(label="公职人员", queryset=None, required=False, empty_label="不对应任何人")

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["official"].queryset = people
