"""Facts from outside for tests, brought in through the services the office's page would call."""

from django.utils import timezone

from evaluation.importing import services
from evaluation.importing.services import Brought, Origin
from evaluation.models import ImportedFact
from longsha_credit.programme.models import Year
from tests import make
from tests.programme.education.making import year


def origin(**changes) -> Origin:
    given = {
        "source": "区营商局",
        "number": "龙营函〔2026〕12号",
        "document": make.upload("办件统计.txt", "盖章"),
    }
    return Origin(**given | changes)


def brought(
    c, unit, key, numerator, denominator=0, *, reason="", of: Year | None = None, by=None
) -> ImportedFact:
    """One fact; the numerator as people count it, 9.5 and not 950."""
    one = Brought(unit.pk, key, round(numerator * 100), denominator, reason)
    return services.bring_in([one], year=of or year(c), origin=origin(), by=by or c.office).made[0]


def corrected(c, fact, numerator, denominator, reason="漏加了12月的办件") -> ImportedFact:
    return brought(c, fact.organisation, fact.metric, numerator, denominator, reason=reason, of=fact.year)


def world(c) -> dict:
    """What the attempts name: a fact that stands, one that was corrected, and the one in its place."""
    old = brought(c, c.window, "handled-in-legal-time", 180, 200)
    withdrawn = brought(c, c.window, "good-reviews", 90, 100)
    ImportedFact.objects.filter(pk=withdrawn.pk).update(withdrawn_at=timezone.now())
    return {
        "imported": brought(c, c.street, "messages-in-time", 9, 10),
        "imported_withdrawn": withdrawn,
        "imported_old": old,
        "imported_new": corrected(c, old, 190, 210),
    }
