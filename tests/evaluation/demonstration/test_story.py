"""From application to revocation, through the services and the pages."""

from evaluation.models import Award
from tests.evaluation.demonstration import making
from tests.records import making as records


def test_a_community_goes_all_the_way_and_a_record_suspends_it_until_it_is_repaired(cast):
    it = making.candidate(cast, making.cycle(cast, approved=True))
    assert (it.total, it.grade) == (6000 + 1900 + 1900, "candidate")
    row = making.over(cast, it)
    assert making.Application.objects.get(pk=it.pk).state == "publicity"
    award = making.awarded(cast, row)
    assert (award.form, award.plaque) == ("named", f"{making.TODAY.year}年度诚信示范社区")
    assert award.number.startswith("示范〔") and award.valid_until.year == making.TODAY.year + 2
    it.refresh_from_db()
    assert it.state == "awarded"

    def suspended():
        return Award.objects.with_suspension().get(pk=award.pk).suspended

    assert not suspended()
    record = records.public(cast, organisation=cast.community, subject_kind="community")
    assert suspended()
    records.repaired(cast, record)
    assert not suspended()


def test_without_an_approval_number_nobody_is_named(cast):
    award = making.awarded(cast, making.over(cast))
    assert (award.form, award.plaque) == ("benchmark", "")
    assert award.number.startswith("对标〔")
