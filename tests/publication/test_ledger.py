"""The ledger can be checked by anyone: hash, salt, canonical text, files; and names only what may be public."""

import hashlib
import json
import re
from decimal import Decimal

import pytest

from commitments import services
from commitments.candidates import LABELS, PROGRESS_LABELS
from commitments.models import Obligation
from commitments.models.terms import DOCUMENT, TERMS
from longsha_credit.publication import door
from longsha_credit.publication.models import LedgerEntry, Publication
from longsha_credit.publication.registry import Candidate, canonical_json, kinds, labels_of
from tests import make
from tests.commitments import ledger, owed
from tests.disclosure import making as publishing
from tests.disclosure.scenes import making as scenes
from tests.evaluation.demonstration import making as demonstrating
from tests.programme.contests import making as contests
from tests.programme.education import making as teaching
from tests.publication.test_gate import tamper
from tests.records import making


def test_every_version_can_be_recomputed_from_salt_and_text(cast):
    obligation = make.in_force(cast)
    make.published_progress(cast, obligation)
    make.amended(cast, obligation)
    entries = list(LedgerEntry.objects.exclude(review=None))
    assert [(e.kind, e.version) for e in entries] == [("commitment", 1), ("progress", 1), ("commitment", 2)]
    for entry in entries:
        salt, text = bytes(entry.content.salt), entry.content.text
        assert len(salt) == 16
        assert entry.content_hash == hashlib.sha256(salt + text.encode()).hexdigest()
        assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        # what the reviewers bound themselves to is what went out
        assert entry.review.content_hash == hashlib.sha256(text.encode()).hexdigest()
        assert door.verify(entry) == "intact"


def test_the_files_stand_in_the_text_that_is_hashed(cast):
    evidence = "验收合格，共八处"
    report = make.published_progress(cast, make.in_force(cast), file=make.upload("验收单.txt", evidence))
    kept = json.loads(report.publication.ledger.get().content.text)
    digest = hashlib.sha256(evidence.encode()).hexdigest()
    assert kept["files"] == [{"name": "验收单.txt", "size": len(evidence.encode()), "sha256": digest}]


@pytest.mark.parametrize(
    "change",
    ["text = replace(text, '24处', '12处')", "salt = decode(repeat('00', 16), 'hex')"],
)
def test_a_change_behind_the_portals_back_is_found_out(cast, change):
    content = make.in_force(cast).publication.ledger.get().content
    tamper(f"UPDATE publication_ledgercontent SET {change} WHERE id = %s", content.pk)
    assert door.verify(LedgerEntry.objects.get(pk=content.entry_id)) == "broken"


def test_two_publications_of_equal_text_have_different_hashes(cast):
    """Without the salt a removed text could be guessed from its hash."""
    one, two = make.in_force(cast), make.in_force(cast)
    salts = {bytes(o.publication.ledger.get().content.salt) for o in (one, two)}
    assert len(salts) == 2


# What a public commitment without parts does not have.
OF_OTHER_FORMS = {"form", "parts", "part", "part_state", *DOCUMENT}


def test_the_ledger_tells_only_what_is_on_the_list(cast):
    obligation = make.in_force(cast)
    report = make.published_progress(cast, obligation)
    for of, labels in ((obligation, LABELS), (report, PROGRESS_LABELS)):
        text = of.publication.ledger.get().content.text
        kept = json.loads(text)
        assert set(kept) == {"title", "fields", "files", "reason"}
        assert set(kept["fields"]) == set(labels) - OF_OTHER_FORMS
        for person in ("周岚", "李主任", "韩叙", "严密", "clerk"):
            assert person not in text
            assert person not in of.publication.text


def test_every_kind_names_every_field_it_publishes(cast):
    obligation = make.in_force(cast)
    rows = [obligation, make.amended(cast, obligation), make.published_progress(cast, obligation)]
    rows += [make.reported(cast, obligation), make.verified(cast, obligation)]
    rows.append(making.public(cast).notices.get())
    parted = services.save_draft(
        Obligation(**owed.terms(cast, "policy")), by=cast.clerk, part_rows=[owed.part(), owed.part("二期")]
    )
    rows += [owed.standing(cast, parted), make.amendment(cast, parted), owed.report(cast, parted, 1)]
    shown = ledger.rectifying(cast, ledger.shown(cast))
    rows += [shown.sheets.get(), ledger.told(cast, shown)]
    rows += publishing.of_every_kind(cast)
    told_month = scenes.published_month(cast)
    rows += [told_month, told_month.scene, scenes.revision(cast, told_month.scene)]
    rows.append(contests.published_result(cast))
    rows += [rows[-1].contest, contests.revision(cast)]
    rows += [teaching.reported(cast), teaching.public_edition(cast)]
    awarded = demonstrating.awarded(cast, demonstrating.over(cast))
    rows += [awarded, awarded.application.notice]
    for kind in kinds():
        told = [kind.candidate(row).fields for row in rows if type(row) is kind.model]
        assert {name for fields in told for name in fields} == set(kind.labels)
        assert all(set(fields) == set(kind.labels_of(fields)) for fields in told)
        assert set(kind.labels) <= set(labels_of(kind.key))
        assert all(isinstance(value, str) for fields in told for value in fields.values())


# Each term and a different value for it: an edit of any of them is an edit of the hash.
OTHER_TERMS = {
    "title": "别的名称",
    "area": "clean",
    "domain": "other",
    "content": "别的内容",
    "standard": "别的标准",
    "target": Decimal(25),
    "unit": "户",
    "due_on": make.soon(200),
    "beneficiaries": "别人",
    "liability": "别的责任",
    "document_number": "示政发〔2026〕6号",
    "document_issuer": "别的单位",
    "document_from": make.soon(-300),
    "document_until": make.soon(300),
}


def test_a_change_of_any_term_changes_the_hash(cast):
    candidate = next(k.candidate for k in kinds() if k.model._meta.model_name == "obligation")
    obligation = Obligation.objects.get(pk=owed.policy_draft(cast).pk)
    hashes = {candidate(obligation).content_hash()}
    fields = make.ServiceField.objects.all()
    others = OTHER_TERMS | {
        "post": make.organisation(make.Level.POST, "副主任岗", cast.street),
        "service_field": fields.exclude(pk=obligation.service_field_id)[0],
    }
    assert set(others) == set(TERMS) - {"part_count"}  # the parts themselves are hashed
    for name, value in others.items():
        before = getattr(obligation, name)
        setattr(obligation, name, value)
        hashes.add(candidate(obligation).content_hash())
        setattr(obligation, name, before)
    assert len(hashes) == 1 + len(others)


def test_the_canonical_text_does_not_depend_on_the_order_of_fields():
    one = {"b": "二", "a": "一"}
    assert canonical_json(one) == '{"a":"一","b":"二"}' == canonical_json(dict(reversed(one.items())))
    common = {"of": None, "reference": "", "organisation": None, "title": "题", "text": "", "path": ""}
    assert (
        Candidate(fields=one, **common).content_hash()
        == Candidate(fields=dict(reversed(one.items())), **common).content_hash()
    )


def test_what_was_never_published_has_no_row(cast):
    make.draft(cast)
    make.submitted(cast)
    assert not Publication.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_public_files_have_addresses_nobody_can_guess(cast):
    report = make.published_progress(cast, make.in_force(cast))
    token = report.publication.ledger.get().files.get().token
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", token)
