"""What of a contract stays in the office, as a block of the draft and as a form of its own."""

from django import forms
from django.utils import timezone

from commitments.models import Contract
from commitments.payments import Given, stamp_of
from commitments.row_forms import PAYMENTS, WithRows, check_payments
from longsha_credit.web.forms import PortalForm

# The form's names beside the row's: the terms have a number and an amount of their own.
COLUMNS = {
    "counterparty": "counterparty",
    "contract_number": "number",
    "signed_on": "signed_on",
    "contract_amount": "amount",
    "with_small_business": "with_small_business",
}


def contract_of(obligation, user):
    """The contract of a row, or None; of one that is not stored yet there is none."""
    return Contract.objects.visible_to(user).filter(obligation=obligation.pk).first()


def initial_of(contract):
    if contract is None:
        return {}
    return {name: getattr(contract, column) for name, column in COLUMNS.items()} | {
        "contract_seen": stamp_of(contract)
    }


def payments_of(contract):
    """The payments that stand, as a table's rows; a day the law gave is not shown as agreed."""
    if contract is None:
        return []
    rows = contract.payments.standing()
    return [
        {"number": p.number, **{c: getattr(p, c) for c in PAYMENTS.columns}}
        | ({} if p.is_agreed else {"due_on": None})
        for p in rows
    ]


class ContractFields(forms.Form):
    """The internal columns; the form that has them also has the table of payments."""

    counterparty = forms.CharField(label="合同对方", max_length=200, help_text="只在内部，不公开。")
    contract_number = forms.CharField(label="合同编号", max_length=60, required=False)
    signed_on = forms.DateField(label="签订日期")
    contract_amount = forms.DecimalField(
        label="合同金额（元）", max_digits=14, decimal_places=2, min_value=0, required=False
    )
    with_small_business = forms.BooleanField(
        label="对方是中小企业",
        required=False,
        initial=True,
        help_text="付款期限按《保障中小企业款项支付条例》核对；不能确定的，请勾选。",
    )

    contract_seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def check_contract(self, data):
        if data.get("contract_amount") == 0:
            self.add_error("contract_amount", "合同金额要大于 0；没有金额的留空。")
        if data.get("signed_on") and data["signed_on"] > timezone.localdate():
            self.add_error("signed_on", "签订日期不能晚于今天；还没有签的合同，签了再登记。")
        self.payments = check_payments(self)

    def stamps(self):
        """Of the internal columns as they stand now."""
        return {"contract_seen": stamp_of(contract_of(self.instance, self.user))}

    def contract_given(self):
        data = self.cleaned_data
        contract = {column: data[name] for name, column in COLUMNS.items()}
        return Given(contract=contract, payments=self.payments, seen=data["contract_seen"])


class ContractForm(WithRows, ContractFields, PortalForm):
    """The internal columns alone, at whatever stage the contract is."""

    tables = (PAYMENTS,)

    def __init__(self, *args, obligation, user, **kwargs):
        contract = contract_of(obligation, user)
        kwargs |= {"initial": initial_of(contract), "rows": {PAYMENTS.prefix: payments_of(contract)}}
        super().__init__(*args, **kwargs)
        self.instance, self.user = obligation, user

    def clean(self):
        data = super().clean()
        self.check_contract(data)
        return data
