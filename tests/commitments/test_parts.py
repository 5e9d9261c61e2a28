"""An obligation of several parts: each with its own day, changed only by a new version, rolled up without zeros."""

from decimal import Decimal

import pytest

from commitments import parts, services
from commitments.flows import AMENDMENT, FLOW
from commitments.models import PartState, ProgressUpdate
from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines.models import Deadline
from tests import make
from tests.commitments import owed, reader

DONE, PARTLY = PartState.DONE, PartState.PARTLY


def rolled(obligation):
    return parts.roll_up(
        obligation, list(ProgressUpdate.objects.public().filter(obligation=obligation).newest_first())
    )


def clocks(obligation):
    """Number of the part and whether its clock is open, met or cancelled."""
    found = {part.pk: part.number for part in obligation.parts.all()}
    rows = Deadline.objects.filter(object_kind="commitments.part", object_id__in=found).order_by("id")
    return [
        (found[row.object_id], row.due_on, "met" if row.met_on else "cancelled" if row.cancelled_at else "open")
        for row in rows
    ]  # fmt: skip


def test_nothing_reported_is_no_share_and_not_zero(cast):
    found = rolled(owed.standing(cast, owed.parted_draft(cast)))
    assert (found.sentence, found.share, found.denominator) == ("3部分中已报0；3尚未报", None, 0)


def test_what_is_not_reported_is_left_out_of_the_share(cast):
    it = owed.standing(cast, owed.parted_draft(cast))
    owed.report(cast, it, 1, DONE)
    owed.report(cast, it, 2, PARTLY)
    found = rolled(it)
    assert found.sentence == "3部分中已报2：1全部、1部分；1尚未报"
    assert (found.numerator, found.denominator, found.share) == (Decimal("1.5"), 2, Decimal("75.0"))
    assert found.formula == "（全部完成的部分数＋0.5×部分完成的部分数）÷已报的部分数"


def test_weights_count_where_every_part_has_one(cast):
    rows = [owed.part("一期", weight=3), owed.part("二期", weight=1), owed.part("三期", weight=1)]
    it = owed.standing(cast, owed.parted_draft(cast, *rows))
    owed.report(cast, it, 1, PARTLY)
    owed.report(cast, it, 3, DONE)
    assert (rolled(it).numerator, rolled(it).denominator, rolled(it).share) == (
        Decimal("2.5"),
        4,
        Decimal("62.5"),
    )
    assert "权重" in rolled(it).formula


def test_the_newest_report_on_a_part_counts(cast):
    it = owed.standing(cast, owed.parted_draft(cast))
    owed.report(cast, it, 1, PARTLY, as_of=make.soon(-3))
    owed.report(cast, it, 1, DONE)
    owed.report(cast, it, 1, PARTLY, as_of=make.soon(-9))
    assert rolled(it).sentence == "3部分中已报1：1全部；2尚未报"


def test_every_part_has_its_clock_until_it_is_done(cast):
    it = owed.standing(cast, owed.parted_draft(cast))
    owed.report(cast, it, 1, DONE)
    owed.report(cast, it, 2, PARTLY)
    days = [make.soon(30), make.soon(45), make.soon(50)]
    assert clocks(it) == [(1, days[0], "met"), (2, days[1], "open"), (3, days[2], "open")]
    make.reported(cast, it)
    assert [state for _, _, state in clocks(it)] == ["met", "met", "met"]


def test_parts_are_published_with_the_terms_and_the_public_page_tells_them(cast, client):
    it = owed.standing(cast, owed.parted_draft(cast, owed.part("坡道", target=12, unit="处")))
    owed.report(cast, it, 1, DONE, done=12)
    text = reader.words(reader.page(client, it))
    assert "本页内容与公开账一致" in text
    assert f"1. 坡道（{make.soon(30)}前，12处）" in text
    assert "1部分中已报1：1全部" in text and "已报的部分完成 100.0% ＝ 1÷1" in text
    reader.past_triggers("UPDATE commitments_part SET title = '别的' WHERE obligation_id = %s", it.pk)
    assert "本页内容与公开账不一致" in reader.words(reader.page(client, it))


def test_a_promise_without_parts_is_hashed_as_it_always_was(cast):
    it = make.in_force(cast)
    fields = it.publication.ledger.get().content.text
    assert not [word for word in ('"parts"', '"form"', "document_") if word in fields]


def changed(c, it, rows, **changes):
    change = services.new_amendment(it)
    change.reason = "分步调整"
    for name, value in changes.items():
        setattr(change, name, value)
    services.save_amendment(change, by=c.clerk, part_rows=rows)
    AMENDMENT.take(change, "submit", by=c.clerk)
    make.passed(c, change)
    it.refresh_from_db()
    return change


def test_a_change_moves_adds_and_drops_parts_and_their_numbers_stay(cast, client):
    it = owed.standing(cast, owed.parted_draft(cast))
    owed.report(cast, it, 1, DONE)
    first, second, third = parts.rows_of(it)
    moved = second | {"due_on": make.soon(55)}
    changed(cast, it, [first, moved, owed.part("四期", make.soon(58))])
    assert [(row["number"], row["title"]) for row in parts.rows_of(it)] == [
        (1, "一期"),
        (2, "二期"),
        (4, "四期"),
    ]
    assert (it.version, it.part_count) == (2, 3)
    days = [make.soon(n) for n in (30, 55, 50, 58)]
    states = ["met", "open", "cancelled", "open"]
    assert clocks(it) == list(zip((1, 2, 3, 4), days, states, strict=True))
    assert rolled(it).sentence == "3部分中已报1：1全部；2尚未报"
    assert "四期" in reader.words(reader.page(client, it))
    assert "三期" in reader.words(reader.version(client, it, 1))
    assert "本页内容与公开账一致" in reader.words(reader.page(client, it))


def test_a_change_of_the_parts_alone_is_a_change_and_none_is_none(cast):
    it = owed.standing(cast, owed.parted_draft(cast))
    change = services.new_amendment(it)
    change.reason = "没有变"
    services.save_amendment(change, by=cast.clerk)
    with pytest.raises(Refused, match="没有可变更的"):
        AMENDMENT.take(change, "submit", by=cast.clerk)
    services.save_amendment(change, by=cast.clerk, part_rows=parts.rows_of(it)[:2])
    AMENDMENT.take(change, "submit", by=cast.clerk)


def test_a_part_due_after_the_whole_or_over_already_is_not_submitted(cast):
    draft = owed.parted_draft(cast, owed.part("一期", make.soon(61)))
    with pytest.raises(Refused, match="第1部分的期限晚于整件事的期限"):
        FLOW.take(draft, "submit", by=cast.clerk)
    over = owed.parted_draft(cast, owed.part("一期", make.soon(-2)))
    with pytest.raises(Refused, match="第1部分的期限已经过了"):
        FLOW.take(over, "submit", by=cast.clerk)
