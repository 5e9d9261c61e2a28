"""What each unit owes by the catalogue, and its clocks: begun by set, met by each publication, ended with the unit."""

import datetime

import pytest
from django.http import Http404

from disclosure import clocks, services, tasks
from disclosure.models import CatalogueChange, Duty, Topic
from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines import services as deadlines
from longsha_credit.deadlines.models import Deadline, Notification
from longsha_credit.deadlines.sending import send_due
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.publication.drafts import stamp_of
from tests import make
from tests.disclosure import making
from tests.disclosure.coverage import owing
from tests.disclosure.coverage.owing import TODAY, days

LEVELS = {"district": 6, "street": 24, "community": 19, "window": 1}


def owed_by(unit) -> int:
    return Duty.objects.current().filter(organisation=unit).count()


def test_each_unit_owes_what_its_level_publishes_and_a_second_run_adds_nothing(cast):
    begun = owing.all_duties()
    units = (cast.district, cast.street, cast.other_street, cast.community, cast.window)
    assert {unit.level: owed_by(unit) for unit in units} == LEVELS
    assert begun == sum(LEVELS[unit.level] for unit in units) == Duty.objects.count()
    assert not Duty.objects.filter(organisation__level=Level.POST).exists()
    with_frequency = Duty.objects.exclude(topic__frequency="").count()
    assert Deadline.objects.filter(object_kind=clocks.DUTY).count() == with_frequency > 50
    assert owing.all_duties() == 0
    assert Deadline.objects.filter(object_kind=clocks.DUTY).count() == with_frequency


def test_on_the_first_day_nobody_is_told_anything_and_every_period_is_whole(cast):
    owing.all_duties()
    assert send_due(today=TODAY) == 0
    assert not Deadline.objects.filter(object_kind=clocks.DUTY, due_on__lt=days(14)).exists()
    assert owing.clock(owing.duty(cast.street)).due_on == days(180)


def test_the_clerk_alone_is_reminded_and_one_blue_slip_is_all_that_follows(cast):
    owing.all_duties()
    duty = owing.duty(cast.street, "news")
    send_due(today=days(13))
    path = clocks.page_of(duty)
    assert list(Notification.objects.filter(path=path).values_list("user__username", "slip")) == [
        ("clerk", ""),
        ("clerk", ""),
    ]
    send_due(today=days(60))
    told = Notification.objects.filter(path=path).exclude(slip="")
    assert sorted(told.values_list("user__username", "slip")) == [("clerk", "blue"), ("lead", "blue")]
    assert not duty_reminders(duty).filter(sent_at=None).exists()


def duty_reminders(duty):
    return owing.clock(duty).reminders


def test_a_publication_meets_the_clock_and_begins_it_anew(cast):
    owing.all_duties(days(-100))
    duty = owing.duty(cast.street)
    assert owing.clock(duty).due_on == days(80)
    making.published(cast)
    assert owing.clock(duty).due_on == days(180)
    assert Deadline.objects.of(duty).get(met_on=TODAY).due_on == days(80)
    other = owing.clock(owing.duty(cast.other_street))
    assert other.starts_on == days(-100)


def test_a_revision_is_an_update_and_one_that_changes_the_topic_moves_both_clocks(cast):
    owing.all_duties(days(-100))
    notice = making.published(cast)
    Deadline.objects.of(owing.duty(cast.street)).open().update(starts_on=days(-50), due_on=days(130))
    making.revised(cast, notice, topic=making.topic("housing"))
    assert owing.clock(owing.duty(cast.street, "housing")).starts_on == TODAY
    assert owing.clock(owing.duty(cast.street)).starts_on == days(-100)
    Deadline.objects.of(owing.duty(cast.street, "housing")).open().update(starts_on=days(-9))
    making.revised(cast, notice, title="再改一次标题")
    assert owing.clock(owing.duty(cast.street, "housing")).starts_on == TODAY


def test_when_the_newest_is_taken_down_the_clock_runs_from_what_still_stands(cast):
    owing.all_duties(days(-100))
    duty, first = owing.duty(cast.street), making.published(cast, title="先公开的一份")
    second = making.published(cast, title="后公开的一份")
    making.withdrawn(cast, second)
    assert owing.clock(duty).starts_on == TODAY
    making.withdrawn(cast, first)
    assert (owing.clock(duty).starts_on, owing.clock(duty).due_on) == (days(-100), days(80))
    assert owing.clock(duty).changes.get().new_due == days(80)


def test_what_was_published_before_the_duty_began_does_not_shorten_its_first_period(cast):
    making.published(cast)
    owing.all_duties(days(1))
    assert owing.clock(owing.duty(cast.street)).starts_on == days(1)


def test_a_clock_that_is_missing_begins_from_the_last_publication(cast):
    owing.all_duties(days(-30))
    duty = owing.duty(cast.street)
    making.published(cast)
    deadlines.cancel(duty, why="试一试")
    owing.all_duties(days(2))
    assert owing.clock(duty).starts_on == TODAY


def test_duties_end_with_the_unit_and_with_the_topic_and_may_begin_again(cast):
    owing.all_duties()
    Organisation.objects.filter(pk=cast.window.pk).update(valid_to=TODAY)
    owing.retired(cast, "elderly-care")
    assert owed_by(cast.window) == 0
    assert not Duty.objects.current().filter(topic__key="elderly-care").exists()
    assert Duty.objects.get(topic__key="elderly-care", organisation=cast.street).ended_on == TODAY
    gone = Deadline.objects.get(
        object_id=Duty.objects.get(topic__key="elderly-care", organisation=cast.street).pk
    )
    assert gone.cancel_reason.startswith("单位或目录变了")
    assert not gone.reminders.exists()
    topic = Topic.objects.get(key="elderly-care")
    topic.retired_on = None
    services.save_topic(topic, by=cast.office, reason="重新启用", today=days(3))
    assert owing.clock(owing.duty(cast.street)).starts_on == days(3)


def test_another_frequency_begins_another_clock(cast):
    owing.all_duties()
    topic = Topic.objects.get(key="elderly-care")
    topic.frequency = "topic_monthly"
    services.save_topic(topic, by=cast.office, reason="改为每月公开", today=TODAY)
    duty = owing.duty(cast.street)
    assert owing.clock(duty).rule_key == "topic_monthly"
    assert Deadline.objects.of(duty).filter(cancelled_at__isnull=False).count() == 1


def test_a_new_unit_owes_from_its_first_day_and_one_that_takes_no_part_owes_nothing(cast):
    owing.all_duties()
    new = make.organisation(Level.COMMUNITY, "新设社区", cast.street)
    quiet = make.organisation(Level.COMMUNITY, "不参加的社区", cast.street, taking_part=False)
    assert owing.all_duties(days(5)) == owed_by(new) == LEVELS["community"]
    assert owing.duty(new).since == days(5)
    assert owed_by(quiet) == 0


def test_only_the_district_office_edits_the_catalogue_with_a_reason_and_not_over_a_colleague(cast):
    topic = Topic.objects.get(key="elderly-care")
    seen, topic.content = stamp_of(topic), "高龄津贴和护理补贴"
    for person in (cast.reviewer, cast.lead, cast.community_clerk):
        with pytest.raises(Http404):
            services.save_topic(topic, by=person, reason="改一改")
    with pytest.raises(Refused, match="理由"):
        services.save_topic(topic, by=cast.office, reason=" ")
    services.save_topic(topic, by=cast.office, reason="写清楚内容", seen=seen)
    topic.content = "又改"
    with pytest.raises(Refused, match="同事刚刚保存过"):
        services.save_topic(topic, by=cast.office, reason="晚了一步", seen=seen)
    with pytest.raises(Refused, match="没有可修订的"):
        services.save_topic(Topic.objects.get(pk=topic.pk), by=cast.office, reason="没有改")
    kept = CatalogueChange.objects.filter(topic=topic).order_by("version")
    assert [row.columns["content"][:4] for row in kept] == ["养老服务", "高龄津贴"]


def test_a_day_without_the_beat_changes_nothing_but_the_day(cast):
    """Run late, the duties begin late: nobody is late for what the portal had not asked for."""
    owing.all_duties(days(40))
    assert owing.duty(cast.street).since == days(40)
    assert owing.clock(owing.duty(cast.street, "news")).due_on == days(40) + datetime.timedelta(days=14)


@pytest.mark.django_db(transaction=True)
def test_the_beat_starts_clocks_by_itself(cast):
    """No test's transaction around it: it locks what it takes in one of its own."""
    new = make.organisation("street", "新设街道", cast.district)
    assert tasks.follow_catalogue() > 0
    assert Deadline.objects.open().filter(object_kind=clocks.DUTY, organisation=new).exists()
    assert tasks.follow_catalogue() == 0
