"""Questions from a table: drafts of the unit that brings them in, checked by another person before they are used."""

from typing import Any

from longsha_credit.exchange.imports import kinds
from longsha_credit.exchange.imports.kinds import ImportKind
from longsha_credit.programme.contests import lists
from longsha_credit.programme.contests.fields import KEY, SHEET, together, values_of
from longsha_credit.programme.contests.flows import HOLDS
from longsha_credit.programme.models import Question

MATCHED = """
SELECT r.*, i.organisation_id AS unit_id, i.bring_job_id AS job_id,
  CASE WHEN r.kind = 'truth' THEN ARRAY['对', '错'] ELSE
    array_remove(ARRAY[r.option_a, r.option_b, r.option_c, r.option_d, r.option_e, r.option_f], NULL) END AS options
FROM rows r JOIN exchange_import i ON i.id = %(import)s
"""
CHECKS = (
    """SELECT m.number, 'text', '题库里已经有这道题，别的栏目和这里写的不一样。要改它，请在题库里出新版。', NULL
    FROM matched m WHERE EXISTS (SELECT FROM programme_question t
      WHERE t.organisation_id = m.unit_id AND t.text = m.text AND t.state <> 'discarded')""",
)
SAME = """t.state <> 'discarded' AND t.organisation_id = m.unit_id AND t.text = m.text AND t.kind = m.kind
AND t.category = m.category AND t.options = m.options::varchar[] AND t."right" = m."right"
AND t.explanation = m.explanation AND t.source = m.source"""
CREATE = """
INSERT INTO programme_question (id, organisation_id, kind, category, text, options, "right", explanation, source,
  version, state, created_by_id, job_id, saved_at)
SELECT object_id, unit_id, kind, category, text, options, "right", explanation, source, 1, 'draft', %(by)s, job_id, %(now)s
FROM good
"""


def _export(user: Any, query: Any) -> Any:
    return lists.questions(Question.objects.visible_to(user).with_names(), query, user)


def register() -> None:
    """Tell that questions can be brought in; called once when the app is ready."""
    kinds.register(
        ImportKind(
            key=KEY, label="竞赛题目", sheet=lambda: SHEET, roles=HOLDS, model=Question, together=together,
            matched=MATCHED, checks=CHECKS, same=SAME, create=CREATE, once=("text",), once_field="text",
            label_sql="left(t.text, 40)", step_label="导入题目", what="题目",
            drafts="desk/contests/questions/?import={pk}", list_name="contests:questions",
            visible=lambda user: Question.objects.visible_to(user), export=_export, line=values_of,
            note="导入的都是待核对的草稿，由另一个人核对答案和依据再启用。",
        )
    )  # fmt: skip
