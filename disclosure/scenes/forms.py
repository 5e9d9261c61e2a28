"""Forms of the desk: a scene, a change of it, a month's numbers and their correction, what a step asks."""

from django import forms

from disclosure.models import QUESTIONS, HaltReason, Incentive, Scene, SceneKind, SceneMonth, SceneRevision
from disclosure.models.scene_months import NUMBERS
from disclosure.models.scenes import TEXT
from disclosure.scenes.wording import NEEDS
from longsha_credit.directory.models import Organisation
from longsha_credit.files.forms import WithFiles
from longsha_credit.publication.gate import WRITERS
from longsha_credit.publication.models import ServiceField
from longsha_credit.web.forms import PortalForm, PortalModelForm

COLUMNS = tuple(question.column for question in QUESTIONS)
WORDS = {True: "yes", False: "no"}
ANSWERS = {"yes": True, "no": False}
LAWFUL = ("legal_review_number", "legal_review_on", "legal_conclusion")
NO_NAMES = "公开给居民看，不写任何人的姓名、住址、电话。"


def _area(rows):
    return forms.Textarea(attrs={"rows": rows})


def question_field(question):
    """One question of the checklist: yes or no in its own words."""
    field = forms.TypedChoiceField(
        label=question.text,
        choices=[("yes", question.yes), ("no", question.no)],
        coerce=ANSWERS.get,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": f"请回答守则问：{question.text}"},
    )
    field.needed_later = True
    return field


class TextForm(WithFiles, PortalModelForm):
    """The rules of a scene, for the first draft and for every change."""

    kind = forms.ChoiceField(label="场景类别", choices=SceneKind.choices, widget=forms.RadioSelect)
    needs = forms.MultipleChoiceField(
        label="能帮上哪些事",
        widget=forms.CheckboxSelectMultiple,
        help_text="居民按这些需要来找，可以选几个。",
    )
    incentive_kind = forms.ChoiceField(label="便利种类", choices=Incentive.choices, widget=forms.RadioSelect)
    monthly_target = forms.IntegerField(
        label="每月目标人次", min_value=1, max_value=1_000_000, help_text="打算每月有多少人次用上，例如 20。"
    )

    class Meta:
        model = Scene
        fields = TEXT
        widgets = {
            name: _area(rows)
            for name, rows in (
                *(("service", 4), ("incentive", 3), ("eligibility", 3), ("joining", 3)),
                *(("consent", 2), ("leaving", 2), ("data_used", 2)),
            )
        }
        help_texts = {
            "title": "一句话说清能得到什么，例如：免押金借轮椅。",
            "service": "这项服务办什么、办多久、办到什么程度。",
            "incentive": "只写好处：容缺受理、优先办理、免押金、少交材料……没有做到的也不扣、不罚。",
            "beneficiaries": "例如：辖区60岁以上老人，约1,200人。",
            "eligibility": "什么样的人可以用，例如：住在辖区、愿意按期归还的居民。",
            "joining": "带什么、找谁、要几步，越简单越好。",
            "place": "写到窗口，例如：新苑社区一楼便民服务站，示例路6号。",
            "phone": "办事的公用电话，不写个人手机。",
            "consent": "要有“自愿参加”和“不参加不影响办理任何服务”。",
            "leaving": "要写明怎样退出、随时可以退出。",
            "data_used": "用到您的哪些信息、用来做什么；不用的写“不登记个人信息”。",
            "data_kept": "例如：归还以后30天删除。",
            "basis": "法律法规、党中央国务院文件或者本级文件的名称和条款。",
            "legal_review_on": "司法所或者法制机构出具意见的日期。",
            "ends_on": "没有定下结束日期的留空。",
        }

    def __init__(self, *args, user, existing=(), instance, initial=None, **kwargs):
        answers = {column: WORDS.get(getattr(instance, column)) for column in COLUMNS}
        super().__init__(*args, instance=instance, initial=answers | (initial or {}), **kwargs)
        self.user = user
        fields = ServiceField.objects.public()
        self.fields["needs"].choices = [(field.key, f"{field.name}：{NEEDS[field.key]}") for field in fields]
        for name in (*LAWFUL, *COLUMNS):
            self.fields[name].needed_later = True
        self.fields[
            "uploads"
        ].help_text = "办事指南、承诺书样本等，随场景一起审查、一起公开，不能有个人信息。"
        self.offer_files(list(existing))

    def clean(self):
        data = super().clean()
        begins, ends = data.get("begins_on"), data.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", "结束日期不能早于开始日期。")
        return data

    def questions(self):
        """The checklist's fields, in their order."""
        return [self[column] for column in COLUMNS]


for _question in QUESTIONS:
    TextForm.base_fields[_question.column] = question_field(_question)
    TextForm.declared_fields[_question.column] = TextForm.base_fields[_question.column]


class DraftForm(TextForm):
    """A new scene, or one that is still a draft; the unit is chosen here and never changes later."""

    organisation = forms.ModelChoiceField(label="单位", queryset=None)

    class Meta(TextForm.Meta):
        fields = ("organisation", *TEXT)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        units = Organisation.objects.visible_to(user).where(user, WRITERS).taking_part().units()
        self.fields["organisation"].queryset = units.order_by("path")
        if self.instance.pk:
            self.fields["organisation"].disabled = True


class RevisionForm(TextForm):
    reason = forms.CharField(
        label="修改理由",
        max_length=500,
        widget=_area(3),
        help_text="随新版一起公开。写清为什么改、对居民有什么影响。",
    )

    class Meta(TextForm.Meta):
        model = SceneRevision
        fields = (*TEXT, "reason")


class MonthForm(PortalModelForm):
    """A month's numbers, or with `corrects` their correction; which month it is never changes."""

    month = forms.TypedChoiceField(label="月份")
    reason = forms.CharField(
        label="更正理由",
        max_length=500,
        widget=_area(2),
        help_text="随更正一起公开，长期留在“更正与撤下”里。",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = SceneMonth
        fields = ("month", *NUMBERS, "reason")
        widgets = {"note": _area(2), "effect": _area(3)}
        help_texts = {
            "participations": "这个月一共用了多少次，只填数字。1至4人次公开时写“少于5”。",
            "served": "去掉重复以后有多少人用上。",
            "surveyed": "没有回访的，两格都留空。",
            "note": f"例如：月中停电两天。{NO_NAMES}",
            "effect": f"这段时间做成了什么，例如：上半年借出轮椅126次，没有一次收过押金。{NO_NAMES}",
        }

    def __init__(self, *args, months=(), instance, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        fixed = [instance.month] if instance.month else months
        self.fields["month"].choices = [(f"{day:%Y-%m-%d}", f"{day:%Y年%-m月}") for day in fixed]
        self.fields["month"].coerce = {f"{day:%Y-%m-%d}": day for day in fixed}.get
        self.fields["month"].disabled = bool(instance.month)
        if instance.month:
            self.initial["month"] = f"{instance.month:%Y-%m-%d}"
        if instance.corrects_id is None:
            del self.fields["reason"]

    def clean(self):
        data = super().clean()
        took, served = data.get("participations"), data.get("served")
        if took is not None and served is not None and served > took:
            self.add_error("served", "受益人数不会多于参加人次，请核对。")
        asked, satisfied = data.get("surveyed"), data.get("satisfied")
        if (asked is None) != (satisfied is None) and not {"surveyed", "satisfied"} & self.errors.keys():
            self.add_error(
                "satisfied" if satisfied is None else "surveyed",
                "回访人数和满意人数要一起填，没有回访的都留空。",
            )
        if asked is not None and satisfied is not None and satisfied > asked:
            self.add_error("satisfied", "满意人数不会多于回访人数，请核对。")
        return data


class StepForm(PortalForm):
    """What a step asks before it is taken: a reason, why a scene stops, whether the texts go too."""

    halt_why = forms.ChoiceField(
        label="原因", choices=HaltReason.choices, widget=forms.RadioSelect, help_text="居民看到的就是这一条。"
    )
    reason = forms.CharField(label="理由", max_length=500, widget=_area(4))
    remove_content = forms.BooleanField(
        label="依法移除历次版本的内容",
        required=False,
        help_text="内容里有依法不能公开的信息时勾选。移除后不能恢复，公开账只留种类、单位、时间和校验值。",
    )

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, **kwargs)
        halts = step.name in ("suspend", "end")
        if not halts:
            del self.fields["halt_why"]
        if step.reason:
            self.fields["reason"].label = f"{step.label}的理由"
        else:
            del self.fields["reason"]
        if step.name != "approve_withdrawal":
            del self.fields["remove_content"]
        if step.name == "ask_withdrawal":
            self.fields["reason"].help_text = "撤下后理由长期公开，不要写个人信息，也不要复述需要撤下的内容。"
        elif halts:
            self.fields["reason"].help_text = "只在内部留痕，不公开。"
