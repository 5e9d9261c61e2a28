"""Forms of the desk: a promise, a change of it, progress, the result, the verdict, a reason."""

import copy
from itertools import groupby

from django import forms

from commitments import parts
from commitments.contract_forms import ContractFields, contract_of, initial_of, payments_of
from commitments.flows import WRITERS
from commitments.models import (
    DOCUMENT,
    Amendment,
    Area,
    Domain,
    Form,
    Obligation,
    Part,
    PartState,
    ProgressUpdate,
    ResultReport,
    Verdict,
    Verification,
)
from commitments.models.terms import TERMS
from commitments.row_forms import PARTS, PAYMENTS, WithRows, check_parts
from commitments.services import counts_apart
from commitments.wording import WORDINGS
from longsha_credit.directory.models import Organisation
from longsha_credit.files.forms import WithFiles
from longsha_credit.publication.models import ServiceField
from longsha_credit.web.forms import PortalModelForm

# How many parts there are follows from the rows, and nobody types it.
TERM_FIELDS = tuple(name for name in TERMS if name != "part_count")


class ByUnit(forms.models.ModelChoiceIterator):
    """Posts grouped under the unit they belong to."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        for unit, posts in groupby(self.queryset, key=lambda post: post.parent.name):
            yield (unit, [self.choice(post) for post in posts])


class PostField(forms.ModelChoiceField):
    iterator = ByUnit


def fields_for(form, base_fields):
    """The fields of a form class as one form of obligation has them, in its own words."""
    found = copy.deepcopy(dict(base_fields))
    wording = WORDINGS[form]
    for name in found.keys() & (wording.labels.keys() | wording.hints.keys()):
        found[name].label = wording.labels.get(name, found[name].label)
        found[name].help_text = wording.hints.get(name, found[name].help_text)
    if form != Form.COMMITMENT:
        found["area"].required = False
        found["area"].choices = [("", "不归类"), *Area.choices]
    for name in DOCUMENT:
        if form != Form.POLICY:
            del found[name]
        elif name != "document_until":
            found[name].required = True
    return found


class TermsForm(WithRows, WithFiles, PortalModelForm):
    """The terms of a promise, a contract or a policy, for the first draft and for every change."""

    tables = (PARTS,)

    post = PostField(
        label="责任岗位", queryset=None, help_text="公开的是岗位，不是个人；人走了，承诺还在这个单位。"
    )
    service_field = forms.ModelChoiceField(label="公共服务领域", queryset=None)
    area = forms.ChoiceField(label="承诺类别", choices=Area.choices, widget=forms.RadioSelect)
    domain = forms.ChoiceField(label="所属方面", choices=Domain.choices, widget=forms.RadioSelect)
    # As they stand on the page, so that the list of faults reads from top to bottom.
    field_order = (
        "reason", "organisation", "title", *DOCUMENT, "content", "beneficiaries", "standard", "target", "unit",
        "due_on", "post", "liability", "area", "domain", "service_field", "removed", "uploads",
    )  # fmt: skip

    class Meta:
        model = Obligation
        fields = TERM_FIELDS
        widgets = {"content": forms.Textarea(attrs={"rows": 5}), "standard": forms.Textarea(attrs={"rows": 3}),
                   "liability": forms.Textarea(attrs={"rows": 3})}  # fmt: skip
        help_texts = {
            "title": "一句话说清做什么，例如：新苑社区单元门无障碍坡道改造。",
            "content": "为谁、在哪里、做什么、做到什么程度。居民看到的就是这段话，不要写个人姓名、电话、证件号码。",
            "standard": "到期时凭什么算兑现：全部履行、部分履行、未履行各是什么情形。",
            "target": "能数的写数字，例如 24；不能数的留空。",
            "unit": "和量化指标一起填，例如：处、户、天。",
            "due_on": "这一天结束前完成，例如 2026-11-30。",
            "beneficiaries": "例如：新苑社区居民，约 1,860 户。",
            "liability": "没有做到时单位承担什么，例如：15 个工作日内公开说明原因和补救期限。",
            "document_number": "例如：示政发〔2026〕5号。",
            "document_until": "长期有效的留空。",
        }

    def __init__(self, *args, user, existing=(), instance, rows=None, **kwargs):
        promise = getattr(instance, "obligation", instance)
        owner = instance if instance.pk else promise
        rows = {PARTS.prefix: parts.rows_of(owner) if owner.pk else [], **(rows or {})}
        fields = fields_for(promise.form, type(self).base_fields)
        super().__init__(*args, instance=instance, rows=rows, fields=fields, **kwargs)
        self.user = user
        self.fields["post"].queryset = Organisation.objects.visible_to(user).where(user, WRITERS).posts()
        self.fields["service_field"].queryset = ServiceField.objects.public()
        self.offer_files(list(existing))

    def unit_of_promise(self):
        return self.instance.organisation

    def clean(self):
        data = super().clean()
        if data.get("target") is not None and not data.get("unit"):
            self.add_error("unit", "填了量化指标，请写上计量单位，例如：处。")
        if data.get("unit") and data.get("target") is None and "target" not in self.errors:
            self.add_error("target", "填了计量单位，请写上数字；没有数字就把单位也清空。")
        if data.get("target") == 0:
            self.add_error("target", "量化指标要大于 0。")
        unit = self.unit_of_promise()
        if unit and data.get("post") and data["post"].parent_id != unit.pk:
            self.add_error("post", f"责任岗位要选{unit.name}自己的岗位。")
        begins, ends = data.get("document_from"), data.get("document_until")
        if begins and ends and ends < begins:
            self.add_error("document_until", "有效期至不能早于施行日期。")
        self.rows = check_parts(self, data.get("due_on"))
        return data

    def more(self):
        """What the service takes beside the row itself."""
        return {"part_rows": self.rows}


class DraftForm(TermsForm):
    """A new promise, or one that is still a draft; the unit is chosen here and never changes later."""

    organisation = forms.ModelChoiceField(label="承诺单位", queryset=None)

    class Meta(TermsForm.Meta):
        fields = ("organisation", *TERM_FIELDS)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        units = Organisation.objects.visible_to(user).where(user, WRITERS).taking_part().units()
        self.fields["organisation"].queryset = units.order_by("path")
        if self.instance.pk:
            self.fields["organisation"].disabled = True

    def unit_of_promise(self):
        return self.cleaned_data.get("organisation")


class ContractDraftForm(ContractFields, DraftForm):
    """A contract's draft with what stays in the office in a block of its own."""

    tables = (PARTS, PAYMENTS)

    def __init__(self, *args, instance, user, initial=None, **kwargs):
        contract = contract_of(instance, user)
        kwargs["rows"] = {PAYMENTS.prefix: payments_of(contract)}
        kwargs["initial"] = initial_of(contract) | (initial or {})
        super().__init__(*args, instance=instance, user=user, **kwargs)

    def clean(self):
        data = super().clean()
        self.check_contract(data)
        return data

    def more(self):
        return super().more() | {"contract": self.contract_given()}


DRAFT_FORMS = {Form.COMMITMENT: DraftForm, Form.CONTRACT: ContractDraftForm, Form.POLICY: DraftForm}


class AmendmentForm(TermsForm):
    reason = forms.CharField(
        label="变更理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="随新版一起公开。写清为什么改、对居民有什么影响；临近到期的变更不能改变按期兑现的计算。",
    )

    class Meta(TermsForm.Meta):
        model = Amendment
        fields = (*TERM_FIELDS, "reason")


class ProgressForm(WithFiles, PortalModelForm):
    class Meta:
        model = ProgressUpdate
        fields = ("part", "part_state", "as_of", "done", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "as_of": "情况统计到哪一天，不能晚于今天。",
            "text": "做了什么、还差什么、什么时候补上。公开给居民看，不要写个人姓名、电话、证件号码。",
        }

    def __init__(self, *args, user, existing=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["uploads"].label = "佐证材料"
        self.fields["uploads"].needed_later = True
        self.fields["uploads"].help_text = "照片、验收单等，提交审查前至少要有一份。"
        self.offer_files(list(existing))
        self._offer_parts(self.instance.obligation, user)

    def _offer_parts(self, obligation, user):
        """A choice of parts where there are any; a number where the whole or a part is counted."""
        found = Part.objects.visible_to(user).standing().filter(obligation=obligation)
        units = [obligation.unit, *(found.values_list("unit", flat=True) if obligation.part_count else ())]
        self.fields["done"].help_text = f"累计数，单位：{'、'.join(dict.fromkeys(filter(None, units)))}。"
        if not any(units):
            del self.fields["done"]
        if not obligation.part_count:
            del self.fields["part"], self.fields["part_state"]
            return
        self.fields["part"].queryset = found
        self.fields["part"].empty_label = "整件事"
        self.fields["part"].help_text = "一次报一个部分；说的是整件事，就选“整件事”。"
        self.fields["part_state"].choices = [("", "不选"), *PartState.choices]

    def clean(self):
        data = super().clean()
        part = data.get("part")
        if part and not data.get("part_state") and "part_state" not in self.errors:
            self.add_error("part_state", "选了一个部分，请选它做到了哪一步。")
        if not part and data.get("part_state") and "part" not in self.errors:
            self.add_error("part", "选了做到哪一步，请选是哪一部分。")
        unit = part.unit if part else self.instance.obligation.unit
        if data.get("done") is not None and not unit:
            self.add_error("done", "这里没有计量单位，不用填数量。")
        return data


class FindingForm(WithFiles, PortalModelForm):
    """What a report and a verdict share: how much was done, by when, what is missing."""

    said = ""  # the field that says how the promise ended

    def __init__(self, *args, user, existing=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["uploads"].label = "佐证材料"
        self.offer_files(list(existing))

    def clean(self):
        data = super().clean()
        verdict = data.get(self.said)
        if verdict == Verdict.FULL:
            if not data.get("fulfilled_on") and "fulfilled_on" not in self.errors:
                self.add_error("fulfilled_on", "全部履行的，请写明哪一天完成。")
            if data.get("unmet"):
                self.add_error("unmet", "选了“全部履行”，这一栏请清空；确有没做到的，请改选“部分履行”。")
        elif verdict and not data.get("unmet") and "unmet" not in self.errors:
            self.add_error("unmet", "没有全部履行的，请写明哪些没有做到。")
        return data


class ResultForm(FindingForm):
    claim = forms.ChoiceField(label="自报结果", choices=Verdict.choices, widget=forms.RadioSelect)
    said = "claim"

    class Meta:
        model = ResultReport
        fields = ("claim", "fulfilled_on", "done", "text", "unmet")
        widgets = {"text": forms.Textarea(attrs={"rows": 5}), "unmet": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "fulfilled_on": "实际做完的那一天，例如 2026-11-28。没有做完的留空。",
            "text": "对照认定标准逐条写。公开给居民看，不要写个人姓名、电话、证件号码。",
            "unmet": "全部履行的留空；其余写明哪些没有做到、为什么、什么时候补上。",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["uploads"].needed_later = True
        self.fields["uploads"].help_text = "照片、验收单等，提交复核前至少要有一份。"
        unit = self.instance.obligation.unit
        if unit:
            self.fields["done"].help_text = f"到期时一共做了多少，单位：{unit}。"
        else:
            del self.fields["done"]


class VerificationForm(FindingForm):
    verdict = forms.ChoiceField(label="认定", choices=Verdict.choices, widget=forms.RadioSelect)
    counted_verdict = forms.ChoiceField(
        label="按变更前的内容认定",
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        help_text="这件承诺有临期变更。临期变更不改变兑现率：请对照变更前的内容和期限再认定一次，兑现率按这一项算。",
    )
    said = "verdict"

    class Meta:
        model = Verification
        fields = ("verdict", "counted_verdict", "fulfilled_on", "text", "unmet", "consequence")
        widgets = {
            name: forms.Textarea(attrs={"rows": rows})
            for name, rows in (("text", 5), ("unmet", 3), ("consequence", 3))
        }
        help_texts = {
            "fulfilled_on": "查实的完成日期。到期以后才补做完的，不是全部履行。",
            "text": "对照认定标准写明核了什么、看到什么。随结论公开，不要写个人姓名、电话、证件号码。",
            "unmet": "全部履行的留空。",
            "consequence": "没有全部履行的，写明按承诺里的违诺责任怎样追究、由谁在什么时候办。",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not counts_apart(self.instance.obligation):
            del self.fields["counted_verdict"]

    def clean(self):
        data = super().clean()
        verdict = data.get("verdict")
        if verdict and verdict != Verdict.FULL and not data.get("consequence"):
            self.add_error("consequence", "没有全部履行的，请写明违诺责任怎样追究。")
        if verdict == Verdict.FULL and data.get("consequence"):
            self.add_error("consequence", "选了“全部履行”，这一栏请清空。")
        return data
