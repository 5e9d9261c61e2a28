"""Training hours from a table: who learned how long at which activity or course; another person confirms them."""

from typing import Any

from longsha_credit.exchange.imports import kinds, services
from longsha_credit.exchange.imports.kinds import UNIT, UNIT_UNKNOWN, ImportKind
from longsha_credit.exchange.imports.people import NUMBER_FIELD, UNIT_FIELD
from longsha_credit.exchange.imports.sheet import unit_name
from longsha_credit.exchange.tables.fields import Field, Sheet, Sort
from longsha_credit.programme.education.wording import hours_words
from longsha_credit.programme.models import TrainingHours
from longsha_credit.programme.models.training import KEEPS_HOURS

KEY = "hours"
SHEET = Sheet(
    KEY,
    "学时",
    (
        UNIT_FIELD,
        NUMBER_FIELD,
        Field("name", "姓名", Sort.TEXT, help="填了就核对，和工号对不上会提示。", example="张三", width=12, most=60),
        Field("activity", "活动编号", Sort.CODE, help="活动页面上的编号。活动和课程只填一样。", width=24, most=24,
              other_names=("活动",)),
        Field("course", "课程", Sort.TEXT, help="“课程”页上的名称。", example="政务诚信专题", width=28, most=80,
              other_names=("课程名称",)),
        Field("day", "学习日期", Sort.DAY, help="活动的不填就是举办那天；课程的必填。", example="2026-05-12", width=14,
              other_names=("日期", "培训日期")),
        Field("hours", "学时", Sort.NUMBER, help="不填就按活动或课程的学时。", example="2", width=8, most=100, places=1,
              measure="学时", other_names=("学时数",)),
    ),
    note="外出培训要看证书，请在系统里一人一条登记。导入以后由另一个人确认才算数。",
)  # fmt: skip

# As hours.people_kept_by: a street keeps those of all below it, the district those of its own people and windows.
KEPT = """EXISTS (SELECT FROM unnest(%(scope)s::text[]) AS own (pattern) WHERE o.path LIKE own.pattern AND (
  length(own.pattern) - length(replace(own.pattern, '/', '')) > 2 OR o.path || '%%' = own.pattern
  OR (a.path || '%%' = own.pattern AND o.level IN ('window', 'post'))))"""
# As hours.activities_attended: of the person's own units, or of one above or below them.
ATTENDED = """EXISTS (SELECT FROM unnest(%(scope)s::text[]) AS own (pattern)
  WHERE h.path LIKE own.pattern OR own.pattern LIKE h.path || '%%')"""
MATCHED = f"""
SELECT r.*, u.id AS unit_id, u.several, coalesce({KEPT}, FALSE) AS is_kept, f.id AS official_id,
  f.name AS known_name, v.id AS activity_id, c.id AS course_id, v.held_on,
  coalesce(r.day, v.held_on) AS learned_on, coalesce(r.hours, v.hours, c.hours) AS learned,
  y.id AS year_id, y.number AS year_number, y.state AS year_state
FROM rows r {UNIT} LEFT JOIN directory_organisation o ON o.id = u.id
LEFT JOIN directory_organisation a ON a.id = o.parent_id
LEFT JOIN directory_official f ON f.organisation_id = u.id AND f.staff_number = r.staff_number
LEFT JOIN (programme_activity v JOIN directory_organisation h ON h.id = v.organisation_id)
  ON v.code = r.activity AND v.state IN ('held', 'summarised', 'filed') AND 'officials' = ANY (v.audiences) AND {ATTENDED}
LEFT JOIN programme_course c ON c.title = r.course AND c.retired_on IS NULL
  AND EXISTS (SELECT FROM programme_year cy JOIN directory_organisation d ON d.id = c.organisation_id
    WHERE cy.id = c.year_id AND cy.number = extract(year FROM r.day) AND o.path LIKE d.path || '%%')
LEFT JOIN programme_year y ON y.id = coalesce(v.year_id, c.year_id)
"""
CHECKS = (
    UNIT_UNKNOWN,
    """SELECT number, 'unit', '这个单位的学时由它自己登记，不由您登记。', NULL FROM matched
    WHERE unit_id IS NOT NULL AND NOT is_kept""",
    """SELECT number, 'staff_number', '这个单位没有这个工号的公职人员。请核对工号和单位。', NULL FROM matched
    WHERE staff_number IS NOT NULL AND is_kept AND official_id IS NULL""",
    """SELECT number, 'name', '工号“' || staff_number || '”登记的不是这个姓名，请核对。', known_name FROM matched
    WHERE name IS NOT NULL AND is_kept AND name <> known_name""",
    """SELECT number, 'activity', CASE WHEN activity IS NULL THEN '活动编号和课程要填一样。' ELSE '活动编号和课程只填一样。' END, NULL
    FROM matched WHERE (activity IS NULL) = (course IS NULL)""",
    """SELECT number, 'activity', '没有找到这个编号的活动：要是已经举办、公职人员参加、本单位或上下级办的。', NULL FROM matched
    WHERE activity IS NOT NULL AND course IS NULL AND activity_id IS NULL""",
    """SELECT number, 'day', '课程的学习日期必填。', NULL FROM matched WHERE course IS NOT NULL AND day IS NULL""",
    """SELECT number, 'course', '那一年没有开这门课。请照“课程”页的名称写，并核对学习日期。', NULL FROM matched
    WHERE course IS NOT NULL AND activity IS NULL AND day IS NOT NULL AND course_id IS NULL""",
    """SELECT number, 'day', '学习日期不能晚于今天。', NULL FROM matched WHERE learned_on > %(today)s""",
    """SELECT number, 'day', '学习日期要在' || year_number || '年以内。', held_on::text FROM matched
    WHERE extract(year FROM learned_on) <> year_number""",
    """SELECT number, CASE WHEN activity_id IS NULL THEN 'course' ELSE 'activity' END,
      year_number || '年度已封存，这一年的学时不能再改。', NULL FROM matched WHERE year_state = 'frozen'""",
    """SELECT number, 'hours', '学时要大于0。', NULL FROM matched WHERE learned <= 0""",
    """SELECT number, 'hours', '这次活动没有写学时，请填写。', NULL FROM matched
    WHERE learned IS NULL AND coalesce(activity_id, course_id) IS NOT NULL""",
    """SELECT m.number, 'staff_number', '这个人的这一项已经登记过，学时或日期和这里写的不一样。要改请先在系统里退回。', NULL
    FROM matched m JOIN programme_traininghours t ON t.official_id = m.official_id AND t.state IN ('entered', 'confirmed')
      AND (t.activity_id = m.activity_id OR t.course_id = m.course_id)
    WHERE m.is_kept AND (t.hours, t.day) IS DISTINCT FROM (m.learned, m.learned_on)""",
)  # fmt: skip
SAME = """t.state IN ('entered', 'confirmed') AND t.official_id = m.official_id AND t.hours = m.learned
AND t.day = m.learned_on AND (t.activity_id = m.activity_id OR t.course_id = m.course_id)"""
CREATE = """
INSERT INTO programme_traininghours (id, official_id, organisation_id, year_id, activity_id, course_id, outside, day,
  hours, state, why, created_by_id, created_at, saved_at)
SELECT object_id, official_id, unit_id, year_id, activity_id, course_id, '', learned_on, learned, 'entered', '', %(by)s,
  %(now)s, %(now)s
FROM good
"""


def _export(user: Any, query: Any) -> Any:
    """Hours of the user's people that came of an activity or a course; those of a certificate stay here."""
    rows = TrainingHours.objects.visible_to(user).live().filter(outside="").with_names()
    rows = services.only(rows, KEY, query, user)
    return rows.select_related("organisation__parent").order_by("-day", "id")


def _line(it: TrainingHours) -> dict[str, Any]:
    return {
        "unit": unit_name(it.organisation),
        "staff_number": it.official.staff_number,
        "name": it.official.name,
        "activity": it.activity.code if it.activity else None,
        "course": it.course.title if it.course else None,
        "day": it.day,
        "hours": hours_words(it.hours),
    }


def register() -> None:
    """Tell that hours can be brought in; called once when the app is ready."""
    kinds.register(
        ImportKind(
            key=KEY, label="学时", sheet=lambda: SHEET, roles=KEEPS_HOURS, model=TrainingHours, matched=MATCHED,
            checks=CHECKS, same=SAME, create=CREATE, once=("official_id", "activity_id", "course_id"),
            once_field="staff_number", step="enter", step_label="登记学时", what="学时", asks_purpose=True,
            label_sql="""(SELECT f.name || '：' || coalesce(v.title, c.title) FROM directory_official f
              LEFT JOIN programme_activity v ON v.id = t.activity_id LEFT JOIN programme_course c ON c.id = t.course_id
              WHERE f.id = t.official_id)""",
            untouched="t.state = 'entered'", states=("entered", "returned"), gone="都已退回",
            discard="state = 'returned', why = '这次导入已经撤销', saved_at = %(now)s",
            drafts="desk/education/hours/", list_name="education:hours",
            visible=lambda user: TrainingHours.objects.visible_to(user), export=_export, line=_line,
            note="导入以后由另一个人确认才算数。",
        )
    )  # fmt: skip
