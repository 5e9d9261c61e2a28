"""Papers, disputes, early leave, renaming and merging: the work goes on and history keeps both names."""

import datetime

import pytest
from django.db import connection

from commitments.flows import FLOW as PROMISE
from commitments.handover import metrics, reading, services
from commitments.handover.flows import FLOW, PAPER
from commitments.metrics import Days
from commitments.models import HandoverState, Obligation, Party, Verdict
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory import postings
from longsha_credit.directory.models import (
    FormerName,
    Level,
    Membership,
    Official,
    Organisation,
    Posting,
    User,
)
from longsha_credit.directory.roles import Role
from longsha_credit.programme.tasking.services import set_owner
from tests import make
from tests.commitments.handover import making
from tests.commitments.handover.making import TODAY, YESTERDAY
from tests.programme.tasking import making as tasks

DAY = datetime.timedelta(days=1)


def now_checked():
    """Rules looked at when a transaction ends are looked at now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_nobody_speaks_for_another_party(cast):
    make.in_force(cast)
    handover = making.started(cast)
    items = list(handover.items.values_list("pk", flat=True))
    for party, by in (
        (Party.GIVER, cast.comer),
        (Party.TAKER, cast.lead),
        (Party.WITNESS, cast.lead),
        (Party.WITNESS, cast.reviewer),
        (Party.TAKER, cast.office),
        ("nobody", cast.office),
    ):
        with pytest.raises(Refused) as refusal:
            services.confirm(handover, party=party, items=items, by=by)
        assert refusal.value.code == "role"
    assert not handover.items.filter(confirmations__isnull=False).exists()


def test_a_dispute_stops_the_end_until_the_witness_settled_it(cast):
    make.in_force(cast)
    handover = making.started(cast)
    note = making.dispute(cast, handover)
    making.confirmed(cast, handover, Party.GIVER, Party.WITNESS)
    with pytest.raises(Refused, match="您提的异议还没有处理"):
        making.confirmed(cast, handover, Party.TAKER)
    with pytest.raises(Refused) as refusal:
        services.settle(note, text="算了", by=cast.comer)
    assert refusal.value.code == "role"
    services.settle(note, text="查了会议纪要，是本街道答应的", by=cast.district_lead)
    making.confirmed(cast, handover, Party.TAKER)
    FLOW.take(handover, "complete", by=cast.district_lead, today=TODAY)
    now_checked()
    assert handover.state == HandoverState.COMPLETE


def test_a_signed_paper_of_two_people_stands_for_who_has_no_account(cast):
    make.in_force(cast)
    handover = making.started(cast)
    paper = making.paper(cast, handover, Party.GIVER)
    with pytest.raises(Refused) as refusal:
        PAPER.take(paper, "approve", by=cast.district_lead, today=TODAY)
    assert refusal.value.code == "role"
    making.approved(cast, paper)
    said = handover.items.get().confirmations.get()
    assert (said.party, said.by, said.paper) == (Party.GIVER, cast.office, paper)
    making.confirmed(cast, handover, Party.TAKER, Party.WITNESS)
    FLOW.take(handover, "complete", by=cast.district_lead, today=TODAY)
    now_checked()


def test_early_leave_by_two_people_keeps_the_work_and_finds_its_successor(cast):
    promise = make.in_force(cast)
    making.lead_change(cast)
    handover = making.overridden(cast, making.started(cast, incoming=None))
    now_checked()
    assert not Posting.objects.current().filter(post=cast.post).exists()
    assert (handover.override_asked_by, handover.override_decided_by) == (cast.office, cast.reviewer)
    clock = Deadline.objects.of(handover).get()
    assert clock.cancelled_at and "先离任" in clock.cancel_reason
    assert promise.state == "in_force"
    postings.start_posting(
        official=cast.new, post=cast.post, started_on=TODAY, by=cast.district_lead, today=TODAY
    )
    services.refresh_all(today=TODAY)
    handover.refresh_from_db()
    assert (handover.incoming, handover.items.get().incoming_name) == (cast.new, "孙主任")
    (part,) = reading.inherited_by(cast.comer, TODAY)
    assert [one.label for one in part["open"]] == [promise.title]


def test_who_comes_answers_for_the_tasks_of_who_went_and_where_nobody_comes_the_post_does(cast):
    making.lead_change(cast)
    task = tasks.working(cast)
    set_owner(task, by=cast.lead, today=TODAY, owner=cast.lead)
    making.complete(cast)
    task.refresh_from_db()
    assert task.owner == cast.comer
    assert Entry.objects.about(task).latest("id").reason == f"{cast.lead} 改为 {cast.comer}"
    posting = Posting.objects.current().get(post=cast.post)
    making.left_early(cast, posting, TODAY)
    task.refresh_from_db()
    assert (task.owner, task.owner_post) == (None, cast.post)
    assert task.state == "working" and task.notes.count() == 1


def test_a_lead_is_appointed_from_above_and_never_while_another_holds_the_post(cast):
    making.lead_change(cast)
    with pytest.raises(Refused) as held:
        postings.start_posting(
            official=cast.new, post=cast.post, started_on=TODAY, by=cast.district_lead, today=TODAY
        )
    assert held.value.code == "state"
    with pytest.raises(Refused) as own:
        postings.start_posting(official=cast.new, post=cast.post, started_on=TODAY, by=cast.lead, today=TODAY)
    assert own.value.code == "role"
    User.objects.filter(pk=cast.comer.pk).update(official=None)
    User.objects.filter(pk=cast.district_lead.pk).update(official=cast.new)
    cast.district_lead.refresh_from_db()
    with pytest.raises(Refused) as self_made:
        postings.start_posting(
            official=cast.new, post=cast.post, started_on=TODAY, by=cast.district_lead, today=TODAY
        )
    assert self_made.value.code == "eyes"


def test_a_handover_ends_on_the_day_of_leaving_and_not_before(cast):
    with pytest.raises(Refused, match="那天才能办"):
        handover = making.confirmed(cast, making.started(cast, leaves_on=TODAY + 3 * DAY))
        FLOW.take(handover, "complete", by=cast.district_lead, today=TODAY)


def test_a_renamed_unit_keeps_what_it_owes_and_its_old_versions_the_old_name(cast, client):
    promise = make.in_force(cast, title="修好北门路灯")
    making.renamed(cast, "新阳街道", unit=cast.street)
    now_checked()
    old = FormerName.objects.get()
    assert (old.name, old.organisation.name, old.until) == ("向阳街道", "新阳街道", YESTERDAY)
    first = client.get(f"/commitments/{promise.code}/versions/1/").content.decode()
    assert "向阳街道" in first
    page = client.get(f"/commitments/{promise.code}/").content.decode()
    assert "新阳街道" in page and "本页内容与公开账一致" in page
    unit = client.get(f"/units/{cast.street.pk}/").content.decode()
    assert "原名向阳街道" in unit and "示民发〔2026〕3号" in unit
    assert "修好北门路灯" in client.get("/search/?q=新阳街道").content.decode()
    for wrong, by in (("新阳街道", cast.office), ("别的街道", cast.lead), ("临江街道", cast.office)):
        with pytest.raises(Refused):
            making.services.rename_unit(
                cast.street, name=wrong, basis="文件", until=TODAY, by=by, today=TODAY
            )


@pytest.fixture
def merged(cast):
    """Two communities of the street; the smaller one, which owes, goes under the other."""
    c = cast
    c.small = make.organisation(
        Level.COMMUNITY, "小社区", c.street, division_code="990100001009", supervision_phone="0000-9"
    )
    c.small_post = make.organisation(Level.POST, "书记岗", c.small, is_lead_post=True)
    c.small_window = make.organisation(Level.WINDOW, "便民窗口", c.small)
    c.small_lead = make.user("small_lead", Role.LEAD, c.small, name="小社区书记")
    c.small_clerk = make.user("small_clerk", Role.CLERK, c.small, name="小社区经办")
    c.big_lead = make.user("big_lead", Role.LEAD, c.community, name="大社区书记")
    for post, who, number in ((c.small_post, c.small_lead, "801"), (c.community_post, c.big_lead, "802")):
        person = making.official(post.parent, who.name, number, who)
        Posting.objects.create(official=person, post=post, started_on=make.LONG_AGO)
    mine = {"by": c.small_clerk, "organisation": c.small, "post": c.small_post}
    c.promise = make.in_force(c, lead=c.small_lead, title="小社区的承诺", **mine)
    c.draft = make.draft(c, title="小社区的草稿", **mine)
    c.handover = making.merging(c, c.small, c.community)
    items = list(c.handover.items.values_list("pk", flat=True))
    for party, by in (
        (Party.GIVER, c.small_lead),
        (Party.TAKER, c.big_lead),
        (Party.WITNESS, c.district_lead),
    ):
        services.confirm(c.handover, party=party, items=items, by=by)
    FLOW.take(c.handover, "complete", by=c.district_lead, today=TODAY)
    now_checked()
    for row in (c.small, c.small_post, c.small_window):
        row.refresh_from_db()
    return c


def test_a_merged_unit_stands_under_its_successor_whose_people_go_on(merged):
    c = merged
    assert (c.small.valid_to, c.small.successor, c.small.parent) == (TODAY, c.community, c.community)
    assert c.small.path == f"{c.community.path}{c.small.pk}/"
    assert c.small_window.path == f"{c.community.path}{c.small_window.pk}/"
    assert c.small_window.valid_to is None and c.small_post.valid_to == TODAY
    assert not Membership.objects.current().filter(organisation=c.small).exists()
    assert Posting.objects.get(post=c.small_post).ended_on == TODAY
    clerk = type(c.clerk).objects.get(pk=c.community_clerk.pk)
    seen = Obligation.objects.visible_to(clerk)
    assert set(seen) == {c.promise, c.draft}
    assert list(seen.filter(PROMISE.waiting_for(clerk))) == [c.draft]
    PROMISE.take(c.draft, "discard", by=clerk, reason="改由新社区重写")
    assert Deadline.objects.of(c.promise).open().count() == 2
    assert set(reading.desk_promises(c.community).filter(version__gte=1)) == {c.promise}


def test_the_page_of_a_merged_unit_says_where_it_went_and_its_promises_stand(merged, client):
    c = merged
    page = client.get(f"/units/{c.small.pk}/").content.decode()
    assert f'自 <time datetime="{TODAY}">{TODAY}</time> 起并入' in page and "小社区的承诺" in page
    assert "接续" in client.get(f"/units/{c.community.pk}/").content.decode()
    assert client.get(f"/commitments/{c.promise.code}/").status_code == 200
    assert Organisation.objects.public().filter(pk=c.small.pk).count() == 0


def test_the_district_witnesses_a_merger_and_only_like_units_merge(cast):
    small = make.organisation(Level.COMMUNITY, "小社区", cast.street)
    for unit, successor in ((small, cast.street), (small, small), (cast.street, cast.community)):
        with pytest.raises(Refused):
            making.merging(cast, unit, successor)
    handover = making.merging(cast, small, cast.community)
    with pytest.raises(Refused, match="正在办理撤并"):
        making.merging(cast, cast.community, small)
    with pytest.raises(Refused) as refusal:
        making.say(handover, Party.WITNESS, cast.lead)
    assert refusal.value.code == "role"
    making.say(handover, Party.WITNESS, cast.district_lead)


def test_what_is_open_at_the_end_of_a_term_is_what_the_next_one_inherits(cast):
    long_ago = TODAY - 200 * DAY
    making.lead_change(cast)
    Posting.objects.filter(pk=cast.posting.pk).update(started_on=TODAY - 150 * DAY)
    cast.posting.refresh_from_db()
    make.in_force(cast, title="任前作的", due_on=TODAY + 5 * DAY, today=long_ago)
    kept = make.in_force(cast, title="办成的", due_on=TODAY - 40 * DAY, today=TODAY - 140 * DAY)
    make.ended(cast, kept, Verdict.FULL, today=TODAY - 40 * DAY)
    make.in_force(cast, title="没办完的", due_on=TODAY - 20 * DAY, today=TODAY - 100 * DAY)
    making.complete(cast)
    make.in_force(cast, title="新任作的", today=TODAY)
    now, before = metrics.terms_of(cast.street, reading.public_promises(cast.street))
    titles = lambda promises: sorted(p.row["title"] for p in promises)  # noqa: E731
    assert (now.number, before.number, before.until, now.until) == (2, 1, TODAY, None)
    assert titles(before.inherited) == ["任前作的"]
    assert titles(before.made) == ["办成的", "没办完的"]
    assert [p.row["title"] for p in before.rows("made", "kept")] == ["办成的"]
    left = [*before.rows("made", "open"), *before.rows("inherited", "open")]
    assert titles(left) == titles(now.inherited) == ["任前作的", "没办完的"]
    assert titles(now.made) == ["新任作的"]


def test_a_unit_without_registered_terms_has_none_and_that_is_not_zero(cast, client):
    make.in_force(cast)
    page = client.get(f"/units/{cast.street.pk}/terms/").content.decode()
    assert "不能按任期统计，这不是零" in page and "count-table" not in page


def test_the_rate_counts_each_handover_that_fell_due_once(cast):
    days = Days(start=TODAY - 300 * DAY, end=TODAY + 60 * DAY, over=TODAY - DAY)
    in_time = making.complete(cast)
    early, _, _ = making.at_a_post(cast, "丙岗", 7)
    making.overridden(cast, early)
    post = make.organisation(Level.POST, "丁岗", cast.street)
    person = Official.objects.create(name="丁", staff_number="901", organisation=cast.street)
    held = Posting.objects.create(official=person, post=post, started_on=make.LONG_AGO)
    making.services.start_handover(
        held, leaves_on=TODAY - 60 * DAY, cause="post", by=cast.office, today=TODAY - 60 * DAY
    )
    not_due, _, _ = making.at_a_post(cast, "戊岗", 8)
    expected = {"in_time": 1, "late": 0, "overridden": 1, "open": 1}
    assert metrics.done_below(cast.district, days) == expected
    assert metrics.done_of_all(days) == {cast.street.pk: expected}
    rows = list(metrics.handovers_behind(cast.street, days))
    assert {row["part"] for row in rows} == {"in_time", "overridden", "open"}
    assert in_time.number in {row["code"] for row in rows} and not_due.number not in {r["code"] for r in rows}
    assert all("主任" not in row["said"] for row in rows)
