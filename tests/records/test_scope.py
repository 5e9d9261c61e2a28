"""Who reads which record, its file and what was asked about it: the exact people, for every level and kind of subject."""

import pytest
from django.http import Http404
from django.urls import reverse

from longsha_credit.audit.models import Entry
from longsha_credit.directory.models import Official, User
from longsha_credit.files import services as files
from records import services
from records.flows import FLOW, OBJECTION
from records.models import CatalogueItem, Objection, Record, Repair
from tests import make
from tests.commitments.handover import making as handing
from tests.records import making

# Besides its filer while it is a draft: the district's reviewers and office; the leads; who works on the unit. What is
# confirmed its subject reads whatever the level: the unit through its leads, the official, the holder of the post.
DISTRICT = "reviewer reviewer2 office"
LEADS = f"{DISTRICT} lead district_lead"
WORK = f"{LEADS} clerk colleague secrecy supervisor"

# (level, subject): (a draft of the clerk, once in effect)
READ_BY = {
    ("handler", "street"): (f"{DISTRICT} clerk", LEADS),
    ("handler", "post"): (f"{DISTRICT} clerk", f"{DISTRICT} holder"),
    ("handler", "official"): (f"{DISTRICT} clerk", f"{DISTRICT} official"),
    ("office", "street"): (f"{DISTRICT} clerk", LEADS),
    ("office", "post"): (f"{DISTRICT} clerk", f"{DISTRICT} holder"),
    ("office", "official"): (f"{DISTRICT} clerk", f"{DISTRICT} official"),
    ("internal", "street"): (WORK, WORK),
    ("internal", "post"): (f"{LEADS} clerk", f"{LEADS} holder"),
    ("internal", "official"): (f"{LEADS} clerk", f"{LEADS} official"),
    ("public", "street"): (WORK, WORK),
}


@pytest.fixture
def cast(cast):
    """With a second clerk of the street, and with the one who holds the post now and the one who held it before."""
    cast.colleague = make.user("colleague", "clerk", cast.street)
    for name, number in (("holder", "002"), ("former", "003")):
        official = Official.objects.create(name=name, staff_number=number, organisation=cast.street)
        setattr(cast, name, make.user(name, "official", cast.street, official=official))
    past = cast.former.official.postings.create(post=cast.post, started_on=make.LONG_AGO)
    handing.left_early(cast, past, today=making.TODAY)
    cast.holder.official.postings.create(post=cast.post, started_on=make.LONG_AGO)
    return cast


def item_at(level, subject):
    """An item like those of the catalogue, at any level."""
    item = making.item("X06" if subject == "street" else "X18")
    item.pk, item._state.adding, item.code, item.disclosure = None, True, "T01", level
    item.repairable, item.repair_min_months = True, 0
    item.save()
    return "T01"


def about(c, subject):
    return {
        "street": {},
        "post": {"organisation": c.post, "official": None},
        "official": {"official": c.official.official},
    }[subject]


def draft(c, level, subject):
    return making.draft(c, item_at(level, subject), **about(c, subject))


def effective(c, it):
    FLOW.take(it, "submit", by=c.clerk)
    FLOW.take(it, "confirm", by=c.reviewer)
    assert it.state == "effective"


def names(rows):
    """Everybody for whom the queryset of `rows(user)` is not empty."""
    return {user.username for user in User.objects.all() if rows(user).exists()}


def test_the_table_knows_every_level_and_subject():
    kinds = ("street", "post", "official")
    levels = dict(CatalogueItem._meta.get_field("disclosure").choices)
    assert set(READ_BY) == {(a, b) for a in levels for b in kinds if a != "public" or b == "street"}


@pytest.mark.parametrize(("level", "subject"), READ_BY, ids=lambda text: text)
def test_exactly_these_people_read_a_record_and_what_belongs_to_it(cast, level, subject):
    it = draft(cast, level, subject)
    as_draft, in_effect = (set(people.split()) for people in READ_BY[level, subject])
    proof = it.files.get()
    assert names(lambda user: Record.objects.visible_to(user).filter(pk=it.pk)) == as_draft
    assert names(lambda user: services.readable_files(user).filter(pk=proof.pk)) == as_draft
    effective(cast, it)
    assert names(lambda user: Record.objects.visible_to(user).filter(pk=it.pk)) == in_effect
    subject_user = {"street": cast.lead, "post": cast.holder, "official": cast.official}[subject]
    objection = making.objection(cast, it, by=subject_user)
    repair = making.repair(cast, it, by=subject_user)
    assert names(lambda user: Objection.objects.visible_to(user).filter(pk=objection.pk)) == in_effect
    assert names(lambda user: Repair.objects.visible_to(user).filter(pk=repair.pk)) == in_effect
    files = {proof, objection.files.get(), repair.files.get(), repair.letter}
    for user in User.objects.all():
        read = set(services.readable_files(user).filter(pk__in=[file.pk for file in files]))
        assert read == (files if user.username in in_effect else set()), user


@pytest.mark.parametrize("step", ["submit", "send_back", "discard"])
def test_the_filer_keeps_sight_of_what_is_not_confirmed(cast, step):
    it = making.submitted(cast, "S12")
    if step != "submit":
        FLOW.take(it, "send_back", by=cast.reviewer, reason="文号不清楚")
    if step == "discard":
        FLOW.take(it, "discard", by=cast.clerk, reason="写重了")
    assert names(lambda user: Record.objects.visible_to(user)) == {*LEADS.split(), "clerk"}


def test_only_the_subject_objects_and_asks_for_repair(cast):
    """The unit's lead or one above it, the official named, the holder of the post: for everybody else it is not there."""
    may = {"street": {"lead", "district_lead"}, "post": {"holder"}, "official": {"official"}}
    records = {
        "street": making.confirmed(cast, item_at("internal", "street")),
        "post": making.confirmed(cast, "S12", **about(cast, "post")),
        "official": making.confirmed(cast, "S12", **about(cast, "official")),
    }
    for subject, it in records.items():
        assert {u.username for u in User.objects.all() if services.is_subject(u, it)} == may[subject]
        for user in (cast.clerk, cast.reviewer, cast.other_lead, cast.former, cast.outsider):
            for ask in (making.objection, making.repair):
                with pytest.raises(Http404):
                    ask(cast, it, by=user)
    assert not Objection.objects.exists() and not Repair.objects.exists()


def test_an_official_who_moved_objects_to_the_old_units_record_with_files_and_takes_it_back(cast):
    it = making.confirmed(cast, "X18", effective_from=making.LAST_YEAR)
    moves(cast, cast.other_street)
    me = User.objects.get(pk=cast.official.pk)
    objection = making.objection(cast, it, by=me)
    (proof,) = objection.files.all()
    assert (objection.organisation, proof.organisation) == (cast.street, cast.street)
    assert set(services.readable_files(me)) == {proof, it.files.get()}
    OBJECTION.take(objection, "recall", by=me)
    assert objection.state == "recalled"


def test_a_file_still_goes_to_no_foreign_unit(cast):
    it = making.draft(cast)
    with pytest.raises(Http404):
        files.attach(
            it, files.Upload(added=(make.upload("照片.txt"),)), purpose="record", by=cast.other_clerk
        )


def moves(c, unit):
    """The official's memberships end, and one begins in another unit."""
    c.official.memberships.update(ended_on=making.TODAY)
    c.official.memberships.create(organisation=unit, role="official", started_on=making.TODAY)
    Official.objects.filter(pk=c.official.official_id).update(organisation=unit)


def seen_of(it, step):
    return list(Entry.objects.about(it).filter(step=step).values_list("actor__username", flat=True))


@pytest.mark.parametrize("subject", ["post", "official"])
def test_reading_a_persons_record_and_being_refused_leaves_an_entry(cast, signed_in, subject):
    it = making.confirmed(cast, "S12", **about(cast, subject))
    url = reverse("records:page", args=[it.pk])
    refused = [cast.clerk, cast.other_lead, cast.auditor, cast.former]
    for user in refused:
        assert signed_in(user).get(url).status_code == 404
    assert seen_of(it, "refused")[::-1] == [user.username for user in refused]
    assert seen_of(it, "read") == []
    assert signed_in(cast.reviewer).get(url).status_code == 200
    assert seen_of(it, "read") == ["reviewer"]
    entry = Entry.objects.about(it).get(step="read")
    assert it.title not in entry.object_label and it.number in entry.object_label


def test_no_entry_about_a_persons_record_says_what_stands_in_it(cast):
    it = making.confirmed(cast, "X18", facts="事实金丝雀", title="标题金丝雀")
    making.objected(cast, it, "upheld", by=cast.official)
    labels = " ".join(Entry.objects.values_list("object_label", flat=True))
    assert it.number in labels
    assert "金丝雀" not in labels


def test_reading_a_units_record_needs_no_entry_and_what_is_hidden_is_not_there(cast, signed_in):
    it = making.confirmed(cast)
    url = reverse("records:page", args=[it.pk])
    assert signed_in(cast.clerk).get(url).status_code == 200
    assert signed_in(cast.other_clerk).get(url).status_code == 404
    assert seen_of(it, "read") == seen_of(it, "refused") == []
