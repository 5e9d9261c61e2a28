"""异议处理告知书, 信用修复告知书 and 核查意见 as official documents."""

import datetime
from types import SimpleNamespace
from typing import Any

from django.db.models import Q
from django.urls import reverse

from longsha_credit.audit.workflow import record
from longsha_credit.directory.scope import within
from longsha_credit.exchange.official.kinds import DocumentKind, Field
from longsha_credit.exchange.official.kinds import register as known
from records import papers
from records.models import CONFIRMERS, Decision, Objection, Outcome, Repair
from records.models.catalogue import PERSONS
from records.models.opinions import ISSUERS, Finding, Opinion, Purpose
from records.services import is_subject

DISTRICT = SimpleNamespace(name="示例区")
UNIT = SimpleNamespace(name="向阳街道", district=lambda: DISTRICT)


def _things(model: Any) -> Any:
    """Decided requests the user reads; on a person only those who issue it and the person: the paper has the name."""

    def of(user: Any) -> Any:
        unit = ~Q(record__subject_kind__in=PERSONS)
        own = Q(record__official=user.official_id) if user.official_id else Q(pk__in=[])
        may = unit | own | within(user, CONFIRMERS, "record__organisation__path")
        return model.objects.visible_to(user).decided().with_names().filter(may)

    return of


def _opened(user: Any, request: Any) -> None:
    """A paper on a person has the name on it: reading it is an entry, but for the person."""
    if request.record.is_about_a_person and not is_subject(user, request.record):
        record(request.record, step="reveal", label="查看姓名", by=user, reason="核对或者查阅告知书")


def _values(request: Any) -> dict[str, str]:
    return {
        "记录编号": request.record.number,
        "结论": request.get_outcome_display(),
        "理由": request.reason,
        "核查情况": request.finding,
    }


OWN = (
    Field("记录编号", "诚信记录的编号", "JL2026000001"),
    Field("结论", "维持、更正、撤销，或者准予、不予修复", "撤销"),
    Field("理由", "异议的理由，或者纠正情况", "处罚决定已经撤销。"),
    Field("核查情况", "查了什么、查到什么", "经核对复议决定书，原处罚已撤销。"),
)


def _sample(number: str, outcome: Any) -> SimpleNamespace:
    return SimpleNamespace(
        record=SimpleNamespace(
            number="JL2026000001",
            title="逾期未更新财务公开",
            is_about_a_person=False,
            issuing_body="示例区财政局",
            document_number="示财罚〔2026〕7号",
            decided_on=datetime.date(2026, 5, 6),
            effective_until=datetime.date(2027, 5, 5),
            item=SimpleNamespace(basis="政府信息公开条例第五十三条"),
            subject_name="向阳街道",
        ),
        organisation=UNIT,
        number=number,
        filed_on=datetime.date(2026, 11, 2),
        decided_on=datetime.date(2026, 11, 20),
        get_wanted_display=lambda: "撤销",
        outcome=outcome,
        reason="处罚决定已经复议撤销，记录没有依据。",
        finding="经核对复议决定书，原处罚决定已于2026年10月28日撤销。",
    )


def _named(sample: SimpleNamespace) -> SimpleNamespace:
    class Item(SimpleNamespace):
        def __str__(self):
            return "行政处罚"

    sample.record.item = Item(basis=sample.record.item.basis)
    return sample


def _told(key: str, label: str, word: str, model: Any, paper: Any, address: str, sample: Any) -> DocumentKind:
    return DocumentKind(
        key=key,
        label=label,
        word=word,
        model=model,
        things=_things(model),
        paper=paper,
        unit=lambda it: it.organisation.district(),
        roles=CONFIRMERS,
        url=lambda it: reverse(address, args=[it.pk]),
        sample=paper(sample),
        own=OWN,
        values=_values,
        opened=_opened,
        quiet=lambda it: it.record.is_about_a_person,
        applies=lambda it: it.decided_on is not None,
    )


def _opinion_values(it: Any) -> dict[str, str]:
    return {
        "核查对象": it.subject_name,
        "用途": f"{Purpose(it.purpose).label}（{it.purpose_note}）",
        "结论": Finding(it.finding).label,
        "验证码": it.code,
    }


OPINION = DocumentKind(
    key="opinion",
    label="诚信核查意见",
    word="核",
    model=Opinion,
    things=lambda user: Opinion.objects.visible_to(user).with_names(),
    paper=papers.opinion,
    unit=lambda it: it.organisation.district(),
    roles=ISSUERS,
    url=lambda it: reverse("records:opinion", args=[it.pk]),
    sample=papers.opinion(
        SimpleNamespace(
            organisation=UNIT,
            number="核查〔2026〕0001",
            subject_name="向阳街道",
            purpose=Purpose.HONOUR,
            purpose_note="2026年度先进社区评选",
            finding=Finding.NONE,
            code="ABCDEFGH2345",
            issued_on=datetime.date(2026, 11, 26),
        )
    ),
    own=(
        Field("核查对象", "查的是哪个单位或者哪个人", "向阳街道"),
        Field("用途", "用在什么事项上", "评优评先（2026年度先进社区评选）"),
        Field("结论", "三种结论之一", "无失信记录"),
        Field("验证码", "查真伪用的12位码", "ABCDEFGH2345"),
    ),
    values=_opinion_values,
    quiet=lambda it: it.official_id is not None,
)


def register() -> None:
    """Called when the app is ready."""
    objection = _named(_sample("异议〔2026〕0001", Outcome.REVOKED))
    repair = _named(_sample("修复〔2026〕0001", Decision.GRANTED))
    told = (Objection, papers.objection, "records:objection_letter", objection)
    known(_told("objection-reply", "异议处理告知书", "异", *told))
    told = (Repair, papers.repair, "records:repair_letter", repair)
    known(_told("repair-reply", "信用修复告知书", "修", *told))
    known(OPINION)
