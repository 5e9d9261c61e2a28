"""What was decided on is not computed, marked or dropped any more; what is said of a post is one person's."""

import pytest

from evaluation import computing, services
from evaluation.models import Result
from evaluation.snapshots import FLOW as SNAPSHOT
from longsha_credit.audit.workflow import Refused
from tests.evaluation.annual import making
from tests.evaluation.standards import making as evaluating


def test_a_decided_result_stays_when_the_others_are_computed_anew(cast):
    it = making.decided(cast)
    result, other = it.result, making.outcome(cast, cast.other_street).result
    told = (result.earned, result.total, result.grade)
    computing.compute(result.snapshot, result.set)
    result.refresh_from_db()
    other.refresh_from_db()
    assert (result.earned, result.total, result.grade) == told
    assert other.earned == [4500, None]  # nobody's mark stands behind the 30 points that were written down


def test_a_decided_result_takes_no_mark_and_its_snapshot_is_not_dropped(cast):
    result = making.decided(cast).result
    indicator = computing.indicators_of(result.set).get(way="human")
    with pytest.raises(Refused, match="已经审定"):
        services.mark(result, indicator, points=100, reason="看过材料", by=cast.reviewer)
    with pytest.raises(Refused, match="不能作废"):
        SNAPSHOT.take(result.snapshot, "drop", by=cast.office, reason="重来")


def test_the_sheet_of_a_post_is_read_by_few(cast):
    row = evaluating.result(cast, "post", cast.post, {"no-dishonesty": (0, 0)})
    sees = {name: Result.objects.visible_to(getattr(cast, name)).filter(pk=row.pk).exists()
            for name in ("clerk", "lead", "reviewer", "office", "other_lead", "community_clerk")}  # fmt: skip
    assert sees == {"clerk": False, "lead": True, "reviewer": True, "office": True} | {
        "other_lead": False, "community_clerk": False,
    }  # fmt: skip
