"""What an item of the ledger may be: where it came from, what is owed and why, and how far it is."""

from django.db import models


class ClueSource(models.TextChoices):
    COMPLAINT = "complaint", "投诉举报"
    PETITION = "petition", "信访"
    HOTLINE = "hotline", "12345热线"
    OVERDUE = "overdue", "到期未兑现的承诺"
    INSPECTION = "inspection", "督导检查、巡察"
    AUDIT = "audit", "审计"
    SWEEP = "sweep", "自查排查"
    COURT = "court", "裁判"


class Problem(models.TextChoices):
    PROMISE = "promise", "未兑现承诺"
    CONTRACT = "contract", "未履行合同"
    POLICY = "policy", "政策不落实、不连续"
    ARREARS = "arrears", "拖欠账款"
    JUDGMENT = "judgment", "拒不执行裁判"


class Cause(models.TextChoices):
    """试点方案二（五）列明的诱因。"""

    REORGANISATION = "reorganisation", "机构改革"
    ELECTION = "election", "换届"
    POST = "post", "岗位职务变更"
    PERSON = "person", "相关责任人调整"
    OTHER = "other", "其他"


class HolderKind(models.TextChoices):
    COMPANY = "company", "企业"
    PUBLIC = "public", "群众"


class Settlement(models.TextChoices):
    """凭什么销号，三种之一。"""

    FULFILLED = "fulfilled", "事项已经履行"
    AGREED = "agreed", "达成书面协议"
    UNSUPPORTED = "unsupported", "依法不予支持"


class Confirmation(models.TextChoices):
    SIGNED = "signed", "权利人签字确认"
    TOLD = "told", "已告知权利人，有记录"
    NONE = "none", "没有签字，也没有告知记录"


class RectificationState(models.TextChoices):
    CLUE = "clue", "线索登记"
    CHECKING = "checking", "正在核实"
    UNFOUNDED = "unfounded", "不属实，已反馈"
    FOUND = "found", "属实，待整改"
    PLANNED = "planned", "整改方案待批"
    RECTIFYING = "rectifying", "整改中"
    CLOSING = "closing", "申请销号"
    ACCEPTING = "accepting", "区里验收"
    CLOSED = "closed", "已销号"
    FOLLOWED = "followed", "已回访"
    REFUSING = "refusing", "提请认定拒不整改"
    REFUSED = "refused", "拒不整改"


EARLY = [RectificationState.CLUE, RectificationState.CHECKING, RectificationState.UNFOUNDED]
CLOSED = [RectificationState.CLOSED, RectificationState.FOLLOWED]
# What is refused is still owed: it stays open until it is put right.
OPEN_RECTIFICATIONS = [s for s in RectificationState if s not in (*CLOSED, RectificationState.UNFOUNDED)]
# A day has been set and is being kept, or was.
DATED = [
    *(RectificationState.RECTIFYING, RectificationState.CLOSING, RectificationState.ACCEPTING),
    *CLOSED,
]
LABEL_WITH_DIGITS = r"[0-9０-９]{5,}"

# Columns that are settled together, for the triggers that keep them.
CLUE_COLUMNS = (
    *("source", "case_id", "obligation_id", "sweep_id", "inspected_id", "organisation_id", "created_by_id"),
    *("number", "registered_on"),
)
MATTER = ("title", "problem", "domain", "holder_kind", "holder_label", "formed_on", "found_on", "instrument")
PLAN = ("measures", "lead_post", "partners")
CLOSING = ("settlement", "settlement_note", "confirmation", "no_confirmation", "done_text")
