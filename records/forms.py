"""Forms of the desk: a record as its catalogue item asks for it, objections, repair, the catalogue."""

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
    Dimension,
    EffectRule,
    Finality,
    Outcome,
    Part,
    Record,
    RecordKind,
    SubjectKind,
)
from records.step_forms import PRIVATE, long_text


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
