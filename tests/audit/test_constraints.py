"""Rules of entries, units, people, accounts and files hold against raw SQL; no rule of any model is left untried."""

from contextlib import suppress

import pgtrigger
import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Count

from tests.audit.rules import (
    append_only,
    is_history,
    never_removed,
    our_models,
    rules_of,
    try_all,
    twin,
    world,  # noqa: F401 - a fixture
)
from tests.commitments import constraints as of_commitments
from tests.commitments import forms_constraints as of_forms
from tests.commitments import ledger_constraints as of_the_ledger
from tests.commitments.handover import constraints as of_handovers
from tests.deadlines import constraints as of_deadlines
from tests.directory import constraints as of_tokens
from tests.disclosure import constraints as of_disclosure
from tests.disclosure.catalogue import constraints as of_proposals
from tests.disclosure.scenes import constraints as of_scenes
from tests.evaluation.annual import constraints as of_annual
from tests.evaluation.demonstration import constraints as of_demonstration
from tests.evaluation.importing import constraints as of_imported_facts
from tests.evaluation.standards import constraints as of_standards
from tests.evaluation.summary import constraints as of_summaries
from tests.exchange import constraints as of_exchange
from tests.exchange.imports import constraints as of_imports
from tests.exchange.official import constraints as of_documents
from tests.programme import constraints as of_programme
from tests.programme.contests import constraints as of_contests
from tests.programme.education import constraints as of_education
from tests.programme.inspections import constraints as of_inspections
from tests.programme.tasking import constraints as of_tasks
from tests.publication import constraints as of_publication
from tests.records import constraints as of_records
from tests.supervision import constraints as of_supervision

UNIT = "UPDATE directory_organisation SET"
POSTING = "UPDATE directory_posting SET"
MEMBERSHIP = "UPDATE directory_membership SET"
FILE = "UPDATE files_storedfile SET"

ATTEMPTS = {
    "audit.entry": append_only("audit_entry", "%(step)s", "reason"),
    "directory.organisation": {
        "division_code_is_12_digits": [
            f"{UNIT} division_code = '12345' WHERE id = %(street)s",
            f"{UNIT} division_code = '99010000100X' WHERE id = %(street)s",
        ],
        "division_code_for_areas_only": [f"{UNIT} division_code = '990100001009' WHERE id = %(post)s"],
        "one_current_unit_per_division_code": [
            f"{UNIT} division_code = '990100002000' WHERE id = %(street)s"
        ],
        "one_lead_post_per_unit": [f"{UNIT} is_lead_post = TRUE WHERE id = %(second_post)s"],
        "lead_post_is_a_post": [f"{UNIT} is_lead_post = TRUE WHERE id = %(window)s"],
        "organisation_ends_after_it_begins": [f"{UNIT} valid_to = '2025-12-31' WHERE id = %(street)s"],
        "organisation_fits_parent": [
            twin("directory_organisation", "%(street)s", division_code="''", parent_id="NULL::int"),
            twin("directory_organisation", "%(street)s", division_code="''", parent_id="%(community)s"),
            twin("directory_organisation", "%(district)s", division_code="''", parent_id="%(street)s"),
            twin("directory_organisation", "%(community)s", division_code="''", parent_id="%(district)s"),
            twin("directory_organisation", "%(second_post)s", parent_id="%(post)s"),
        ],
        "organisation_never_moves": [
            f"{UNIT} parent_id = %(other_street)s WHERE id = %(community)s",
            f"{UNIT} path = '/1/' WHERE id = %(community)s",
            f"{UNIT} level = 'window' WHERE id = %(community)s",
            f"{UNIT} parent_id = %(other_street)s, valid_to = '2026-11-30' WHERE id = %(community)s",
            f"{UNIT} valid_to = '2026-11-30', successor_id = %(other_street)s, parent_id = %(other_street)s, "
            "path = '/1/' WHERE id = %(street)s",
        ],
        "subtree_moves_whole": [
            f"{UNIT} valid_to = '2026-11-30', successor_id = %(other_street)s, parent_id = %(other_street)s "
            "WHERE id = %(street)s",
            f"{UNIT} valid_to = '2026-11-30', successor_id = %(other_street)s, parent_id = %(other_street)s, "
            "path = (SELECT path FROM directory_organisation WHERE id = %(other_street)s) || id || '/' "
            "WHERE id = %(street)s",
        ],
        "renamed_unit_keeps_its_former_name": [f"{UNIT} name = '别的街道' WHERE id = %(street)s"],
        "successor_follows_an_end": [
            f"{UNIT} successor_id = %(other_street)s WHERE id = %(street)s",
            f"{UNIT} valid_to = '2026-11-30', successor_id = id WHERE id = %(street)s",
        ],
        "unit_ends_once": [
            f"{UNIT} valid_to = '2026-11-30' WHERE id = %(closed_unit)s",
            f"{UNIT} valid_to = NULL WHERE id = %(closed_unit)s",
        ],
        **never_removed("directory_organisation", "%(window)s"),
    },
    "directory.formername": {
        "former_name_has_its_document": [twin("directory_formername", "%(former_name)s", basis="''")],
        **append_only("directory_formername", "%(former_name)s", "name"),
    },
    "directory.official": {"staff_number_is_unique": [twin("directory_official", "%(person)s")]},
    "directory.posting": {
        "posting_ends_after_handover": [f"{POSTING} ended_on = '2026-12-01' WHERE id = %(posting)s"],
        "posting_ends_after_it_begins": [
            f"{POSTING} ended_on = '2025-01-01', cleared_at = now() WHERE id = %(posting)s"
        ],
        "one_current_holder_of_a_post": [twin("directory_posting", "%(posting)s")],
        "posting_ends_by_its_handover": [
            f"{POSTING} ended_on = '2026-12-01', cleared_at = now() WHERE id = %(posting)s"
        ],
        "posting_is_at_a_post": [
            f"{POSTING} post_id = %(street)s WHERE id = %(posting)s",
            twin("directory_posting", "%(posting)s", post_id="%(window)s"),
        ],
    },
    "directory.membership": {
        "one_membership_per_role": [twin("directory_membership", "%(membership)s")],
        "membership_ends_after_it_begins": [
            f"{MEMBERSHIP} ended_on = '2025-01-01' WHERE id = %(membership)s"
        ],
        "role_is_known": [f"{MEMBERSHIP} role = 'king' WHERE id = %(membership)s"],
        "role_fits_level": [
            f"{MEMBERSHIP} role = '{role}' WHERE id = %(membership)s"
            for role in ("reviewer", "office", "panel", "supervisor", "auditor", "sysadmin")
        ],
    },
    "files.storedfile": {
        "file_is_not_empty": [twin("files_storedfile", "%(file)s", size="0")],
        "file_has_a_checksum": [
            twin("files_storedfile", "%(file)s", sha256="''"),
            twin("files_storedfile", "%(file)s", sha256="repeat('Z', 64)"),
        ],
        "file_never_changes": [
            f"{FILE} name = '别的.txt' WHERE id = %(file)s",
            f"{FILE} sha256 = repeat('0', 64) WHERE id = %(file)s",
            f"{FILE} size = size + 1 WHERE id = %(file)s",
            f"{FILE} file = 'aa/bb' WHERE id = %(file)s",
            f"{FILE} content_type = 'text/html' WHERE id = %(file)s",
            f"{FILE} organisation_id = %(other_street)s WHERE id = %(file)s",
            f"{FILE} made_from_id = id WHERE id = %(file)s",
        ],
        "file_is_not_made_from_itself": [twin("files_storedfile", "%(file)s", made_from_id="900001")],
        **never_removed("files_storedfile", "%(file)s"),
    },
}

EVERYWHERE = (
    ATTEMPTS
    | of_tokens.ATTEMPTS
    | of_deadlines.ATTEMPTS
    | of_programme.ATTEMPTS
    | of_tasks.ATTEMPTS
    | of_contests.ATTEMPTS
    | of_publication.ATTEMPTS
    | of_commitments.ATTEMPTS
    | of_forms.ATTEMPTS
    | of_the_ledger.ATTEMPTS
    | of_handovers.ATTEMPTS
    | of_proposals.ATTEMPTS
    | of_scenes.ATTEMPTS
    | of_imported_facts.ATTEMPTS
    | of_demonstration.ATTEMPTS
    | of_inspections.ATTEMPTS
    | of_records.ATTEMPTS
    | of_supervision.ATTEMPTS
    | of_disclosure.ATTEMPTS
    | of_exchange.ATTEMPTS
    | of_documents.ATTEMPTS
    | of_imports.ATTEMPTS
    | of_education.ATTEMPTS
    | of_standards.ATTEMPTS
    | of_summaries.ATTEMPTS
    | of_annual.ATTEMPTS
)

# Tables whose rows may go: what follows from other rows, or is kept elsewhere for good.
MAY_BE_DELETED = {
    "directory.official": "错录的人可以删；有任职、账号的由外键挡住",
    "directory.posting": "错录的任职可以删，行历史留着",
    "directory.membership": "错录的资格可以删，行历史留着",
    "directory.user": "写过留痕的账号由外键挡住",
    "deadlines.holiday": "登记错的日子可以删，留痕和行历史留着",
    "audit.tablechange": "表变动的记号，每晚折成一行；和不变",
    "exchange.importrow": "读出的行，用过就清空；文件留着，可以重新检查",
    "deadlines.reminder": "未发出的随期限重排；发出的由触发器留住",
    "programme.contestunit": "草稿里的参加单位可以改；公开以后由触发器留住",
    "programme.contestdraw": "草稿里的抽题规则可以改；公开以后由触发器留住",
    "publication.datapackage": "过了保留天数的、撤下过内容的整包要删",
    "publication.packagefile": "随整包删",
    "publication.servicefield": "参考数据，被引用的由外键挡住",
    "commitments.part": "草稿里的部分可以删；公开过的由触发器留住",
    "commitments.proposedpart": "变更草稿里的部分可以删；提交以后由触发器留住",
    "commitments.obligation_files": "多对多，内容校验值管着",
    "commitments.amendment_files": "多对多，内容校验值管着",
    "commitments.progressupdate_files": "多对多，内容校验值管着",
    "commitments.resultreport_files": "多对多，内容校验值管着",
    "commitments.verification_files": "多对多，内容校验值管着",
    "disclosure.notice_files": "多对多，内容校验值管着",
    "disclosure.noticerevision_files": "多对多，内容校验值管着",
    "records.recordfile": "草稿的证据可以换；提交以后由触发器留住",
    "commitments.rectification_files": "多对多，申请销号时由守卫查佐证",
    "disclosure.scene_files": "多对多，内容校验值管着",
    "disclosure.scenerevision_files": "多对多，内容校验值管着",
    "evaluation.selfevidence": "填报时选错的可以取下；提交以后由触发器留住",
    "evaluation.sitevisit_files": "多对多，随登记留着",
    "evaluation.candidatenotice_files": "多对多，内容校验值管着",
    "evaluation.award_files": "多对多，内容校验值管着",
    "programme.activity_files": "多对多，完成总结时由守卫查佐证",
    "programme.activitysheet_files": "多对多，内容校验值管着",
    "programme.materialedition_files": "多对多，内容校验值管着",
    "commitments.rectificationprogress_files": "多对多，随进展留着",
    "programme.taskevidence": "办理中选错的可以取下；报完成以后由触发器留住",
    "evaluation.heading": "拟订中的可以删；启用以后由触发器留住",
    "evaluation.indicator": "拟订中的可以删；启用以后由触发器留住",
    "evaluation.circumstance": "拟订中的可以删；启用以后由触发器留住",
    "programme.inspector": "拟定时可以换；批准以后由触发器留住",
    "programme.inspection_units": "多对多，批准时每个单位生成一次现场检查",
    "programme.visitpoint_files": "多对多，现场可以去掉拍坏的；签字时由触发器查有没有",
    "programme.finding_files": "多对多，随问题留着",
    "programme.finding_report_files": "多对多，报告由守卫查佐证，复查时随那一轮留着",
    "programme.findinground_files": "多对多，随那一轮留着",
    "programme.inspectionnotice_findings": "多对多，通知书写明的文字另存不改",
}


@pytest.mark.parametrize("label", EVERYWHERE)
def test_the_database_itself_refuses(world, subtests, label):  # noqa: F811
    try_all(world, subtests, label, EVERYWHERE[label])


def test_every_rule_of_every_model_has_been_tried():
    declared = {(m._meta.label_lower, rule) for m in our_models() for rule in rules_of(m)}
    tried = {(label, rule) for label, rules in EVERYWHERE.items() for rule in rules if rules[rule]}
    assert len(declared) > 70
    assert tried == declared


def test_a_rule_nobody_tried_is_noticed(monkeypatch):
    monkeypatch.delitem(of_commitments.ATTEMPTS["commitments.obligation"], "withdrawal_has_a_reason")
    with pytest.raises(AssertionError):
        test_every_rule_of_every_model_has_been_tried()


def test_every_table_says_whether_its_rows_may_go():
    """A new model keeps its rows for good, or stands in the list with the reason why it need not."""
    keeping = {"append_only", "never_deleted"}
    loose = {
        m._meta.label_lower for m in our_models() if not is_history(m) and not keeping & rules_of(m).keys()
    }
    assert loose == MAY_BE_DELETED.keys()


def test_every_declared_trigger_stands_in_the_database(world):  # noqa: F811
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'")
        standing = {name for (name,) in cursor.fetchall()}
    declared = {t.get_pgid(m) for m in our_models() for t in getattr(m._meta, "triggers", [])}
    assert declared - standing == set()


TRACKED = [m for m in our_models() if is_history(m)]


@pytest.mark.parametrize("history", TRACKED, ids=lambda m: m.__name__)
def test_a_change_by_raw_sql_leaves_a_row_in_the_history(world, history):  # noqa: F811
    model = history.pgh_tracked_model
    before = dict(history.objects.values_list("pgh_obj_id").annotate(n=Count("pk")))
    changed = change_one(model)
    assert history.objects.filter(pgh_obj_id=changed).count() == before.get(changed, 0) + 1


def change_one(model) -> int:
    """Change a harmless column of the newest row that may still be changed; gives its id."""
    column = next(f.column for f in model._meta.concrete_fields if f.column in HARMLESS)
    for pk in model._base_manager.order_by("-pk").values_list("pk", flat=True):
        with suppress(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {model._meta.db_table} SET {column} = {HARMLESS[column]} WHERE id = {pk}")
            return pk
    raise AssertionError(f"no {model.__name__} may be changed any more")


@pytest.mark.parametrize("history", TRACKED, ids=lambda m: m.__name__)
@pytest.mark.parametrize("change", ["UPDATE {} SET pgh_label = 'x'", "DELETE FROM {}"])
def test_the_history_itself_is_not_rewritten(world, history, change):  # noqa: F811
    assert history.objects.exists()
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(history._meta.db_table))


HARMLESS = {
    "address": "'新址'",
    "staff_number": "'999'",
    "started_on": "'2026-01-02'",
    "saved_at": "now() + interval '1 day'",
    "weight": "7",
    "same_as": "gen_random_uuid()",
}


def test_there_is_a_model_behind_every_label():
    assert [apps.get_model(label)._meta.label_lower for label in EVERYWHERE] == list(EVERYWHERE)


def test_no_rule_asks_the_day_of_the_session():
    """Its clock shows UTC: for eight hours of every day that is yesterday here."""
    functions = [trigger.func or "" for _, trigger in pgtrigger.registered()]
    assert len(functions) > 100
    assert not [func for func in functions if "current_date" in str(func).lower()]
