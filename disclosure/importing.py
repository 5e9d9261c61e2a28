"""Notices from a table: its columns, and how its rows become drafts, with the clock of their topic."""

from dataclasses import replace
from typing import Any

from django.utils import timezone

from disclosure import lists
from disclosure.flows import WRITERS
from disclosure.models import Notice, NoticeKind, PowerKind, Topic
from longsha_credit.deadlines import sets
from longsha_credit.deadlines.models import Holiday
from longsha_credit.exchange.imports import kinds
from longsha_credit.exchange.imports.kinds import UNIT, UNIT_UNKNOWN, ImportKind
from longsha_credit.exchange.imports.sheet import unit_name
from longsha_credit.exchange.models import Import
from longsha_credit.exchange.tables.fields import Field, Sheet, Sort
from longsha_credit.web import richtext

KEY = "notices"
# What is short enough for a cell; the others have times for objections or a legal review and are written one by one.
KINDS = (NoticeKind.INFORMATION, NoticeKind.ANNOUNCEMENT, NoticeKind.POWER, NoticeKind.CASE)

FIELDS = (
    Field("unit", "公开单位", Sort.UNIT, True, "街道、社区或窗口。", "向阳街道", 18, other_names=("单位", "公开主体")),
    Field("kind", "文种", Sort.CHOICE, True, "从下拉里选。公示、通报、规范性文件请一份一份写。", "公开信息",
          choices=tuple((kind.value, kind.label) for kind in KINDS)),
    Field("topic", "公开事项", Sort.CHOICE, True, "从下拉里选，是公开目录里的一行。", width=20, choices=(("", ""),),
          other_names=("公开事项（二级）",)),
    Field("title", "标题", Sort.TEXT, True, "和文件上的一样。", "2026年第三季度居务公开", 36, most=100, other_names=("名称",)),
    Field("document_number", "文号", Sort.TEXT, help="没有的留空。", most=60),
    Field("formed_on", "形成或变更日期", Sort.DAY, True, "公开时限从这一天起算，不能晚于今天。", "2026-10-12", 14,
          other_names=("生成日期", "形成日期")),
    Field("summary", "内容概述", Sort.TEXT, help="一两句话，目录里显示；留空则取正文开头。", width=30, most=200),
    Field("body", "正文", Sort.LONG, True, "一格里写全文，每段一行；一、（一）开头的短行是标题。", "第三季度收支如下。", 60,
          most=10_000),
    Field("power_kind", "权责类别", Sort.CHOICE, help="权责清单条目才填。", choices=tuple(PowerKind.choices)),
    Field("basis", "依据", Sort.TEXT, help="公告、权责清单条目填。", width=24, most=300, other_names=("公开依据",)),
    Field("valid_from", "施行日期", Sort.DAY, width=12),
    Field("valid_until", "有效期至", Sort.DAY, help="长期有效的留空。", width=12),
)  # fmt: skip

MATCHED = f"""
SELECT r.*, u.id AS unit_id, u.several, o.name AS unit_name, o.level, o.taking_part, p.id AS topic_id,
  p.name AS topic_name, p.levels, p."group" AS topic_group
FROM rows r {UNIT}
LEFT JOIN directory_organisation o ON o.id = u.id
LEFT JOIN disclosure_topic p ON p.key = r.topic AND p.retired_on IS NULL
"""
CHECKS = (
    UNIT_UNKNOWN,
    """SELECT number, 'unit', '岗位和不参加创建的单位不单独公开，请写街道、社区或窗口。', NULL FROM matched
    WHERE unit_id IS NOT NULL AND (level = 'post' OR NOT taking_part)""",
    """SELECT number, 'topic', '“' || topic_name || '”不由' || unit_name || '这一级公开，请核对公开目录。', NULL FROM matched
    WHERE topic_id IS NOT NULL AND unit_id IS NOT NULL AND level <> 'post' AND NOT (level = ANY (levels))""",
    """SELECT number, 'topic', CASE WHEN kind = 'power' THEN '权责清单条目要选权责清单的公开事项。'
        ELSE '这个公开事项只收权责清单条目，请换文种或者公开事项。' END, NULL FROM matched
    WHERE kind IS NOT NULL AND topic_id IS NOT NULL AND (kind = 'power') <> (topic_group = 'powers')""",
    """SELECT number, 'topic', '这个公开事项刚刚停用，请换一个。', NULL FROM matched WHERE topic IS NOT NULL AND topic_id IS NULL""",
    """SELECT number, 'formed_on', '形成日期不能晚于今天。', NULL FROM matched WHERE formed_on > %(today)s""",
    """SELECT number, 'power_kind', '权责清单条目要写权责类别。', NULL FROM matched WHERE kind = 'power' AND power_kind IS NULL""",
    """SELECT number, 'power_kind', '不是权责清单条目的，请清空。', NULL FROM matched
    WHERE kind <> 'power' AND power_kind IS NOT NULL""",
    """SELECT number, 'basis', '权责清单条目要写依据。', NULL FROM matched WHERE kind = 'power' AND basis IS NULL""",
    """SELECT number, 'valid_until', '有效期至不能早于施行日期。', NULL FROM matched WHERE valid_until < valid_from""",
    """SELECT number, 'valid_from', '典型案例没有施行日期和有效期，请清空。', NULL FROM matched
    WHERE kind = 'case' AND coalesce(valid_from, valid_until) IS NOT NULL""",
)  # fmt: skip
SAME = """t.state <> 'discarded' AND t.organisation_id = m.unit_id AND t.topic_id = m.topic_id AND t.kind = m.kind
AND t.title = m.title AND t.formed_on = m.formed_on AND t.body = m.body"""
CREATE = """
INSERT INTO disclosure_notice (id, organisation_id, kind, topic_id, title, document_number, formed_on, summary, body,
  power_kind, basis, valid_from, valid_until, hearing_channel, legal_review_number, code, version, state,
  withdraw_reason, created_by_id, created_at, saved_at)
SELECT object_id, unit_id, kind, topic_id, title, coalesce(document_number, ''), formed_on, coalesce(summary, ''), body,
  coalesce(power_kind, ''), coalesce(basis, ''), valid_from, valid_until, '', '', '', 0, 'draft', '', %(by)s, %(now)s, %(now)s
FROM good
"""
MADE = """
SELECT t.id AS object_id, t.organisation_id, t.title, 'desk/disclosure/' || t.id || '/' AS path,
  p.limit_rule || ' ' || t.formed_on AS plan
FROM exchange_imported i JOIN disclosure_notice t ON t.id = i.object_id JOIN disclosure_topic p ON p.id = t.topic_id
WHERE i.of_id = %(import)s
"""


def sheet() -> Sheet:
    """The columns, with the topics of the catalogue as it is now."""
    topics = tuple((one.key, one.name) for one in Topic.objects.public().in_use())
    fields = [
        replace(f, choices=topics, example=topics[0][1]) if f.name == "topic" and topics else f
        for f in FIELDS
    ]
    return Sheet(KEY, "公开内容", tuple(fields), note="导入的是草稿。附件在草稿上逐份上传。")


def start_clocks(import_: Import) -> None:
    """The days of each topic's rule run from the day the information was formed, as for one written by hand."""
    brought = import_.brought.values("object_id")
    wanted = (
        Notice.objects.filter(pk__in=brought)
        .values_list("topic__limit_rule", "formed_on")
        .distinct()
        .order_by()
    )
    calendar, today = Holiday.objects.calendar(), timezone.localdate()
    plans = [
        sets.plan(f"{rule} {day}", rule, starts_on=day, today=today, calendar=calendar)
        for rule, day in sorted(wanted)
    ]
    sets.begin_set(Notice, MADE, {"import": import_.pk}, plans)


def end_clocks(import_: Import, ids: list[int], by: Any) -> None:
    sets.cancel_set(Notice, "SELECT unnest(%(ids)s)", {"ids": ids}, why="导入已经撤销")


def export(user: Any, query: Any) -> Any:
    """What the list of notices shows, of the kinds that a table holds."""
    rows = Notice.objects.visible_to(user).filter(kind__in=KINDS)
    return lists.filtered(rows, query, user).select_related("organisation__parent", "topic")


def line(it: Notice) -> dict[str, Any]:
    """A text that no cell holds as it is (tables, pictures) goes out as words alone; it comes back as another one."""
    same = (
        "kind",
        "title",
        "document_number",
        "formed_on",
        "summary",
        "power_kind",
        "basis",
        "valid_from",
        "valid_until",
    )
    return {name: getattr(it, name) or None for name in same} | {
        "unit": unit_name(it.organisation),
        "topic": it.topic.key,
        "body": richtext.to_plain(it.body) or richtext.to_text(it.body),
    }


def register() -> None:
    """Tell that notices can be brought in; called once when the app is ready."""
    kinds.register(
        ImportKind(
            key=KEY, label="公开内容", sheet=sheet, roles=WRITERS, model=Notice,
            matched=MATCHED, checks=CHECKS, same=SAME, create=CREATE, convert={"body": richtext.from_plain},
            once=("unit_id", "topic_id", "title", "formed_on"),
            after=start_clocks, before_undo=end_clocks,
            drafts="desk/disclosure/?import={pk}", list_name="disclosure:list",
            visible=lambda user: Notice.objects.visible_to(user), export=export, line=line,
            note="导入的都是草稿，公开时限从形成日期起算；逐份核对、提交，三个不同的人审查通过以后才公开。",
        )
    )  # fmt: skip
