"""Forms of the desk: a round, an application and its items, the panel, notices, objections and awards."""

from decimal import Decimal

from django import forms

from evaluation.demonstration.wording import points, shown_name
from evaluation.models import (
    Award,
    CandidateNotice,
    Cycle,
    IndicatorSet,
    ObjectionFinding,
    SetState,
    SiteVisit,
)
from longsha_credit.audit.forms import StepForm
from longsha_credit.directory.models import Organisation
from longsha_credit.files.forms import WithFiles
from longsha_credit.programme.models import Inspection
from longsha_credit.publication.gate import WRITERS
from longsha_credit.web.forms import PortalForm, PortalModelForm

KINDS = ("publication", "entry", "file")


def _area(rows):
    return forms.Textarea(attrs={"rows": rows})


class PointsField(forms.DecimalField):
    """Points with up to two decimals; gives hundredths."""

    def __init__(self, *, worth, **kwargs):
        super().__init__(min_value=0, max_value=Decimal(worth) / 100, decimal_places=2, **kwargs)

    def clean(self, value):
        found = super().clean(value)
        return None if found is None else int(found * 100)


class CycleForm(PortalModelForm):
    """A round: which standard, until when what is done; the year and the level follow from the standard."""

    set = forms.ModelChoiceField(
        label="创建指标", queryset=None, help_text="评哪一级、哪一年，按所选的这一套指标。启用以后不再改。"
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Cycle
        fields = (
            "set",
            "title",
            "apply_until",
            "assess_until",
            "panel_until",
            "publicity_on",
            "outlier_percent",
        )
        help_texts = {
            "title": "例如：2026年度诚信社区试点对标评价。没有批准文号的，不要写“示范”“命名”。",
            "outlier_percent": "评审员的分离中位数超过这一条分值的百分之几，要写明理由。建议20。",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        sets = (
            IndicatorSet.objects.visible_to(user)
            .filter(state=SetState.IN_FORCE)
            .exclude(year__state="frozen")
        )
        self.fields["set"].queryset = sets.select_related("year")

    def clean(self):
        data = super().clean()
        names = ("apply_until", "assess_until", "panel_until", "publicity_on")
        for before, after in zip(names, names[1:], strict=False):
            if data.get(before) and data.get(after) and data[after] < data[before]:
                self.add_error(after, f"{self.fields[after].label}不能早于{self.fields[before].label}。")
        chosen = data.get("set")
        if chosen:
            self.instance.year, self.instance.level = chosen.year, chosen.level
        return data


class ApprovalForm(PortalForm):
    body = forms.CharField(
        label="批准机关",
        max_length=80,
        help_text="有权批准创建示范活动的党委、政府，例如：某某市人民政府。区信用办、街道不能批准。",
    )
    number = forms.CharField(label="批准文号", max_length=60)
    on = forms.DateField(label="批准日期")


class PanelForm(PortalForm):
    """Who scores the whole round; those of the own unit stay away by themselves."""

    reviewers = forms.MultipleChoiceField(
        label="评审员",
        widget=forms.CheckboxSelectMultiple,
        help_text="至少选三名。本单位的人由系统自动回避。",
    )

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.members = {str(user.pk): user for user in members}
        self.fields["reviewers"].choices = [(key, user.name) for key, user in self.members.items()]

    def chosen(self):
        return [self.members[key] for key in self.cleaned_data["reviewers"]]


class ApplyForm(PortalForm):
    """Which unit applies and why."""

    unit = forms.ModelChoiceField(label="单位", queryset=None)
    reason = forms.CharField(
        label="申报理由", max_length=1000, widget=_area(4), help_text="做成了什么、居民怎样评价，写实在的。"
    )
    copy = forms.BooleanField(
        label="沿用上次申报的文字和佐证", required=False, initial=True,
        help_text="分数不沿用；沿用的每一条都要打开看过、重新填分，才能提交。",
    )  # fmt: skip

    def __init__(self, *args, user, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        units = Organisation.objects.visible_to(user).where(user, WRITERS).taking_part()
        self.fields["unit"].queryset = units.filter(level=cycle.level).order_by("path")


class ReasonForm(PortalForm):
    reason = forms.CharField(label="申报理由", max_length=1000, widget=_area(5))


class ItemForm(WithFiles, PortalForm):
    """One indicator: points, words, evidence picked from what the unit has, and files."""

    points = forms.DecimalField(label="自评分", min_value=0, decimal_places=2)
    text = forms.CharField(
        label="说明", max_length=1000, widget=_area(4), help_text="做了什么、凭什么这样评。"
    )
    publication = forms.MultipleChoiceField(
        label="选已公开的内容", required=False, widget=forms.CheckboxSelectMultiple
    )
    entry = forms.MultipleChoiceField(label="选办理留痕", required=False, widget=forms.CheckboxSelectMultiple)
    file = forms.MultipleChoiceField(
        label="选已有的文件", required=False, widget=forms.CheckboxSelectMultiple
    )
    dropped = forms.MultipleChoiceField(
        label="取下已选的佐证", required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("points", "text", "publication", "entry", "file", "uploads", "dropped")

    def __init__(self, *args, item, offered, **kwargs):
        initial = {"text": item.text, "points": None if item.points is None else Decimal(item.points) / 100}
        super().__init__(*args, initial=initial, **kwargs)
        worth = item.indicator.points
        self.worth = worth
        self.fields["points"].help_text = f"满分{points(worth)}分，最多两位小数。"
        self.fields["uploads"].label = "上传文件"
        for kind in KINDS:
            self._offer(kind, [(str(row.pk), told) for row, told in offered[kind]])
        self._offer("dropped", [(str(row.pk), str(row)) for row in item.evidence.all()])
        del self.fields["removed"]
        self.order_fields(self.field_order)

    def clean_points(self):
        """In hundredths, within what the indicator is worth."""
        found = int(self.cleaned_data["points"] * 100)
        if found > self.worth:
            raise forms.ValidationError(f"这一条最多{points(self.worth)}分，请核对。")
        return found

    def _offer(self, name, choices):
        self.fields[name].choices = choices
        if not choices:
            del self.fields[name]

    def given(self):
        """What `services.assess` takes."""
        data = self.cleaned_data
        return {
            "points": data["points"],
            "text": data["text"],
            "upload": self.upload(),
            "picked": {kind: [int(pk) for pk in data.get(kind, [])] for kind in KINDS},
            "dropped": [int(pk) for pk in data.get("dropped", [])],
        }


class VisitForm(WithFiles, PortalModelForm):
    class Meta:
        model = SiteVisit
        fields = ("visited_on", "visitors", "inspection", "seen", "text")
        widgets = {"text": _area(5), "seen": forms.RadioSelect}
        help_texts = {
            "visitors": "去了哪些人，例如：区信用办两人、居民代表一人。",
            "inspection": "这次核查就是一次督导检查的，选上；不是的留空。",
        }

    def __init__(self, *args, user, unit, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["removed"]
        self.fields["inspection"].queryset = Inspection.objects.visible_to(user).filter(units=unit)
        self.fields["uploads"].label = "照片和材料"


def _points_field(one, kept):
    """Points up to what the indicator is worth, or one of the steps of its scale; hundredths."""
    said = {"label": f"{one.code} {one.title}", "required": False}
    said["help_text"] = f"满分{points(one.points)}分。{one.formula}"
    if one.scale:
        steps = [(value, f"{label}：{points(value)}分") for label, value in one.scale]
        kept_step = kept.points if kept else None
        return forms.TypedChoiceField(
            choices=steps, coerce=int, empty_value=None, initial=kept_step, widget=forms.RadioSelect, **said
        )
    return PointsField(worth=one.points, initial=Decimal(kept.points) / 100 if kept else None, **said)


class ScoreForm(PortalForm):
    """The own points for every indicator that people judge; empty ones can wait until they are sent."""

    @classmethod
    def of(cls, indicators, scores, data=None):
        """The form for these indicators, with what was kept of {indicator id: PanelScore}."""
        fields = {}
        for one in indicators:
            kept = scores.get(one.pk)
            fields[f"points_{one.pk}"] = _points_field(one, kept)
            fields[f"points_{one.pk}"].needed_later = True
            fields[f"note_{one.pk}"] = forms.CharField(
                label=f"{one.code} 评语", required=False, max_length=300, initial=kept.note if kept else ""
            )
        form = type("ScoresForm", (cls,), fields)(data)
        form.indicators = indicators
        return form

    def given(self):
        """{indicator id: (hundredths, note)} of those that were filled in."""
        data = self.cleaned_data
        rows = {
            one.pk: (data.get(f"points_{one.pk}"), data.get(f"note_{one.pk}", "")) for one in self.indicators
        }
        return {pk: row for pk, row in rows.items() if row[0] is not None}


class ExplainForm(PortalForm):
    explanation = forms.CharField(label="为什么这样评", max_length=300, widget=_area(3))


class NoticeForm(WithFiles, PortalModelForm):
    """A notice with the candidates it shows."""

    candidates = forms.MultipleChoiceField(label="拟评定单位", widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = CandidateNotice
        fields = ("title", "text", "contact")
        widgets = {"text": _area(6)}

    def __init__(self, *args, offered, existing=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.offered = {str(row.pk): row for row in offered}
        self.fields["candidates"].choices = [
            (key, shown_name(row.organisation)) for key, row in self.offered.items()
        ]
        mine = [
            key for key, row in self.offered.items() if self.instance.pk and row.notice_id == self.instance.pk
        ]
        self.initial["candidates"] = mine or list(self.offered)
        self.offer_files(list(existing))

    def chosen(self):
        return [self.offered[key] for key in self.cleaned_data["candidates"]]


class AwardForm(WithFiles, PortalModelForm):
    class Meta:
        model = Award
        fields = ("reason",)
        widgets = {"reason": _area(5)}

    def __init__(self, *args, existing=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_files(list(existing))


class RecheckForm(PortalForm):
    fit = forms.TypedChoiceField(
        label="结论", choices=[("yes", "仍然符合"), ("no", "不再符合，另行申请撤销")], coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    text = forms.CharField(label="复核情况", max_length=1000, widget=_area(4))


class ObjectionStepForm(StepForm):
    """What handling an objection asks: for a proposal the finding and the answer."""

    finding = forms.ChoiceField(label="处理结果", choices=ObjectionFinding.choices, widget=forms.RadioSelect)
    reply = forms.CharField(
        label="答复",
        max_length=2000,
        widget=_area(6),
        help_text="提异议的人凭查询码会看到。写明怎样核实的、依据什么。",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.step.name != "propose":
            del self.fields["finding"], self.fields["reply"]


class TakeDownForm(StepForm):
    """Taking a notice or an award down may take its texts too, where the law orders it."""

    remove_content = forms.BooleanField(
        label="依法移除历次版本的内容", required=False,
        help_text="内容里有依法不能公开的信息时勾选。移除后不能恢复，公开账只留种类、单位、时间和校验值。",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.step.name != "approve_withdrawal":
            del self.fields["remove_content"]
        if self.step.name == "ask_withdrawal":
            self.fields["reason"].help_text = "理由长期公开，不要写个人信息，也不要复述需要撤下的内容。"
