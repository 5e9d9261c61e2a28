"""What the gate asks: the three questions, and why something goes back."""

from django import forms

from longsha_credit.audit.forms import StepForm
from longsha_credit.publication.gate import QUESTIONS, question_label
from longsha_credit.publication.models import Answer
from longsha_credit.web.forms import PortalForm


def _question(name: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=question_label(name), choices=Answer.choices, widget=forms.RadioSelect)


class AnswersForm(PortalForm):
    """国家秘密、商业秘密、个人隐私: one answer each, and how what was found was handled."""

    state_secret = _question("state_secret")
    trade_secret = _question("trade_secret")
    privacy = _question("privacy")
    answer_note = forms.CharField(
        label="处理说明和依据",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="选了“涉及，已作处理”的，写明怎样处理、依据哪一条。涉及而没有处理的，请退回。",
    )

    def clean(self):
        data = super().clean()
        if Answer.HANDLED in [data.get(q) for q in QUESTIONS] and not data.get("answer_note", "").strip():
            self.add_error("answer_note", "选了“涉及，已作处理”，请写明怎样处理的、依据哪一条。")
        return data


class ReturnForm(PortalForm):
    """Why it goes back, and which fields it is about."""

    reason = forms.CharField(
        label="退回理由",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写清哪里要改、怎样改才能通过，经办人照着就能改。",
    )
    flagged = forms.MultipleChoiceField(
        label="要改的栏目", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, labels, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["flagged"].choices = list(labels.items())


class TakingDownForm(StepForm):
    """The steps of something public: a reason that readers may see, and for a withdrawal whether the texts go too."""

    remove_content = forms.BooleanField(
        label="依法移除历次版本的内容",
        required=False,
        help_text="内容里有依法不能公开的信息时勾选。移除后不能恢复，公开账只留种类、单位、时间和校验值。",
    )

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, step=step, **kwargs)
        if step.name != "approve_withdrawal":
            del self.fields["remove_content"]
        if step.name == "ask_withdrawal":
            self.fields["reason"].help_text = "撤下后理由长期公开，不要写个人信息，也不要复述需要撤下的内容。"


EVERY = "all"


class JustifyForm(PortalForm):
    """Why what the scanner found may become public; one reason for all that are ticked."""

    keys = forms.MultipleChoiceField(label="哪几处", widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(
        label="为什么可以公开",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例如：是办事窗口公开的电话，不是个人的；或：图片已逐张看过，没有个人信息。号码不要抄在这里。",
    )

    def __init__(self, *args, left, **kwargs):
        super().__init__(*args, **kwargs)
        rows = [(it.key, f"{it.label} {it.masked}".strip() + f"（{it.where}）") for it in left]
        if len(rows) > 1:
            rows.insert(0, (EVERY, f"以下 {len(rows)} 处都是"))
        self.fields["keys"].choices = rows
        if len(rows) == 1:
            self.fields["keys"].initial = [rows[0][0]]

    def clean_keys(self):
        keys = self.cleaned_data["keys"]
        return [key for key, _ in self.fields["keys"].choices if key != EVERY] if EVERY in keys else keys
