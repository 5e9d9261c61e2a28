"""Drafting an official document, issuing it under the next number, and finding what was issued."""

import hashlib
import json
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.http import Http404

from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange import documents
from longsha_credit.exchange.documents import Paper, Table, day
from longsha_credit.exchange.models import DocumentTemplate, DocumentWord, IssuedDocument, TemplateState
from longsha_credit.exchange.models.templates import KEEPERS
from longsha_credit.exchange.official import word
from longsha_credit.exchange.official.kinds import KINDS, DocumentKind, of
from longsha_credit.files import services as files

PURPOSE = "official_document"
TEMPLATES = "document_template"
UNNUMBERED = "未编号，仅供核对"
LOCK = "official documents"


def thing_of(user: Any, key: str, pk: int) -> tuple[DocumentKind, Any]:
    """A kind and the thing a document of it is about, where the user may read it; raises Http404."""
    kind = KINDS.get(key)
    thing = kind.things(user).filter(pk=pk).first() if kind else None
    if kind is None or thing is None or not kind.applies(thing):
        raise Http404
    kind.opened(user, thing)
    return kind, thing


def may_issue(kind: DocumentKind, thing: Any, user: Any) -> bool:
    return user.role_at(kind.roles, kind.unit(thing).path) is not None


def draft(kind: DocumentKind, thing: Any) -> Paper:
    """What would be issued now, without a number and marked as such on every page."""
    paper = kind.paper(thing)
    head = word_of(kind, kind.unit(thing)).head
    return replace(_told(paper), number=f"（{UNNUMBERED}）", head=head, mark=f"草稿　{UNNUMBERED}")


def _told(paper: Paper) -> Paper:
    """Our own number of the thing becomes the note under the date: the number above is the document's."""
    own = paper.number if "编码" in paper.number else f"办理编号：{paper.number}" if paper.number else ""
    return replace(paper, number="", note="\n".join(filter(None, [paper.note, own])))


def draft_word(kind: DocumentKind, thing: Any) -> bytes:
    """The Word file of the draft, in the office's template where one is in force."""
    return _word(kind, thing, draft(kind, thing), template_of(kind, kind.unit(thing)))


def word_now(thing: Any) -> bytes:
    """The Word file for who asks for one on the thing's own page: as issued, or else the marked draft."""
    kind = of(thing)[0]
    standing = newest(kind, thing)
    if standing is None:
        return draft_word(kind, thing)
    with standing.file.file.open("rb") as kept:
        return kept.read()


def _word(kind: DocumentKind, thing: Any, paper: Paper, template: DocumentTemplate | None) -> bytes:
    if template is None:
        return documents.docx(paper)
    with template.file.file.open("rb") as stored:
        return word.render(stored.read(), kind.context(paper, kind.values(thing)))


def template_of(kind: DocumentKind, unit: Any) -> DocumentTemplate | None:
    """The template in force for a unit's documents: its own or the nearest above it; None means ours."""
    above = [int(part) for part in unit.path.strip("/").split("/")]
    rows = DocumentTemplate.objects.filter(
        kind=kind.key, state=TemplateState.IN_FORCE, organisation__in=above
    ).select_related("organisation", "file")
    return max(rows, key=lambda row: len(row.organisation.path), default=None)


def default_word(kind: DocumentKind, unit: Any) -> str:
    """示例区信办督: the unit's name and the word of the kind, where nobody set another."""
    ending = f"{'信办' if unit.level == 'district' else ''}{kind.word}"
    return f"{unit.name[: 20 - len(ending)]}{ending}"


def word_of(kind: DocumentKind, unit: Any) -> DocumentWord:
    """The word and head a unit uses for a kind: set, or the default (not saved)."""
    found = DocumentWord.objects.filter(organisation=unit, kind=kind.key).first()
    return found or DocumentWord(organisation=unit, kind=kind.key, word=default_word(kind, unit))


@transaction.atomic
def set_word(kind: DocumentKind, unit: Any, *, wanted: str, head: str, by: Any) -> DocumentWord:
    """Set the word and head; raises Http404 outside `by`'s units and Refused for a word others number with."""
    require_within(by, unit, DocumentWord.objects.all().seen_by)
    wanted = wanted.strip()
    taken = DocumentWord.objects.filter(word=wanted).exclude(organisation=unit, kind=kind.key).exists()
    used = IssuedDocument.objects.filter(number__startswith=f"{wanted}〔").exclude(
        organisation=unit, kind=kind.key
    )
    if taken or used.exists():
        raise Refused(f"代字“{wanted}”已经用在别的文书或别的单位，同一个号会出现两次，请换一个。", "guard")
    if any(default_word(other, unit) == wanted for other in KINDS.values() if other.key != kind.key):
        raise Refused(f"“{wanted}”是本单位另一种文书的默认代字，请换一个。", "guard")
    row = word_of(kind, unit)
    before, row.word, row.head, row.set_by = row.word, wanted, head.strip(), by
    row.save()
    said = f"{kind.label}：{before} → {row.word}；发文机关标志：{row.head or '不印'}"
    record(row, step="set_word", label="设定发文代字", by=by, reason=said)
    return row


def newest(kind: DocumentKind, thing: Any) -> IssuedDocument | None:
    """The document of a kind on a thing that none replaces."""
    rows = IssuedDocument.objects.about(thing).filter(kind=kind.key, successor=None)
    return rows.select_related("file").first()


def refusal(kind: DocumentKind, thing: Any) -> str:
    """Why no document can be issued now, or an empty string."""
    if problems := kind.against(thing):
        return "".join(problems)
    standing = newest(kind, thing)
    if standing and standing.content_hash == hash_of(kind, thing):
        return f"已经出具（{standing.number}），此后内容没有变化，不用再出一份。"
    return ""


def hash_of(kind: DocumentKind, thing: Any) -> str:
    """What the content of a document is recognised by: everything it says but its number and the day."""
    paper = _told(kind.paper(thing))
    said = _values(replace(paper, signed_on=None), dict(kind.values(thing)))
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _values(paper: Paper, own: dict[str, str]) -> dict[str, Any]:
    said = {name: value for name, value in asdict(paper).items() if value}
    said["blocks"] = [asdict(one) if isinstance(one, Table) else one for one in paper.blocks]
    for name in ("signed_on", "printed_on"):
        if name in said:
            said[name] = said[name].isoformat()
    return {**said, "own": own}


def issue(
    kind: DocumentKind,
    thing: Any,
    *,
    by: Any,
    today: date,
    copy_to: str = "",
    reason: str = "",
    seen: int | None = None,
) -> IssuedDocument:
    """Number the document as it stands now and keep it for good.

    `seen` is the id of the document the writer saw standing, so that a second click issues no second one. A document
    after the first needs a `reason`. Raises Refused, and Http404 where `by` does not issue for the unit.
    """
    unit = kind.unit(thing)
    require_within(by, unit, kind.roles)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [LOCK, unit.pk])
            return _issue(kind, thing, unit, by, today, copy_to.strip(), reason.strip(), seen)
    except IntegrityError as problem:
        if "document_number_is_given_once" not in str(problem):
            raise
        raise Refused(
            "这个号已经用在别的单位的文书上。请先在“文书”的“发文代字”里给本单位定一个代字，再出具。", "guard"
        ) from problem


def _issue(
    kind: DocumentKind,
    thing: Any,
    unit: Any,
    by: Any,
    today: date,
    copy_to: str,
    reason: str,
    seen: int | None,
) -> IssuedDocument:
    standing = newest(kind, thing)
    if (standing.pk if standing else None) != seen:
        raise Refused("这份文书刚刚已经出具，请刷新页面看最新情况。", "state")
    if sentence := refusal(kind, thing):
        raise Refused(sentence, "guard")
    if standing and not reason:
        raise Refused("请写明为什么另出一份。", "reason")
    words = word_of(kind, unit)
    rows = IssuedDocument.objects.filter(kind=kind.key, year=today.year, organisation=unit)
    serial = (rows.aggregate(last=Max("serial"))["last"] or 0) + 1
    number = f"{words.word}〔{today.year}〕{serial}号"
    paper = _numbered(kind.paper(thing), number, words.head, copy_to, today, standing)
    template = template_of(kind, unit)
    stored = files.store(
        ContentFile(_word(kind, thing, paper, template), f"{number}{kind.label}.docx"),
        organisation=unit,
        purpose=PURPOSE,
        by=by,
        allowed=True,
    )
    issued = IssuedDocument.objects.create(
        kind=kind.key,
        organisation=unit,
        object_kind=thing._meta.label_lower,
        object_id=thing.pk,
        object_label=(kind.paper(thing).number or kind.label if kind.quiet(thing) else str(thing))[:200],
        year=today.year,
        serial=serial,
        number=number,
        title=paper.title[:300],
        to="" if kind.quiet(thing) else paper.to[:300],
        values=_values(paper, dict(kind.values(thing))),
        content_hash=hash_of(kind, thing),
        file=stored,
        template=template,
        replaces=standing,
        reason=reason[:200] if standing else "",
        issued_by=by,
        issued_by_name=by.name,
        issued_on=today,
    )
    record(
        issued,
        step="issue_document",
        label=f"出具{kind.label}",
        by=by,
        roles=kind.roles,
        reason=reason,
        content_hash=stored.sha256,
    )
    return issued


def _numbered(
    paper: Paper, number: str, head: str, copy_to: str, today: date, standing: IssuedDocument | None
) -> Paper:
    told = _told(paper)
    instead = f"本件代替{day(standing.issued_on)}{standing.number}文书，原件同时停止使用" if standing else ""
    printed = paper.sign if head or copy_to else ""
    # the year in the number is the year of the date under the name
    signed_on = paper.signed_on if paper.signed_on and paper.signed_on.year == today.year else today
    return replace(
        told,
        number=number,
        head=head,
        signed_on=signed_on,
        note="\n".join(filter(None, [told.note, instead])),
        copy_to=copy_to,
        printed_by=printed,
        printed_on=today if printed else None,
    )


def open_issued(user: Any, pk: int) -> tuple[IssuedDocument, DocumentKind, Any]:
    """A document with its kind and its thing, where the user may read them; reading one on a person is an entry.

    Raises Http404.
    """
    issued = IssuedDocument.objects.visible_to(user).with_names().filter(pk=pk).first()
    if issued is None:
        raise Http404
    kind = KINDS[issued.kind]
    thing = kind.things(user).get(pk=issued.object_id)
    kind.opened(user, thing)
    return issued, kind, thing


def note_export(user: Any, *, number: int, query: str) -> None:
    """Whoever takes the list out of the portal leaves an entry."""
    place = user.current_memberships[0].organisation if user.current_memberships else None
    record(
        user, step="export", label="导出文书清单", by=user, organisation=place, reason=f"{number}条 {query}"
    )


@transaction.atomic
def add_template(kind: DocumentKind, unit: Any, *, upload: Any, note: str, by: Any) -> DocumentTemplate:
    """Keep a template that its dry run found good, as the next version; raises Unusable, Unacceptable, Http404."""
    require_within(by, unit, KEEPERS)
    trial = word.try_out(kind, upload.read())
    if not trial.is_good:
        raise word.Unusable("".join(trial.faults) or "栏目不对，请照试填的结果改好再上传。")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [LOCK, unit.pk])
    last = DocumentTemplate.objects.filter(organisation=unit, kind=kind.key).aggregate(last=Max("version"))
    upload.seek(0)
    row = DocumentTemplate.objects.create(
        organisation=unit,
        kind=kind.key,
        version=(last["last"] or 0) + 1,
        file=files.store(upload, organisation=unit, purpose=TEMPLATES, by=by),
        note=note,
        fields=trial.used,
        created_by=by,
    )
    record(row, step="upload", label="上传公文模板", by=by, roles=KEEPERS, reason=note)
    return row


def kept_paper(issued: IssuedDocument) -> Paper:
    """The words of a document as they were kept."""
    said = {name: value for name, value in issued.values.items() if name != "own"}
    said["blocks"] = tuple(
        Table(one["caption"], tuple(one["heads"]), tuple(tuple(row) for row in one["rows"]))
        if isinstance(one, dict)
        else one
        for one in said.get("blocks", ())
    )
    for name in ("signed_on", "printed_on"):
        said[name] = date.fromisoformat(said[name]) if name in said else None
    for name in ("attachments", "signatures"):
        said[name] = tuple(said.get(name, ()))
    return Paper(**{"sign": "", "title": "", **said})
