"""Documents and templates for the tests: one thing for every kind, a document issued, a template kept."""

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from longsha_credit.exchange.documents import DOCX
from longsha_credit.exchange.models import DocumentTemplate, IssuedDocument
from longsha_credit.exchange.official import services, word
from longsha_credit.exchange.official.flows import FLOW
from longsha_credit.exchange.official.kinds import KINDS, of
from tests.commitments import ledger

KIND = "rectification-supervise"


def issued(c, thing=None, by=None, today=None, **more) -> IssuedDocument:
    """A 督办单 of the district to the first street, unless something else is given."""
    thing = thing or ledger.slip(c, ledger.rectifying(c))
    return services.issue(of(thing)[0], thing, by=by or c.office, today=today or timezone.localdate(), **more)


def file(data: bytes, name="模板.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type=DOCX)


def template(c, kind=KIND, by=None, unit=None, data=None) -> DocumentTemplate:
    data = data or word.starting_point(KINDS[kind])
    return services.add_template(
        KINDS[kind], unit or c.district, upload=file(data), note="加了文头", by=by or c.office
    )


def in_force(c, **more) -> DocumentTemplate:
    row = template(c, **more)
    FLOW.take(row, "enforce", by=c.reviewer)
    return row


def retired(c, **more) -> DocumentTemplate:
    row = in_force(c, **more)
    FLOW.take(row, "retire", by=c.office, reason="版式不合适")
    return row


def dropped(c, **more) -> DocumentTemplate:
    row = template(c, **more)
    FLOW.take(row, "drop", by=c.office, reason="传错了")
    return row


DAY = datetime.date(2026, 12, 1)


def of_every_kind(c) -> dict:
    """For the table of addresses and the rules: a document, a second in its place, templates."""
    slip, kind = ledger.slip(c, ledger.rectifying(c)), KINDS[KIND]
    return {
        "document_word": services.set_word(kind, c.district, wanted="龙信办督", head="", by=c.office),
        "official_document": issued(c, slip),
        "documented_slip": slip,
        "official_template_in_force": in_force(c),
        "official_template": template(c),
    }
