"""What of a notice and an award may become public: allow-listed fields only; of a post only which post of which unit."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from evaluation.demonstration.wording import shown_name, words
from evaluation.models import Award, CandidateNotice
from longsha_credit.publication.registry import Candidate

NOTICE_LABELS = {
    "organisation": "公示单位",
    "code": "编号",
    "activity": "评价活动",
    "candidates": "拟评定单位",
    "text": "公示说明",
    "approval": "批准文号",
    "contact": "受理异议的电话",
}
AWARD_LABELS = {
    "organisation": "评定单位",
    "code": "公开编号",
    "activity": "评价活动",
    "unit": "被评定单位",
    "title": "评定为",
    "approval": "批准文号",
    "plaque": "牌匾",
    "reason": "评定理由",
}


def _approval(cycle: Any) -> str:
    return f"{cycle.approval_body}（{cycle.approval_number}）" if cycle.is_approved else words(cycle).note


def candidate_of_notice(notice: CandidateNotice) -> Candidate:
    said = words(notice.cycle)
    rows = notice.applications.select_related("organisation__parent").order_by("organisation__path")
    fields = {
        "organisation": notice.organisation.name,
        "code": notice.code,
        "activity": said.activity,
        "candidates": "、".join(shown_name(row.organisation) for row in rows),
        "text": notice.text,
        "approval": _approval(notice.cycle),
        "contact": notice.contact,
    }
    return Candidate(
        of=notice,
        reference=notice.code,
        organisation=notice.organisation,
        title=notice.title,
        text="\n".join([fields["candidates"], fields["text"], fields["approval"]]),
        path=f"demonstration/notices/{notice.code}/",
        fields=fields,
        files=list(notice.files.all()),
    )


def candidate_of_award(award: Award) -> Candidate:
    it = award.application
    said, name = words(it.cycle), shown_name(it.organisation)
    fields = {
        "organisation": award.organisation.name,
        "code": award.code,
        "activity": said.activity,
        "unit": name,
        "title": said.title,
        "approval": _approval(it.cycle),
        "plaque": award.plaque,
        "reason": award.reason,
    }
    return Candidate(
        of=award,
        reference=award.code,
        organisation=award.organisation,
        title=f"{name}：{said.title}",
        text="\n".join(filter(None, [fields["reason"], fields["approval"], fields["plaque"]])),
        path=f"demonstration/{award.code}/",
        fields=fields,
        files=list(award.files.all()),
        kind_label=said.paper,
    )


def desk_url(obj: Any) -> str:
    name = "award" if isinstance(obj, Award) else "notice"
    return reverse(f"demonstration:{name}", args=[obj.pk])


def notice_page(code: str) -> str:
    return reverse("public_demonstration:notice", args=[code])


def award_page(code: str) -> str:
    return reverse("public_demonstration:award", args=[code])


def marks(references: list[str]) -> dict[str, list[tuple[str, str, str]]]:
    """What stands beside awards wherever they are listed: suspended by a record, or over."""
    today, found = timezone.localdate(), {}
    rows = Award.objects.public().with_names().with_suspension().filter(code__in=references)
    for award in rows:
        if award.is_over(today):
            found[award.code] = [("na", "已期满", "na")]
        elif award.suspended:
            found[award.code] = [("near", words(award.application.cycle).suspended, "near")]
    return found
