"""Forms of the ledger: a clue, its plan, progress, closing and public text, slips, more time, and what steps ask."""

import re

from django import forms
from django.utils import timezone

from commitments.models import (
    ClueSource,
    Colour,
    Confirmation,
    Domain,
    HolderKind,
    Problem,
    Rectification,
    RectificationProgress,
    RectificationSheet,
    Settlement,
    SlipKind,
)
from commitments.models.rectification_words import LABEL_WITH_DIGITS
from commitments.rectification import lists
from commitments.rectification.conditions import FLAGS, LEVELS
from commitments.rectification.services import HANDLES
from longsha_credit.audit.forms import StepForm
from longsha_credit.files.forms import WithFiles
from longsha_credit.web.forms import FileInput, PortalForm, PortalModelForm

PRIVATE = "不写权利人的名称、姓名、电话、住址、证件号码。"
POSTS = "写职务，不写姓名，例如：街道办主任。"
FOR_ALL = f"公开给居民看：{PRIVATE}不写金额，不写公职人员姓名，不写来件编号。"
BY_HAND = [c for c in ClueSource.choices if c[0] not in (ClueSource.SWEEP, ClueSource.OVERDUE)]


def long_text(label, rows, longest=2000, hint="", **more):
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=longest, widget=widget, help_text=hint, **more)


class FilterForm(PortalForm):
    """What the list is narrowed to."""

    q = forms.CharField(label="事项、编号或单位", required=False, max_length=100)
    domain = forms.ChoiceField(label="领域", required=False, choices=[("", "全部"), *Domain.choices])
    problem = forms.ChoiceField(label="问题类型", required=False, choices=[("", "全部"), *Problem.choices])
    source = forms.ChoiceField(label="来源", required=False, choices=[("", "全部"), *ClueSource.choices])
    colour = forms.ChoiceField(label="督办单", required=False, choices=[("", "全部"), *lists.COLOURS.items()])


class Seen(forms.Form):
    """Carries along which saved version the writer started from."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class ClueForm(Seen, PortalModelForm):
    """A clue, and its correction until it is decided; what is known from elsewhere is filled in and fixed."""

    organisation = forms.ModelChoiceField(label="责任单位", queryset=None)
    source = forms.ChoiceField(label="来源", choices=BY_HAND)
    holder_kind = forms.ChoiceField(
        label="权利人", choices=HolderKind.choices, widget=forms.RadioSelect, required=False
    )

    class Meta:
        model = Rectification
        fields = (
            *("organisation", "source", "title", "details", "problem", "cause", "domain", "instrument"),
            *("holder_kind", "holder_label", "amount", "duty_then", "duty_now", "post_now"),
            *("formed_on", "found_on"),
        )
        widgets = {"details": forms.Textarea(attrs={"rows": 4}), "domain": forms.RadioSelect,
                   "problem": forms.RadioSelect}  # fmt: skip
        help_texts = {
            "title": f"一句话说清欠着什么，例如：便民市场摊位没有按约定移交。{PRIVATE}",
            "details": f"答应过什么、什么时候该办、现在差什么。{PRIVATE}",
            "instrument": "合同、会议纪要、承诺书或判决的名称和文号。",
            "holder_label": "只写代称，例如：某商贸公司、居民代表。名称和姓名不在这里保存。",
            "amount": "没有涉及金额的留空。只在工作台看，不公开。",
            "duty_then": POSTS,
            "duty_now": POSTS,
            "post_now": "交接时由这个岗位移交。",
            "formed_on": "哪一天答应或签订的。",
            "found_on": "哪一天发现没有兑现，不能晚于今天。",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        item = self.instance
        self.fields["organisation"].queryset = lists.units_of(user, HANDLES, LEVELS)
        for name in ("cause", "holder_kind", "instrument", "found_on", "duty_now"):
            self.fields[name].needed_later = True
        if item.organisation_id:
            self.fields["organisation"].disabled = True
            self.fields["post_now"].queryset = lists.posts_of(user, item.organisation)
        else:
            del self.fields["post_now"]
        if item.pk or item.case_id or item.obligation_id or item.sweep_id or item.inspected_id:
            self.fields["source"].choices = ClueSource.choices
            self.fields["source"].disabled = True

    def clean(self):
        data = super().clean()
        today = timezone.localdate()
        if data.get("found_on") and data["found_on"] > today:
            self.add_error("found_on", "发现时间不能晚于今天。")
        if data.get("formed_on") and data.get("found_on") and data["formed_on"] > data["found_on"]:
            self.add_error("formed_on", "形成时间不能晚于发现时间。")
        if re.search(LABEL_WITH_DIGITS, data.get("holder_label") or ""):
            self.add_error("holder_label", "代称里不能有电话、证件号码这样的数字，请改成“某公司”“居民代表”。")
        return data


class PlanForm(Seen, PortalModelForm):
    """一案一策."""

    due_on = forms.DateField(label="整改期限", help_text="这一天结束前办完。批准以后只能申请延期一次。")
    measures = long_text("整改措施", 6, hint=f"分几步、每步谁办、什么时候办完。{PRIVATE}")

    class Meta:
        model = Rectification
        fields = ("measures", "lead_post", "partners", "duty_now", "post_now", "due_on")
        help_texts = {
            "lead_post": POSTS,
            "partners": "例如：街道牵头，区城管局、区市场监管局配合。",
            "duty_now": POSTS,
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["post_now"].queryset = lists.posts_of(user, self.instance.organisation)
        self.fields["lead_post"].required = True

    def clean_due_on(self):
        if self.cleaned_data["due_on"] <= timezone.localdate():
            raise forms.ValidationError("整改期限要在今天以后。")
        return self.cleaned_data["due_on"]


class ClosingForm(WithFiles, PortalModelForm):
    """What stands behind a request to close."""

    settlement = forms.ChoiceField(label="凭什么销号", choices=Settlement.choices, widget=forms.RadioSelect)
    confirmation = forms.ChoiceField(
        label="权利人确认", choices=Confirmation.choices, widget=forms.RadioSelect
    )
    done_text = long_text("做了什么", 5, hint=f"对照整改方案逐条写。{PRIVATE}")
    holders_paper = forms.FileField(
        label="权利人确认材料", required=False, widget=FileInput(),
        help_text="签字确认书或告知记录，只有经办和验收的人能打开。",
    )  # fmt: skip
    field_order = (
        *("settlement", "settlement_note", "done_text", "removed", "uploads", "confirmation"),
        *("holders_paper", "no_confirmation"),
    )

    class Meta:
        model = Rectification
        fields = ("settlement", "settlement_note", "done_text", "confirmation", "no_confirmation")
        help_texts = {
            "settlement_note": "达成协议或依法不予支持的必填：协议或结论的文号、理由。",
            "no_confirmation": "选了“没有签字，也没有告知记录”的必填，由区里复核。",
        }

    def __init__(self, *args, user, existing=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["uploads"].label = "佐证材料"
        self.fields["uploads"].help_text = "付款凭证、移交清单、照片等，申请销号前至少要有一份。不公开。"
        self.fields["uploads"].needed_later = True
        self.offer_files(list(existing))

    def clean(self):
        data = super().clean()
        explained = data.get("settlement_note") or data.get("settlement") == Settlement.FULFILLED
        if data.get("settlement") and not explained and "settlement_note" not in self.errors:
            self.add_error("settlement_note", "达成协议或依法不予支持的，请写明文号和理由。")
        nobody = data.get("confirmation") == Confirmation.NONE
        if nobody and not data.get("no_confirmation") and "no_confirmation" not in self.errors:
            self.add_error("no_confirmation", "请写明为什么没有权利人签字，也没有告知记录。")
        has_paper = data.get("holders_paper") or self.instance.confirmation_file_id
        if data.get("confirmation") and not nobody and not has_paper and "holders_paper" not in self.errors:
            self.add_error("holders_paper", "请上传权利人签字的确认书或告知记录。")
        return data


class ProgressForm(WithFiles, PortalModelForm):
    settled = forms.DecimalField(
        label="累计已清偿（元）", required=False, min_value=0, max_digits=14, decimal_places=2,
        help_text="没有新的清偿留空。只在工作台看，不公开。",
    )  # fmt: skip
    field_order = ("as_of", "text", "settled", "removed", "uploads")

    class Meta:
        model = RectificationProgress
        fields = ("as_of", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}
        help_texts = {"as_of": "情况统计到哪一天，不能晚于今天。", "text": f"做了什么、还差什么。{FOR_ALL}"}

    def __init__(self, *args, user, existing=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["uploads"].label = "佐证材料"
        self.fields["uploads"].help_text = "照片、凭证等，只在工作台看，不公开。"
        self.offer_files(list(existing))
        if self.instance.rectification.amount is None:
            del self.fields["settled"]

    def clean_as_of(self):
        if self.cleaned_data["as_of"] > timezone.localdate():
            raise forms.ValidationError("截至日期不能晚于今天。")
        return self.cleaned_data["as_of"]


class SheetForm(Seen, PortalModelForm):
    class Meta:
        model = RectificationSheet
        fields = ("title", "text", "measures", "reason")
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in ("text", "measures")}
        help_texts = {
            "title": f"居民看得懂的一句话。{FOR_ALL}",
            "text": "答应过什么、什么时候该办、现在差什么。",
            "measures": "打算怎样补上。方案还没有批准的留空，以后再改一版。",
            "reason": "改已经公开的一版时必填，随新版一起公开。",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.again = self.instance.rectification.sheets.filter(state="published").exists()
        if self.again:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]


class SlipForm(PortalForm):
    kind = forms.ChoiceField(
        label="文书",
        choices=[c for c in SlipKind.choices if c[0] != SlipKind.CLOSE],
        widget=forms.RadioSelect,
    )
    colour = forms.ChoiceField(
        label="督办等级",
        choices=[("", "不选"), *Colour.choices],
        required=False,
        help_text="督办单才选：蓝、黄、红。",
    )
    text = long_text("内容", 5, 1000, f"督办意见、约谈的时间地点或整改要求。发出以后不能改。{PRIVATE}")
    answer_by = forms.DateField(label="回复期限", required=False)

    def clean(self):
        data = super().clean()
        if data.get("kind") == SlipKind.SUPERVISE and not data.get("colour") and "colour" not in self.errors:
            self.add_error("colour", "督办单请选择等级。")
        if data.get("answer_by") and data["answer_by"] < timezone.localdate():
            self.add_error("answer_by", "回复期限不能早于今天。")
        return data


class PostponeForm(PortalForm):
    to_day = forms.DateField(label="延到哪一天")
    reason = long_text("理由", 4, 500, "到期以前提出，由上级另一个人批准；每一轮只延一次。")


class LedgerStepForm(StepForm):
    """What a step of the ledger asks before it is taken."""

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, step=step, **kwargs)
        if step.name == "ask_withdrawal":
            self.fields["reason"].help_text = "撤下后理由长期公开，不要复述需要撤下的内容。"
        elif step.name == "dismiss":
            self.fields["reason"].label = "核实结论"
            self.fields["reason"].help_text = f"查了什么、为什么不属实；按它反馈反映人。{PRIVATE}"


class FindForm(LedgerStepForm):
    finding = long_text("核实结论", 4, hint=f"查了什么、看到什么。{PRIVATE}")
    public_title = forms.CharField(label="公开的标题", max_length=80, required=False, help_text=FOR_ALL)
    public_text = long_text(
        "公开的内容",
        4,
        1000,
        "居民看到的是这一段，三个人审查以后公开。暂不公开的留空，以后再起草。",
        required=False,
    )

    def clean(self):
        data = super().clean()
        if data.get("public_text") and not data.get("public_title") and "public_title" not in self.errors:
            self.add_error("public_title", "写了公开的内容，请写上公开的标题。")
        return data


class FlagForm(LedgerStepForm):
    flagged = forms.MultipleChoiceField(
        label="问题在哪里", choices=FLAGS.items(), widget=forms.CheckboxSelectMultiple, required=False
    )


class AcceptForm(LedgerStepForm):
    recheck = long_text(
        "区级复核情况", 4, 500, "现场看了什么、问了谁（不写姓名）、结果如何。", required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["recheck"].required = self.obj.confirmation == Confirmation.NONE


class FollowUpForm(LedgerStepForm):
    follow_up = long_text("回访情况", 4, 500, f"怎样回访的、权利人怎样说、有没有再犯。{PRIVATE}")


class TakeDownForm(LedgerStepForm):
    remove_content = forms.BooleanField(
        label="依法移除历次版本的内容", required=False,
        help_text="内容里有依法不能公开的信息时勾选。移除后不能恢复。",
    )  # fmt: skip


class SweepForm(LedgerStepForm):
    zero = forms.BooleanField(
        label="零报告：没有查出欠着没兑现的事", required=False, help_text="查出的先逐件登记，再报送。"
    )
    text = long_text("怎样排查的", 4, 1000, "查了哪些合同、承诺、会议纪要和来件。")


# What each step asks, by flow and step; the others ask for a reason at most.
STEP_FORMS = {
    ("治理台账", "find"): FindForm,
    ("治理台账", "return_plan"): FlagForm,
    ("治理台账", "send_back"): FlagForm,
    ("治理台账", "accept"): AcceptForm,
    ("治理台账", "follow_up"): FollowUpForm,
    ("治理公开稿", "approve_withdrawal"): TakeDownForm,
    ("季度排查", "hand_in"): SweepForm,
}
