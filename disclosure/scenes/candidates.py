"""What of a scene may become public: allow-listed fields only, and of a month only numbers that point at nobody."""

from collections.abc import Iterable

from disclosure.models import QUESTIONS, Scene, SceneMonth, SceneRevision
from disclosure.models.scenes import SceneText
from disclosure.scenes.wording import satisfaction, told
from longsha_credit.files.models import StoredFile
from longsha_credit.publication.models import ServiceField
from longsha_credit.publication.registry import Candidate

LABELS = {
    "organisation": "单位",
    "code": "场景编号",
    "kind": "场景类别",
    "needs": "能帮上哪些事",
    "service": "服务内容",
    "incentive_kind": "便利种类",
    "incentive": "守信带来的便利",
    "beneficiaries": "服务对象",
    "eligibility": "谁可以参加",
    "joining": "怎样参加",
    "place": "在哪里办",
    "phone": "联系电话",
    "consent": "自愿参加",
    "leaving": "怎样退出",
    "data_used": "用到的个人信息",
    "data_kept": "保存多久",
    "assurances": "我们保证",
    "basis": "依据",
    "basis_document": "依据文号",
    "legal_review": "法制审核",
    "begins_on": "开始日期",
    "ends_on": "结束日期",
    "monthly_target": "每月目标",
}
MONTH_LABELS = {
    "scene": "场景编号",
    "month": "月份",
    "participations": "参加人次",
    "served": "受益人数",
    "satisfaction": "回访",
    "note": "说明",
    "effect": "成效",
}


def fields_of_need(text: SceneText) -> list[ServiceField]:
    """The service fields a scene helps with, in the plan's order."""
    return list(ServiceField.objects.filter(key__in=text.needs))


def assurances() -> str:
    """What the right answers to the questions promise; nothing goes out with any other answer."""
    return "\n".join(question.assurance for question in QUESTIONS)


def fields_of(scene: Scene, text: SceneText, needs: Iterable[ServiceField]) -> dict[str, str]:
    """The public fields of a scene with this text, as words."""
    plain = {
        name: getattr(text, name)
        for name in (
            *("service", "incentive", "beneficiaries", "eligibility", "joining", "place", "phone", "consent"),
            *("leaving", "data_used", "data_kept", "basis", "basis_document"),
        )
    }
    return {
        "organisation": scene.organisation.name,
        "code": scene.code,
        "kind": text.get_kind_display(),
        "needs": "、".join(field.name for field in needs),
        "incentive_kind": text.get_incentive_kind_display(),
        **plain,
        "assurances": assurances(),
        "legal_review": legal_review(text),
        "begins_on": text.begins_on.isoformat(),
        "ends_on": text.ends_on.isoformat() if text.ends_on else "长期",
        "monthly_target": f"{text.monthly_target}人次",
    }


def legal_review(text: SceneText) -> str:
    if not text.legal_review_on:
        return ""
    return f"{text.legal_review_number}（{text.legal_review_on:%Y-%m-%d}）：{text.get_legal_conclusion_display()}"


def _candidate(scene: Scene, text: SceneText, files: list[StoredFile], reason: str = "") -> Candidate:
    needs = fields_of_need(text)
    fields = fields_of(scene, text, needs)
    words = ("incentive", "service", "beneficiaries", "eligibility", "joining", "place", "needs", "basis")
    return Candidate(
        of=scene,
        reference=scene.code,
        organisation=scene.organisation,
        title=text.title,
        text="\n".join(fields[name] for name in words),
        path=f"scenes/{scene.code}/",
        fields=fields,
        files=files,
        service_field=needs[0] if needs else None,
        reason=reason,
        kind_label=text.get_kind_display(),
    )


def candidate_of_scene(scene: Scene) -> Candidate:
    return _candidate(scene, scene, list(scene.files.all()))


def candidate_of_revision(revision: SceneRevision) -> Candidate:
    return _candidate(revision.of, revision, list(revision.files.all()), revision.reason)


def month_fields(month: SceneMonth) -> dict[str, str]:
    """The public fields of a month: one to four people are “少于5” in the ledger too."""
    return {
        "scene": month.scene.code,
        "month": f"{month.month:%Y-%m}",
        "participations": told(month.participations),
        "served": told(month.served),
        "satisfaction": satisfaction(month.surveyed, month.satisfied),
        "note": month.note,
        "effect": month.effect,
    }


def candidate_of_month(month: SceneMonth) -> Candidate:
    scene, fields = month.scene, month_fields(month)
    said = [f"参加{fields['participations']}人次，受益{fields['served']}人", fields["satisfaction"]]
    return Candidate(
        of=month.corrects or month,
        reference=scene.code,
        organisation=month.organisation,
        title=f"{scene.title}：{month.month:%Y年%-m月}的数字",
        text="\n".join(filter(None, [*said, month.note, month.effect])),
        path=f"scenes/{scene.code}/#month-{month.month:%Y-%m}",
        fields=fields,
        reason=month.reason,
    )
