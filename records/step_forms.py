"""What a step of a record, of its notice or of a request asks before it is taken."""

from django import forms
from django.utils import timezone

from longsha_credit.audit.forms import StepForm
from records import conditions
from records.checks import end_of
from records.models import EffectRule, Finality
from records.reading import FLAGGABLE, REASONS

PRIVATE = "不要写身份证号码、电话、住址，也不要写还没有结论的问题线索。"

FINDING = f"核了什么、看到什么、为什么这样处理。会写进告知书，撤销公示过的记录时随理由公开。{PRIVATE}"


def long_text(label, rows, longest=2000, hint=""):
    return forms.CharField(
        label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": rows}), help_text=hint
    )


class RecordStepForm(StepForm):
    """What a step of a record, an objection or a request for repair asks."""

    def __init__(self, *args, step, it, **kwargs):
        super().__init__(*args, step=step, **kwargs)
        self.it = it
        if step.name == "ask_revocation":
            self.fields["reason"].help_text = f"批准以后，公示中的记录撤下，理由长期公开。{PRIVATE}"


def _flag(label):
    return forms.ChoiceField(label=label, required=False, choices=[("", "没有问题"), *REASONS.items()])


class FlagsForm(RecordStepForm):
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


class RecheckForm(RecordStepForm):
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


class AcceptForm(RecordStepForm):
    needs_check = forms.BooleanField(
        label="需要向其他单位核查",
        required=False,
        help_text="只核对本单位的材料不用勾选；勾选后按需要核查的期限办理，期限从提出当天算起。",
    )


class ProposeForm(RecordStepForm):
    outcome = forms.ChoiceField(label="处理意见", widget=forms.RadioSelect)
    finding = long_text("核查情况", 6, hint=FINDING)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = conditions.outcomes_open(self.obj)


class HandOverForm(RecordStepForm):
    """Who goes on with a request, and why."""

    handler = forms.TypedChoiceField(label="新的承办人", coerce=int)
    field_order = ("handler", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {user.pk: user for user in conditions.handlers(self.obj)}
        self.fields["handler"].choices = [
            ("", "请选择"),
            *((pk, str(user)) for pk, user in self.people.items()),
        ]
        self.fields["handler"].help_text = "区里没有经手过这条记录的人。期限照旧，从提出当天算起。"

    def given(self):
        return self.cleaned_data | {"handler": self.people[self.cleaned_data["handler"]]}


# By the flow's name and the step's; every other step asks for its reason only.
STEP_FORMS = {
    ("诚信记录", "send_back"): SendBackForm,
    ("诚信记录", "recheck"): RecheckForm,
    ("异议", "accept"): AcceptForm,
    ("异议", "propose"): ProposeForm,
    ("信用修复", "propose"): ProposeForm,
    ("异议", "hand_over"): HandOverForm,
    ("信用修复", "hand_over"): HandOverForm,
}
