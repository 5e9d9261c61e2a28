"""Public commitments from a table: its columns, and how its rows become drafts."""

from dataclasses import replace
from typing import Any

from commitments import lists
from commitments.flows import WRITERS
from commitments.models import Area, Domain, Obligation
from longsha_credit.exchange.imports import kinds
from longsha_credit.exchange.imports.kinds import UNIT, UNIT_UNKNOWN, ImportKind
from longsha_credit.exchange.imports.sheet import unit_name
from longsha_credit.exchange.tables.fields import Field, Sheet, Sort
from longsha_credit.publication.models import ServiceField

KEY = "commitments"

FIELDS = (
    Field("unit", "承诺单位", Sort.UNIT, True, "街道、社区或窗口。", "向阳街道", 18, other_names=("单位", "承诺人名称")),
    Field("title", "承诺名称", Sort.TEXT, True, "一句话说清做什么。", "新苑社区单元门无障碍坡道改造", 32, most=60,
          other_names=("名称", "承诺事由")),
    Field("content", "承诺内容", Sort.LONG, True, "为谁、在哪里、做什么、做到什么程度。不写个人姓名、电话、证件号码。",
          "为没有坡道的单元门建成无障碍坡道24处。", 50, most=4000),
    Field("beneficiaries", "服务对象", Sort.TEXT, True, "为谁做。", "新苑社区居民，约1860户", 24, most=200),
    Field("standard", "认定标准", Sort.LONG, True, "到期时凭什么算兑现：全部、部分、未履行各是什么情形。",
          "24处为全部履行，12至23处为部分履行，不足12处为未履行。", 40, most=1000),
    Field("target", "量化指标", Sort.NUMBER, help="能数的写数字，不能数的留空。", example="24", most=9_999_999_999),
    Field("measure", "计量单位", Sort.TEXT, help="和量化指标一起填。", example="处", most=10),
    Field("due_on", "完成期限", Sort.DAY, True, "这一天结束前完成。", "2026-12-20", 12, month_end=True,
          other_names=("完成时限", "期限")),
    Field("post", "责任岗位", Sort.TEXT, help="本单位的岗位，不写个人；不填就是负责人岗。", example="主任岗", most=80),
    Field("liability", "违诺责任", Sort.LONG, True, "没有做到时单位承担什么。", "15个工作日内公开说明原因和补救期限。", 36,
          most=4000),
    Field("area", "承诺类别", Sort.CHOICE, True, "从下拉里选。", "便民服务", choices=tuple(Area.choices)),
    Field("domain", "所属方面", Sort.CHOICE, True, "从下拉里选。", "民生保障", choices=tuple(Domain.choices),
          other_names=("领域",)),
    Field("service_field", "公共服务领域", Sort.CHOICE, True, "方案列明的14项之一。", choices=(("", ""),)),
)  # fmt: skip

TABLES = (
    """posts AS MATERIALIZED (
      SELECT parent_id, name, min(id) AS id FROM directory_organisation
      WHERE level = 'post' AND valid_to IS NULL AND path LIKE ANY (%(scope)s) GROUP BY parent_id, name)""",
    """lead_posts AS MATERIALIZED (
      SELECT parent_id, min(id) AS id FROM directory_organisation
      WHERE level = 'post' AND valid_to IS NULL AND is_lead_post AND path LIKE ANY (%(scope)s) GROUP BY parent_id)""",
)
MATCHED = f"""
SELECT r.*, u.id AS unit_id, u.several, o.name AS unit_name, o.level, o.taking_part, f.id AS field_id,
  CASE WHEN r.post IS NULL THEN l.id ELSE p.id END AS post_id
FROM rows r {UNIT}
LEFT JOIN directory_organisation o ON o.id = u.id
LEFT JOIN publication_servicefield f ON f.key = r.service_field
LEFT JOIN posts p ON p.parent_id = u.id AND p.name = regexp_replace(r.post, '^.*/', '')
LEFT JOIN lead_posts l ON l.parent_id = u.id
"""
CHECKS = (
    UNIT_UNKNOWN,
    """SELECT number, 'unit', '岗位和不参加创建的单位不单独作承诺，请写街道、社区或窗口。', NULL FROM matched
    WHERE unit_id IS NOT NULL AND (level = 'post' OR NOT taking_part)""",
    """SELECT number, 'post', CASE WHEN post IS NULL THEN '这个单位还没有负责人岗，请写明本单位的岗位。'
        ELSE unit_name || '没有这个岗位。请写本单位的岗位，不填就是负责人岗。' END, NULL FROM matched
    WHERE unit_id IS NOT NULL AND several = 1 AND level <> 'post' AND post_id IS NULL""",
    """SELECT number, 'measure', '填了量化指标，请写上计量单位，例如：处。', NULL FROM matched
    WHERE target IS NOT NULL AND measure IS NULL""",
    """SELECT number, 'target', CASE WHEN target IS NULL THEN '填了计量单位，请写上数字；没有数字就把单位也清空。'
        ELSE '量化指标要大于 0。' END, NULL FROM matched WHERE measure IS NOT NULL AND target IS NULL OR target = 0""",
)
SAME = """t.form = 'commitment' AND t.state <> 'discarded' AND t.organisation_id = m.unit_id AND t.title = m.title
AND t.content = m.content AND t.due_on = m.due_on"""
CREATE = """
INSERT INTO commitments_obligation (id, form, code, organisation_id, version, state, title, area, service_field_id,
  domain, content, standard, target, unit, due_on, beneficiaries, liability, post_id, document_number,
  document_issuer, part_count, verdict, counted_verdict, withdraw_from, withdraw_reason, created_by_id, created_at,
  saved_at)
SELECT object_id, 'commitment', '', unit_id, 0, 'draft', title, area, field_id, domain, content, standard, target,
  coalesce(measure, ''), due_on, beneficiaries, liability, post_id, '', '', 0, '', '', '', '', %(by)s, %(now)s, %(now)s
FROM good
"""


def sheet() -> Sheet:
    """The columns, with the plan's fields of public service."""
    offered = tuple((one.key, one.name) for one in ServiceField.objects.public())
    fields = [
        replace(f, choices=offered, example=offered[0][1]) if f.name == "service_field" and offered else f
        for f in FIELDS
    ]
    return Sheet(
        KEY, "公开承诺", tuple(fields), note="导入的是草稿，逐件核对、提交审查，三个不同的人通过以后才公开。"
    )


def export(user: Any, query: Any) -> Any:
    """What the list of commitments shows; contracts and policies have columns of their own and stay out."""
    rows = Obligation.objects.visible_to(user).commitments()
    return lists.filtered(rows, query, user).select_related("organisation__parent", "service_field", "post")


def line(it: Obligation) -> dict[str, Any]:
    same = (
        "title",
        "content",
        "beneficiaries",
        "standard",
        "target",
        "due_on",
        "liability",
        "area",
        "domain",
    )
    return {name: getattr(it, name) for name in same} | {
        "unit": unit_name(it.organisation),
        "measure": it.unit or None,
        "post": it.post.name,
        "service_field": it.service_field.key,
    }


def register() -> None:
    """Tell that commitments can be brought in; called once when the app is ready."""
    kinds.register(
        ImportKind(
            key=KEY, label="公开承诺", sheet=sheet, roles=WRITERS, model=Obligation,
            tables=TABLES, matched=MATCHED, checks=CHECKS, same=SAME, create=CREATE,
            once=("unit_id", "title", "due_on"),
            drafts="desk/commitments/?import={pk}", list_name="commitments:list",
            visible=lambda user: Obligation.objects.visible_to(user), export=export, line=line,
            note="导入的都是草稿，逐件核对、提交，三个不同的人审查通过以后才公开。",
        )
    )  # fmt: skip
