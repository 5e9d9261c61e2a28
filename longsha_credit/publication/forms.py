"""What the gate asks: the three questions, and why something goes back."""

from django import forms

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
