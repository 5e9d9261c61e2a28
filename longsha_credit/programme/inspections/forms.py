"""Forms of inspections: the plan, one point on the spot, the unit's answer, what is asked, the report, the re-check."""

from django import forms
from django.utils import timezone

from longsha_credit.audit.forms import StepForm
from longsha_credit.directory.checks import free_text
from longsha_credit.files import checks
from longsha_credit.files.fields import MultipleFilesField
from longsha_credit.files.forms import WithFiles
from longsha_credit.files.services import Upload
from longsha_credit.programme.inspections import lists, services
from longsha_credit.programme.inspections.reference import POINTS
from longsha_credit.programme.models import BY_KEY, Finding, Inspection, InspectionKind, Result, Term
from longsha_credit.web.forms import FilesInput, PortalForm, PortalModelForm

LONGEST_POINT, MOST_POINTS = 200, 60
NO_NAMES = "写情况，不写居民和公职人员的姓名。"


class FilterForm(PortalForm):
    """What a list is narrowed to."""

    q = forms.CharField(label="名称、单位或问题", required=False, max_length=100)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *InspectionKind.choices])
    heading = forms.ChoiceField(label="任务", required=False, choices=[("", "全部"), *BY_KEY.items()])

    def __init__(self, *args, headings=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not headings:
            del self.fields["heading"]


class UnitsField(forms.ModelMultipleChoiceField):
    """Units to pick, each with how often it is inspected this year."""

    burden: dict[int, int] = {}

    def label_from_instance(self, obj):
        number = self.burden.get(obj.pk, 0)
        return f"{obj.name}（本年已安排{number}次）" if number else obj.name


class PlanForm(PortalModelForm):
    """Who is inspected when, why, by whom and for what; one box of lines for each of the nine tasks."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    units = UnitsField(
        label="被检查单位",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        help_text="括号里是这个单位本年已经安排的检查次数。能合并的请合并，不要重复检查。",
    )
    people = forms.ModelMultipleChoiceField(
        label="检查人员",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        help_text="至少两个人，都要到现场。在被检查单位任职的须回避。",
    )

    class Meta:
        model = Inspection
        fields = ("kind", "title", "basis", "from_on", "to_on")
        widgets = {"kind": forms.RadioSelect}
        help_texts = {
            "title": "例如：上半年创建工作督导检查。",
            "basis": "文件名称和文号，例如试点工作方案四（一）。没有依据的不安排检查。",
            "kind": "日常抽查不提前告诉被检查单位，开始检查以后才看得到。",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        it = self.instance
        place = it.organisation
        today = timezone.localdate()
        self.fields["units"].queryset = services.units_of(place)
        self.fields["units"].burden = lists.burden(user, today.year)
        self.fields["people"].queryset = services.people_of(place)
        self.fields["title"].validators.append(free_text)
        self.fields["kind"].choices = InspectionKind.choices
        if it.pk:
            self.initial["units"] = list(it.units.values_list("pk", flat=True))
            self.initial["people"] = list(it.inspectors.values_list("user", flat=True))
        self._add_points(it)

    def _add_points(self, it):
        stored = {key: [] for key in BY_KEY}
        for key, text in it.points:
            stored.setdefault(key, []).append(text)
        for key, label in BY_KEY.items():
            lines = stored[key] if it.pk else POINTS[key]
            field = forms.CharField(
                label=label, required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 3})
            )
            self.fields[f"points_{key}"] = field
            self.initial[f"points_{key}"] = "\n".join(lines)

    def plain_fields(self):
        return [field for field in self if not field.name.startswith("points_")]

    def point_fields(self):
        return [self[f"points_{key}"] for key in BY_KEY]

    def clean(self):
        data = super().clean()
        points = []
        for key in BY_KEY:
            for line in (data.get(f"points_{key}") or "").split("\n"):
                text = line.strip()
                if len(text) > LONGEST_POINT:
                    self.add_error(
                        f"points_{key}", f"每项最多{LONGEST_POINT}个字，“{text[:12]}…”太长，请分成两项。"
                    )
                elif text:
                    points.append([key, text])
        if not points:
            self.add_error(None, "检查内容至少写一项。")
        if len(points) > MOST_POINTS:
            self.add_error(
                None, f"检查内容最多{MOST_POINTS}项，现在有{len(points)}项。现场查不完，请留下最要紧的。"
            )
        if data.get("from_on") and data.get("to_on") and data["to_on"] < data["from_on"]:
            self.add_error("to_on", "结束日期早于开始日期，请核对。")
        if len(data.get("people") or []) == 1:
            self.add_error("people", "检查人员至少选两个人。")
        self.instance.points = points
        return data


class PeopleForm(PortalForm):
    """Who goes along in addition to those already named."""

    people = forms.ModelMultipleChoiceField(
        label="增加谁", queryset=None, widget=forms.CheckboxSelectMultiple,
        help_text="已经批准的检查人员不能去掉，只能增加。在被检查单位任职的须回避。",
    )  # fmt: skip

    def __init__(self, *args, inspection, **kwargs):
        super().__init__(*args, **kwargs)
        named = inspection.inspectors.values("user")
        self.fields["people"].queryset = services.people_of(inspection.organisation).exclude(pk__in=named)


class PhotosInput(FilesInput):
    """On a phone it opens the camera; elsewhere it picks pictures."""

    def __init__(self):
        super().__init__(attrs={"capture": "environment"}, accept="image/jpeg,image/png")


class PhotosField(MultipleFilesField):
    def __init__(self, **kwargs):
        super().__init__(label="拍照", required=False, widget=PhotosInput(), **kwargs)

    def clean(self, data, initial=None):
        uploads = super().clean(data, initial)
        for upload in uploads:
            kind = checks.check(upload).content_type
            if not kind.startswith("image/"):
                raise forms.ValidationError(f"“{upload.name}”不是照片，请拍照或选 jpg、png 图片。")
        return uploads


class PointForm(PortalForm):
    """One point on the spot: conforms or not, a short note, photographs."""

    result = forms.ChoiceField(label="结果", choices=Result.choices, widget=forms.RadioSelect, required=False)
    note = forms.CharField(
        label="情况", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    photos = PhotosField()
    removed = forms.IntegerField(label="照片", required=False, widget=forms.HiddenInput)

    def __init__(self, *args, point, **kwargs):
        kwargs.setdefault("auto_id", f"p{point.position}_%s")
        super().__init__(*args, initial={"result": point.result, "note": point.note}, **kwargs)
        self.point = point
        del self.fields["note"].widget.attrs["data-max"]  # a counter at each of the points is only noise

    def given(self):
        """What was changed on this phone; None for what stands as it was shown, so that a colleague's stays."""
        data = self.cleaned_data
        return {name: None if self._as_shown(name) else data[name] for name in ("result", "note")}

    def _as_shown(self, name):
        shown = self.data.get(f"was_{name}")
        return shown is not None and shown.replace("\r\n", "\n").strip() == self.cleaned_data[name]

    def upload(self):
        data = self.cleaned_data
        removed = [data["removed"]] if data.get("removed") else []
        return Upload(added=tuple(data.get("photos") or ()), removed=frozenset(removed))


class AnswerForm(StepForm):
    """What the unit's person says to the record, on the spot or from the unit's own account."""

    agrees = forms.TypedChoiceField(
        label="对检查记录",
        choices=[("yes", "没有异议"), ("no", "有异议")],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label="意见",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="有异议的，写明对第几项、为什么。意见和检查记录一起保存。",
    )
    present = forms.CharField(
        label="在场人员职务", max_length=60, help_text="写职务，不写姓名，例如：社区党委书记。"
    )

    def clean(self):
        data = super().clean()
        if data.get("agrees") is False and not data.get("words") and "words" not in self.errors:
            self.add_error("words", "有异议的，请写明对第几项、为什么。")
        return data


class FindingForm(PortalModelForm):
    """What is wrong, what is asked, and how long it may take."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Finding
        fields = ("facts", "asked", "term")
        widgets = {
            "facts": forms.Textarea(attrs={"rows": 3}),
            "asked": forms.Textarea(attrs={"rows": 3}),
            "term": forms.RadioSelect,
        }
        help_texts = {"facts": NO_NAMES, "asked": "做到什么样算改好，写得能对照着复查。"}

    def __init__(self, *args, days, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["asked"].required = True
        self.fields["term"].choices = [
            (key, f"{label}：到{days[key]:%Y-%m-%d}") for key, label in Term.choices
        ]
        self.fields["term"].help_text = "从发出整改通知书的次日起算，天数在期限规则里。"


class ReportForm(WithFiles, PortalForm):
    """What the unit did, with its proof."""

    report = forms.CharField(
        label="整改情况",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=f"做了什么、现在什么样。{NO_NAMES}",
    )

    field_order = ("report", "uploads", "removed", "seen")

    def __init__(self, *args, finding, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["uploads"].label = "整改证明"
        self.fields["uploads"].needed_later = True  # by the step; the words can be saved before
        self.initial.setdefault("report", finding.report)
        self.offer_files(list(finding.report_files.all()))


class RecheckForm(StepForm):
    """What was seen when somebody looked again."""

    words = forms.CharField(
        label="复查情况",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"到现场看了什么、和整改要求对照结果如何。{NO_NAMES}",
    )


# What each step asks, by flow and step; the others ask for a reason at most.
STEP_FORMS = {
    ("现场检查", "answer"): AnswerForm,
    ("检查发现的问题", "pass"): RecheckForm,
    ("检查发现的问题", "fail"): RecheckForm,
}
