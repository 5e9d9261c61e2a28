"""The review sheet: what was submitted beside what is public now, its files, the people, the checks."""

import json
from typing import Any

from django.urls import reverse
from django.utils import timezone

from longsha_credit.publication import gate, scanning
from longsha_credit.publication.models import Chain, LedgerEntry, Publication, Review, ReviewState
from longsha_credit.publication.models.reviews import OPEN_STATES
from longsha_credit.publication.registry import kind_of
from longsha_credit.web import richtext


def kind_label(review: Review) -> str:
    """承诺, 承诺变更, 进展: the name of the reviewed model."""
    return str(kind_of(review.kind).model._meta.verbose_name)


def rows(review: Review) -> list[dict[str, Any]]:
    """Each submitted field with the public value it would replace (None: nothing public yet).

    A field whose text is HTML has it drawn in `html` and stands as plain text everywhere else.
    """
    after, before = {"title": review.title} | review.snapshot["fields"], _public_fields(review)
    rich = kind_of(review.kind).rich
    pictures = {file.sha256: file.url for file in files(review)} if rich else {}
    return [
        {
            "label": label,
            "value": _plain(after.get(name, ""), name in rich),
            "before": _plain(before.get(name, ""), name in rich) if before else None,
            "changed": bool(before) and before.get(name, "") != after.get(name, ""),
            "flagged": name in review.flagged,
            "html": richtext.render(after.get(name, ""), pictures) if name in rich else "",
        }
        for name, label in field_labels(review, before or {}).items()
    ]


def _plain(text: str, is_rich: bool) -> str:
    return richtext.to_text(text) if is_rich else text


def field_labels(review: Review, before: dict[str, str] | None = None) -> dict[str, str]:
    """The reviewed fields in reading order, with those only the public version has.

    A reviewer can name any of them when sending back.
    """
    return {"title": "名称"} | kind_of(review.kind).labels_of((before or {}) | review.snapshot["fields"])


def flagged_words(review: Review | None) -> str:
    """The fields a reviewer named when sending back, in words."""
    if review is None:
        return ""
    return "、".join(label for name, label in field_labels(review).items() if name in review.flagged)


def _public_fields(review: Review) -> dict[str, str] | None:
    """The fields of the version that is public now, while the review is open."""
    kind, obj = kind_of(review.kind), gate.reviewed_object(review)
    of = kind.candidate(obj).of
    publication = Publication.objects.public().filter(kind=kind.key, object_id=of.pk).first()
    if publication is None or review.state == ReviewState.PASSED:
        return None
    kept = LedgerEntry.objects.current_of([publication]).get().content.text
    return {"title": publication.title} | (json.loads(kept)["fields"] if kept else {})


def files(review: Review) -> list[Any]:
    """The files that would go public with it, at their desk addresses."""
    found = kind_of(review.kind).candidate(gate.reviewed_object(review)).files
    for file in found:
        file.url = reverse("file", args=[file.pk])
    return found


def people(review: Review, user: Any) -> list[dict[str, str]]:
    """Who filed, submitted and passed it: different people, one line each."""
    stages = [("经办", review.author), ("提交", review.submitted_by)]
    if review.chain == Chain.THREE:
        stages += [("初审", review.first_by), ("审核", review.second_by), ("审发", review.secrecy_by)]
    else:
        stages += [("复核", review.first_by)]
    return [
        {
            "stage": stage,
            "name": _name(person, user, review),
        }
        for stage, person in stages
    ]


def _name(person: Any, user: Any, review: Review) -> str:
    if person is None:
        return "待定，不能是以上的人" if review.state in OPEN_STATES else "—"
    return f"{person.name}{' · 您' if person == user else ''}"


def findings(review: Review) -> list[dict[str, Any]]:
    """What the scanner found at submission, each with what a reviewer wrote about it, if one has."""
    written = {it.key: it for it in review.justifications.select_related("by")} if review.findings else {}
    return [{"it": it, "why": written.get(it.key)} for it in scanning.from_data(review.findings)]


def checks(review: Review) -> list[dict[str, str]]:
    """What the gate has looked at by itself, and what still needs a person."""
    if review.state not in OPEN_STATES:
        return []
    problems = gate.unchanged(review, timezone.localdate())
    found = [{"state": "blocked", "title": "内容已变", "text": problem} for problem in problems]
    if not problems:
        found.append(
            {"state": "passed", "title": "内容和提交时一致", "text": f"校验值 {review.content_hash[:12]}…"}
        )
    found += _scanned(review)
    if hint := kind_of(review.kind).hint(gate.reviewed_object(review)):
        found.append({"state": "pending", "title": "这一类内容要注意", "text": hint})
    if review.chain == Chain.THREE:
        found.append(
            {
                "state": "pending",
                "title": "三项保密问题由保密审查员回答",
                "text": "国家秘密、商业秘密、个人隐私，连同附件一起看。",
            }
        )
    return found


def _scanned(review: Review) -> list[dict[str, str]]:
    title = "个人信息检查"
    if review.findings is None:
        return [{"state": "pending", "title": title, "text": "提交时还没有自动检查，请逐字看。"}]
    if not review.findings:
        text = f"文字和附件里没有查出身份证号、手机号、银行卡号、住址。{UNSEEN}"
        return [{"state": "passed", "title": title, "text": text}]
    left = len(gate.unanswered(review))
    unread = sum(found["kind"] == scanning.UNREAD for found in review.findings)
    hits = len(review.findings) - unread
    told = [f"查出 {hits} 处" if hits else "", f"{unread} 处要人看" if unread else ""]
    ends = f"还有 {left} 处没有处理" if left else "都已写明为什么可以公开"
    text = f"{'，'.join(filter(None, told))}；{ends}。"
    return [{"state": "blocked" if left else "passed", "title": title, "text": text + UNSEEN}]


UNSEEN = "姓名、病情、家庭情况和手写的字查不出来，仍要人看。"
