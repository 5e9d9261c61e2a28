"""Forms for a draft set: its head and lines, a heading, an indicator with its measures, a circumstance, a copy."""

from decimal import Decimal
from typing import Any

from django import forms

from evaluation.checks import HUNDREDTHS, MISSING_LABELS, NEEDS, STYLE_LABELS, WORDS, faults_of, in_points
from evaluation.flows import KNOWN_METRICS
from evaluation.forms import PointsField
from evaluation.models import Circumstance, Heading, Indicator, Rank, Way
from evaluation.reading import metric_title
from evaluation.reference import grades
from evaluation.standards.services import stamp_now, stamp_of
from longsha_credit.directory.checks import free_text
from longsha_credit.programme.models import Year
from longsha_credit.web.forms import PortalForm

MOST_MEASURES = 2
LINES = ("candidate_line", "pass_line", "nurture_line", "heading_floor", "bonus_cap")


class WithSeen(PortalForm):
    """A form that carries along which saved version the writer started from."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, row, initial=None, **kwargs):
        super().__init__(*args, initial={"seen": stamp_of(row), **(initial or {})}, **kwargs)
        self.row = row

    def was_refused(self, refusal):
        """Say why it was not saved; after a colleague's saving the next time counts."""
        self.add_error(None, str(refusal))
        if refusal.code == "seen":
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = stamp_now(self.row)


class SetForm(WithSeen):
    title = forms.CharField(label="名称", max_length=60, validators=[free_text])
    basis = forms.CharField(
        label="依据",
        max_length=300,
        validators=[free_text],
        help_text="文件名称和文号；没有文件依据的写“建议值”。",
    )
    candidate_line = PointsField(label="示范候选线", help_text="总分达到这么多分，才能作为示范候选。")
    pass_line = PointsField(label="达标线")
    nurture_line = PointsField(label="培育线", help_text="到这条线是培育，不到是待提升。")
    heading_floor = PointsField(
        label="各项任务最低得分率（%）", help_text="有一项任务低于它，不能作为示范候选。"
    )
    bonus_cap = PointsField(label="加分上限")
    nation = PointsField(label="国家级加分")
    province = PointsField(label="省级加分")
    city = PointsField(label="市级加分")
    district = PointsField(label="区级加分")
    lines_basis = forms.CharField(label="等级线和加分的依据", max_length=200, validators=[free_text])

    def __init__(self, *args, row, **kwargs):
        initial = {name: getattr(row, name) for name in (*LINES, "title", "basis", "lines_basis")}
        super().__init__(*args, row=row, initial=initial | row.bonus_points, **kwargs)

    def clean(self):
        data = super().clean()
        if not self.errors:
            if not data["candidate_line"] > data["pass_line"] > data["nurture_line"]:
                self.add_error("pass_line", "示范候选线要高于达标线，达标线要高于培育线，请修改。")
            if data["heading_floor"] > 100 * HUNDREDTHS:
                self.add_error("heading_floor", "最低得分率最多100%。")
        return data

    def columns(self) -> dict[str, Any]:
        data = self.cleaned_data
        own = {name: data[name] for name in (*LINES, "title", "basis", "lines_basis")}
        return own | {"bonus_points": {rank: data[rank] for rank in Rank.values}}


class HeadingForm(WithSeen):
    title = forms.CharField(label="名称", max_length=30, validators=[free_text])

    def __init__(self, *args, row, part=None, **kwargs):
        super().__init__(*args, row=row, initial={"title": part.title} if part else {}, **kwargs)
        self.part = part or Heading(set=row)

    def written(self):
        self.part.title = self.cleaned_data["title"]
        return self.part


class CircumstanceForm(WithSeen):
    text = forms.CharField(label="情形", max_length=200, validators=[free_text])
    basis = forms.CharField(label="依据", max_length=200, validators=[free_text])

    def __init__(self, *args, row, part=None, **kwargs):
        initial = {"text": part.text, "basis": part.basis} if part else {}
        super().__init__(*args, row=row, initial=initial, **kwargs)
        self.part = part or Circumstance(set=row)

    def written(self):
        self.part.text, self.part.basis = self.cleaned_data["text"], self.cleaned_data["basis"]
        return self.part


class ScaleField(forms.CharField):
    """One step a line: words, a space, points."""

    widget = forms.Textarea(attrs={"rows": 5})

    def prepare_value(self, value):
        if isinstance(value, list):
            return "\n".join(f"{words} {in_points(points)}" for words, points in value)
        return value

    def clean(self, value):
        steps = []
        for line in super().clean(value).splitlines():
            if not line.strip():
                continue
            if line.strip().upper() == "ABC":
                return "ABC"
            words, _, number = line.strip().replace("　", " ").rpartition(" ")
            try:
                points = int(Decimal(number.removesuffix("分")) * HUNDREDTHS)
            except ArithmeticError:
                points = -1
            if not words.strip() or points < 0:
                raise forms.ValidationError(
                    f"“{line.strip()[:40]}”看不懂。每行先写叫法，空一格，再写分值，例如“符合3项 3”。"
                )
            steps.append([words.strip()[:40], points])
        return steps


class StepsField(ScaleField):
    def prepare_value(self, value):
        if isinstance(value, list):
            return "\n".join(f"到{least} {in_points(points)}" for least, points in value)
        return value


def _percent(label: str, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=100, **more)


MEASURE_FIELDS = {
    "metric": lambda: forms.ChoiceField(label="数据", required=False),
    "style": lambda: forms.ChoiceField(
        label="怎样算", required=False, choices=[("", "请选择"), *STYLE_LABELS.items()]
    ),
    "points": lambda: PointsField(label="分值", required=False, help_text="只有一项数据的可以不填。"),
    "floor": lambda: _percent("最低达成率（%）", help_text="达成率用：低于它不得分，0是不设。"),
    "unit": lambda: PointsField(
        label=WORDS["unit"], required=False, help_text="“每一个得分”“每一件扣分”用。"
    ),
    "low": lambda: _percent("起算线（%）", help_text="“按直线”用：到这里不得分。"),
    "high": lambda: _percent("满分线（%）", help_text="“按直线”用：到这里得满分。"),
    "steps": lambda: StepsField(
        label=WORDS["steps"], required=False, help_text="“分档”用，每行一档，例如“到2 3”。"
    ),
    "sample": lambda: forms.IntegerField(
        label="最少样本", required=False, min_value=0, max_value=1_000_000, help_text="不到这么多，不适用。"
    ),
    "missing": lambda: forms.ChoiceField(
        label="没有数据时", required=False, choices=[("", "按算法的通常做法"), *MISSING_LABELS.items()]
    ),
}


MeasuredForm = type(
    "MeasuredForm",
    (WithSeen,),
    {f"m{n}_{name}": make() for n in range(1, MOST_MEASURES + 1) for name, make in MEASURE_FIELDS.items()},
)


def _metrics() -> list[tuple[str, str]]:
    named = sorted((metric_title(key), key) for key in KNOWN_METRICS)
    return [("", "不用"), *((key, f"{title}（{key}）") for title, key in named)]


class IndicatorForm(MeasuredForm):
    """An indicator; `m1_…` and `m2_…` are its measures, left empty where people judge."""

    heading = forms.ModelChoiceField(queryset=None, label="属于哪一项")
    title = forms.CharField(label="指标", max_length=80, validators=[free_text])
    points = PointsField(label="分值")
    way = forms.ChoiceField(label="计分方式", choices=Way.choices, widget=forms.RadioSelect)
    formula = forms.CharField(
        label="计算方法", max_length=300, validators=[free_text], help_text="写给被评的单位和居民看。"
    )
    evidence = forms.CharField(label="看什么材料", max_length=200, required=False, validators=[free_text])
    basis = forms.CharField(label="依据", max_length=200, validators=[free_text])
    scale = ScaleField(
        label="评分档次", required=False,
        help_text="人工评审的才填。每行一档，好的在前，例如“符合3项 3”。只写ABC，就按A、B、C、C#即100%、66%、33%、0评。不填，就在分值以内任意给分。",
    )  # fmt: skip

    def __init__(self, *args, row, part=None, heading=None, **kwargs):
        self.part = part or Indicator(heading=heading)
        super().__init__(*args, row=row, initial=self._initial() if part else {"heading": heading}, **kwargs)
        self.fields["heading"].queryset = row.headings.order_by("number")
        if part:
            del self.fields["heading"]  # an indicator keeps its heading
        for n in range(1, MOST_MEASURES + 1):
            self.fields[f"m{n}_metric"].choices = _metrics()
        self.measure_fields = [
            [self[f"m{n}_{name}"] for name in MEASURE_FIELDS] for n in range(1, MOST_MEASURES + 1)
        ]

    def _initial(self) -> dict[str, Any]:
        names = ("title", "points", "way", "formula", "evidence", "basis", "scale")
        initial = {name: getattr(self.part, name) for name in names}
        for n, measure in enumerate(self.part.measures, 1):
            initial |= {f"m{n}_{name}": value for name, value in measure.items()}
        return initial

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        for name in ("title", "points", "way", "formula", "evidence", "basis"):
            setattr(self.part, name, data[name])
        if "heading" in data:
            self.part.heading = data["heading"]
        human = data["way"] == Way.HUMAN
        self.part.measures = [] if human else self._measures(data)
        self.part.scale = _spelled_out(data["scale"], data["points"]) if human else []
        if not human and not self.part.measures:
            self.add_error("m1_metric", "系统测算的要选一项数据。由人评审的，计分方式选“人工评审”。")
        for sentence in faults_of(self.part, KNOWN_METRICS):
            self.add_error(None, sentence)
        return data

    def _measures(self, data: dict[str, Any]) -> list[dict[str, Any]]:
        numbered = (
            {name: data.get(f"m{n}_{name}") for name in MEASURE_FIELDS} for n in range(1, MOST_MEASURES + 1)
        )
        return [_measure(typed, data["points"]) for typed in numbered if typed["metric"]]

    def written(self):
        return self.part


def _measure(typed: dict[str, Any], points: int) -> dict[str, Any]:
    """What was typed as a measure: only what its style asks for."""
    style = typed["style"] or "rate"
    measure = {"metric": typed["metric"], "style": style, "points": typed["points"] or points}
    for name in NEEDS[style]:
        value = typed[name]
        measure[name] = _steps(value) if name == "steps" else value
    if style == "rate":
        measure["floor"] = typed["floor"] or 0
    if style in ("rate", "linear") and typed["sample"]:
        measure["sample"] = typed["sample"]
    if typed["missing"]:
        measure["missing"] = typed["missing"]
    return measure


def _steps(value: list[list[Any]]) -> list[list[int]]:
    """到2 3: from so many on so many points."""
    return [[int("".join(filter(str.isdigit, words)) or 0), points] for words, points in value or []]


def _spelled_out(scale: Any, points: int) -> list[list[Any]]:
    """ABC stands for the four usual grades."""
    return grades(points) if scale == "ABC" else scale


class CopyForm(PortalForm):
    """The year the copy is for."""

    to = forms.ModelChoiceField(
        queryset=None,
        label="用于哪一年度",
        help_text="复制成这一年度的下一版草稿，内容都带过去，得分不带。",
    )

    def __init__(self, *args, row, user, **kwargs):
        super().__init__(*args, initial={"to": row.year_id}, **kwargs)
        self.fields["to"].queryset = Year.objects.visible_to(user).exclude(state="frozen")


PART_FORMS = {"heading": HeadingForm, "indicator": IndicatorForm, "circumstance": CircumstanceForm}
