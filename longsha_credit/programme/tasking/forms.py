"""Forms of the desk for tasks: the list of a year, handing it down, owner, notes, evidence, what a step asks."""

import re

from django import forms

from longsha_credit.audit.forms import StepForm as ReasonForm
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.files.fields import MultipleFilesField
from longsha_credit.files.services import Upload
from longsha_credit.programme.models import MainTask, NoteKind, StageKey, StandardTask
from longsha_credit.programme.tasking import lists
from longsha_credit.web.forms import PortalForm, PortalModelForm

ALL = [("", "全部")]
MOST_LINES = 2000


def _area(rows):
    return forms.Textarea(attrs={"rows": rows})


class FilterForm(PortalForm):
    """What the list is narrowed to."""

    q = forms.CharField(label="任务或单位", required=False, max_length=100)
    unit = forms.ChoiceField(label="单位（含下属）", required=False)
    stage = forms.ChoiceField(label="阶段", required=False, choices=[*ALL, *StageKey.choices])
    main = forms.ChoiceField(label="主要任务", required=False, choices=[*ALL, *MainTask.choices])
    level = forms.ChoiceField(label="层级", required=False, choices=[*ALL, *Level.choices])

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [*ALL, *((unit.pk, unit.name) for unit in units)]


class StandardForm(PortalModelForm):
    """One task of a year's list."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    level = forms.ChoiceField(label="层级", choices=Level.choices, widget=forms.RadioSelect)
    main = forms.TypedChoiceField(label="主要任务", choices=MainTask.choices, coerce=int)
    stage = forms.ChoiceField(label="阶段", choices=StageKey.choices, widget=forms.RadioSelect)

    class Meta:
        model = StandardTask
        fields = ("level", "main", "title", "work", "evidence", "basis", "stage", "due_on")
        widgets = {"work": _area(3), "evidence": _area(2)}
        help_texts = {
            "title": "一句话，例如：公开四类承诺。",
            "work": "写结果，不写开会、建台账。社区和窗口的要少、要实。",
            "evidence": "写系统里已有的：承诺、公开内容、留痕。",
            "basis": "方案的条款或文件名称和文号。",
        }

    def __init__(self, *args, instance, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        if instance.pk:
            self.fields["level"].disabled = True
        if instance.rule_key == "summary_report":
            self.fields["due_on"].disabled = True
            self.fields["due_on"].help_text = "就是这一年的报送日，在年度安排里改。"

    def clean_due_on(self):
        day, year = self.cleaned_data["due_on"], self.instance.year
        if day.year != year.number:
            raise forms.ValidationError(f"期限要在{year.number}年内，请修改。")
        return day


class IssueForm(PortalForm):
    """Which tasks go to which units; nothing chosen under 单位 means every unit of the tasks' levels."""

    tasks = forms.TypedMultipleChoiceField(
        label="任务", coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一项任务。"},
    )  # fmt: skip
    streets = forms.TypedMultipleChoiceField(
        label="街道", coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="选中的街道和它下面的社区、窗口、岗位。都不选就是全区。",
    )  # fmt: skip
    named = forms.CharField(
        label="只下达给这些单位", required=False, widget=_area(3), max_length=60_000,
        help_text="每行一个单位名称或者区划代码。不填就按上面的街道。",
    )  # fmt: skip
    due_on = forms.DateField(label="统一的期限", required=False, help_text="不填就按清单里各项任务的期限。")
    key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, year, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.year, self.user = year, user
        self.standards = list(StandardTask.objects.visible_to(user).filter(year=year).current().in_order())
        by_level: dict[str, list] = {}
        for row in self.standards:
            by_level.setdefault(row.get_level_display(), []).append((row.pk, row.title))
        self.fields["tasks"].choices = list(by_level.items())
        self.fields["streets"].choices = [
            (unit.pk, unit.name) for unit in self._units().filter(level=Level.STREET)
        ]

    def _units(self):
        return Organisation.objects.visible_to(self.user).taking_part().order_by("division_code", "id")

    def clean_key(self):
        key = self.cleaned_data["key"]
        return key if re.fullmatch(r"[0-9a-f]{32}", key) else ""

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day and day.year != self.year.number:
            raise forms.ValidationError(f"期限要在{self.year.number}年内，请修改。")
        return day

    def clean_named(self):
        """The units of the lines; each line that names none or several is told."""
        lines = list(
            dict.fromkeys(filter(None, (line.strip() for line in self.cleaned_data["named"].split("\n"))))
        )
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(f"一次最多写{MOST_LINES}行，请分几次下达。")
        found = {}
        for unit in self._units().filter(name__in=lines) | self._units().filter(division_code__in=lines):
            for line in {unit.name, unit.division_code} & set(lines):
                found.setdefault(line, []).append(unit.pk)
        faults = [f"“{line}”没有找到。" for line in lines if line not in found]
        faults += [
            f"“{line}”有{len(pks)}个同名单位，请写区划代码。" for line, pks in found.items() if len(pks) > 1
        ]
        if faults:
            raise forms.ValidationError(faults[:20])
        return [pk for pks in found.values() for pk in pks]

    def chosen(self):
        wanted = set(self.cleaned_data["tasks"])
        return [row for row in self.standards if row.pk in wanted]

    def units(self):
        """The units at the levels of the chosen tasks that the choice leaves."""
        units = self._units().filter(
            level__in={row.level for row in self.chosen()}, path__startswith=self.year.organisation.path
        )
        if named := self.cleaned_data["named"]:
            return units.filter(pk__in=named)
        if streets := self.cleaned_data["streets"]:
            paths = self._units().filter(pk__in=streets).values_list("path", flat=True)
            return units.filter(lists.under(paths))
        return units


class NoteForm(PortalForm):
    """The unit's own measures, or what has been done so far."""

    text = forms.CharField(label="内容", max_length=1000, widget=_area(5))

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = NoteKind(kind).label
        self.fields["text"].help_text = (
            "本单位打算怎样做：分几步、谁做、到哪天。新写的代替原来的，原来的留在经过里。"
            if kind == NoteKind.MEASURES
            else "做了什么、做到哪一步、有什么困难。只在内部看，不公开；不写居民的个人信息。"
        )


class OwnerForm(PortalForm):
    """Who answers for one task or several: a person or a post of the unit."""

    owner = forms.ChoiceField(label="责任人或责任岗位", required=False)

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", "没有定"), *choices]


class UploadForm(PortalForm):
    """Files the portal does not have yet."""

    uploads = MultipleFilesField(label="上传文件", required=False)

    def upload(self):
        return Upload(added=tuple(self.cleaned_data.get("uploads") or ()))


class StepForm(ReasonForm):
    """What a step asks: what was done when it is reported, a reason where it needs one."""

    report = forms.CharField(
        label="完成情况", max_length=1000, widget=_area(5),
        help_text="做成了什么，对照“凭什么算做成”写。数字系统里有的不用再抄。",
    )  # fmt: skip

    def __init__(self, *args, step, obj, **kwargs):
        super().__init__(*args, step=step, obj=obj, **kwargs)
        if step.name != "report":
            del self.fields["report"]
        elif obj.report:
            self.initial["report"] = obj.report
