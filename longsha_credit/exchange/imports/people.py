"""Officials and their postings from tables: name and staff number, and who took which vacant post when."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from stdnum.cn import ric

from longsha_credit.directory import checks
from longsha_credit.directory.models import Official, Posting
from longsha_credit.directory.postings import KEEPS_POSTS
from longsha_credit.directory.scope import within
from longsha_credit.exchange.imports import kinds, services
from longsha_credit.exchange.imports.kinds import UNIT, UNIT_UNKNOWN, ImportKind
from longsha_credit.exchange.imports.references import unused
from longsha_credit.exchange.imports.sheet import unit_name
from longsha_credit.exchange.tables.fields import Field, Sheet, Sort

OFFICIALS, POSTINGS = "officials", "postings"


def staff_number(text: str) -> None:
    """Raise ValidationError for what is no number of the unit's own."""
    checks.free_text(text)
    if ric.is_valid(text) or re.fullmatch(r"1[3-9][0-9]{9}", text):
        raise ValidationError("这是身份证号码或手机号码。请写单位内部的编号。")


UNIT_FIELD = Field("unit", "单位", Sort.UNIT, True, "在系统里的街道、社区、窗口或者区。", "向阳街道", 22,
                   other_names=("所在单位", "单位名称", "工作单位"))  # fmt: skip
NUMBER_FIELD = Field("staff_number", "工号", Sort.PERSON, True, "单位内部的编号，不要写身份证号码。", "0012", 14, most=30,
                     other_names=("编号", "人员编号"), check=staff_number)  # fmt: skip
OFFICIAL_SHEET = Sheet(
    OFFICIALS,
    "公职人员",
    (
        UNIT_FIELD,
        Field("name", "姓名", Sort.TEXT, True, example="张三", width=12, most=60, check=checks.person_name),
        NUMBER_FIELD,
    ),
    most_rows=20_000,
    note="只要这三栏。不要写身份证号码、电话和住址。",
)
POSTING_SHEET = Sheet(
    POSTINGS,
    "任职",
    (
        UNIT_FIELD,
        Field("post", "岗位", Sort.TEXT, True, "这个单位下面现在空着的岗位。", "窗口服务岗", 18, most=120, other_names=("岗位名称",)),
        NUMBER_FIELD,
        Field("name", "姓名", Sort.TEXT, help="填了就核对，和工号对不上会提示。", example="张三", width=12, most=60),
        Field("started_on", "到任日期", Sort.DAY, True, "任免文件写明的日期，不能晚于今天。", "2026-03-01", 14,
              other_names=("任职日期", "到岗日期")),
    ),
    most_rows=20_000,
    note="先登记公职人员，再导入任职。离任要先办交接，不能导入。",
)  # fmt: skip

OFFICIAL_MATCHED = f"""
SELECT r.*, u.id AS unit_id, u.several, o.level AS unit_level
FROM rows r {UNIT} LEFT JOIN directory_organisation o ON o.id = u.id
"""
OFFICIAL_CHECKS = (
    UNIT_UNKNOWN,
    """SELECT number, 'unit', '公职人员登记在单位下面，不登记在岗位下面。请写岗位所在的单位。', NULL FROM matched
    WHERE unit_level = 'post'""",
    """SELECT m.number, 'staff_number', '这个单位已有工号为“' || m.staff_number || '”的人，姓名和这里写的不一样，请核对。', NULL
    FROM matched m JOIN directory_official t ON t.organisation_id = m.unit_id AND t.staff_number = m.staff_number
    WHERE t.name <> m.name""",
)
OFFICIAL_SAME = "t.organisation_id = m.unit_id AND t.staff_number = m.staff_number AND t.name = m.name"
OFFICIAL_CREATE = """INSERT INTO directory_official (id, name, staff_number, organisation_id)
SELECT object_id, name, staff_number, unit_id FROM good"""
OFFICIAL_UNTOUCHED = """NOT EXISTS (SELECT FROM audit_entry e
  WHERE e.object_kind = 'directory.official' AND e.object_id = t.id::text AND e.step <> 'add')"""

# A lead is appointed from above, as directory.postings.may_appoint has it.
POSTING_MATCHED = f"""
SELECT r.*, u.id AS unit_id, u.several, p.id AS post_id, p.is_lead_post, f.id AS official_id, f.name AS known_name,
  w.id AS account_id,
  coalesce(a.path, o.path) LIKE ANY (%(scope)s) AS appoints,
  EXISTS (SELECT FROM directory_posting t WHERE t.post_id = p.id AND t.ended_on IS NULL) AS is_held,
  (SELECT max(t.ended_on) FROM directory_posting t WHERE t.post_id = p.id) AS left_on
FROM rows r {UNIT} LEFT JOIN directory_organisation o ON o.id = u.id
LEFT JOIN directory_organisation a ON a.id = o.parent_id
LEFT JOIN directory_organisation p ON p.parent_id = u.id AND p.level = 'post' AND p.valid_to IS NULL AND p.name = r.post
LEFT JOIN directory_official f ON f.organisation_id = u.id AND f.staff_number = r.staff_number
LEFT JOIN directory_user w ON w.official_id = f.id AND w.is_active
"""
POSTING_CHECKS = (
    UNIT_UNKNOWN,
    """SELECT number, 'post', '这个单位没有叫“' || post || '”的岗位。请核对，或者先设立岗位。', NULL FROM matched
    WHERE post IS NOT NULL AND unit_id IS NOT NULL AND post_id IS NULL""",
    """SELECT number, 'staff_number', '这个单位没有这个工号的公职人员。请先登记，或者核对工号和单位。', NULL FROM matched
    WHERE staff_number IS NOT NULL AND unit_id IS NOT NULL AND official_id IS NULL""",
    """SELECT number, 'name', '工号“' || staff_number || '”登记的不是这个姓名，请核对。', known_name FROM matched
    WHERE name IS NOT NULL AND official_id IS NOT NULL AND name <> known_name""",
    """SELECT number, 'post', '这个岗位还有人在任，请先登记离任、办理交接。', NULL FROM matched WHERE is_held""",
    """SELECT number, 'started_on', '前任' || left_on || '离任，到任日期不能早于这一天。', left_on::text FROM matched
    WHERE left_on > started_on""",
    """SELECT number, 'started_on', '到任日期还没有到，到那天再登记。', NULL FROM matched WHERE started_on > %(today)s""",
    """SELECT number, 'post', '负责人的到任由上级单位或区信用办登记，请联系他们。', NULL FROM matched
    WHERE is_lead_post AND NOT appoints""",
    """SELECT number, 'post', '到任负责人岗同时取得负责人资格，这个人已有账号，请在单位的岗位页面单独登记。', NULL FROM matched
    WHERE is_lead_post AND appoints AND account_id IS NOT NULL""",
    """SELECT number, 'staff_number', '不能给自己登记到任，请由另一个人办理。', NULL FROM matched m
    WHERE EXISTS (SELECT FROM directory_user y WHERE y.id = %(by)s AND y.official_id = m.official_id)""",
)  # fmt: skip
POSTING_SAME = """t.ended_on IS NULL AND t.post_id = m.post_id AND t.official_id = m.official_id
AND t.started_on = m.started_on"""
POSTING_CREATE = """INSERT INTO directory_posting (id, official_id, post_id, started_on)
SELECT object_id, official_id, post_id, started_on FROM good"""
POSTING_UNTOUCHED = """t.ended_on IS NULL AND NOT EXISTS (SELECT FROM audit_entry e
  WHERE e.object_kind = 'directory.posting' AND e.object_id = t.id::text AND e.step <> 'start')"""


def _officials(user: Any, query: Any) -> Any:
    """The people whom the user registers."""
    rows = Official.objects.visible_to(user).filter(within(user, KEEPS_POSTS, "organisation__path"))
    rows = services.only(rows, OFFICIALS, query, user)
    return rows.select_related("organisation__parent").order_by("organisation__path", "staff_number")


def _postings(user: Any, query: Any) -> Any:
    """Who holds the posts of the units whose people the user registers."""
    rows = Posting.objects.visible_to(user).current().filter(within(user, KEEPS_POSTS, "post__path"))
    rows = services.only(rows, POSTINGS, query, user)
    return rows.select_related("official", "post__parent__parent").order_by("post__path")


def _official_line(it: Official) -> dict[str, Any]:
    return {"unit": unit_name(it.organisation), "name": it.name, "staff_number": it.staff_number}


def _posting_line(it: Posting) -> dict[str, Any]:
    return {
        "unit": unit_name(it.post.parent),
        "post": it.post.name,
        "staff_number": it.official.staff_number,
        "name": it.official.name,
        "started_on": it.started_on,
    }


def register() -> None:
    """Tell that people and postings can be brought in; called once when the app is ready."""
    shared: dict[str, Any] = {
        "roles": KEEPS_POSTS, "states": ("", ""), "gone": "没有留下", "asks_purpose": True,
        "drafts": "desk/organisations/", "list_name": "organisations:list",
    }  # fmt: skip
    kinds.register(
        ImportKind(
            key=OFFICIALS, label="公职人员", sheet=lambda: OFFICIAL_SHEET, model=Official, matched=OFFICIAL_MATCHED,
            checks=OFFICIAL_CHECKS, same=OFFICIAL_SAME, create=OFFICIAL_CREATE, once=("unit_id", "staff_number"),
            once_field="staff_number", label_sql="t.name", step="add", step_label="登记公职人员", what="公职人员",
            untouched=f"{OFFICIAL_UNTOUCHED} AND {unused(Official)}",
            take_away=("DELETE FROM directory_official WHERE id = ANY (%(ids)s)",),
            visible=lambda user: Official.objects.visible_to(user), export=_officials,
            line=_official_line, note="登记以后就在单位的岗位页面。没有人用到以前可以整批撤销。", **shared,
        )
    )  # fmt: skip
    kinds.register(
        ImportKind(
            key=POSTINGS, label="任职", sheet=lambda: POSTING_SHEET, model=Posting, matched=POSTING_MATCHED,
            checks=POSTING_CHECKS, same=POSTING_SAME, create=POSTING_CREATE, once=("post_id",), once_field="post",
            label_sql="""(SELECT f.name || '任' || p.name FROM directory_official f, directory_organisation p
              WHERE f.id = t.official_id AND p.id = t.post_id)""",
            unit_sql="(SELECT p.parent_id FROM directory_organisation p WHERE p.id = t.post_id)",
            step="start", step_label="登记到任", what="任职",
            untouched=f"{POSTING_UNTOUCHED} AND {unused(Posting)}",
            take_away=("DELETE FROM directory_posting WHERE id = ANY (%(ids)s)",),
            visible=lambda user: Posting.objects.visible_to(user), export=_postings,
            line=_posting_line, note="登记以后就在任。没有办过别的事以前可以整批撤销。", **shared,
        )
    )  # fmt: skip
