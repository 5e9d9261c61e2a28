"""Forms of the desk for a year: its dates and texts, the year it is copied to, the reason of a step."""

from django import forms

from longsha_credit.directory.checks import free_text
from longsha_credit.programme import services
from longsha_credit.programme.checks import Span, faults
from longsha_credit.programme.models import StageKey
from longsha_credit.web.forms import PortalForm


def _task(stage: str) -> forms.CharField:
    return forms.CharField(
        label=f"{stage}工作内容", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class YearForm(PortalForm):
    """Title, basis, day of the report, and for each stage its first day, last day and task."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label="方案名称", max_length=200, validators=[free_text])
    basis = forms.CharField(
        label="依据",
        max_length=300,
        validators=[free_text],
        help_text="文件名称和文号。沿用到新年度后，请核对是否有新的文件。",
    )
    start_starts_on = forms.DateField(label="组织启动开始日期")
    start_ends_on = forms.DateField(label="组织启动结束日期")
    start_task = _task("组织启动")
    advance_starts_on = forms.DateField(label="全面推进开始日期")
    advance_ends_on = forms.DateField(label="全面推进结束日期")
    advance_task = _task("全面推进")
    conclude_starts_on = forms.DateField(label="总结经验开始日期")
    conclude_ends_on = forms.DateField(label="总结经验结束日期")
    conclude_task = _task("总结经验")
    report_on = forms.DateField(
        label="报送日",
        help_text="各街道在这一天以前把工作情况总结报送至区营商局，要在总结经验阶段内。遇节假日不顺延。",
    )

    def __init__(self, *args, year, **kwargs):
        initial = {"seen": services.stamp_of(year), "title": year.title, "basis": year.basis}
        for stage in year.stages.all():
            for name in ("starts_on", "ends_on", "task"):
                initial[f"{stage.key}_{name}"] = getattr(stage, name)
        super().__init__(*args, initial=initial | {"report_on": year.report_on}, **kwargs)
        self.year = year

    def spans(self) -> list[Span]:
        data = self.cleaned_data
        return [
            Span(key, data[f"{key}_starts_on"], data[f"{key}_ends_on"], data[f"{key}_task"])
            for key in StageKey.values
        ]

    def parts(self):
        """For the page: each stage's key, name and its three fields."""
        return [
            {
                "key": key,
                "name": name,
                "starts_on": self[f"{key}_starts_on"],
                "ends_on": self[f"{key}_ends_on"],
                "task": self[f"{key}_task"],
            }
            for key, name in StageKey.choices
        ]

    def clean(self):
        data = super().clean()
        if not self.errors:
            for field, sentence in faults(self.year.number, data["report_on"], self.spans()).items():
                self.add_error(field, sentence)
        return data


class CopyForm(PortalForm):
    """The year the arrangement is copied to."""

    to = forms.IntegerField(label="新年度", help_text="四位年份。三个阶段和报送日移到这一年的同一天。")

    def __init__(self, *args, year, **kwargs):
        super().__init__(*args, initial={"to": year.number + 1}, **kwargs)


class ReasonForm(PortalForm):
    """Why a step is taken, where it needs a reason."""

    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, **kwargs)
        if step.reason:
            self.fields["reason"].label = f"{step.label}的理由"
        else:
            del self.fields["reason"]
