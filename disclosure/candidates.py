"""What of a notice may become public: allow-listed fields only; the Word original stays in the office."""

from typing import Any

from disclosure.models import Notice, NoticeKind, NoticeRevision
from disclosure.models.notices import NoticeText
from longsha_credit.files.models import StoredFile
from longsha_credit.publication.registry import Candidate
from longsha_credit.web import richtext

SUMMARY = 120  # characters of the text that stand in for a summary nobody wrote
LABELS = {
    "organisation": "公开单位",
    "code": "索引号",
    "kind": "文种",
    "topic": "公开事项",
    "power_kind": "权责类别",
    "document_number": "文号",
    "formed_on": "形成或变更日期",
    "summary": "内容概述",
    "basis": "依据",
    "valid_from": "施行日期",
    "valid_until": "有效期至",
    "supersedes": "取代",
    "legal_review": "合法性审查",
    "hearing": "公示期",
    "hearing_channel": "异议方式",
    "body": "正文",
}
RICH = frozenset({"body"})
# What only some kinds have; without it the field is not there at all, rather than empty.
ONLY_WHERE_SAID = (
    *("power_kind", "document_number", "basis", "valid_from", "valid_until", "supersedes"),
    *("legal_review", "hearing", "hearing_channel"),
)


def labels_for(fields: dict[str, Any]) -> dict[str, str]:
    return {name: label for name, label in LABELS.items() if name in fields}


def _day(date: Any) -> str:
    return date.isoformat() if date else ""


def summary_of(text: NoticeText) -> str:
    """What was written as summary, or the beginning of the text."""
    if text.summary:
        return text.summary
    lines = [line for line in richtext.to_text(text.body).splitlines() if _tells(line)]
    plain = " ".join(" ".join(lines).split())
    return plain[:SUMMARY] + ("…" if len(plain) > SUMMARY else "")


def _tells(line: str) -> bool:
    """Whether a line says something by itself: neither a row of a table nor a heading."""
    return "\t" not in line and not richtext.heading_of(line)


def fields_of(notice: Notice, text: NoticeText) -> dict[str, Any]:
    """The public fields of a notice with this text, as words."""
    fields = {
        "organisation": notice.organisation.name,
        "code": notice.code,
        "kind": text.get_kind_display(),
        "topic": text.topic.name,
        "power_kind": text.get_power_kind_display(),
        "document_number": text.document_number,
        "formed_on": _day(text.formed_on),
        "summary": summary_of(text),
        "basis": text.basis,
        "valid_from": _day(text.valid_from),
        "valid_until": _day(text.valid_until),
        "supersedes": f"{text.supersedes.code} {text.supersedes.title}" if text.supersedes else "",
        "legal_review": _legal_review(text),
        "hearing": f"{_day(text.hearing_from)} 至 {_day(text.hearing_until)}" if text.hears else "",
        "hearing_channel": text.hearing_channel,
        "body": text.body,
    }
    return {name: value for name, value in fields.items() if value or name not in ONLY_WHERE_SAID}


def _legal_review(text: NoticeText) -> str:
    if text.kind != NoticeKind.NORMATIVE:
        return ""
    return f"{text.legal_review_number}（{_day(text.legal_review_on)}）"


def _candidate(notice: Notice, text: NoticeText, files: list[StoredFile], reason: str = "") -> Candidate:
    words = [text.document_number, text.summary, richtext.to_text(text.body), text.basis]
    return Candidate(
        of=notice,
        reference=notice.code,
        organisation=notice.organisation,
        title=text.title,
        text="\n".join(filter(None, words)),
        path=f"disclosure/notices/{notice.code}/",
        fields=fields_of(notice, text),
        files=files,
        service_field=text.topic.service_field,
        reason=reason,
        kind_label=text.get_kind_display(),
    )


def candidate_of_notice(notice: Notice) -> Candidate:
    return _candidate(notice, notice, list(notice.files.all()))


def candidate_of_revision(revision: NoticeRevision) -> Candidate:
    return _candidate(revision.of, revision, list(revision.files.all()), revision.reason)
