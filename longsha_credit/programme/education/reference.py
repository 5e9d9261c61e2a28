"""What a year asks of officials until the office says otherwise, and whether that is law or advice."""

from decimal import Decimal

# No rule that fixes hours for integrity training was found (domain.md 4.4, table one, 8.1): a proposal, marked as one.
MINIMUM = {
    "hours": Decimal(4),
    "basis": "试点方案二（八）将信用建设纳入公职人员培训；学时数参照示范创建指标表一第8.1项，为建议值",
    "basis_kind": "advice",
}
HOLD_RULE, SUMMARY_RULE = "education_hold", "education_summary"
