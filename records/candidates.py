"""What of a record may become public: allow-listed fields of records on units, and its marks; evidence files never."""

from longsha_credit.publication.registry import Candidate
from records.models import Notice, Record, RecordState

LABELS = {
    "number": "记录编号",
    "unit": "单位",
    "kind": "守信或失信",
    "dimension": "方面",
    "source": "来源",
    "item": "清单事项",
    "basis": "记录依据",
    "part": "单位在事件中",
    "facts": "事实",
    "document_number": "文号",
    "issuing_body": "作出机关",
    "decided_on": "作出日期",
    "effective_from": "生效日期",
    "effective_until": "有效期至",
    "repair": "能否修复",
    "correction": "更正种类",
}


def candidate_of_notice(notice: Notice) -> Candidate:
    record, item = notice.record, notice.record.item
    repair = f"生效满{record.repair_min_months}个月后可以申请" if record.repair_min_months else "可以申请"
    return Candidate(
        of=first_version(record),
        reference=record.number,
        organisation=notice.organisation,
        title=record.title,
        text="\n".join(filter(None, [record.document_number, record.issuing_body, record.facts])),
        path=f"records/{record.number}/",
        fields={
            "number": record.number,
            "unit": record.subject_name,
            "kind": item.get_kind_display(),
            "dimension": item.get_dimension_display(),
            "source": item.get_source_display(),
            "item": str(item),
            "basis": item.basis,
            "part": record.get_part_display(),
            "facts": record.facts,
            "document_number": record.document_number,
            "issuing_body": record.issuing_body,
            "decided_on": record.decided_on.isoformat() if record.decided_on else "",
            "effective_from": record.effective_from.isoformat() if record.effective_from else "",
            "effective_until": record.effective_until.isoformat() if record.effective_until else "",
            "repair": repair if record.repairable else "",
            "correction": record.get_correction_kind_display(),
        },
        reason=record.correction_reason,
    )


def first_version(record):
    """The version whose publication the whole chain shares."""
    while record.corrects_id:
        record = record.corrects
    return record


def marks_of(numbers):
    """By number what stands beside a public record on every list, as on its own page: (state, word, shape)."""
    found = {}
    for record in Record.objects.public().marked().filter(number__in=numbers):
        said = (
            (record.objected, ("objected", "异议处理中", "flag")),
            (record.state == RecordState.CORRECTED or record.to_correct, ("pending", "更正中", "draft")),
            (record.repairing, ("pending", "修复申请办理中", "clock")),
        )
        found[record.number] = [mark for holds, mark in said if holds]
    return found
