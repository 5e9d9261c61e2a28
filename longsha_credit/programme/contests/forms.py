"""Forms of the desk and of the public: a question, a file of questions, a contest with its units and rules, taking part."""

from django import forms
from django.utils import timezone

from longsha_credit.audit.forms import StepForm
from longsha_credit.directory.checks import free_text
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.programme.contests import fields
from longsha_credit.programme.contests.conditions import time_problems
from longsha_credit.programme.contests.flows import HOLDS
from longsha_credit.programme.contests.services import last_numbers
from longsha_credit.programme.models import (
    Category,
    Contest,
    ContestDraw,
    ContestResult,
    ContestRevision,
    ContestUnit,
    QuestionKind,
)
from longsha_credit.programme.models.contests import TEXT, WORDS
from longsha_credit.web.forms import HalfWidthCharField, PortalForm, PortalModelForm

MOST_PEOPLE = 10_000_000
MOMENT = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"]


def own_units(user):
    """The units for which this user may write questions and run contests."""
    units = Organisation.objects.visible_to(user).where(user, HOLDS).taking_part().units()
    return units.order_by("path")


def _area(rows):
    return forms.Textarea(attrs={"rows": rows})


def _minute(moment):
    return moment.replace(second=0, microsecond=0)


def _moment():
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT[0])


class QuestionForm(PortalForm):
    """A question in the columns of the field dictionary, checked by the same rules as a file."""

    organisation = forms.ModelChoiceField(label="出题单位", queryset=None)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, user, instance, initial=None, **kwargs):
        start = {"organisation": instance.organisation_id, "seen": "", **(initial or {})}
        if instance.text:
            start |= fields.texts_of(instance)
        super().__init__(*args, initial=start, **kwargs)
        self.instance = instance
        self.fields["organisation"].queryset = own_units(user)
        self.fields["organisation"].empty_label = None
        if instance.pk or instance.replaces_id:
            self.fields["organisation"].disabled = True

    def clean(self):
        data = super().clean()
        content, faults = fields.one({one.name: str(data.get(one.name) or "") for one in fields.FIELDS})
        for name, sentence in faults:
            if name not in self.errors:
                self.add_error(name, sentence)
        if not self.errors:
            for name, value in content.items():
                setattr(self.instance, name, value)
            self.instance.organisation = data["organisation"]
        return data

    def parts(self):
        """The fields of the dictionary, in its order."""
        return [self[one.name] for one in fields.FIELDS]


def _field_of(one):
    if one.choices:
        choices = [(label, label) for label in one.labels]
        return forms.ChoiceField(label=one.label, choices=choices, widget=forms.RadioSelect)
    rows = 3 if (one.most or 0) > 200 else 0
    widget = _area(rows) if rows else forms.TextInput
    field = forms.CharField(
        label=one.label, required=False, max_length=one.most, help_text=one.help, widget=widget
    )
    field.needed_later = one.required
    return field


for _one in fields.FIELDS:
    QuestionForm.base_fields[_one.name] = _field_of(_one)
    QuestionForm.declared_fields[_one.name] = QuestionForm.base_fields[_one.name]


class ContestForm(PortalModelForm):
    """A contest: its rules, and for every unit how many residents and officials it has."""

    organisation = forms.ModelChoiceField(label="举办单位", queryset=None, empty_label=None)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Contest
        fields = ("organisation", *TEXT)
        widgets = {
            "about": _area(4),
            "audience": forms.RadioSelect,
            "counts": forms.RadioSelect,
            "ranked_by": forms.RadioSelect,
            "tie": forms.RadioSelect,
            **{name: _moment() for name in ("opens_at", "closes_at")},
        }  # fmt: skip
        help_texts = {
            "title": "例如：2026年诚信知识竞赛。",
            "about": "为什么办、考哪些内容、怎样准备。居民看得懂的话，不写任何人的姓名和电话。",
            "minutes": "从点“开始答题”算起，1到180分钟。到时由服务器结束，已经保存的答案照算。",
            "attempts": "1到10次。居民按一部手机或一台电脑算。",
            "min_sample": "至少5人。不到的单位只列人数，不排名。",
            "pass_percent": "1到100。不发证书的留空。",
        }

    def __init__(self, *args, user, instance, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        for name in ("opens_at", "closes_at"):
            self.fields[name].input_formats = MOMENT
        for name in ("audience", "counts", "ranked_by", "tie"):
            self.fields[name].choices = [pair for pair in self.fields[name].choices if pair[0]]
        units = own_units(user)
        self.fields["organisation"].queryset = units
        if instance.pk:
            self.fields["organisation"].disabled = True
        self.units = list(units.exclude(level=Level.DISTRICT).in_tree_order())
        self._offer_numbers(instance)

    def _offer_numbers(self, contest):
        known = {}
        if contest.pk:
            known = {unit.organisation_id: unit for unit in contest.units.all()}
        elif contest.organisation_id:
            known = last_numbers(contest.organisation)
        for unit in self.units:
            row = known.get(unit.pk)
            for kind, label in (("residents", "居民人数"), ("officials", "公职人员人数")):
                self.fields[f"{kind}_{unit.pk}"] = forms.IntegerField(
                    label=f"{unit.name}的{label}",
                    required=False,
                    min_value=1,
                    max_value=MOST_PEOPLE,
                    initial=row and getattr(row, kind),
                    error_messages={"invalid": f"{unit.name}的{label}要写整数，例如 1860。"},
                    widget=forms.TextInput(
                        attrs={"inputmode": "numeric", "aria-label": f"{unit.name}的{label}"}
                    ),
                )

    def unit_rows(self):
        """For the page: each unit with its two fields."""
        return [
            {
                "unit": unit,
                "residents": self[f"residents_{unit.pk}"],
                "officials": self[f"officials_{unit.pk}"],
            }
            for unit in self.units
        ]

    def clean(self):
        data = super().clean()
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", "结束时间要晚于开始时间。")
        if closes and closes <= timezone.now():
            self.add_error("closes_at", "结束时间已经过了，请改时间。")
        limits = (("minutes", 1, 180), ("attempts", 1, 10), ("min_sample", 5, 1000), ("pass_percent", 1, 100))
        for name, least, most in limits:
            if data.get(name) is not None and not least <= data[name] <= most:
                label = self.fields[name].label
                self.add_error(name, f"“{label}”要在{least}到{most}之间。")
        unit = data.get("organisation")
        named = [row for row in self.chosen() if unit and not row.organisation.path.startswith(unit.path)]
        if named:
            self.add_error(None, f"{named[0].organisation.name}不是{unit.name}的下级单位，请清空它的人数。")
        return data

    def chosen(self):
        """The units that take part, unsaved."""
        data, rows = self.cleaned_data, []
        for unit in self.units:
            residents, officials = data.get(f"residents_{unit.pk}"), data.get(f"officials_{unit.pk}")
            if residents or officials:
                rows.append(ContestUnit(organisation=unit, residents=residents, officials=officials))
        return rows


class DrawForm(PortalForm):
    """One line of the rule by which the paper is drawn; an empty line counts for nothing."""

    kind = forms.ChoiceField(label="题型", required=False, choices=[("", "不用"), *QuestionKind.choices])
    category = forms.ChoiceField(label="类别", required=False, choices=[("", "不限类别"), *Category.choices])
    number = forms.IntegerField(label="抽几道", required=False, min_value=1, max_value=100)
    points = forms.IntegerField(label="每道几分", required=False, min_value=1, max_value=100)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.needed_later = True  # the line as a whole may be empty, and the page says so

    def clean(self):
        data = super().clean()
        if data.get("kind"):
            for name in ("number", "points"):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, f"请填{self.fields[name].label}。")
        elif data.get("number") or data.get("points"):
            self.add_error("kind", "请选题型，或把这一行清空。")
        return data


class BaseDraws(forms.BaseFormSet):
    """The lines of the rule together."""

    def clean(self):
        if any(self.errors):
            return
        pairs = [(draw.kind, draw.category) for draw in self.draws()]
        if len(set(pairs)) < len(pairs):
            raise forms.ValidationError("有两行的题型和类别一样，请合成一行。")
        if sum(draw.number for draw in self.draws()) > 100:
            raise forms.ValidationError("一张卷子最多100道题，请减少。")

    def draws(self):
        """The rows that say something, unsaved."""
        return [ContestDraw(**form.cleaned_data) for form in self.forms if form.cleaned_data.get("kind")]


LINES = 8
DrawFormSet = forms.formset_factory(
    DrawForm, formset=BaseDraws, extra=LINES, max_num=12, absolute_max=24, validate_max=False
)


class ContestStepForm(StepForm):
    """What a step asks: a reason, and with a withdrawal whether the texts go too."""

    remove_content = forms.BooleanField(
        label="依法移除历次版本的内容",
        required=False,
        help_text="内容里有依法不能公开的信息时勾选。移除后不能恢复，公开账只留种类、单位、时间和校验值。",
    )

    def __init__(self, *args, step, obj, **kwargs):
        super().__init__(*args, step=step, obj=obj, **kwargs)
        if step.name != "approve_withdrawal":
            del self.fields["remove_content"]


class ResultForm(PortalModelForm):
    """What is said beside the figures."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = ContestResult
        fields = ("note",)
        widgets = {"note": _area(4)}
        help_texts = {"note": "例如：下一步哪些内容要再讲一讲。公开给居民看，不写任何人的姓名。"}


class RevisionForm(PortalModelForm):
    """What of a public contest may be put otherwise: its words, and more time."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = ContestRevision
        fields = ("reason", *WORDS)
        widgets = {
            "reason": _area(2),
            "about": _area(4),
            **{name: _moment() for name in ("opens_at", "closes_at")},
        }
        help_texts = {
            "reason": "公开给居民看，例如：台风停课，延长三天。不写任何人的姓名。",
            "opens_at": "还没有开始的可以推迟，不能提前。",
            "closes_at": "还没有结束的可以延后，不能提前。",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("opens_at", "closes_at"):
            self.fields[name].input_formats = MOMENT
        if self.instance.of.opens_at <= timezone.now():
            self.fields["opens_at"].disabled = True
            self.fields["opens_at"].help_text = "竞赛已经开始，这一项不能再改。"

    def clean(self):
        data = super().clean()
        contest, times = self.instance.of, {}
        for name in {"opens_at", "closes_at"} & data.keys():
            stands = getattr(contest, name)
            # the field knows minutes only; what was not touched stays to the second
            if _minute(data[name]) == _minute(stands):
                data[name] = stands
            times[name] = data[name]
        if len(times) == 2:
            for name, sentence in time_problems(contest, **times).items():
                self.add_error(name, sentence)
        return data


class TakePartForm(PortalForm):
    """A resident says for which unit; nothing else is asked."""

    unit = forms.ModelChoiceField(label="您住在哪里", queryset=None, empty_label="请选择")
    token = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, contest, **kwargs):
        super().__init__(*args, **kwargs)
        units = ContestUnit.objects.public(contest)
        self.fields["unit"].queryset = units
        self.fields["unit"].label_from_instance = lambda row: row.organisation.name


class GoOnForm(PortalForm):
    """The number by which a resident goes on with another phone."""

    code = HalfWidthCharField(
        label="接着答的号码",
        max_length=40,
        validators=[free_text],
        help_text="答题页上写着，12位，例如 7KQM 2XWA HN5T。",
    )
