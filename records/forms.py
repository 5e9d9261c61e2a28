"""Forms of the desk: a record as its catalogue item asks for it, steps, objections, repair, the catalogue."""

from django import forms
from django.utils import timezone

from longsha_credit.directory.models import Official, Organisation
from longsha_credit.directory.scope import within
from longsha_credit.files import checks
from longsha_credit.files.forms import WithFiles
from longsha_credit.web.forms import FileInput, PortalForm, PortalModelForm
from records.checks import end_of, item_faults
from records.models import (
    FILERS,
    CatalogueItem,
    CorrectionKind,
    Decision,
    Dimension,
    EffectRule,
    Finality,
    Outcome,
    Part,
    Record,
    RecordKind,
    SubjectKind,
)
from records.reading import FLAGGABLE, REASONS

PRIVATE = "不要写身份证号码、电话、住址，也不要写还没有结论的问题线索。"

FINDING = f"核了什么、看到什么、为什么这样处理。会写进告知书，撤销公示中的记录时随理由公开。{PRIVATE}"


def long_text(label, rows, longest=2000, hint=""):
    return forms.CharField(
        label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": rows}), help_text=hint
    )


class FilterForm(PortalForm):
    """What the list is narrowed to."""

    q = forms.CharField(label="标题、编号、单位或文号", required=False, max_length=100)
    kind = forms.ChoiceField(label="守信或失信", required=False, choices=[("", "全部"), *RecordKind.choices])
    dimension = forms.ChoiceField(label="方面", required=False, choices=[("", "全部"), *Dimension.choices])
    month = forms.CharField(label="决定的月份，如 2026-11", required=False, max_length=7)


class UnitField(forms.ModelChoiceField):
    """Units and posts; a post is named with its unit."""

    def label_from_instance(self, obj):
        return f"{obj.parent.name} {obj.name}" if obj.level == SubjectKind.POST else obj.name


class OfficialField(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return f"{obj.name}（{obj.staff_number}，{obj.organisation.name}）"


# As they stand on the page, so that the list of faults reads from top to bottom.
FIELDS = (
    *("correction_kind", "correction_reason", "organisation", "official", "part", "title", "facts"),
    *("document_number", "issuing_body", "decided_on", "finality", "next_check_on"),
    *("effective_from", "effective_until"),
)


class RecordForm(WithFiles, PortalModelForm):
    """A draft; which fields there are follows from the catalogue item."""

    organisation = UnitField(label="单位", queryset=None)
    official = OfficialField(label="公职人员", queryset=None)
    part = forms.ChoiceField(
        label="主体在事件中", choices=Part.choices, widget=forms.RadioSelect, initial=Part.PARTY,
        help_text="当事：就是这个主体的事。涉及：只是提到，不算它的失信。",
    )  # fmt: skip
    finality = forms.ChoiceField(
        label="决定生效没有", choices=Finality.choices, widget=forms.RadioSelect, initial=Finality.FINAL,
        help_text="还在复议、诉讼、申诉期内的，先不计入，到复查日期再看。",
    )  # fmt: skip
    field_order = (*FIELDS, "removed", "uploads")

    class Meta:
        model = Record
        fields = FIELDS
        widgets = {
            "facts": forms.Textarea(attrs={"rows": 5}),
            "correction_reason": forms.Textarea(attrs={"rows": 3}),
            "correction_kind": forms.RadioSelect,
        }
        help_texts = {
            "title": "一句话说清是什么事，例如：老年食堂没有按承诺恢复供餐。",
            "facts": f"时间、地点、做了什么或没有做什么，照决定书写。{PRIVATE}",
            "document_number": "作为依据的决定、通报或判决的文号。",
            "issuing_body": "作出这个决定的机关。",
            "decided_on": "例如 2026-11-02，不能晚于今天。",
            "next_check_on": "还没有生效的才填：哪一天再看它生效没有。",
            "correction_reason": "哪里写错了、为什么改。更正经核实以前，现行版本一直有效。",
        }

    def __init__(self, *args, user, existing=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.item = user, self.instance.item
        self._subject_fields()
        self._effect_fields()
        if not self.instance.corrects_id:
            del self.fields["correction_kind"], self.fields["correction_reason"]
        else:
            self.fields["correction_kind"].choices = CorrectionKind.choices
            for name in ("correction_kind", "correction_reason"):
                self.fields[name].required = True
        for name in ("document_number", "issuing_body", "decided_on", "effective_from", "uploads"):
            self.fields[name].needed_later = True
        self.fields["uploads"].label = "证据"
        self.fields["uploads"].help_text = f"需要：{self.item.evidence}。提交核实前至少要有一份。"
        self.offer_files(list(existing))

    def _subject_fields(self):
        """Only subjects the item suits, in the writer's units; a correction keeps its subject."""
        if self.instance.corrects_id:
            del self.fields["organisation"], self.fields["official"]
            return
        levels = [kind for kind in self.item.subjects if kind != SubjectKind.OFFICIAL]
        units = Organisation.objects.visible_to(self.user).where(self.user, FILERS).in_force()
        self.fields["organisation"].queryset = (
            units.filter(level__in=levels).select_related("parent").order_by("path")
        )
        self.fields["organisation"].label = SubjectKind.POST.label if levels == [SubjectKind.POST] else "单位"
        officials = Official.objects.visible_to(self.user).filter(
            within(self.user, FILERS, "organisation__path")
        )
        self.fields["official"].queryset = officials.select_related("organisation").order_by(
            "organisation__path", "staff_number"
        )
        if not levels:
            del self.fields["organisation"]
        elif SubjectKind.OFFICIAL not in self.item.subjects:
            del self.fields["official"]
        else:
            self.fields["official"].help_text = "公职人员和岗位选一个：记人的选人，记岗位的选岗位。"
            for name in ("official", "organisation"):
                self.fields[name].required, self.fields[name].needed_later = False, True
                self.fields[name].empty_label = "不选"
        if self.instance.official_id:
            self.initial["organisation"] = None

    def _effect_fields(self):
        item = self.item
        if not item.may_be_pending:
            del self.fields["finality"], self.fields["next_check_on"]
        if item.effect_rule == EffectRule.FIXED:
            del self.fields["effective_until"]
            self.fields[
                "effective_from"
            ].help_text = f"从这一天起{item.effect_months}个月，到哪一天由系统算。依据：{item.effect_basis}。"
        else:
            self.fields["effective_from"].help_text = "决定生效的日期，不早于作出日期。"
            self.fields[
                "effective_until"
            ].help_text = (
                f"从生效日期起最长{item.effect_months}个月，留空就是最长。依据：{item.effect_basis}。"
            )

    def clean(self):
        data = super().clean()
        self._check_subject(data)
        today = timezone.localdate()
        decided, start = data.get("decided_on"), data.get("effective_from")
        if decided and decided > today:
            self.add_error("decided_on", "作出日期不能晚于今天。")
        if decided and start and start < decided:
            self.add_error("effective_from", "生效日期不能早于作出日期。")
        if data.get("finality") == Finality.PENDING and data.get("next_check_on"):
            if data["next_check_on"] <= today:
                self.add_error("next_check_on", "下次复查日期要在今天以后。")
        elif data.get("finality") == Finality.PENDING and "next_check_on" not in self.errors:
            self.add_error("next_check_on", "决定还没有生效的，请写明哪一天再看。")
        if "effective_from" not in self.errors and "effective_until" not in self.errors:
            problem, self.end = end_of(self.item, start, data.get("effective_until"))
            if problem:
                self.add_error("effective_until", problem)
        return data

    def _check_subject(self, data):
        both = {"organisation", "official"} & self.fields.keys()
        chosen = [name for name in both if data.get(name)]
        if len(both) == 2 and len(chosen) != 1 and not self.errors.keys() & both:
            self.add_error("official", "公职人员和岗位请选一个，只选一个。")

    def _post_clean(self):
        """What the item decides stands on the row before the model is asked."""
        super()._post_clean()
        it, data = self.instance, self.cleaned_data
        if not it.corrects_id:
            it.official = data.get("official")
            if it.official:
                it.organisation = it.official.organisation
        if not self.item.may_be_pending:
            it.finality, it.next_check_on = Finality.FINAL, None
        if hasattr(self, "end"):
            it.effective_until = self.end

    def _get_validation_exclusions(self):
        """The subject and the end of the period are settled after the fields."""
        return super()._get_validation_exclusions() | {"organisation", "official", "effective_until"}


class StepForm(PortalForm):
    """What a step asks before it is taken: a reason where it needs one."""

    reason = long_text("理由", 4, 500)

    def __init__(self, *args, step, it, **kwargs):
        super().__init__(*args, **kwargs)
        self.it = it
        self.fields["reason"].label = f"{step.label}的理由"
        if not step.reason:
            del self.fields["reason"]
        elif step.name == "ask_revocation":
            self.fields["reason"].help_text = f"批准以后，公示中的记录撤下，理由长期公开。{PRIVATE}"

    def given(self):
        """The cleaned values as the step takes them."""
        return dict(self.cleaned_data)


def _flag(label):
    return forms.ChoiceField(label=label, required=False, choices=[("", "没有问题"), *REASONS.items()])


class FlagsForm(StepForm):
    """A record sent back: the reason, and for each field what is wrong with it."""

    def flags(self):
        return [field for field in self if field.name.startswith("flag_")]

    def given(self):
        chosen = {
            name.removeprefix("flag_"): code
            for name, code in self.cleaned_data.items()
            if name.startswith("flag_") and code
        }
        return {"reason": self.cleaned_data["reason"], "flagged": chosen}


SendBackForm = type(
    "SendBackForm", (FlagsForm,), {f"flag_{name}": _flag(label) for name, label in FLAGGABLE.items()}
)


class RecheckForm(StepForm):
    """Whether a decision has become final by now, and from when it counts."""

    finality = forms.ChoiceField(label="复查结果", choices=Finality.choices, widget=forms.RadioSelect)
    next_check_on = forms.DateField(
        label="下次复查日期", required=False, help_text="仍未生效的填，在今天以后。"
    )
    effective_from = forms.DateField(
        label="生效日期", required=False, help_text="已生效的填，留空就按记录上现在的日期。"
    )
    effective_until = forms.DateField(label="有效期至", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.item = self.it.item
        self.fields["effective_until"].help_text = f"留空就是从生效日期起{self.item.effect_months}个月。"
        if self.item.effect_rule == EffectRule.FIXED:
            del self.fields["effective_until"]

    def clean(self):
        data = super().clean()
        if data.get("finality") == Finality.PENDING:
            self._look_again(data)
        elif data.get("effective_from") or data.get("effective_until"):
            start = data.get("effective_from") or self.it.effective_from
            if start < self.it.decided_on:
                self.add_error("effective_from", "生效日期不能早于作出日期。")
            problem, data["effective_until"] = end_of(self.item, start, data.get("effective_until"))
            if problem:
                self.add_error("effective_until", problem)
        return data

    def _look_again(self, data):
        if "next_check_on" in self.errors:
            return
        if not data.get("next_check_on") or data["next_check_on"] <= timezone.localdate():
            self.add_error("next_check_on", "仍未生效的，请写明今天以后的下次复查日期。")


class AcceptForm(StepForm):
    needs_check = forms.BooleanField(
        label="需要向其他单位核查",
        required=False,
        help_text="只核对本单位的材料不用勾选；勾选后按需要核查的期限办理，期限从提出当天算起。",
    )


def _propose_form(choices):
    class ProposeForm(StepForm):
        outcome = forms.ChoiceField(label="处理意见", choices=choices, widget=forms.RadioSelect)
        finding = long_text("核查情况", 6, hint=FINDING)

    return ProposeForm


# By the flow's name and the step's; every other step asks for its reason only.
STEP_FORMS = {
    ("诚信记录", "send_back"): SendBackForm,
    ("诚信记录", "recheck"): RecheckForm,
    ("异议", "accept"): AcceptForm,
    ("异议", "propose"): _propose_form(Outcome.choices),
    ("信用修复", "propose"): _propose_form(Decision.choices),
}


class ObjectionForm(WithFiles, PortalForm):
    wanted = forms.ChoiceField(label="请求", choices=Outcome.choices[1:], widget=forms.RadioSelect)
    reason = long_text("理由", 6, 2000, "哪里不对、实际是什么情况。提交以后不能再改，随记录一起保存。")
    field_order = ("wanted", "reason", "uploads")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["uploads"].label = "证明材料"
        self.offer_files([])


class RepairForm(WithFiles, PortalForm):
    reason = long_text("纠正情况", 6, 2000, "怎样纠正的、义务什么时候履行完的。")
    letter = forms.FileField(
        label="信用承诺书", allow_empty_file=True, widget=FileInput(accept=checks.ACCEPT),
        help_text=f"单位盖章或本人签字，一个文件，可上传 {checks.ALLOWED}。",
    )  # fmt: skip
    field_order = ("reason", "letter", "uploads")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["uploads"].label = "履行完毕的证明"
        self.fields["uploads"].required = True
        self.fields["uploads"].error_messages["required"] = "请上传履行完毕的证明。"
        self.offer_files([])

    def clean_letter(self):
        letter = self.cleaned_data["letter"]
        try:
            checks.check(letter)
        except checks.Unacceptable as fault:
            raise forms.ValidationError(str(fault)) from fault
        return letter


class WhyForm(PortalForm):
    """A reason that an entry keeps: to see a name, to read an official's file."""

    reason = forms.CharField(label="用途", max_length=300)


class ItemForm(PortalModelForm):
    """A catalogue item; what is saved is its next version."""

    subjects = forms.MultipleChoiceField(
        label="适用的主体", choices=SubjectKind.choices, widget=forms.CheckboxSelectMultiple
    )
    change_reason = long_text("修改理由", 3, 300, "依据什么、为什么改。已有的记录仍按原来那一版。")

    class Meta:
        model = CatalogueItem
        fields = (
            *("code", "title", "kind", "dimension", "source", "subjects", "basis", "evidence", "disclosure"),
            *("severity", "effect_rule", "effect_months", "effect_basis", "may_be_pending", "repairable"),
            *("repair_min_months", "is_retired", "change_reason"),
        )
        help_texts = {
            "code": "一个大写字母和两位数字，例如 X21。定了不能改。",
            "basis": "法律、法规或党中央、国务院文件的名称和条款。没有依据的不能记。",
            "severity": "失信事项要选，守信事项不选。",
            "is_retired": "停用后不能再填报，已有的记录不受影响。",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        if self.instance.pk:
            self.fields["code"].disabled = True
            self.initial["change_reason"] = ""

    def clean_code(self):
        code = self.cleaned_data["code"]
        fits = len(code) == 3 and code[0] in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" and code[1:].isascii()
        if not fits or not code[1:].isdigit():
            raise forms.ValidationError("事项编号是一个大写字母和两位数字，例如 X21。")
        if not self.instance.pk and CatalogueItem.objects.visible_to(self.user).filter(code=code).exists():
            raise forms.ValidationError("这个编号已经有了，请换一个，或去修改原来的事项。")
        return code

    def clean(self):
        data = super().clean()
        for name, sentence in item_faults(data):
            self.add_error(name, sentence)
        return data
