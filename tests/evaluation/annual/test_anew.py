"""A unit that was right in its defence: facts put right, taken again, and the outcome rests on them."""

import pytest
from django.urls import reverse

from evaluation import services as marking
from evaluation.annual import counting, services
from evaluation.annual.flows import OUTCOME
from evaluation.models import AnnualOutcome, Result
from evaluation.snapshots import FLOW
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from tests.evaluation.annual import making
from tests.evaluation.annual.making import TODAY


def marked_and_told(c) -> AnnualOutcome:
    """The street with people's 30 points, told 78."""
    it = making.outcome(c)
    judged = it.result.set.headings.get(number=6).indicators.get()
    marking.mark(it.result, judged, points=3000, reason="被市里采用", by=c.reviewer)
    it.refresh_from_db()
    return making.told(c, it)


def test_facts_taken_again_after_the_defence_count_and_peoples_points_come_along(cast, signed_in):
    it = making.defended(cast, marked_and_told(cast))
    told = it.result
    with pytest.raises(Refused, match="重新取过数"):
        services.take_anew(it, by=cast.office)
    later = making.taken(cast, it.year, kept=9)
    browser, url = signed_in(cast.office), reverse("annual:outcome", args=[it.pk])
    assert "换成新的取数" in browser.get(url).content.decode()
    browser.post(reverse("annual:take_anew", args=[it.pk]))
    it = AnnualOutcome.objects.with_names().get(pk=it.pk)
    assert (it.result.snapshot, it.result.earned, it.told_total) == (later, [5400, 3000], 7800)
    assert Entry.objects.get(step="anew").reason.endswith("78分变为84分")
    assert "告知的是78分" in browser.get(url).content.decode()
    # the export tells the facts that the points come from, and what an outcome rests on is not dropped
    of_unit = AnnualOutcome.objects.filter(pk=it.pk)
    assert counting.facts_of(of_unit, ["kept-rate"])[cast.street.pk]["kept-rate"].numerator == 900
    later.refresh_from_db()
    with pytest.raises(Refused, match="不能作废"):
        FLOW.take(later, "drop", by=cast.office, reason="取错了")
    assert set(Result.objects.visible_to(cast.clerk).filter(organisation=cast.street)) == {told, it.result}
    page = browser.get(reverse("annual:outcome_step", args=[it.pk, "decide"])).content.decode()
    assert making.DEFENCE["text"] in page
    OUTCOME.take(it, "decide", by=cast.office, today=TODAY, reason="采纳。")
    assert it.total == 8400
    with pytest.raises(Refused, match="已审定"):
        services.take_anew(it, by=cast.office)


def test_a_defence_never_costs_points(cast):
    it = making.defended(cast, marked_and_told(cast))
    making.taken(cast, it.year, kept=7)
    with pytest.raises(Refused, match="不能因为单位陈述申辩减分"):
        services.take_anew(it, by=cast.office)
    it.refresh_from_db()
    assert it.result.total == 7800


def test_a_unit_reads_its_points_of_the_year_once_it_is_told(cast):
    it = making.outcome(cast)
    assert not Result.objects.visible_to(cast.clerk).filter(pk=it.result_id).exists()
    assert Result.objects.visible_to(cast.reviewer).filter(pk=it.result_id).exists()
    making.told(cast, it)
    assert Result.objects.visible_to(cast.clerk).filter(pk=it.result_id).exists()
    assert not Result.objects.visible_to(cast.other_lead).filter(pk=it.result_id).exists()
