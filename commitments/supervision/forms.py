"""The forms of residents and of the desk around their cases."""

from django import forms

from commitments.models import CaseFinding, CaseKind, CaseState, Channel, RefusalReason, Satisfaction
from commitments.supervision import challenge
from longsha_credit.web.forms import HalfWidthCharField, PortalForm

LONGEST = 2000


def _long(label: str, hint: str, rows: int = 6) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows})
    )


class ResidentForm(PortalForm):
    """What every form of a resident carries: its own token, and the question where one is asked."""

    token = forms.CharField(widget=forms.HiddenInput)
    question = forms.CharField(required=False, widget=forms.HiddenInput)
    answer = HalfWidthCharField(label="请回答", max_length=10, required=False)

    def __init__(self, *args, asks: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.asks = asks
        if not asks:
            del self.fields["question"], self.fields["answer"]
            return
        self.fields["answer"].required = True
        self.fields["answer"].error_messages["required"] = "请回答最后的问题，写数字。"
        self.fields["answer"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}
        text, token = self._put_question()
        self.initial["question"] = token
        self.fields["answer"].label = text
        self.fields["answer"].help_text = "这个网络地址刚才提交过好几次，请回答一下，证明是人在填写。"

    def _put_question(self):
        """The question of the token that came back, or a new one."""
        asked = self.data.get("question", "") if self.is_bound else ""
        if text := challenge.question_of(asked):
            return text, asked
        return challenge.ask()

    def clean(self):
        data = super().clean()
        if self.asks and not self.errors and not self._is_right(data):
            self.add_error("answer", "答得不对，或者等得太久了。请回答上面新的问题。")
            self._ask_anew()
        return data

    def _is_right(self, data):
        return challenge.is_answered(data.get("question", ""), data.get("answer", ""))

    def _ask_anew(self):
        text, token = challenge.ask()
        self.fields["answer"].label = text
        self.data = self.data.copy()
        self.data["question"], self.data["answer"] = token, ""


WORDS = {
    CaseKind.COMPLAINT: ("什么事？", "什么时候、在哪里、发生了什么、您希望怎样。不用写自己的姓名和电话。"),
    CaseKind.SUGGESTION: ("您有什么建议？", "说清楚哪件事、怎样做会更好。"),
    CaseKind.PRAISE: ("您想表扬什么？", "说清楚什么时候、办的什么事、好在哪里。"),
}


class CaseForm(ResidentForm):
    words = forms.CharField(
        label="什么事？", min_length=5, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6})
    )
    name = forms.CharField(label="怎么称呼您", required=False, max_length=40)
    contact = HalfWidthCharField(
        label="电话或其他联系方式", required=False, max_length=60,
        help_text="加密保存。要看它，须写明理由、经另一个人同意，每次留痕；被反映的单位看不到。",
    )  # fmt: skip
    field_order = ("token", "words", "name", "contact", "question", "answer")

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].label, self.fields["words"].help_text = WORDS[kind]
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["contact"].widget.attrs["autocomplete"] = "tel"


class RatingForm(ResidentForm):
    level = forms.ChoiceField(label="您满意吗？", choices=Satisfaction.choices, widget=forms.RadioSelect)
    field_order = ("token", "level", "question", "answer")


class TrackForm(PortalForm):
    code = forms.CharField(
        label="查询码", max_length=40, help_text="12位字母和数字，大小写、空格都没关系。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip
    phrase = forms.CharField(
        label="口令", max_length=40, help_text="8位数字。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )  # fmt: skip


class AnswerForm(PortalForm):
    """The follow-up: the pair again, hidden, and one of five levels."""

    code = forms.CharField(max_length=40, widget=forms.HiddenInput)
    phrase = forms.CharField(max_length=40, widget=forms.HiddenInput)
    level = forms.ChoiceField(
        label="对这次办理，您满意吗？", choices=Satisfaction.choices, widget=forms.RadioSelect
    )


class StepForm(PortalForm):
    """What a step of the desk asks for; `given()` goes to the flow."""

    def __init__(self, *args, step, obj, **kwargs):
        super().__init__(*args, **kwargs)
        self.step, self.obj = step, obj

    def given(self):
        return dict(self.cleaned_data)


class ReasonForm(StepForm):
    reason = forms.CharField(
        label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="不要写反映人的姓名、电话和证件号码，这段话会留痕。",
    )  # fmt: skip


class RefuseForm(StepForm):
    refusal = forms.ChoiceField(
        label="不予受理的原因", choices=RefusalReason.choices, widget=forms.RadioSelect,
        help_text="居民凭查询码会看到。",
    )  # fmt: skip
    channel = forms.ChoiceField(
        label="应走哪个渠道", required=False, choices=[("", "不选"), *Channel.choices],
        help_text="原因是“属于其他渠道”的必须选。",
    )  # fmt: skip


class ReplyForm(StepForm):
    finding = forms.ChoiceField(label="核实结果", choices=CaseFinding.choices, widget=forms.RadioSelect)
    reply = _long("答复", "居民凭查询码看到的就是这段话：核实了什么、结果怎样、怎样改正、什么时候改好。", 8)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.obj.kind != CaseKind.COMPLAINT:
            del self.fields["finding"]


class SlipForm(PortalForm):
    text = _long(
        "请被反映的单位报送什么情况",
        "用您自己的话写。对方只看到这段话，看不到来件编号、日期和原文。不要写能看出是谁反映的细节。",
    )
    checked = forms.BooleanField(label="我核对过：从这段话看不出是谁、什么时候反映的")


class SlipAnswerForm(StepForm):
    answer = _long("情况", "把事情的经过、查到的结果、已经或者准备怎样改正写清楚。")


class IdentityForm(PortalForm):
    reason = forms.CharField(
        label="为什么要知道反映人是谁", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如：需要当面核实地点。由另一个人决定同不同意，同意后您看一次，都留痕。不要写反映内容里的细节。",
    )  # fmt: skip


STEP_FORMS = {
    "refuse": RefuseForm,
    "propose": ReplyForm,
    "repropose": ReplyForm,
    "approve": StepForm,
    "reapprove": StepForm,
    "answer": SlipAnswerForm,
}


class FilterForm(PortalForm):
    """What to list."""

    q = forms.CharField(label="编号或单位", required=False, max_length=60)
    kind = forms.ChoiceField(label="种类", required=False, choices=[("", "全部"), *CaseKind.choices])
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *CaseState.choices])
