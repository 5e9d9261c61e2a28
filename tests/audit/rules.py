"""The rules the database keeps by itself: found in the models, and broken one by one with raw SQL."""

import contextlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pghistory.trigger import Event as HistoryTrigger
from psycopg2.extensions import adapt

from commitments import services as promises
from commitments.flows import FLOW, VERDICT
from commitments.models import Case, Rating, Received
from commitments.supervision import services
from longsha_credit.audit.models import Entry
from longsha_credit.directory.models import ApiFiling, Level, Membership, Official, Posting
from longsha_credit.publication.models import DataPackage, FileScan, PackageFile
from longsha_credit.publication.services import justify
from records import opinions
from tests import make
from tests.api.calling import key_of
from tests.commitments import ledger, owed
from tests.commitments.handover import making as handing
from tests.deadlines import clocks
from tests.disclosure import making as publishing
from tests.disclosure.catalogue import making as proposing
from tests.disclosure.coverage import owing
from tests.disclosure.scenes import making as scenes
from tests.evaluation.annual import making as annual
from tests.evaluation.demonstration import making as demonstrating
from tests.evaluation.importing import making as importing
from tests.evaluation.standards import making as evaluating
from tests.evaluation.summary import making as reporting
from tests.exchange import working
from tests.exchange.imports import making as bringing
from tests.exchange.official import making as official
from tests.programme import years
from tests.programme.contests import making as contests
from tests.programme.education import making as teaching
from tests.programme.inspections import making as inspecting
from tests.programme.tasking import making as tasking
from tests.records import making
from tests.supervision import filing


def our_models():
    """Every model of the portal, the history tables included."""
    ours = [c for c in apps.get_app_configs() if "site-packages" not in c.path]
    return [model for config in ours for model in config.get_models(include_auto_created=True)]


def rows_of_everything(but: str = "") -> dict[str, int]:
    """How many rows every table of ours holds, the history included; `but` is one that is let out."""
    connection.ensure_connection()
    if _counted_by.get("connection") is not connection.connection:
        labels = {model._meta.label: model._meta.db_table for model in our_models()}
        counts = (f"SELECT '{label}', count(*) FROM {table}" for label, table in labels.items())
        with connection.cursor() as cursor:
            # one statement, planned once: it is asked thousands of times
            cursor.execute("PREPARE rows_of_everything AS " + " UNION ALL ".join(counts))
        _counted_by["connection"] = connection.connection
    with connection.cursor() as cursor:
        cursor.execute("EXECUTE rows_of_everything")
        return {label: count for label, count in cursor.fetchall() if label != but}


_counted_by: dict[str, object] = {}


def is_history(model) -> bool:
    return hasattr(model, "pgh_tracked_model")


def rules_of(model) -> dict[str, object]:
    """Constraints and triggers by name; what writes and guards history is tried for all histories alike."""
    if is_history(model):
        return {}
    found = {constraint.name: constraint for constraint in model._meta.constraints}
    for trigger in getattr(model._meta, "triggers", []):
        if not isinstance(trigger, HistoryTrigger):
            found[trigger.name] = trigger
    return found


def twin(table: str, of: str, found_by: str = "id", **changes: str) -> str:
    """SQL that inserts a copy of the row (of the rows) whose `found_by` is `of`, some columns changed (values are SQL)."""
    pairs = ", ".join(f"'{column}', {value}" for column, value in {"id": "900001", **changes}.items())
    row = f"(jsonb_populate_record(o, jsonb_build_object({pairs}))).*"
    return f"INSERT INTO {table} SELECT {row} FROM {table} o WHERE {found_by} = {of}"


def never_removed(table: str, row: str) -> dict[str, list[str]]:
    return {
        "never_deleted": [f"DELETE FROM {table} WHERE id = {row}"],
        "never_truncated": [f"TRUNCATE {table} CASCADE"],
    }


def append_only(table: str, row: str, column: str, found_by: str = "id") -> dict[str, list[str]]:
    """Neither a changed nor a removed row, nor the same value written again."""
    return {
        "append_only": [
            f"UPDATE {table} SET {column} = {column} WHERE {found_by} = {row}",
            f"DELETE FROM {table} WHERE {found_by} = {row}",
        ],
        "never_truncated": [f"TRUNCATE {table} CASCADE"],
    }


def try_all(world: SimpleNamespace, subtests, label: str, rules: dict[str, list[str]]) -> None:
    """Run every statement; each must be stopped by the rule it stands under."""
    for rule, statements in rules.items():
        for sql in statements:
            with subtests.test(rule=rule, sql=sql):
                assert_refused(world, label, rule, sql)


def assert_refused(world: SimpleNamespace, label: str, rule: str, sql: str) -> None:
    """The statement fails, and it is this rule of this model that stops it."""
    model = apps.get_model(label)
    declared = rules_of(model)[rule]
    ids = {name: adapt(value) for name, value in vars(world).items()}
    with pytest.raises(IntegrityError) as stopped, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # TRUNCATE refuses while checks are pending
        cursor.execute(sql, ids)
        pytest.fail(f"{cursor.rowcount} row(s) went through: {sql}")
    said = stopped.value.__cause__.diag
    assert said.constraint_name == rule
    if hasattr(declared, "get_pgid"):
        assert declared.get_pgid(model) in said.context
    else:
        assert said.table_name == model._meta.db_table


@contextlib.contextmanager
def past_triggers():
    """What somebody with the keys of the database does to it."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield cursor
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.fixture
def world(world_once, db) -> SimpleNamespace:
    """One row of everything, by id; made once for a module, and each test undoes what it does to it."""
    return SimpleNamespace(**world_once)


def everything_by_id(c: SimpleNamespace) -> dict[str, int]:
    return {name: row.pk for name, row in _everything(c).items()}


def _everything(c: SimpleNamespace) -> dict:
    key_of(c.clerk)
    c.token = c.clerk.tokens.get()
    c.filing = ApiFiling.objects.create(token=c.token, key="1", digest="0" * 64, kind="x", object_id=1)
    c.package = DataPackage.objects.create(day=make.LONG_AGO, begun_at=timezone.now(), head=0, withdrawn=0)
    c.package_file = PackageFile.objects.create(
        package=c.package, resource="x", label="x", form="csv", rows=0, size=0, sha256="0" * 64, stored="x"
    )
    c.second_post = make.organisation(Level.POST, "副主任岗", c.street)
    c.person = Official.objects.get(staff_number="001")
    c.posting = Posting.objects.create(official=c.person, post=c.post, started_on=make.LONG_AGO)
    c.membership = Membership.objects.get(user=c.clerk)
    c.draft = make.draft(c)
    c.in_review = make.submitted(c)
    c.in_force = make.in_force(c)
    c.amended = make.in_force(c)
    c.adopted = make.amended(c, c.amended)
    c.amendment = make.amendment(c, c.in_force)
    c.progress = make.published_progress(c, c.in_force)
    c.progress_draft = make.progress(c, c.in_force)
    c.gone = make.withdrawn(c, make.in_force(c), remove_content=True)
    c.reported = make.in_force(c)
    c.result = make.reported(c, c.reported)
    c.verified = make.ended(c, make.in_force(c))
    c.verdict = c.verified.verifications.get()
    c.result_draft = make.result(c, make.in_force(c))
    c.verdict_draft = make.verification(c, c.reported)
    c.received = Received.objects.create(obligation=c.in_force, code="9" * 20, made_on=c.in_force.made_on)
    c.revoking = make.ended(c, make.in_force(c)).verifications.get()
    VERDICT.take(c.revoking, "ask_revocation", by=c.reviewer, reason="核错了楼号")
    c.asked = make.in_force(c)
    FLOW.take(c.asked, "ask_withdrawal", by=c.clerk, reason="引用依据有误")
    c.open_review = make.review_of(c.in_review)
    c.passed_review = make.review_of(c.in_force)
    _found(c)
    c.publication = c.in_force.publication
    c.gone_publication = c.gone.publication
    c.entry = c.publication.ledger.get()
    c.content = c.entry.content
    c.gone_content = c.gone_publication.ledger.order_by("id")[0].content
    c.correction = c.amended.publication.corrections.get()
    c.file = c.progress.files.get()
    c.public_file = c.progress.publication.ledger.get().files.get()
    c.step = Entry.objects.about(c.in_force)[0]
    vars(c).update(clocks.of_every_kind(c))
    vars(c).update(clocks.ways_of_every_kind(c))
    c.frozen_year = years.plan(c)
    tasking.services.load_list(c.frozen_year)
    c.open_year = years.copied(c, 2022)
    c.third_year = years.copied(c, 2023)
    c.stage = c.open_year.stages.get(key="start")
    frozen_task = tasking.in_the_frozen_year(c, c.frozen_year)
    tasking.picked(c, frozen_task)
    vars(c).update(evaluating.to_be_frozen(c, c.frozen_year))
    years.frozen(c, c.frozen_year)
    vars(c).update(tasking.world(c, c.open_year, frozen_task))
    c.frozen_stage = c.frozen_year.stages.get(key="start")
    _records(c)
    _cases(c)
    _owed(c)
    _ledger(c)
    _handovers(c)
    _disclosed(c)
    owing.all_duties()
    c.duty, c.duty_ended = owing.duty(c.street), owing.ended(owing.duty(c.street, "news"))
    vars(c).update(scenes.world(c))
    vars(c).update(working.of_every_kind(c))
    vars(c).update(official.of_every_kind(c))
    vars(c).update(bringing.world(c))
    vars(c).update(contests.world(c))
    vars(c).update(inspecting.world(c))
    vars(c).update(teaching.world(c))
    vars(c).update(evaluating.world(c))
    vars(c).update(importing.world(c))
    vars(c).update(reporting.world(c))
    vars(c).update(annual.world(c))
    vars(c).update(demonstrating.world(c))
    return vars(c)


def _disclosed(c: SimpleNamespace) -> None:
    """Notices as draft, in review and public, one being revised and one that was; a topic of the catalogue."""
    c.n_draft, c.n_in_review = publishing.notice(c), publishing.submitted(c, publishing.notice(c))
    c.n_public = publishing.published(c)
    c.n_revision = publishing.revision(c, c.n_public)
    c.n_adopted = publishing.revised(c, publishing.published(c)).revisions.get()
    c.topic = publishing.topic()
    c.topic_change = c.topic.changes.get()
    c.proposal, c.proposal_dropped = proposing.proposal(c), proposing.dropped(c, name="已作废的事项")
    c.proposal_of_change = proposing.proposal(c, of=proposing.topic())


def _found(c: SimpleNamespace) -> None:
    """A promise in review in which two finds are left, one of them justified; two people wrote it."""
    told = make.draft(c, liability="电话13804520001。", beneficiaries="新苑小区3号楼2单元501室")
    promises.save_draft(told, by=c.district_lead, upload=promises.Upload(added=(make.upload(),)))
    FLOW.take(told, "submit", by=c.clerk)
    c.found_review, c.file_scan = make.review_of(told), FileScan.objects.get(file__in=told.files.all())
    justify(c.found_review, ["1"], reason="窗口公开的值班手机", by=c.lead)
    c.justification = c.found_review.justifications.get()


def _cases(c: SimpleNamespace) -> None:
    """Cases of residents about the community in several states, with what belongs to them."""
    c.case_filed, c.case_going = filing.case(c), filing.accepted(c)
    c.secret = c.case_filed.secret
    c.case_bare = Case.objects.create(
        kind="complaint", about=c.community, organisation=c.street, number="LJ0", filed_on=filing.TODAY
    )
    c.reply_draft = filing.proposed(c).replies.get()
    c.case_replied = filing.replied(c)
    c.reply = c.case_replied.replies.get()
    c.case_again = filing.reproposed(c)
    c.case_twice = filing.replied_again(c)
    c.case_closed, c.case_refused = filing.closed(c), filing.refused(c)
    c.case_praise = filing.closed(c, kind="praise")
    c.rating = c.case_closed.ratings.get()
    services.rate(about=c.street, obligation=None, level="good", token="t", today=filing.TODAY)
    c.rating_open = Rating.objects.get(case=None)
    c.slip_answered = filing.slip_answered(c, filing.accepted(c))
    c.slip = filing.slip(c, filing.accepted(c))
    c.opening_seen = filing.granted(c, filing.accepted(c))
    services.open_identity(c.opening_seen, by=c.clerk)
    c.opening = filing.opening(c, c.case_going)


def _owed(c: SimpleNamespace) -> None:
    """A contract and its payment, a policy, and promises of several parts: as drafts, standing and being changed."""
    c.contract_draft, c.policy_draft = owed.contract_draft(c), owed.policy_draft(c)
    paid = {"paid_on": owed.SIGNED, "paid_amount": 100}
    delivered = owed.payment(delivered_on=owed.SIGNED, due_on=owed.SIGNED)
    c.contract_standing = owed.standing(
        c, owed.contract_draft(c, owed.given(delivered, owed.payment(**paid)))
    )
    c.contract = c.contract_standing.contract
    c.payment, c.payment_made = c.contract.payments.all()
    c.parted = owed.standing(c, owed.parted_draft(c))
    c.part = c.parted.parts.get(number=1)
    make.amended(c, c.parted)
    c.proposed_adopted = c.parted.amendments.get().parts.get(number=1)
    c.proposed = make.amendment(c, c.parted).parts.get(number=1)
    c.part_report = owed.report(c, c.parted, 1)
    c.part_draft = owed.parted_draft(c).parts.get(number=3)


def _records(c: SimpleNamespace) -> None:
    """Records of the street in several states; the one that stands is public, objected to and asked to be repaired."""
    c.item, c.item_person = making.item("X06"), making.item("S12")
    c.record_draft, c.record_person_draft = making.draft(c), making.draft(c, "S12")
    c.record_submitted = making.submitted(c)
    c.record_pending = making.pending(c)
    c.record_person = making.confirmed(c, "S12")
    c.record_revoked = making.revoked(c, making.confirmed(c))
    c.record_revoking = making.revoking(c, making.confirmed(c))
    c.notice_in_review = c.record_revoking.notices.get()
    c.record_standing = making.public(c, effective_from=making.LAST_YEAR)
    c.record_notice = c.record_standing.notices.get()
    c.objection_decided = making.objected(c, c.record_standing, "upheld")
    c.repair_decided = making.repaired(c, c.record_standing, "refused")
    c.objection = making.proposed(c, making.OBJECTION, making.objection(c, c.record_standing), "upheld")
    c.repair = making.proposed(c, making.REPAIR, making.repair(c, c.record_standing), "granted")
    c.record_expired, c.record_expired_upheld = making.confirmed(c), making.confirmed(c)
    outlives_it = making.objection(c, c.record_expired_upheld)
    for it in (c.record_expired, c.record_expired_upheld):
        making.FLOW.take(it, "expire", by=None)
    making.decided(c, making.OBJECTION, outlives_it, "upheld")
    about = [opinions.Subject(c.street)]
    (c.opinion,) = opinions.issue(about, by=c.office, today=making.TODAY, purpose="honour", note="评先")
    c.record_correction = making.correction(c, c.record_standing)


def _ledger(c: SimpleNamespace) -> None:
    """Items of the first street in every state that a rule looks at, with what stands under them."""
    c.l_clue, c.l_found, c.l_rect = ledger.clue(c), ledger.plan(c, ledger.found(c)), ledger.rectifying(c)
    c.l_case = ledger.case(c)
    c.l_of_case = ledger.clue(c, by=c.reviewer, case=c.l_case, source="complaint")
    c.l_owed = ledger.clue(c, obligation=c.verified)
    c.l_accepting = ledger.accepting(c)
    c.l_closed = ledger.closed(c, confirmation="none", recheck="走访核实，已经办完。")
    c.l_followed = ledger.followed(c)
    c.l_refusing, c.l_refused = ledger.refusing(c), ledger.refused(c)
    c.l_slip = c.l_refused.slips.get()
    c.l_relapse = ledger.relapsed(c).relapses.get()
    c.l_asked, c.l_granted = ledger.asked_for_time(c), ledger.granted(c)
    shown = ledger.rectifying(c, ledger.shown(c))
    c.l_sheet = shown.sheets.get()
    c.l_sheet_draft = ledger.sheet(c, c.l_rect, reason="")
    c.l_sheet_early = ledger.sheet(c, c.l_clue, reason="")
    c.l_step, c.l_step_draft = ledger.told(c, shown), ledger.progress(c, c.l_rect)
    c.l_sweep_reported = ledger.reported_zero(c)
    c.l_sweep_due, c.l_sweep_empty = ledger.sweep(c, c.other_street), ledger.sweep(c, c.community)
    c.l_swept = ledger.clue(
        c, by=c.other_clerk, organisation=c.other_street, source="sweep", sweep=c.l_sweep_due
    )


def _handovers(c: SimpleNamespace) -> None:
    """One that goes on between two people, one complete, one to be given up early, and a unit that ends."""
    vars(c).update(handing.of_every_kind(c))
    c.former_name = handing.renamed(c)
    c.closed_unit = make.organisation(Level.WINDOW, "停用的窗口", c.other_street)
    type(c.closed_unit).objects.filter(pk=c.closed_unit.pk).update(valid_to=make.LONG_AGO)
