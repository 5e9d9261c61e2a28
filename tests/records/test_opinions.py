"""Opinions before honours and appointments: three outcomes, numbered, verified without telling whom or what."""

import pytest
from django.urls import reverse

from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Official, Posting
from records import opinions
from records.models import Opinion
from records.opinions import Subject
from tests import make
from tests.records import making


def issued(c, *subjects, by=None):
    return opinions.issue(
        list(subjects) or [Subject(c.street)],
        by=by or c.office,
        today=making.TODAY,
        purpose="honour",
        note="先进街道评选",
    )


def finding(c, subject):
    return issued(c, subject)[0].finding


def test_it_finds_one_of_three_and_counts_only_what_stands(cast):
    c, street = cast, Subject(cast.street)
    assert finding(c, street) == "none"
    making.confirmed(c, "S03")
    making.pending(c)
    making.submitted(c)
    making.confirmed(c, part="involved", title="只是涉及")
    assert finding(c, street) == "none"
    old = making.confirmed(c, effective_from=making.LAST_YEAR)
    assert finding(c, street) == "unrepaired"
    making.repaired(c, old)
    assert finding(c, street) == "repaired"
    wrong = making.confirmed(c, title="又一条")
    assert finding(c, street) == "unrepaired"
    making.revoked(c, wrong)
    assert finding(c, street) == "repaired"


def test_an_official_is_not_judged_by_the_records_of_his_unit(cast):
    making.confirmed(cast)
    person = Subject(cast.street, Official.objects.get(staff_number="001"))
    assert finding(cast, person) == "none"
    making.confirmed(cast, "X11")
    assert finding(cast, person) == "unrepaired"


def test_the_record_of_a_post_counts_for_who_holds_it(cast):
    person = Official.objects.get(staff_number="001")
    Posting.objects.create(official=person, post=cast.post, started_on=make.LONG_AGO)
    making.confirmed(cast, "X18", organisation=cast.post, official=None)
    assert finding(cast, Subject(cast.street, person)) == "unrepaired"
    assert finding(cast, Subject(cast.street)) == "none"


def test_many_are_found_with_two_queries(cast, django_assert_num_queries):
    subjects = [Subject(unit) for unit in (cast.street, cast.other_street, cast.community, cast.window)]
    person = Subject(cast.street, Official.objects.get(staff_number="001"))
    with django_assert_num_queries(2):
        opinions.findings([*subjects, person])
    numbers = [opinion.number for opinion in issued(cast, *subjects)]
    assert numbers == [f"核查〔{making.TODAY.year}〕000{n}" for n in (1, 2, 3, 4)]
    assert Entry.objects.filter(step="issue").count() == 4


def test_only_the_district_issues_and_says_for_what(cast):
    with pytest.raises(Refused, match="至少选择一个"):
        opinions.issue([], by=cast.office, today=making.TODAY, purpose="honour", note="评选")
    with pytest.raises(Refused, match="用在什么事项上"):
        opinions.issue([Subject(cast.street)], by=cast.office, today=making.TODAY, purpose="honour", note=" ")
    with pytest.raises(Exception, match="^$"):
        issued(cast, by=cast.lead)


def test_verifying_tells_the_day_and_nothing_else(cast, client):
    making.confirmed(cast)
    it = issued(cast)[0]
    page = reverse("public_records:verify_opinion")
    right = client.get(page, {"number": it.number, "code": it.code.lower()}).content.decode()
    assert "内容没有改动" in right
    assert it.issued_on.isoformat() in right
    for secret in (cast.street.name, it.get_finding_display(), "先进街道评选"):
        assert secret not in right
    for number, code in ((it.number, "2" * 12), ("核查〔2026〕9999", it.code), ("", ""), ("\x00", "验")):
        wrong = client.get(page, {"number": number, "code": code})
        assert wrong.status_code == 200
        assert "内容没有改动" not in wrong.content.decode()


def test_the_office_issues_by_the_form_and_a_clerk_does_not_find_it(cast, signed_in):
    browser, new = signed_in(cast.office), reverse("records:opinion_new")
    assert browser.get(new).status_code == 200
    given = {
        "purpose": "honour",
        "note": "先进社区评选",
        "units": [cast.street.pk, cast.community.pk],
    }
    assert browser.post(new, given).url == reverse("records:opinions")
    assert Opinion.objects.count() == 2
    assert browser.post(new, given | {"units": []}).status_code == 422
    page = reverse("records:opinion", args=[Opinion.objects.first().pk])
    assert "查真伪" in browser.get(page).content.decode()
    for person in (cast.clerk, cast.lead, cast.supervisor, cast.official):
        for address in (new, reverse("records:opinions"), page):
            assert signed_in(person).get(address).status_code == 404
