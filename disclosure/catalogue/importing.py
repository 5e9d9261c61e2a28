"""A catalogue in the standard columns coming in: each topic that is new or different becomes a proposal."""

from dataclasses import replace
from typing import Any

from disclosure.catalogue import lists, sheet, standard_form
from disclosure.models import TopicProposal
from disclosure.services import KEEPERS
from longsha_credit.exchange.checking import registry as checking
from longsha_credit.exchange.imports import kinds
from longsha_credit.exchange.imports.kinds import ImportKind
from longsha_credit.exchange.tables.fields import Field, Sheet, Sort

WIDE, NARROW = "０１２３４５６７８９", "0123456789"
REASON = Field(
    "reason",
    "提议理由",
    Sort.TEXT,
    help="写给读者看：依据什么、为什么改；不填写“按标准目录修订”。",
    width=30,
    most=300,
)
DEFAULT_REASON = "按标准目录修订"
TABLES = (
    "in_use AS (SELECT name, count(*) AS several, min(id) AS id FROM disclosure_topic WHERE retired_on IS NULL GROUP BY name)",
)
# The topic's or the proposal's columns against what a row says; digits of one width, as reading gives them.
PLAIN = "translate({}, %(wide)s, %(narrow)s)"
SAYS_THE_SAME = """{t}."group" = {m}.top AND {t}.limit_rule = {m}.limit_rule AND {t}.frequency = {m}.frequency
  AND {t}.method = {m}.active AND {t}.levels @> {m}.level_list AND {t}.levels <@ {m}.level_list AND """ + " AND ".join(
    f"{PLAIN.format('{t}.' + ours)} = {{m}}.{theirs}"
    for ours, theirs in (
        *(("content", "content"), ("basis", "basis"), ("publisher", "publisher"), ("channels", "channels")),
        ("audience", "everyone"),
    )
)
MATCHED = f"""
SELECT r.*, p.id AS topic_id, p.version AS topic_version, n.several,
  p.id IS NOT NULL AND {SAYS_THE_SAME.format(t="p", m="r")} AS is_as_now, p."group" AS topic_group
FROM (
  SELECT s.*, string_to_array(s.county, ',')::varchar[] AS level_list,
    CASE WHEN s.time_limit = ANY (%(often)s) THEN coalesce(q.limit_rule, 'disclosure_publish') ELSE s.time_limit END AS limit_rule,
    CASE WHEN s.time_limit = ANY (%(often)s) THEN s.time_limit ELSE coalesce(q.frequency, '') END AS frequency
  FROM rows s LEFT JOIN in_use m ON m.name = s.name AND m.several = 1 LEFT JOIN disclosure_topic q ON q.id = m.id
) r
LEFT JOIN in_use n ON n.name = r.name
LEFT JOIN disclosure_topic p ON p.id = n.id AND n.several = 1
"""
CHECKS = (
    "SELECT number, 'name', '目录里有' || several || '项叫这个名字，请在系统里一项一项修订。', NULL FROM matched WHERE several > 1",
    """SELECT m.number, 'name', '这个事项已经停用。要用它，请在目录里重新启用；这里请删去这一行。', NULL FROM matched m
    WHERE m.several IS NULL AND EXISTS (SELECT FROM disclosure_topic t WHERE t.name = m.name)""",
    """SELECT number, 'top', '公共服务只有试点方案的十四个领域，不能增加。请换一个一级事项。', NULL FROM matched
    WHERE topic_id IS NULL AND top = 'service'""",
    """SELECT number, 'top', '公共服务的事项对应十四个领域，不能改进或者改出“公共服务”。请照原来的写。', NULL FROM matched
    WHERE (topic_group = 'service') <> (top = 'service')""",
    """SELECT m.number, 'name', '这个事项已有一份待定的提议，请先启用或者作废那一份。', NULL FROM matched m
    WHERE EXISTS (SELECT FROM disclosure_topicproposal t WHERE t.state = 'pending' AND t.name = m.name)""",
)  # fmt: skip
SAME = f"t.state = 'pending' AND t.name = m.name AND {SAYS_THE_SAME.format(t='t', m='m')}"
CREATE = """
INSERT INTO disclosure_topicproposal (id, organisation_id, topic_id, topic_version, "group", name, content, basis,
  limit_rule, frequency, publisher, channels, audience, method, levels, reason, state, created_by_id, created_at)
SELECT object_id, (SELECT o.id FROM directory_organisation o
    WHERE o.parent_id IS NULL AND o.valid_to IS NULL AND o.path LIKE ANY (%(scope)s) ORDER BY o.id LIMIT 1),
  topic_id, topic_version, top, name, content, basis, limit_rule, frequency, publisher, channels, everyone, active,
  level_list, coalesce(reason, %(why)s), 'pending', %(by)s, %(now)s
FROM good
"""


def proposing() -> Sheet:
    """The standard columns, and behind them the reason, which readers are told."""
    form = standard_form.sheet()
    return replace(form, fields=(*form.fields, REASON), keyed=True)


def _given() -> dict[str, Any]:
    return {
        "wide": WIDE, "narrow": NARROW, "why": DEFAULT_REASON, "often": [key.value for key in standard_form.OFTEN],
    }  # fmt: skip


def export(user: Any, query: Any) -> Any:
    return lists.filtered(TopicProposal.objects.visible_to(user).with_names(), query, user)


def line(it: TopicProposal) -> dict[str, Any]:
    """A proposal in the columns in which it came: where it changes how often, that stands as the time limit."""
    values = sheet.values_of(it, it.topic.number if it.topic else None)
    often = it.frequency in standard_form.OFTEN and it.frequency != (it.topic.frequency if it.topic else "")
    return values | {"time_limit": it.frequency if often else it.limit_rule, "reason": it.reason}


def register() -> None:
    """Tell that catalogues can be brought in and checked; called once when the app is ready."""
    kinds.register(
        ImportKind(
            key=standard_form.KEY, label=standard_form.LABEL, sheet=proposing, roles=KEEPERS, model=TopicProposal,
            tables=TABLES, matched=MATCHED, checks=CHECKS, same=SAME, known="m.is_as_now", create=CREATE, given=_given,
            once=("name",), once_field="name", together=standard_form.together,
            label_sql="t.name", untouched="t.state = 'pending'", states=("pending", "dropped"),
            discard="state = 'dropped', decided_by_id = %(by)s, decided_at = %(now)s",
            step="propose", step_label="提议", what="提议",
            drafts="desk/disclosure/catalogue/proposals/?import={pk}", list_name="proposals:list",
            visible=lambda user: TopicProposal.objects.visible_to(user).with_names(), export=export, line=line,
            note="新的和不同的事项成为提议，由另一个人启用以后才进公开目录；和现在的目录一样的不再提。",
        )
    )  # fmt: skip
    checking.register(
        checking.Form(
            key=standard_form.KEY, label=standard_form.LABEL, sheet=standard_form.sheet, roles=KEEPERS,
            together=standard_form.together, back="proposals:list", once="name",
            source="按基层政务公开标准目录的栏目逐格检查：必填、字数、时限的说法、渠道和方框、对象、方式、层级。",
        )
    )  # fmt: skip
