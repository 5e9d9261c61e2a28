"""Handovers for tests, made through the services a page would call."""

import datetime

from commitments.handover import services
from commitments.handover.flows import FLOW, PAPER
from commitments.models import Cause, Handover, Party
from longsha_credit.directory.models import Level, Official, Posting, User
from longsha_credit.directory.roles import Role
from tests import make

TODAY = datetime.date.today()  # noqa: DTZ011 - the office's own date is near enough
YESTERDAY = TODAY - datetime.timedelta(days=1)


def official(unit, name, number, user=None) -> Official:
    """A registered person; `user` is the account that is theirs."""
    row = Official.objects.create(name=name, staff_number=number, organisation=unit)
    if user:
        User.objects.filter(pk=user.pk).update(official=row)
        user.refresh_from_db()
    return row


def lead_change(c) -> None:
    """Lead Li holds the street's lead post since January; Sun, who has an account and no role yet, is to come."""
    c.old = official(c.street, "李主任", "101", c.lead)
    c.comer = make.user("comer", name="孙主任")
    c.new = official(c.street, "孙主任", "102", c.comer)
    c.posting = Posting.objects.create(official=c.old, post=c.post, started_on=make.LONG_AGO)
    c.lead.memberships.filter(role=Role.LEAD).update(posting=c.posting)


def started(c, leaves_on=YESTERDAY, **changes) -> Handover:
    """The street's lead leaves; Sun comes."""
    if not hasattr(c, "posting") or not hasattr(c, "new"):
        lead_change(c)
    given = {"incoming": c.new, "cause": Cause.ELECTION, "by": c.office, "today": TODAY} | changes
    return services.start_handover(c.posting, leaves_on=leaves_on, **given)


def confirmed(c, handover, *parties) -> Handover:
    """Everything on the list confirmed by these parties, or by all three."""
    people = {Party.GIVER: c.lead, Party.TAKER: c.comer, Party.WITNESS: c.district_lead}
    items = list(handover.items.still_open().values_list("pk", flat=True))
    for party in parties or people:
        services.confirm(handover, party=party, items=items, by=people[party])
    handover.refresh_from_db()
    return handover


def complete(c, handover=None) -> Handover:
    handover = confirmed(c, handover or started(c))
    FLOW.take(handover, "complete", by=c.district_lead, today=TODAY)
    return handover


def asked(c, handover=None) -> Handover:
    handover = handover or started(c)
    FLOW.take(handover, "ask_override", by=c.office, reason="调令要求立即到岗", today=TODAY)
    return handover


def overridden(c, handover=None) -> Handover:
    handover = asked(c, handover)
    FLOW.take(handover, "override", by=c.reviewer, today=TODAY)
    return handover


def left_early(c, posting, today) -> None:
    """Gone on that day with the consent of two people of the district."""
    given = {"leaves_on": today, "cause": Cause.PERSON, "by": c.office, "today": today}
    handover = services.start_handover(posting, **given)
    FLOW.take(handover, "ask_override", by=c.office, reason="已调离", today=today)
    FLOW.take(handover, "override", by=c.reviewer, today=today)


def paper(c, handover, party=Party.GIVER):
    return services.bring_paper(
        handover,
        party=party,
        upload=make.upload("签字页.txt", "本人已核对清单"),
        reason="已离岗，没有账号",
        by=c.district_lead,
        today=TODAY,
    )


def approved(c, it):
    PAPER.take(it, "approve", by=c.office, today=TODAY)
    return it


def dispute(c, handover, text="这一件不是本街道答应的", party=Party.TAKER, by=None):
    item = handover.items.still_open()[0]
    return services.dispute(item, party=party, text=text, by=by or c.comer)


def holding(c, name, number) -> Posting:
    """Somebody at another post of the street, who stays."""
    post = make.organisation(Level.POST, name, c.street)
    return Posting.objects.create(
        official=official(c.street, name, number), post=post, started_on=make.LONG_AGO
    )


def post_change(c) -> None:
    """Somebody without an account leaves another post of the street; nobody is named to come."""
    c.aid_post = make.organisation(Level.POST, "民生岗", c.street)
    c.aid = official(c.street, "何民生", "301")
    c.posting = Posting.objects.create(official=c.aid, post=c.aid_post, started_on=make.LONG_AGO)
    c.handover = services.start_handover(
        c.posting, leaves_on=YESTERDAY, cause=Cause.PERSON, by=c.lead, today=TODAY
    )


def at_a_post(c, name, number) -> tuple:
    """A handover of a post of the street between two people with accounts: the row, who leaves and who comes."""
    post = make.organisation(Level.POST, name, c.street)
    giver, taker = make.user(f"giver{number}", name="甲"), make.user(f"taker{number}", name="乙")
    old = official(c.street, "甲", f"{number}1", giver)
    new = official(c.street, "乙", f"{number}2", taker)
    posting = Posting.objects.create(official=old, post=post, started_on=make.LONG_AGO)
    handover = services.start_handover(
        posting, leaves_on=YESTERDAY, cause=Cause.POST, incoming=new, by=c.office, today=TODAY
    )
    return handover, giver, taker


def say(handover, party, by):
    items = list(handover.items.values_list("pk", flat=True))
    services.confirm(handover, party=party, items=items, by=by)


def of_every_kind(c) -> dict:
    """Rows of everything handovers keep, for the rules of the database."""
    going_on, giver, taker = at_a_post(c, "甲岗", 5)
    note = services.dispute(going_on.items.get(), party=Party.WITNESS, text="数目不对", by=c.district_lead)
    settled = services.dispute(going_on.items.get(), party=Party.TAKER, text="没见过", by=taker)
    services.settle(settled, text="已当面说明", by=c.office)
    say(going_on, Party.GIVER, giver)
    done, old, new = at_a_post(c, "乙岗", 6)
    for party, by in ((Party.GIVER, old), (Party.TAKER, new), (Party.WITNESS, c.office)):
        say(done, party, by)
    FLOW.take(done, "complete", by=c.office, today=TODAY)
    early, _, _ = at_a_post(c, "丙岗", 7)
    asked(c, early)
    small = make.organisation(Level.COMMUNITY, "撤并社区", c.street)
    merger = merging(c, small, c.community)
    return {
        "handover_open": going_on,
        "handover_done": done,
        "handover_asked": early,
        "handover_merger": merger,
        "handover_taker": going_on.incoming,
        "handover_giver": giver,
        "handover_item": going_on.items.get(),
        "handover_item_done": done.items.get(),
        "handover_note": note,
        "handover_note_settled": settled,
        "handover_paper": paper(c, going_on),
        "handover_paper_approved": approved(c, paper(c, early)),
        "ended_unit": small,
    }


def merging(c, unit, successor) -> Handover:
    return services.start_merger(
        unit,
        successor,
        leaves_on=YESTERDAY,
        cause=Cause.REORGANISATION,
        basis="示政发〔2026〕9号",
        by=c.office,
        today=TODAY,
    )


def renamed(c, name="新苑南社区", unit=None):
    return services.rename_unit(
        unit or c.community, name=name, basis="示民发〔2026〕3号", until=YESTERDAY, by=c.office, today=TODAY
    )
