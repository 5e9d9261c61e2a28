"""Filing a promise: who may, what must be complete, its number, and two people at one draft."""

import datetime

import pytest
from django.http import Http404

from commitments import services
from commitments.flows import AMENDMENT, FLOW, PROGRESS
from commitments.models import Amendment, Obligation, ProgressUpdate
from longsha_credit.audit.history import changes
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.files.checks import Unacceptable
from longsha_credit.files.models import StoredFile
from longsha_credit.publication.drafts import stamp_of
from tests import make

DAY = datetime.date(2026, 11, 23)


def test_the_code_is_division_day_and_serial(cast):
    first, second, third = (make.draft(cast) for _ in range(3))
    FLOW.take(first, "submit", by=cast.clerk, today=DAY)
    FLOW.take(second, "submit", by=cast.clerk, today=DAY)
    FLOW.take(third, "submit", by=cast.clerk, today=DAY + datetime.timedelta(days=1))
    assert [o.code for o in (first, second, third)] == [
        "99010020261123000001", "99010020261123000002", "99010020261124000001",
    ]  # fmt: skip
    assert [o.made_on for o in (first, third)] == [DAY, datetime.date(2026, 11, 24)]


def test_both_streets_of_a_district_count_in_one_series(cast):
    one = make.draft(cast)
    two = make.draft(cast, by=cast.other_clerk, organisation=cast.other_street, post=cast.other_post)
    FLOW.take(one, "submit", by=cast.clerk, today=DAY)
    FLOW.take(two, "submit", by=cast.other_clerk, today=DAY)
    assert (one.code[-6:], two.code[-6:]) == ("000001", "000002")


def test_a_window_without_a_code_takes_the_division_of_the_unit_above(cast):
    post = make.organisation(make.Level.POST, "窗口负责人岗", cast.window)
    cast.window.supervision_phone = "0000-9"
    cast.window.save()
    it = make.draft(cast, organisation=cast.window, post=post)
    FLOW.take(it, "submit", by=cast.clerk, today=DAY)
    assert it.code.startswith("990100" + "20261123")


def test_a_second_submission_keeps_number_and_day(cast):
    it = make.draft(cast)
    FLOW.take(it, "submit", by=cast.clerk, today=DAY)
    code = it.code
    FLOW.take(it, "recall", by=cast.clerk)
    FLOW.take(it, "submit", by=cast.clerk, today=DAY + datetime.timedelta(days=9))
    assert (it.code, it.made_on) == (code, DAY)


INCOMPLETE = {
    "完成期限已经过了": lambda c: {"due_on": datetime.date(2026, 1, 2)},
    "责任岗位不属于承诺单位": lambda c: {"post": c.other_post},
    "责任岗位已停用": lambda c: {"post": _closed(c.post)},
    "承诺单位还没有监督电话": lambda c: {"organisation": _silent(c.street)},
}


def _closed(post):
    post.valid_to = make.soon(0)
    post.save()
    return post


def _silent(unit):
    unit.supervision_phone = ""
    unit.save()
    return unit


@pytest.mark.parametrize("sentence", INCOMPLETE)
def test_an_incomplete_promise_stays_a_draft_and_says_why(cast, sentence):
    it = make.draft(cast, **INCOMPLETE[sentence](cast))
    with pytest.raises(Refused, match=sentence) as refusal:
        FLOW.take(it, "submit", by=cast.clerk)
    it.refresh_from_db()
    assert (refusal.value.code, it.state, it.code) == ("guard", "draft", "")


def test_progress_needs_evidence_and_a_day_that_has_come(cast):
    obligation = make.in_force(cast)
    bare = services.save_progress(
        ProgressUpdate(
            obligation=obligation, organisation=cast.street, as_of=make.soon(3), done=1, text="一处"
        ),
        by=cast.clerk,
    )
    with pytest.raises(Refused) as refusal:
        PROGRESS.take(bare, "submit", by=cast.clerk)
    assert "截至日期不能晚于今天" in str(refusal.value)
    assert "还没有佐证材料" in str(refusal.value)


SAVES = {
    "promise": (services.save_draft, lambda c: Obligation(**make.terms(c))),
    "amendment": (services.save_amendment, lambda c: _reasoned(services.new_amendment(make.in_force(c)))),
    "progress": (
        services.save_progress,
        lambda c: ProgressUpdate(
            obligation=make.in_force(c), organisation=c.street, as_of=make.soon(0), done=1, text="一处"
        ),
    ),
}


def _reasoned(amendment):
    amendment.reason = "居民提议"
    return amendment


@pytest.mark.parametrize("kind", SAVES)
@pytest.mark.parametrize(
    "who",
    [
        "other_clerk",
        "other_lead",
        "community_clerk",
        "reviewer",
        "office",
        "supervisor",
        "sysadmin",
        "outsider",
    ],
)
def test_nobody_but_the_writers_of_a_unit_files_for_it(cast, kind, who):
    save, made = SAVES[kind]
    obj = made(cast)
    before = Entry.objects.count()
    with pytest.raises(Http404):
        save(obj, by=getattr(cast, who))
    assert (obj.pk, Entry.objects.count()) == (None, before)


@pytest.mark.parametrize("kind", SAVES)
def test_two_people_at_one_draft_lose_nothing(cast, kind):
    save, made = SAVES[kind]
    saved = save(made(cast), by=cast.clerk)
    seen = stamp_of(type(saved).objects.get(pk=saved.pk))
    mine, theirs = (type(saved).objects.get(pk=saved.pk) for _ in range(2))
    field = "text" if kind == "progress" else "content"
    setattr(theirs, field, "同事写的")
    save(theirs, by=cast.lead, seen=seen)
    setattr(mine, field, "我写的")
    with pytest.raises(Refused, match="同事刚刚保存过，") as refusal:
        save(mine, by=cast.clerk, seen=seen)
    assert refusal.value.code == "seen"
    assert getattr(type(saved).objects.get(pk=saved.pk), field) == "同事写的"


@pytest.mark.parametrize("kind", SAVES)
def test_what_was_submitted_meanwhile_is_not_overwritten(cast, kind):
    save, made = SAVES[kind]
    saved = save(made(cast), by=cast.clerk)
    if kind == "progress":
        saved = save(saved, by=cast.clerk, upload=services.Upload(added=(make.upload(),)))
    if kind == "amendment":
        saved.due_on = make.soon(90)
        saved = save(saved, by=cast.clerk)
    stale = type(saved).objects.get(pk=saved.pk)
    {"promise": FLOW, "amendment": AMENDMENT, "progress": PROGRESS}[kind].take(saved, "submit", by=cast.clerk)
    with pytest.raises(Refused, match="不能再改。请刷新页面"):
        save(stale, by=cast.clerk)
    assert make.review_of(saved).state in ("first", "single")


def test_a_bad_file_among_good_ones_saves_nothing_at_all(cast):
    files = (make.upload(), make.upload("空.txt", ""))
    with pytest.raises(Unacceptable, match="“空.txt”是空文件"):
        services.save_draft(
            Obligation(**make.terms(cast)), by=cast.clerk, upload=services.Upload(added=files)
        )
    assert not Obligation.objects.exists()
    assert not StoredFile.objects.exists()
    assert not Entry.objects.exists()


def test_a_file_left_out_of_a_change_stays_with_the_version_in_force(cast):
    upload = services.Upload(added=(make.upload("甲.txt", "甲"), make.upload("乙.txt", "乙")))
    obligation = services.save_draft(Obligation(**make.terms(cast)), by=cast.clerk, upload=upload)
    FLOW.take(obligation, "submit", by=cast.clerk)
    make.passed(cast, obligation)
    one, two = obligation.files.order_by("id")
    change = _reasoned(services.new_amendment(obligation))
    services.save_amendment(change, by=cast.clerk, upload=services.Upload(removed=frozenset({one.pk})))
    assert list(change.files.all()) == [two]
    assert list(obligation.files.order_by("id")) == [one, two]
    AMENDMENT.take(change, "submit", by=cast.clerk)
    make.passed(cast, change)
    assert list(obligation.files.all()) == [two]


def test_one_change_at_a_time(cast):
    obligation = make.in_force(cast)
    first = make.amendment(cast, obligation)
    with pytest.raises(Refused, match="已有一份变更在办理"):
        make.amendment(cast, obligation)
    AMENDMENT.take(first, "discard", by=cast.clerk, reason="不改了")
    assert make.amendment(cast, obligation).state == "draft"
    assert Amendment.objects.count() == 2


@pytest.mark.parametrize("make_part", [make.amendment, make.progress])
def test_changes_and_reports_only_while_the_promise_stands(cast, make_part):
    obligation = make.withdrawn(cast, make.in_force(cast))
    with pytest.raises(Refused, match="现在是“已撤下”"):
        make_part(cast, obligation)


def test_a_change_in_review_does_not_pass_once_the_promise_is_to_be_withdrawn(cast):
    obligation = make.in_force(cast)
    change = make.amendment(cast, obligation)
    AMENDMENT.take(change, "submit", by=cast.clerk)
    FLOW.take(obligation, "ask_withdrawal", by=cast.clerk, reason="引用依据有误")
    with pytest.raises(Refused, match="承诺现在是“申请撤下”"):
        make.passed(cast, change)
    obligation.refresh_from_db()
    assert obligation.version == 1
    assert make.review_of(change).state == "secrecy"


def test_the_history_says_what_was_before_and_after(cast):
    it = make.draft(cast, title="旧名")
    it.title = "新名"
    services.save_draft(it, by=cast.clerk)
    change = next(c for c in changes(it) if c.field == "承诺名称")
    assert (change.before, change.after) == ("旧名", "新名")
    entry = Entry.objects.about(it)[0]
    assert (entry.step_label, entry.actor_name, entry.acting_as) == (
        "修改草稿",
        "周岚",
        "向阳街道 · 单位经办",
    )
