"""The demo shows every state an office knows, and its public pages agree with the ledger.

It is asked in the database of the running portal, which loaded it as every portal does: loading takes a minute, and
is done once. This module is the first of its folder, so that no story has written there yet.
"""

import datetime
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from commitments.models import (
    Case,
    CaseState,
    Closing,
    Obligation,
    ObligationState,
    Payment,
    ProgressUpdate,
    Rectification,
    RectificationState,
    Relapse,
    ResultReport,
    Sweep,
    TransferSlip,
    Verification,
)
from commitments.parts import roll_up
from disclosure.models import Scene, SceneKind, SceneMonth, SceneState
from evaluation.metrics import KEPT_RATE, METRICS, Period
from evaluation.models import (
    Application,
    ApplicationState,
    Award,
    Cycle,
    IndicatorSet,
    NoticeObjection,
    Result,
    Ruling,
    RulingState,
    SetState,
    Snapshot,
    SnapshotState,
)
from longsha_credit import embedded
from longsha_credit.audit.models import Entry
from longsha_credit.deadlines import services as deadlines
from longsha_credit.deadlines.models import Deadline, Extension, Holiday, Notification, Reminder, Unit
from longsha_credit.directory.models import Level, Organisation, User
from longsha_credit.home import demo
from longsha_credit.programme.education.metrics import reached_of_all
from longsha_credit.programme.models import (
    Activity,
    ActivitySheet,
    ActivityState,
    Contest,
    ContestCertificate,
    ContestResult,
    ContestRevision,
    ContestRevisionState,
    ContestState,
    EditionState,
    Finding,
    FindingState,
    HoursState,
    Inspection,
    InspectionState,
    MaterialEdition,
    MaterialState,
    Question,
    QuestionState,
    Task,
    TaskState,
    TrainingHours,
    Visit,
    VisitState,
    Year,
    YearState,
)
from records.models import Notice, Objection, Record, RecordState, Repair
from tests import settled

INTACT = "本页内容与公开账一致"
CLOCKS_OF_WHAT_IS_OWED = {
    *("commitment_due", "result_report", "result_verify", "part_due", "contract_payment_agreed"),
    *(
        "complaint_accept",
        "complaint_close",
        "complaint_feedback",
        "complaint_slip",
        "complaint_rehandle",
        "complaint_followup",
    ),
    *("rectification_check", "rectification_plan", "rectification_due", "rectification_accept"),
    *("rectification_follow_up", "rectification_sweep", "handover"),
}


@pytest.fixture
def told(running, django_db_setup, django_db_blocker):
    """The portal's own database and files; what is done to them here is undone."""
    folder, ours = Path(running[1]["VAR_DIR"]), connection.settings_dict
    of_tests = {part: ours[part] for part in ("HOST", "NAME")}
    of_portal = {part: embedded.database_settings(folder)[part] for part in of_tests}
    with django_db_blocker.unblock(), settled.uploads_in(folder / "files"):
        connection.close()
        ours.update(of_portal)
        try:
            with transaction.atomic():
                yield
                transaction.set_rollback(True)
        finally:
            connection.close()
            ours.update(of_tests)


def test_the_demo_tells_a_year_in_which_every_state_occurs_and_every_page_can_be_proved(
    told, client, signed_in
):
    today = timezone.localdate()
    assert set(Obligation.objects.values_list("state", flat=True)) == set(ObligationState.values)
    records_occur_in_every_state(today)
    cases_occur_in_every_state()
    what_is_owed_occurs_in_every_form(today)
    the_ledger_holds_an_item_in_every_state(today)
    scenes_occur_in_every_state_and_kind(today)
    tasks_occur_in_every_state(today)
    contests_occur_in_every_state()
    inspections_occur_in_every_state()
    education_occurs_in_every_state(today)
    standards_occur_in_every_state(today)
    demonstration_occurs_in_every_state()
    every_street_has_enough_verdicts_for_a_rate(today)
    every_figure_opens_to_its_rows(today)
    times_lie_on_their_days(today)
    clocks_stand_as_the_story_says(today)
    years = dict(Year.objects.values_list("number", "state"))
    assert years == {2021: YearState.FROZEN, today.year - 1: YearState.OPEN, today.year: YearState.OPEN}
    public_pages_agree_with_the_ledger(client)
    desks_open(signed_in)
    every_clock_of_what_is_owed_explains_itself_and_moves_with_the_calendar(signed_in, today)


def demonstration_occurs_in_every_state():
    assert set(Application.objects.values_list("state", flat=True)) == set(ApplicationState.values)
    assert set(Cycle.objects.values_list("state", flat=True)) == {"draft", "open"}
    assert set(NoticeObjection.objects.values_list("state", flat=True)) == {"filed", "decided"}
    awards = {a.application.organisation.name: a for a in Award.objects.with_names().with_suspension()}
    assert {name for name, award in awards.items() if award.suspended} == {"江畔社区"}
    assert {name for name, award in awards.items() if award.state == "withdrawn"} == {"北园社区"}


def records_occur_in_every_state(today):
    assert set(Record.objects.values_list("state", flat=True)) == set(RecordState.values)
    assert set(Notice.objects.values_list("state", flat=True)) == {
        "published",
        "in_review",
        "ended",
        "replaced",
    }
    assert {o.outcome for o in Objection.objects.all()} == {"upheld", "corrected", "revoked", ""}
    assert Repair.objects.get().outcome == "granted"
    made = [timezone.localdate(row.created_at) for row in Record.objects.order_by("id")]
    assert made == sorted(made) and made[0] < today - timezone.timedelta(days=200)


def cases_occur_in_every_state():
    assert set(Case.objects.values_list("state", flat=True)) == set(CaseState.values)
    assert set(Case.objects.exclude(closing="").values_list("closing", flat=True)) == set(Closing.values)
    assert {slip.state for slip in TransferSlip.objects.all()} == {"sent", "answered"}


def what_is_owed_occurs_in_every_form(today):
    public = Obligation.objects.public().counted_by_form()
    assert public["contract"] >= 2 and public["policy"] >= 1
    assert Payment.objects.overdue(today).count() == 1
    assert Payment.objects.exclude(paid_on=None).count() == 2
    sewers = Obligation.objects.get(part_count=3)
    reports = list(ProgressUpdate.objects.public().filter(obligation=sewers).newest_first())
    assert roll_up(sewers, reports).sentence == "3部分中已报2：1全部、1部分；1尚未报"


def the_ledger_holds_an_item_in_every_state(today):
    """Among them one with a yellow slip, one with a red, one relapsed, one refused with its draft and nothing more."""
    running = Deadline.objects.running()
    states = set(Rectification.objects.values_list("state", flat=True))
    assert states == set(RectificationState.values)
    slips = set(Rectification.objects.with_slip(running).values_list("slip", flat=True))
    assert {"yellow", "red"} <= slips
    assert Relapse.objects.get().rectification.round == 2
    assert Rectification.objects.get(state="refused").record.state == RecordState.DRAFT
    assert set(Sweep.objects.values_list("zero", flat=True)) == {True, False, None}


def scenes_occur_in_every_state_and_kind(today):
    assert set(Scene.objects.values_list("state", flat=True)) == set(SceneState.values)
    assert set(Scene.objects.public().values_list("kind", flat=True)) == set(SceneKind.values)
    assert {scene.standing(today)[1] for scene in Scene.objects.public().with_names()} == {
        *("正在进行", "即将开始", "暂停", "已结束", "已期满"),
    }
    months = SceneMonth.objects.public()
    assert months.count() > 20 and months.filter(participations__range=(1, 4)).exists()
    assert months.filter(version=2).count() == 1 and months.exclude(effect="").exists()


def tasks_occur_in_every_state(today):
    """Of this year, but in its first weeks, when there is nothing to tell yet; one street is behind."""
    tasks = Task.objects.filter(year__number=today.year)
    if today > datetime.date(today.year, 11, 20):
        assert set(tasks.values_list("state", flat=True)) == set(TaskState.values)
        late = tasks.with_clock().late(today).values_list("organisation__name", flat=True)
        assert "临江街道" in late
    assert tasks.exclude(evidence=None).exists() or today.month < 5
    assert not Task.objects.filter(year__number=today.year - 1).exists()


def contests_occur_in_every_state():
    assert set(Contest.objects.values_list("state", flat=True)) == set(ContestState.values)
    assert set(Question.objects.values_list("state", flat=True)) == set(QuestionState.values)
    assert set(ContestResult.objects.values_list("state", flat=True)) == {"draft", "published"}
    now = timezone.now()
    assert {contest.standing(now)[1] for contest in Contest.objects.public()} == {
        *("还没有开始", "正在进行", "已结束，正在统计", "结果已公布"),
    }
    assert ContestCertificate.objects.exists()
    states = set(ContestRevision.objects.values_list("state", flat=True))
    assert states == set(ContestRevisionState.values)
    assert not Deadline.objects.overdue(timezone.localdate()).filter(rule_key="contest_take_part").exists()


def inspections_occur_in_every_state():
    """Among them a finding put right, one overdue and one whose re-check failed."""
    for model, states in ((Inspection, InspectionState), (Visit, VisitState), (Finding, FindingState)):
        assert set(model.objects.values_list("state", flat=True)) == set(states.values)
    today = timezone.localdate()
    assert Finding.objects.with_clock().filter(clock_due__lt=today).exists()
    assert Finding.objects.filter(round=2).exists()


def education_occurs_in_every_state(today):
    for model, states in (
        (Activity, ActivityState),
        (ActivitySheet, EditionState),
        (MaterialEdition, MaterialState),
        (TrainingHours, HoursState),
    ):
        assert set(model.objects.values_list("state", flat=True)) == set(states.values)
    assert set(Activity.objects.values_list("kind", flat=True)) >= {"lecture", "publicity", "training"}
    assert (
        ActivitySheet.objects.public().filter(stage="announcement", activity__planned_on__gte=today).count()
        == 2
    )
    rates = reached_of_all(Year.objects.get(number=today.year), today)
    assert sum(unit["people"] >= 5 for unit in rates.values()) >= 3
    for row in [*ActivitySheet.objects.public(), *MaterialEdition.objects.public()]:
        assert row.files.filter(made_from=None, name__endswith=".jpg").count() == 0


def standards_occur_in_every_state(today):
    """Among them a standard that gave way to a new version, a draft, and a circumstance that was lifted again."""
    for model, states in ((IndicatorSet, SetState), (Snapshot, SnapshotState), (Ruling, RulingState)):
        assert set(model.objects.values_list("state", flat=True)) >= set(states.values) - {"taking"}
    levels = IndicatorSet.objects.in_force().filter(year__number=today.year).values_list("level", flat=True)
    assert sorted(levels) == ["community", "post", "street", "window"]
    assert Result.objects.exclude(grade="").exists() and Result.objects.filter(grade="").exists()
    assert not Ruling.objects.filter(
        state="lifted", organisation__in=Result.objects.filter(ruled_out=True).values("organisation")
    )


def every_street_has_enough_verdicts_for_a_rate(today):
    found = []
    for street in Organisation.objects.filter(level=Level.STREET):
        below = Obligation.objects.filter(organisation__path__startswith=street.path)
        assert below.exclude(verdict="").count() >= 6
        found.append({part for year in (today.year - 1, today.year)
                      for part, n in KEPT_RATE.for_unit(street, Period.of_year(year, today)).counts.items() if n})  # fmt: skip
    assert set.union(*found) == {part.key for part in KEPT_RATE.parts}


# Nobody has owed accounts for a whole quarter yet, and no court has ruled against anybody.
NOT_OVER_YET = {"quarterly-accounts", "finance-quarters", "cases-lost"}


def _lists_each_row_it_counts(metric):
    """Not what comes from outside, nor what is held against a target that no row stands for."""
    if metric.is_public or not metric.counted:
        return metric.is_public
    today = timezone.localdate()
    tallies = metric.counted(Period.of_year(today.year, today))
    return all(t.number == 1 and not t.distinct for t in tallies)


def every_figure_opens_to_its_rows(today):
    """A unit's value is the sum of those under it, and each of its parts is as many rows.

    Asked for the district, the streets, and two units that have something of their own.
    """
    period, units = Period.of_year(today.year, today), Organisation.objects.in_force()
    paths = dict(units.values_list("pk", "path"))
    above = list(units.filter(level__in=[Level.DISTRICT, Level.STREET]))
    for metric in filter(_lists_each_row_it_counts, METRICS.values()):
        own = metric.of_all(period)
        # little happens at the demo's posts; its offices owe by the catalogue since a quarter that is not over for all of it
        assert own or metric.is_personal or metric.key in NOT_OVER_YET, metric.key
        for unit in {*above, *units.filter(pk__in=own).order_by("-path")[:2]}:
            under = Counter()
            for pk, counted in own.items():
                if paths.get(pk, "").startswith(unit.path):
                    under.update(counted)
            counts = Counter({part: n for part, n in metric.for_unit(unit, period).counts.items() if n})
            assert counts == +under, (metric.key, unit.name)
            for part, n in {
                **counts,
                "": counts.total(),
            }.items():  # all of them: so that no other part has any
                assert n == len(list(metric.rows(unit, period, part))), (metric.key, unit.name, part)


def times_lie_on_their_days(today):
    """Nothing of the story bears the hour in which it was loaded, except what happens today."""
    for model in (ResultReport, Verification):
        for row in model.objects.filter(state="published").select_related("obligation"):
            day = row.obligation.verified_on if model is Verification else row.obligation.reported_on
            written = timezone.localdate(row.created_at)
            assert written == day or model is ResultReport and written <= day
            assert timezone.localdate(row.saved_at) == written
    assert Deadline.objects.exclude(cancelled_at=None).filter(cancelled_at__date=today).count() == 0
    assert Entry.objects.filter(at__date=today).count() <= 30


def clocks_stand_as_the_story_says(today):
    verified = Obligation.objects.filter(state=ObligationState.VERIFIED).values("pk")
    of_promises = Deadline.objects.filter(object_kind="commitments.obligation")
    assert of_promises.open().filter(object_id__in=verified).count() == 0
    assert Deadline.objects.filter(suspended=True).count() == Extension.objects.count() == 1
    assert Deadline.objects.overdue(today).exists()
    assert Reminder.objects.unsent().filter(send_on__gt=today).exists()
    days = list(Notification.objects.order_by("id").values_list("at__date", flat=True))
    assert days == sorted(days) and len(set(days)) > 100
    unread = Notification.objects.unread()
    assert unread.exists() and min(unread.values_list("at__date", flat=True)) >= today - timezone.timedelta(
        days=10
    )


def public_pages_agree_with_the_ledger(client):
    for promise in Obligation.objects.exclude(publication=None):
        response = client.get(reverse("public_commitments:page", args=[promise.code]))
        if promise.state == ObligationState.WITHDRAWN:
            assert response.status_code == 410
        else:
            assert (response.status_code, promise.title, INTACT in response.content.decode()) == (
                200,
                promise.title,
                True,
            )

    for item in Rectification.objects.public():
        response = client.get(reverse("public_rectification:page", args=[item.number]))
        assert (response.status_code, INTACT in response.content.decode()) == (200, True), item.title

    for scene in Scene.objects.public():
        response = client.get(reverse("public_scenes:page", args=[scene.code]))
        assert (response.status_code, INTACT in response.content.decode()) == (200, True), scene.title

    for contest in Contest.objects.public():
        for page in ("page", "results") if contest.state == "finished" else ("page",):
            response = client.get(reverse(f"public_contests:{page}", args=[contest.code]))
            assert (response.status_code, INTACT in response.content.decode()) == (200, True), contest.title
    for row in [*ActivitySheet.objects.public().with_names(), *MaterialEdition.objects.public().with_names()]:
        response = client.get(row.publication.get_absolute_url())
        assert (response.status_code, INTACT in response.content.decode()) == (200, True), row.title

    for record in Record.objects.public():
        response = client.get(reverse("public_records:page", args=[record.number]))
        assert (response.status_code, INTACT in response.content.decode()) == (200, True), record.title


def desks_open(signed_in):
    for username, _, _ in demo.ACCOUNTS:
        browser = signed_in(User.objects.get(username=username))
        for address in ("/desk/", "/desk/notifications/"):
            assert browser.get(address).status_code in (200, 404), (username, address)


def every_clock_of_what_is_owed_explains_itself_and_moves_with_the_calendar(signed_in, today):
    """One of each rule opens to how it was counted; a holiday on its last day moves it, and the move is written down."""
    office = User.objects.get(username="office")
    browser = signed_in(office)
    clocks = Deadline.objects.open().filter(object_kind__startswith="commitments.", suspended=False)
    last = {clock.rule_key: clock for clock in clocks.select_related("rule").order_by("due_on")}
    assert last.keys() == CLOCKS_OF_WHAT_IS_OWED
    for clock in last.values():
        page = browser.get(reverse("deadlines:page", args=[clock.pk])).content.decode()
        assert "期限如何计算" in page and clock.rule.label in page and clock.rule.basis in page
    moving = [clock for clock in last.values() if clock.rule.unit == Unit.WORKDAY and clock.due_on > today]
    assert len(moving) >= 8
    holidays = [
        Holiday(day=clock.due_on, is_workday=False, name="临时放假", basis="演练") for clock in moving
    ]
    deadlines.set_days(holidays, by=office, today=today)
    for clock in moving:
        before = clock.due_on
        clock.refresh_from_db()
        assert clock.due_on > before
        assert clock.changes.filter(old_due=before, new_due=clock.due_on).exists()
        page = browser.get(reverse("deadlines:page", args=[clock.pk])).content.decode()
        assert f"{before:%Y-%m-%d}" in page and "临时放假" in page
