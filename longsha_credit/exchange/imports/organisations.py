"""Units from a table: streets, communities, windows and posts under units that are there."""

import json
from typing import Any

from longsha_credit.audit.sets import record_set
from longsha_credit.directory import checks
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.directory.roles import Role
from longsha_credit.directory.services import LEAD_POST, STANDS_UNDER
from longsha_credit.exchange.imports import kinds, services
from longsha_credit.exchange.imports.kinds import UNIT, UNIT_UNKNOWN, ImportKind
from longsha_credit.exchange.imports.references import unused
from longsha_credit.exchange.imports.sheet import unit_name
from longsha_credit.exchange.tables.fields import Field, Sheet, Sort

KEY = "organisations"
LEVELS = tuple((value, label) for value, label in Level.choices if value != Level.DISTRICT)

SHEET = Sheet(
    KEY,
    "单位",
    (
        Field("unit", "上级单位", Sort.UNIT, True, "已经在系统里的单位。先导入上级，再导入下级。", "向阳街道", 22,
              other_names=("所属单位", "上级")),
        Field("level", "层级", Sort.CHOICE, True, "从下拉里选。", "社区", 10, choices=LEVELS, other_names=("类别",)),
        Field("name", "名称", Sort.TEXT, True, "全称，不写上级的名称。", "新苑社区", 24, most=120, check=checks.unit_name,
              other_names=("单位名称", "岗位名称")),
        Field("division_code", "区划代码", Sort.DIVISION, help="街道和社区的统计用区划代码，12位；窗口和岗位不填。",
              example="990101001001", width=16, other_names=("统计用区划代码", "代码")),
        Field("uscc", "统一社会信用代码", Sort.USCC, help="有登记证书的单位才填。", width=22),
        Field("supervision_phone", "监督电话", Sort.TEXT, example="0452-2345678", most=30, check=checks.phone),
        Field("address", "地址", Sort.TEXT, width=30, most=200, check=checks.free_text),
        Field("office_hours", "办公时间", Sort.TEXT, width=24, most=60, check=checks.free_text),
        Field("taking_part", "参加创建", Sort.TRUTH, help="不填算参加。", example="是", width=10),
    ),
    most_rows=5000,
    note="每个街道、社区、窗口同时设立一个负责人岗。更名、停用、合并要凭文件在系统里办理，不能导入。",
)  # fmt: skip

MATCHED = f"""
SELECT r.*, u.id AS unit_id, u.several, o.level AS above, o.name AS above_name, o.taking_part AS above_part,
  o.is_demo AS above_demo
FROM rows r {UNIT} LEFT JOIN directory_organisation o ON o.id = u.id
"""
# What directory.services says of one unit, in the same words where it can.
CHECKS = (
    UNIT_UNKNOWN,
    """SELECT number, 'level', '“' || CASE above WHEN 'district' THEN '区' WHEN 'street' THEN '街道' WHEN 'community' THEN '社区'
      WHEN 'window' THEN '窗口' ELSE '岗位' END || '”下面不能设这一层级，请核对上级单位和层级。', NULL
    FROM matched WHERE above IS NOT NULL AND level IS NOT NULL AND NOT ((level || ' ' || above) = ANY (%(places_under)s))""",
    """SELECT number, 'division_code', '窗口和岗位没有区划代码，请清空。', NULL FROM matched
    WHERE division_code IS NOT NULL AND level IN ('window', 'post')""",
    """SELECT m.number, 'division_code', '区划代码 ' || m.division_code || ' 已由别的单位使用，请核对。', NULL FROM matched m
    WHERE EXISTS (SELECT FROM directory_organisation t WHERE t.valid_to IS NULL AND t.division_code = m.division_code)""",
    """SELECT m.number, 'uscc', '这个统一社会信用代码已由别的单位使用，请核对。', NULL FROM matched m
    WHERE EXISTS (SELECT FROM directory_organisation t WHERE t.valid_to IS NULL AND t.uscc = m.uscc)""",
    """SELECT m.number, 'name', m.above_name || '下面已有“' || m.name || '”，资料和这里写的不一样。导入只新建、不修改，请删去这一行。', NULL
    FROM matched m JOIN directory_organisation t ON t.parent_id = m.unit_id AND t.level = m.level AND t.name = m.name
    WHERE t.valid_to IS NULL""",
    """SELECT number, 'division_code', '和第' || first || '行的区划代码一样，请核对。', NULL
    FROM (SELECT number, division_code, min(number) OVER (PARTITION BY division_code) AS first FROM matched) c
    WHERE division_code IS NOT NULL AND number > first""",
    """SELECT number, 'uscc', '和第' || first || '行的统一社会信用代码一样，请核对。', NULL
    FROM (SELECT number, uscc, min(number) OVER (PARTITION BY uscc) AS first FROM matched) c
    WHERE uscc IS NOT NULL AND number > first""",
)  # fmt: skip
SAME = """t.valid_to IS NULL AND t.parent_id = m.unit_id AND t.level = m.level AND t.name = m.name
AND t.division_code = coalesce(m.division_code, '') AND t.uscc = coalesce(m.uscc, '')
AND t.supervision_phone = coalesce(m.supervision_phone, '') AND t.address = coalesce(m.address, '')
AND t.office_hours = coalesce(m.office_hours, '') AND t.taking_part = coalesce(m.taking_part, TRUE)"""
COLUMNS = """INSERT INTO directory_organisation (id, level, name, parent_id, path, division_code, uscc,
  supervision_phone, address, office_hours, is_lead_post, taking_part, is_demo, valid_from)"""
CREATE = f"""{COLUMNS}
SELECT object_id, level, name, unit_id, '', coalesce(division_code, ''), coalesce(uscc, ''),
  coalesce(supervision_phone, ''), coalesce(address, ''), coalesce(office_hours, ''), FALSE,
  coalesce(taking_part, TRUE), coalesce(above_demo, FALSE), %(today)s
FROM good
"""
LEADS = f"""{COLUMNS}
SELECT nextval(pg_get_serial_sequence('directory_organisation', 'id')), 'post', %(lead_posts)s::jsonb ->> o.level, o.id,
  '', '', '', '', '', '', TRUE, o.taking_part, o.is_demo, o.valid_from
FROM exchange_imported i JOIN directory_organisation o ON o.id = i.object_id
WHERE i.of_id = %(import)s AND o.level <> 'post'
"""
NEW_LEADS = """
SELECT p.id AS object_id, p.name AS object_label, p.path AS organisation_path, p.name AS organisation_name
FROM exchange_imported i JOIN directory_organisation p ON p.parent_id = i.object_id AND p.is_lead_post
WHERE i.of_id = %(import)s
"""
OWN = ("directory_organisation.parent_id",)
# Nobody changed it, nothing stands under it but its lead post, and nothing points at either.
UNTOUCHED = """t.valid_to IS NULL AND NOT EXISTS (SELECT FROM audit_entry e
  WHERE e.object_kind = 'directory.organisation' AND e.object_id = t.id::text AND e.step <> 'add')
AND NOT EXISTS (SELECT FROM directory_organisation c WHERE c.parent_id = t.id AND NOT (c.is_lead_post
  AND {lead})) AND {unit}"""
END = """UPDATE directory_organisation SET valid_to = %(today)s
WHERE valid_to IS NULL AND (id = ANY (%(ids)s) OR (parent_id = ANY (%(ids)s) AND is_lead_post))"""


def _given() -> dict[str, Any]:
    places = [
        f"{level} {above}" for level, above_ones in STANDS_UNDER.items() for above in above_ones if above
    ]
    leads = {
        level: LEAD_POST.get(level, "负责人岗") for level in (Level.STREET, Level.COMMUNITY, Level.WINDOW)
    }
    return {"places_under": places, "lead_posts": json.dumps(leads, ensure_ascii=False)}


def _tell_of_leads(import_: Any) -> None:
    """The lead posts are set up with their units, each with its own entry."""
    record_set(
        Organisation, NEW_LEADS, {"import": import_.pk}, step="add", label="设立岗位", by=import_.by,
        acting_as=Role.OFFICE, reason="随导入的单位设立",
    )  # fmt: skip


def _line(unit: Organisation) -> dict[str, Any]:
    named = {field.name: getattr(unit, field.name, None) for field in SHEET.fields}
    values = {name: value if value != "" else None for name, value in named.items()}
    return values | {"unit": unit_name(unit.parent)}


def _listed(user: Any, query: Any) -> Any:
    """Units under others as they are now; the lead posts come with their units."""
    rows = Organisation.objects.visible_to(user).where(user, {Role.OFFICE}).in_force()
    rows = services.only(rows, KEY, query, user).exclude(parent=None).exclude(is_lead_post=True)
    return rows.select_related("parent__parent").order_by("path")


def register() -> None:
    """Tell that units can be brought in; called once when the app is ready."""
    kinds.register(
        ImportKind(
            key=KEY, label="单位", sheet=lambda: SHEET, roles=frozenset({Role.OFFICE}), model=Organisation,
            matched=MATCHED, checks=CHECKS, same=SAME, create=CREATE, later=(LEADS,), after=_tell_of_leads,
            once=("unit_id", "level", "name"), once_field="name", given=_given,
            label_sql="t.name", unit_sql="t.id", step="add", step_label="导入单位", what="单位", gone="都已停用",
            untouched=UNTOUCHED.format(lead=unused(Organisation).replace("t.id", "c.id"), unit=unused(Organisation, OWN)),
            take_away=(END,), states=("", ""),
            drafts="desk/organisations/", list_name="organisations:list",
            visible=lambda user: Organisation.objects.visible_to(user), export=_listed,
            line=_line, note="导入的单位当时就启用。没有人动过以前可以整批撤销，撤销就是停用。",
        )
    )  # fmt: skip
