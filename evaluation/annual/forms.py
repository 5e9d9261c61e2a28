"""Forms of the annual evaluation: what the unit says, what is proposed, what officials' figures are opened for."""

from django import forms

from evaluation.annual.reference import BASES
from evaluation.models import AnnualProposal, ProposalKind
from longsha_credit.audit.forms import StepForm
from longsha_credit.web.forms import PortalForm, PortalModelForm


class DefendForm(StepForm):
    """The unit disagrees and says why, or has nothing against it."""

    agrees = forms.ChoiceField(
        label="对告知的结果",
        choices=[("no", "有异议，陈述申辩"), ("yes", "没有异议")],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label="陈述申辩",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="写明哪一项得分不对、依据是什么。不写居民和工作人员的姓名。",
    )

    def clean(self):
        data = super().clean()
        if data.get("agrees") == "no" and not (data.get("text") or "").strip():
            self.add_error("text", "请写明陈述申辩的内容；没有异议的，请选“没有异议”。")
        return data

    def given(self):
        return {"agrees": self.cleaned_data["agrees"] == "yes", "text": self.cleaned_data["text"]}


class DecideForm(StepForm):
    """What is decided and why: the numbers are those of the sheet."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "审定意见"
        self.fields[
            "reason"
        ].help_text = "写明对陈述申辩是否采纳、为什么。得分以测算表为准；要改分，先更正评分；数据有误的，更正事实、重新取数，在结果页换成新的取数，再来审定。"


class DecideManyForm(PortalForm):
    """One opinion on the outcomes that are picked: those nobody spoke against."""

    outcomes = forms.ModelMultipleChoiceField(
        None,
        label="单位",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请至少勾选一个单位。",
            "invalid_choice": "有的单位刚刚有了异议、改了得分或者已经审定，名单已经更新，请重新核对。",
            "invalid_pk_value": "勾选的单位不对，请在名单里勾选。",
        },
    )
    reason = forms.CharField(
        label="审定意见",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写给勾选的每个单位，各记一条。",
    )

    def __init__(self, *args, waiting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcomes"].queryset = waiting


class ApproveForm(StepForm):
    opinion = forms.CharField(
        label="审批意见", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ProposalForm(PortalModelForm):
    """A draft for people to decide on."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = AnnualProposal
        fields = ("kind", "facts", "asked", "basis")
        widgets = {
            "kind": forms.RadioSelect,
            "facts": forms.Textarea(attrs={"rows": 8}),
            "asked": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "facts": "哪些事、哪份文书认定的、造成什么影响。写单位，不写人名。",
            "asked": "建议怎样处理、由谁处理、多长时间。",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = ProposalKind.choices
        if self.instance.pk:
            del self.fields["kind"]
        self.fields["basis"] = forms.ChoiceField(
            label="依据", choices=[(basis, basis) for basis in BASES], widget=forms.RadioSelect
        )


class PurposeForm(PortalForm):
    purpose = forms.CharField(
        label="用途", max_length=200, help_text="例如“年度考核研究”。打开以后会留痕：谁、什么时间、为什么看。"
    )


OUTCOME_FORMS = {"defend": DefendForm, "decide": DecideForm}
PROPOSAL_FORMS = {"approve": ApproveForm}
