"""Notices of candidates, awards and their re-checks, beside the steps of their flows."""

import datetime
import secrets
from typing import Any

from django.db import transaction

from evaluation.demonstration import clocks
from evaluation.demonstration.flows import DISTRICT, OFFICE
from evaluation.demonstration.wording import NAMES, words
from evaluation.models import Application, ApplicationState, Award, CandidateNotice, Cycle, Recheck
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.models import Level
from longsha_credit.directory.scope import require_within
from longsha_credit.files.services import NOTHING, Upload
from longsha_credit.publication import drafts

PURPOSE = "demonstration"


@transaction.atomic
def save_notice(
    notice: CandidateNotice,
    candidates: list[Application],
    *,
    by: Any,
    seen: str = "",
    upload: Upload = NOTHING,
) -> CandidateNotice:
    """Store a new or changed draft of a notice with its candidates. Raises Http404, Refused."""
    drafts.prepare(notice, draft="draft", by=by, seen=seen, writers=OFFICE)
    if any(it.cycle_id != notice.cycle_id or it.state != ApplicationState.CANDIDATE for it in candidates):
        raise Refused("只能公示这一轮里列为拟公示的单位。", "guard")
    if any(it.notice_id not in (None, notice.pk) for it in candidates):
        raise Refused("有单位已经在另一份公示里。", "guard")
    stored = drafts.store(notice, by=by, upload=upload, purpose=PURPOSE, word="评定公示", roles=OFFICE)
    chosen = [it.pk for it in candidates]
    Application.objects.filter(notice=stored).exclude(pk__in=chosen).update(notice=None)
    Application.objects.filter(pk__in=chosen).update(notice=stored)
    return stored


def new_notice(cycle: Cycle) -> CandidateNotice:
    """An unsaved notice in the words of the round."""
    said = words(cycle)
    text = f"经申报、初审、复核和评审，下列单位拟{said.decided}为{said.title}，现予公示。{said.note}公示期内，对公示单位有异议的，可以在本页提出，也可以来电、来访。"
    return CandidateNotice(
        cycle=cycle,
        organisation=cycle.organisation,
        title=f"{said.title}拟{said.decided}单位公示",
        text=text,
        contact=cycle.organisation.supervision_phone,
    )


def new_award(application: Application) -> Award:
    """An unsaved award: named where the round was approved, else the result of a pilot, without a plaque."""
    cycle, said = application.cycle, words(application.cycle)
    return Award(
        application=application,
        organisation=cycle.organisation,
        form=said.form,
        plaque=f"{cycle.year.number}年度诚信{NAMES[Level(cycle.level)]}" if said.is_named else "",
        reason=f"在{cycle.title}中逐条对标，得分达到{said.title}的标准，公示期满没有影响评定的异议。",
    )


@transaction.atomic
def save_award(award: Award, *, by: Any, seen: str = "", upload: Upload = NOTHING) -> Award:
    """Store a new or changed draft of an award; its form and plaque follow from the round. Raises Http404, Refused."""
    drafts.prepare(award, draft="draft", by=by, seen=seen, writers=OFFICE)
    if award.pk is None and award.application.state != ApplicationState.PUBLICITY:
        raise Refused("还没有公示，不能评定。", "state")
    fresh = new_award(award.application)
    award.form, award.plaque = fresh.form, fresh.plaque
    return drafts.store(award, by=by, upload=upload, purpose=PURPOSE, word="评定结果", roles=OFFICE)


@transaction.atomic
def recheck(award: Award, *, fit: bool, text: str, by: Any, today: datetime.date) -> Recheck:
    """Enter a yearly re-check and start the next one's clock. Raises Http404, Refused."""
    require_within(by, award.organisation, DISTRICT)
    now = Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    if now.state not in ("published", "withdrawing"):
        raise Refused(f"现在是“{now.get_state_display()}”，不用复核。", "state")
    if not text.strip():
        raise Refused("请写明复核看了什么、够不够格。", "guard")
    row = Recheck.objects.create(
        award=now, number=now.rechecks.count() + 1, checked_on=today, fit=fit, text=text.strip(), by=by
    )
    record(now, step="recheck", label="年度复核", by=by, roles=DISTRICT, reason="符合" if fit else "不再符合")
    clocks.rechecked(now, today=today)
    return row


def verify(number: str, code: str) -> Award | None:
    """The award of a certificate's number and code; None where they do not fit."""
    rows = Award.objects.with_names().with_suspension().filter(number=number.replace("\x00", "").strip())
    award = rows.first() if number.strip() else None
    if award is None or not secrets.compare_digest(award.check_code.encode(), code.strip().upper().encode()):
        return None
    return award
