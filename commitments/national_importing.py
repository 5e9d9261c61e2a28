"""Commitments from a file in the national template: how its rows become drafts, and what has no place here."""

from typing import Any

from commitments import importing, lists, national, national_form
from commitments.flows import OFFICE, WRITERS
from commitments.models import Obligation
from longsha_credit.exchange.checking import registry as checking
from longsha_credit.exchange.imports import kinds
from longsha_credit.exchange.imports import services as imports
from longsha_credit.exchange.imports.kinds import ImportKind
from longsha_credit.exchange.models import Import, ImportRow
from longsha_credit.exchange.tables.cleaning import Fault, text_of
from longsha_credit.exchange.tables.fields import Sheet

# Columns of ours that the template does not have: whoever has them may add them, else a person fills them in the draft.
OWN = ("beneficiaries", "standard", "area", "domain", "service_field", "post")
LONGEST_TITLE = 60
WIDE, NARROW = "０１２３４５６７８９", "0123456789"
MOST_TOLD = 50

MATCHED = """
SELECT r.*, u.unit_id, u.several, u.named_otherwise, o.name AS unit_name, o.level, o.taking_part, f.id AS field_id,
  CASE WHEN r.post IS NULL THEN l.id ELSE p.id END AS post_id,
  CASE WHEN char_length(r.title) > 60 THEN left(r.title, 59) || '…' ELSE r.title END AS short
FROM rows r
LEFT JOIN units a ON a.key = r.promiser_code
LEFT JOIN units b ON b.key = translate(r.promiser, ' 　/', '')
CROSS JOIN LATERAL (SELECT coalesce(a.id, b.id) AS unit_id, CASE WHEN a.id IS NULL THEN b.several ELSE a.several END AS several,
  a.id IS NOT NULL AND b.several = 1 AND a.id <> b.id AS named_otherwise) u
LEFT JOIN directory_organisation o ON o.id = u.unit_id
LEFT JOIN publication_servicefield f ON f.key = r.service_field
LEFT JOIN posts p ON p.parent_id = u.unit_id AND p.name = regexp_replace(r.post, '^.*/', '')
LEFT JOIN lead_posts l ON l.parent_id = u.unit_id
"""
# A text as reading gives it back: digits of one width, line breaks of one kind.
PLAIN = "replace(translate({}, %(wide)s, %(narrow)s), E'\\r', '')"
SAYS = """CASE WHEN t.verdict <> '' THEN t.verdict
  ELSE coalesce((SELECT r.verdict FROM commitments_received r WHERE r.obligation_id = t.id), '') END"""
DIFFERS = {
    "承诺人": "t.organisation_id IS DISTINCT FROM m.unit_id",
    "承诺事由": f"{PLAIN.format('t.title')} IS DISTINCT FROM m.short",
    "承诺内容": f"{PLAIN.format('t.content')} IS DISTINCT FROM m.content",
    "违诺责任": f"{PLAIN.format('t.liability')} IS DISTINCT FROM m.liability",
    "承诺有效期": "t.due_on IS DISTINCT FROM m.due_on",
    "承诺履行状态": f"({SAYS}) IS DISTINCT FROM coalesce(m.verdict, '')",
}
HAS_THE_CODE = """t.state <> 'discarded' AND (t.code = m.code
  OR EXISTS (SELECT FROM commitments_received r WHERE r.obligation_id = t.id AND r.code = m.code))"""
LISTED = ", ".join(f"CASE WHEN {sql} THEN '{label}' END" for label, sql in DIFFERS.items())
CHECKS = (
    """SELECT number, 'promiser', CASE WHEN several > 1 THEN '有' || several || '个单位叫这个名字，请写上承诺人代码。'
        ELSE '您的辖区里没有这个承诺人。请核对名称和代码。' END, NULL
    FROM matched WHERE promiser IS NOT NULL AND (unit_id IS NULL OR several > 1)""",
    """SELECT number, 'promiser_code', '这是' || unit_name || '的代码，和承诺人名称不是一个单位，请核对。', NULL
    FROM matched WHERE named_otherwise""",
    """SELECT number, 'promiser', '岗位和不参加创建的单位不单独作承诺。', NULL FROM matched
    WHERE unit_id IS NOT NULL AND (level = 'post' OR NOT taking_part)""",
    """SELECT number, 'post', CASE WHEN post IS NULL THEN unit_name || '还没有负责人岗，请先在单位资料里设岗，或者加一列“责任岗位”。'
        ELSE unit_name || '没有这个岗位。请写本单位的岗位，不填就是负责人岗。' END, NULL FROM matched
    WHERE unit_id IS NOT NULL AND several = 1 AND level <> 'post' AND post_id IS NULL""",
    """SELECT number, 'due_on', '没有填。本系统的承诺都有完成期限，请补上承诺有效期。', NULL FROM matched
    WHERE due_on IS NULL AND code IS NOT NULL""",
    """SELECT number, 'made_on', '承诺作出日期不能晚于今天。', NULL FROM matched WHERE made_on > %(today)s""",
    """SELECT number, 'promiser_sort', '本系统只收街道、社区和窗口的政务承诺，自然人和个体工商户的不收。请删去这一行。', NULL FROM matched
    WHERE promiser_sort <> 'legal'""",
    """SELECT number, 'openness', '本系统的承诺都要公开，不是“可向社会公开”的不收。请删去这一行。', NULL FROM matched
    WHERE openness <> 'public'""",
    f"""SELECT m.number, 'code', CASE WHEN o.path LIKE ANY (%(scope)s)
        THEN '这个编码的承诺已经有了，内容不同：' || concat_ws('、', {LISTED}) || '。系统里的没有改动；要改，请打开那件承诺按变更办理。'
        ELSE '这个编码已经用在别的单位名下，不能再用。请核对。' END, NULL
    FROM matched m JOIN commitments_obligation t ON {HAS_THE_CODE} JOIN directory_organisation o ON o.id = t.organisation_id""",
)  # fmt: skip
SAME = f"t.form = 'commitment' AND {HAS_THE_CODE} AND NOT ({' OR '.join(DIFFERS.values())})"
CREATE = """
INSERT INTO commitments_obligation (id, form, code, organisation_id, version, state, title, area, service_field_id,
  domain, content, standard, target, unit, due_on, beneficiaries, liability, post_id, document_number,
  document_issuer, part_count, verdict, counted_verdict, withdraw_from, withdraw_reason, created_by_id, created_at,
  saved_at)
SELECT object_id, 'commitment', '', unit_id, 0, 'draft', short, coalesce(area, 'service'),
  coalesce(field_id, (SELECT id FROM publication_servicefield ORDER BY key <> 'convenience', id LIMIT 1)),
  coalesce(domain, 'other'), content, coalesce(standard, ''), NULL, '', due_on, coalesce(beneficiaries, ''), liability,
  post_id, '', '', 0, '', '', '', '', %(by)s, %(now)s, %(now)s
FROM good
"""


def sheet() -> Sheet:
    """The template's columns, and behind them those of ours that somebody may add."""
    own = importing.sheet().by_name
    more = tuple(_optional(own[name]) for name in OWN)
    note = "前22栏是国家模板；后面几栏是本系统要用的，没有就不填，在草稿上补。"
    return Sheet(national_form.KEY, national_form.LABEL, (*national_form.FIELDS, *more), note=note)


def _optional(field: Any) -> Any:
    return importing.replace(field, required=False, other_names=(), example="")


def _kept() -> str:
    """What stood in the template's columns, as a statement: one row beside each draft."""
    cells = ", ".join(f"'{field.name}', r.cells[{at}]" for at, field in enumerate(national_form.FIELDS, 1))
    at = {name: number for number, name in enumerate(national_form.SHEET.names, 1)}
    return f"""
    INSERT INTO commitments_received (obligation_id, code, made_on, verdict, cells)
    SELECT i.object_id, r.cells[{at["code"]}], r.cells[{at["made_on"]}]::date, coalesce(r.cells[{at["verdict"]}], ''),
      jsonb_strip_nulls(jsonb_build_object({cells}))
    FROM exchange_imported i JOIN exchange_importrow r ON r.of_id = i.of_id AND r.number = i.number
    WHERE i.of_id = %(import)s"""


def no_place(values: dict[str, Any]) -> list[str]:
    """What of a row the portal has no place for, as words: it is kept beside the draft and nothing follows from it."""
    said = []
    if values.get("kind") not in (None, "active"):
        said.append(("kind", "政务承诺都是主动型"))
    said += [
        (name, "")
        for name in ("verdict", "unmet", "consequence", "verified_on", "verifier", "verifier_code", "remark")
        if values.get(name)
    ]
    words = [_told(name, values[name], why) for name, why in said]
    if len(values.get("title") or "") > LONGEST_TITLE:
        words.append(f"承诺事由有{len(values['title'])}个字，承诺名称只取前面59个字")
    return words


def _told(name: str, value: Any, why: str) -> str:
    field = national_form.BY_NAME[name]
    text = text_of(field, value)
    return f"{field.label}“{text[:20]}{'…' if len(text) > 20 else ''}”{f'（{why}）' if why else ''}"


def remarks(import_: Import) -> list[str]:
    """Row by row what has no place here, for the page of the import."""
    names = national_form.SHEET.names
    rows = ImportRow.objects.filter(of=import_, faults__isnull=True, is_known=False).order_by("number")
    told = []
    for row in rows.iterator():
        if words := no_place(dict(zip(names, row.cells, strict=False))):
            told.append(f"第{row.number}行在本系统没有位置、只随草稿留存的：{'；'.join(words)}。")
        if len(told) > MOST_TOLD:
            return [*told[:MOST_TOLD], "后面的行还有，导入以后在每件草稿的“带入时的原文”里看。"]
    return told


def export(user: Any, query: Any) -> Any:
    """What the list shows of commitments that have a code, of their own or from the file they came in."""
    rows = imports.only(Obligation.objects.visible_to(user).commitments(), national_form.KEY, query, user)
    rest = query.copy()
    rest.pop("import", None)
    return national.with_all(lists.filtered(rows, rest, user))


def line(it: Obligation) -> dict[str, Any]:
    values = national.values_of(it)
    own = importing.line(it)
    return values | {name: own[name] for name in OWN}


def together(values: dict[str, Any]) -> list[Fault]:
    return national_form.together(values)


def register() -> None:
    """Tell that files in the national template can be brought in and checked; called once when the app is ready."""
    kinds.register(
        ImportKind(
            key=national_form.KEY, label=national_form.LABEL, sheet=sheet, roles=WRITERS, model=Obligation,
            tables=importing.TABLES, matched=MATCHED, checks=CHECKS, same=SAME, create=CREATE,
            once=("code",), once_field="code", together=together, later=(_kept(),), remarks=remarks,
            given=lambda: {"wide": WIDE, "narrow": NARROW},
            drafts="desk/commitments/?import={pk}", list_name="commitments:list",
            visible=lambda user: national.with_all(Obligation.objects.visible_to(user)), export=export, line=line,
            note="导入的都是草稿。服务对象、认定标准、承诺类别、领域模板里没有，要在草稿上补齐、核对才能提交；原来的编码提交时沿用。",
        )
    )  # fmt: skip
    checking.register(
        checking.Form(
            key=national_form.KEY, label=national_form.LABEL, sheet=national_form.sheet, roles=OFFICE | WRITERS,
            together=national_form.together, back="commitments:list",
            source="按国家平台信用承诺归集模板的22个栏目逐格检查：必填、字数、20位编码、代码校验位、选项、日期和前后相关的栏目。",
        )
    )  # fmt: skip
