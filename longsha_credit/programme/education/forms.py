"""Forms of the desk: an activity and what came of it, its public text, a material, hours, courses, the minimum."""

from django import forms

from longsha_credit.audit.forms import StepForm
from longsha_credit.directory.models import Level, Official, Organisation
from longsha_credit.files.fields import MultipleFilesField
from longsha_credit.files.forms import WithFiles
from longsha_credit.programme.education.flows import WRITERS
from longsha_credit.programme.education.wording import hours_words as plain
from longsha_credit.programme.models import (
    Activity,
    ActivityKind,
    ActivitySheet,
    Audience,
    BasisKind,
    CancelReason,
    Course,
    MaterialEdition,
    SheetStage,
    Theme,
    Year,
)
from longsha_credit.programme.models.education import PLAN
from longsha_credit.programme.models.materials import MATERIAL_TEXT
from longsha_credit.programme.models.training import COURSE_LEVELS
from longsha_credit.web.forms import PortalForm, PortalModelForm

NO_NAMES = "公开给居民看，不写任何人的电话、住址和身份证号。"


def _area(rows):
    return forms.Textarea(attrs={"rows": rows})


def _audiences():
    return forms.MultipleChoiceField(
        label="对象", choices=Audience.choices, widget=forms.CheckboxSelectMultiple, help_text="可以选几个。"
    )


def _hours(label="学时", **more):
    return forms.DecimalField(
        label=label, min_value=0.5, max_value=100, max_digits=4, decimal_places=1, **more
    )


def units_of_writer(user):
    """The units for which somebody writes, in the order of their paths."""
    units = Organisation.objects.visible_to(user).where(user, WRITERS).taking_part().units()
    return units.order_by("path")


class ActivityForm(PortalModelForm):
    """The plan of an activity; the unit is chosen once and never changes."""

    organisation = forms.ModelChoiceField(label="举办单位", queryset=None)
    kind = forms.ChoiceField(label="形式", choices=ActivityKind.choices, widget=forms.RadioSelect)
    theme = forms.ChoiceField(label="主题", choices=Theme.choices)
    audiences = _audiences()
    starts_at = forms.TimeField(label="开始时间", required=False, help_text="例如 09:30。")
    expected = forms.IntegerField(label="预计人数", min_value=1, max_value=100_000)
    hours = _hours(required=False, help_text="公职人员参加一次算几学时；没有公职人员参加的留空。")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Activity
        fields = ("organisation", *PLAN)
        widgets = {"about": _area(4)}
        help_texts = {
            "title": "一句话说清讲什么，例如：签了合同就要守。",
            "planned_on": "哪一天办。日期过后五个工作日内写总结。",
            "place": "写到楼层和房间，来的人找得到。",
            "speaker": "例如：区法院立案庭法官。一般写单位和职务。",
            "about": "讲哪几件事、怎样办。公开预告时从这里起草。",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = units_of_writer(user)
        if self.instance.pk:
            self.fields["organisation"].disabled = True

    def clean(self):
        data = super().clean()
        if data.get("hours") and Audience.OFFICIALS not in data.get("audiences", []):
            self.add_error("hours", "对象里没有公职人员，不算学时。请勾选“公职人员”或把学时留空。")
        return data


class SummaryForm(WithFiles, PortalModelForm):
    """What came of an activity that was held."""

    held_on = forms.DateField(label="举办日期")
    attendance = forms.IntegerField(
        label="参加人次", min_value=0, max_value=1_000_000, help_text="只填数字，不填名单。"
    )

    class Meta:
        model = Activity
        fields = ("held_on", "attendance", "summary", "outcome")
        widgets = {"summary": _area(6), "outcome": _area(3)}
        help_texts = {
            "summary": "讲了什么、来了哪些人群、现场怎样。不写参加的人的姓名。",
            "outcome": "带来了什么变化，例如：当场答复了七个问题，改了两处办事说明。",
        }

    def __init__(self, *args, existing=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["summary"].needed_later = True
        self.fields["uploads"].label = "照片和材料"
        self.fields["uploads"].help_text = "先存在内部；公开哪几张，在写公开稿时再选。"
        self.offer_files(list(existing))


class SheetForm(WithFiles, PortalModelForm):
    """What residents read of an activity: the announcement, or how it was."""

    picked = forms.TypedMultipleChoiceField(
        label="随稿公开的照片和材料",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="照片公开前自动去掉拍摄地点和时间，缩小到网页大小；有居民正脸的请征得同意或不选。",
    )
    time = forms.TimeField(label="时间", required=False, help_text="例如 09:30。")

    class Meta:
        model = ActivitySheet
        fields = ("title", "day", "time", "place", "speaker", "text", "outcome", "reason")
        widgets = {"text": _area(8), "outcome": _area(3), "reason": _area(2)}
        help_texts = {
            "text": NO_NAMES,
            "speaker": "一般写单位和职务。",
            "reason": "随新版一起公开，写清为什么改。",
        }

    def __init__(self, *args, own=(), existing=(), has_earlier=False, **kwargs):
        super().__init__(*args, **kwargs)
        report = self.instance.stage == SheetStage.REPORT
        if not report:
            del self.fields["outcome"]
        self.fields["day"].disabled = report
        if has_earlier:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]
        self.fields["picked"].choices = [(file.pk, file.name) for file in own]
        if not own:
            del self.fields["picked"]
        own_ids = {file.pk for file in own}
        self.offer_files([f for f in existing if (f.made_from_id or f.pk) not in own_ids])
        self.initial.setdefault("picked", [f.made_from_id or f.pk for f in existing])

    def chosen(self):
        """The ids of the activity's files that go along, or None where it has none."""
        return self.cleaned_data.get("picked") if "picked" in self.fields else None


class EducationStepForm(StepForm):
    """What a step asks: when it was and how many came, why it is off, whether the texts go too."""

    held_on = forms.DateField(label="举办日期")
    attendance = forms.IntegerField(
        label="参加人次", min_value=0, max_value=1_000_000, help_text="只填数字，不填名单。"
    )
    cancel_why = forms.ChoiceField(
        label="取消原因",
        choices=CancelReason.choices,
        widget=forms.RadioSelect,
        help_text="公开过预告的，居民看到的就是这一条。",
    )
    remove_content = forms.BooleanField(
        label="依法移除历次版本的内容",
        required=False,
        help_text="内容里有依法不能公开的信息时勾选。移除后不能恢复，公开账只留种类、单位、时间和校验值。",
    )
    OF = {
        "held_on": "hold",
        "attendance": "hold",
        "cancel_why": "cancel",
        "remove_content": "approve_withdrawal",
    }

    def __init__(self, *args, step, obj, **kwargs):
        super().__init__(*args, step=step, obj=obj, **kwargs)
        for name, of in self.OF.items():
            if step.name != of:
                del self.fields[name]
        if step.name == "hold":
            self.initial.setdefault("held_on", obj.planned_on)
        if step.name == "cancel":
            self.fields["reason"].help_text = "只在内部留痕，不公开。"
        if step.name == "ask_withdrawal":
            self.fields["reason"].help_text = "撤下后理由长期公开，不要写个人信息，也不要复述需要撤下的内容。"


class MaterialForm(WithFiles, PortalModelForm):
    """An edition of a material; the unit is chosen with the first one."""

    organisation = forms.ModelChoiceField(label="单位", queryset=None)
    theme = forms.ChoiceField(label="主题", choices=Theme.choices)
    audiences = _audiences()

    class Meta:
        model = MaterialEdition
        fields = ("organisation", *MATERIAL_TEXT, "reason")
        widgets = {"summary": _area(2), "body": _area(14), "reason": _area(2)}
        help_texts = {
            "title": "例如：公务员诚信手册（简明版）。",
            "summary": "一两句话：讲什么、多长时间看完。",
            "body": "可以直接写，也可以只附文件。空一行分段。",
            "source": "谁编写、出自哪份文件；转载的写明出处。",
            "reason": "随新版一起公开，写清为什么改。",
        }

    def __init__(self, *args, user, existing=(), has_earlier=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = units_of_writer(user)
        if self.instance.material_id:
            self.fields["organisation"].disabled = True
        if has_earlier:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]
        self.offer_files(list(existing))


class PeopleForm(PortalForm):
    """Who of the unit took part, picked from its list; the same hours for all."""

    people = forms.ModelMultipleChoiceField(
        label="参加的人", queryset=None, widget=forms.CheckboxSelectMultiple
    )
    day = forms.DateField(label="日期")
    hours = _hours()

    def __init__(self, *args, people, day=None, hours=None, initial=None, **kwargs):
        super().__init__(*args, initial=initial or {"day": day, "hours": hours}, **kwargs)
        self.fields["people"].queryset = people
        self.fields["people"].label_from_instance = named
        if day:
            self.fields["day"].disabled = True

    def picked(self) -> list[Official]:
        return list(self.cleaned_data["people"])


class CoursePeopleForm(PeopleForm):
    """Who took a course of the year."""

    course = forms.ModelChoiceField(label="课程", queryset=None)
    hours = _hours(required=False, help_text="留空按课程的学时算。")
    field_order = ("course", "day", "hours", "people")

    def __init__(self, *args, courses, people, initial, **kwargs):
        super().__init__(*args, people=people, initial=initial, **kwargs)
        self.fields["course"].queryset = courses
        self.fields["course"].label_from_instance = lambda one: (
            f"{one.title}（{one.year}，{plain(one.hours)}学时）"
        )


class OutsideForm(PortalForm):
    """A training held by others, with its certificate."""

    official = forms.ModelChoiceField(label="参加的人", queryset=None)
    outside = forms.CharField(
        label="培训名称", max_length=120, help_text="写明谁办的，例如：市委党校信用专题班。"
    )
    day = forms.DateField(label="结业日期")
    hours = _hours(help_text="按证书或通知上的学时填。")
    certificate = MultipleFilesField(
        label="证书或培训通知", help_text="只在内部，看得到这个人学时的人才能打开。"
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["official"].queryset = people
        self.fields["official"].label_from_instance = named

    def clean_certificate(self):
        files = self.cleaned_data["certificate"]
        if len(files) != 1:
            raise forms.ValidationError("请只选一个文件；有几页的合成一份 PDF。")
        return files[0]


def named(official):
    return f"{official.name}（{official.staff_number}，{official.organisation.name}）"


class CourseForm(PortalModelForm):
    """A course of the officials' curriculum."""

    hours = _hours()
    levels = forms.MultipleChoiceField(
        label="哪些层级必修",
        required=False,
        choices=[(level.value, level.label) for level in map(Level, COURSE_LEVELS)],
        widget=forms.CheckboxSelectMultiple,
        help_text="一个都不选就是选修。",
    )

    class Meta:
        model = Course
        fields = ("year", "title", "hours", "levels", "about", "basis", "material")
        widgets = {"about": _area(3)}
        help_texts = {
            "basis": "培训计划或文件的名称、文号。",
            "material": "学什么就选哪份资料；没有的留空。",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].queryset = Year.objects.visible_to(user).exclude(state="frozen")
        editions = MaterialEdition.objects.visible_to(user).standing().select_related("material")
        titles = {edition.material_id: edition.title for edition in editions}
        self.fields["material"].queryset = self.fields["material"].queryset.filter(pk__in=titles)
        self.fields["material"].label_from_instance = lambda one: titles.get(one.pk, one.code)
        if self.instance.pk:
            self.fields["year"].disabled = True


class MinimumForm(PortalForm):
    """How many hours a year asks, and on what that stands."""

    hours = forms.DecimalField(label="最低学时", min_value=0.5, max_value=200, max_digits=4, decimal_places=1)
    basis_kind = forms.ChoiceField(label="依据性质", choices=BasisKind.choices, widget=forms.RadioSelect)
    basis = forms.CharField(label="依据", max_length=300, widget=_area(2), help_text="文件名称、文号和条款。")


class ReasonForm(PortalForm):
    reason = forms.CharField(label="理由", max_length=500, widget=_area(3))
