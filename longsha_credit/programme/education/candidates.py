"""What of an activity and of a material may become public: allow-listed fields, numbers of people, never names."""

from longsha_credit.programme.education.wording import told, when
from longsha_credit.programme.models import ActivitySheet, MaterialEdition
from longsha_credit.publication.registry import Candidate

LABELS = {
    "organisation": "举办单位",
    "code": "活动编号",
    "stage": "公开什么",
    "kind": "形式",
    "theme": "主题",
    "audience": "对象",
    "when": "时间",
    "place": "地点",
    "speaker": "主讲",
    "text": "内容",
    "attendance": "参加人次",
    "outcome": "成效",
}
MATERIAL_LABELS = {
    "organisation": "单位",
    "code": "资料编号",
    "theme": "主题",
    "audience": "适合谁看",
    "summary": "摘要",
    "body": "正文",
    "source": "来源",
}


def sheet_fields(sheet: ActivitySheet) -> dict[str, str]:
    """The public fields; one to four people are “少于5” in the ledger too."""
    activity = sheet.activity
    return {
        "organisation": sheet.organisation.name,
        "code": activity.code,
        "stage": str(sheet.get_stage_display()),
        "kind": str(activity.get_kind_display()),
        "theme": str(activity.get_theme_display()),
        "audience": activity.audience_words,
        "when": when(sheet.day, sheet.time),
        "place": sheet.place,
        "speaker": sheet.speaker,
        "text": sheet.text,
        "attendance": told(sheet.attendance),
        "outcome": sheet.outcome,
    }


def candidate_of_sheet(sheet: ActivitySheet) -> Candidate:
    fields = sheet_fields(sheet)
    came = f"参加{fields['attendance']}人次" if fields["attendance"] else ""
    words = (fields["when"], sheet.place, sheet.speaker, fields["theme"], fields["audience"], came)
    return Candidate(
        of=sheet.activity,
        reference=sheet.activity.code,
        organisation=sheet.organisation,
        title=sheet.title,
        text="\n".join(filter(None, [" ".join(filter(None, words)), sheet.text, sheet.outcome])),
        path=f"education/activities/{sheet.activity.code}/",
        fields=fields,
        files=list(sheet.files.all()),
        reason=sheet.reason,
        kind_label=f"诚信教育{sheet.get_stage_display()}",
    )


def material_fields(edition: MaterialEdition) -> dict[str, str]:
    return {
        "organisation": edition.organisation.name,
        "code": edition.material.code,
        "theme": str(edition.get_theme_display()),
        "audience": edition.audience_words,
        "summary": edition.summary,
        "body": edition.body,
        "source": edition.source,
    }


def candidate_of_edition(edition: MaterialEdition) -> Candidate:
    fields = material_fields(edition)
    return Candidate(
        of=edition.material,
        reference=edition.material.code,
        organisation=edition.organisation,
        title=edition.title,
        text="\n".join(filter(None, [edition.summary, fields["theme"], fields["audience"], edition.body])),
        path=f"education/materials/{edition.material.code}/",
        fields=fields,
        files=list(edition.files.all()),
        reason=edition.reason,
    )
