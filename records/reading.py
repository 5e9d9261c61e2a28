"""What the page of one record shows: its versions, notice, requests, clocks, marks and what the reader may do."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from longsha_credit.audit.history import changes, timeline
from longsha_credit.deadlines import services as deadlines
from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.publication.models import Review
from records import dossier, services
from records.checks import masked
from records.clocks import CORRECT, filing_unit
from records.conditions import FAVOURABLE, objection_refusal, repair_refusal
from records.flows import FLOW, NOTICE, OBJECTION, REPAIR
from records.models import (
    FILERS,
    Decision,
    Finality,
    Notice,
    NoticeState,
    Objection,
    Outcome,
    Record,
    RecordState,
    Repair,
    RequestState,
)

READS = {"read", "refused", "reveal"}
# What a reviewer may point at when sending a record back, and what may be wrong with it.
FLAGGABLE = {
    "item": "清单事项",
    "subject": "主体",
    "part": "主体在事件中",
    "title": "标题",
    "facts": "事实",
    "document_number": "文号",
    "issuing_body": "作出机关",
    "decided_on": "作出日期",
    "finality": "决定生效没有",
    "effective_from": "生效日期",
    "effective_until": "有效期至",
    "files": "证据",
}
REASONS = {
    "missing": "缺少",
    "mismatch": "和证据不一致",
    "unclear": "写得不清楚",
    "unfounded": "依据或事项不对",
    "excess": "有不该写的内容",
}


def flagged_lines(it):
    """The fields a reviewer pointed at, in words."""
    return [
        f"{FLAGGABLE[name]}：{REASONS.get(code, code)}"
        for name, code in it.flagged.items()
        if name in FLAGGABLE
    ]


def desk_files(files):
    """Files with their desk addresses."""
    files = list(files)
    for file in files:
        file.url = reverse("file", args=[file.pk])
    return files


def _step_url(name, obj):
    return lambda step: reverse(f"records:{name}", args=[obj.pk, step])


def hides_names(it, user, revealed=""):
    """Whether the person a record is about stays unnamed: not before himself, and not before who just asked."""
    return it.is_about_a_person and not revealed and not services.is_subject(user, it)


def hider(it, hidden):
    """A function that leaves of the official's name in a text no more than 张某."""
    name = it.official.name if it.official_id and hidden else ""
    return lambda text: text.replace(name, masked(name)) if name else text


def names_on(it, user, revealed=""):
    """The texts of a record as `user` may read them."""
    hidden = hides_names(it, user, revealed)
    text = hider(it, hidden)
    return {
        "subject": masked(it.subject_name) if it.official_id and hidden else it.subject_name,
        "title": text(it.title),
        "facts": text(it.facts),
        "can_reveal": hidden,
        "revealed": revealed,
    }


def asked_texts(obj, it, user):
    """What was said and found in a request, for the page of its step."""
    text = hider(it, hides_names(it, user))
    return {"said": text(getattr(obj, "reason", "")), "found": text(getattr(obj, "finding", ""))}


def _hide(it, requests, entries, user, revealed):
    """Take the name of the person out of everything on the page that was typed or signed; nothing here is saved."""
    hidden = hides_names(it, user, revealed)
    text = hider(it, hidden)
    for name in ("return_reason", "revoke_reason", "correction_reason"):
        setattr(it, name, text(getattr(it, name)))
    applicants = set()
    for request in requests:
        asked = request["it"]
        asked.reason, asked.finding = text(asked.reason), text(asked.finding)
        request["applicant"] = masked(asked.filed_by.name) if hidden else asked.filed_by.name
        applicants.add(asked.filed_by_id)
    for entry in entries:
        entry.reason = text(entry.reason)
        own = hidden and entry.actor_id in applicants
        entry.actor_name = masked(entry.actor_name) if own else text(entry.actor_name)


def context(it, user, revealed=""):
    """Everything on the page of one record."""
    today = timezone.localdate()
    notices = list(it.notices.select_related("publication", "organisation", "record", "created_by"))
    requests = _requests(it, user)
    parts = [it, *notices, *(request["it"] for request in requests)]
    reviews = _reviews(notices, user)
    entries = [e for e in timeline([*parts, *reviews], limit=300) if e.step not in READS]
    _hide(it, requests, entries, user, revealed)
    return {
        "it": it,
        **names_on(it, user, revealed),
        **rights(it, user, today),
        "offers": FLOW.available(it, user, url=_step_url("step", it)),
        "flagged": flagged_lines(it) if it.state == RecordState.RETURNED else [],
        "files": desk_files(it.files.all()),
        "versions": versions(it, user),
        "notices": [
            _with_offers(notice, user) for notice in notices if notice.state != NoticeState.DISCARDED
        ],
        "reviews": reviews,
        "requests": requests,
        "good_news": good_news(it, requests),
        "correct_by": deadlines.open_of(it).filter(rule_key=CORRECT).with_names().first(),
        "clocks": _clocks(parts, user),
        # items of the ledger stand in an app above; the way back from one is all this page knows of them
        "ledger_items": list(it.rectifications.visible_to(user)),
        "entries": entries,
        "changes": [] if it.is_about_a_person else changes(it),
    }


def rights(it, user, today):
    """Which doors besides the steps are open to `user`, and for the subject why one is not."""
    writes = user.role_at(FILERS, it.organisation.path) is not None
    standing = it.state in (RecordState.CONFIRMED, RecordState.EFFECTIVE)
    subject = services.is_subject(user, it)
    return {
        "can_edit": writes and it.state in services.EDITABLE,
        "can_correct": writes
        and standing
        and not it.corrections.exclude(state=RecordState.DISCARDED).exists(),
        "is_subject": subject,
        "reads_unit": user.role_at(SEES_WORK, it.organisation.path) is not None,
        "reads_file": it.official_id and dossier.may_open(user, it.official),
        "objection_refusal": objection_refusal(it, today) if subject else "",
        "repair_refusal": repair_refusal(it, today) if subject else "",
    }


def versions(it, user):
    """The chain of a record, the newest version first, drafts of a correction too."""
    chain = Q(corrects=it.pk) | Q(pk=it.pk) | (Q(number=it.number) & ~Q(number=""))
    if it.corrects_id:
        chain |= Q(pk=it.corrects_id)
    return list(
        Record.objects.visible_to(user).filter(chain).select_related("created_by").order_by("-version", "-id")
    )


def _with_offers(notice, user):
    return {"it": notice, "offers": NOTICE.available(notice, user, url=_step_url("notice_step", notice))}


def _reviews(notices, user):
    """The reviews of the notices that `user` may open."""
    about = Q(kind=Notice._meta.label_lower, object_id__in=[notice.pk for notice in notices])
    return list(Review.objects.visible_to(user).with_people().filter(about).order_by("-id"))


def _requests(it, user):
    """Objections and requests for repair, the favourable outcomes first, then the newest."""
    found = []
    for model, flow, name in ((Objection, OBJECTION, "objection"), (Repair, REPAIR, "repair")):
        rows = model.objects.visible_to(user).with_names().filter(record=it).prefetch_related("files")
        for request in rows.select_related("letter") if model is Repair else rows:
            request.record = it
            found.append(_request(request, flow, name, user))
    return sorted(found, key=lambda r: (not r["favourable"], not r["it"].is_open))


def _request(request, flow, name, user):
    decided = request.state == RequestState.DECIDED
    return {
        "it": request,
        "kind": name,
        "label": request._meta.verbose_name,
        "wanted": request.get_wanted_display() if name == "objection" else "",
        "outcome": request.get_outcome_display() if decided else "",
        "proposed": request.get_outcome_display() if request.state == RequestState.PROPOSED else "",
        "favourable": decided and request.outcome in FAVOURABLE,
        "files": desk_files(request.files.all()),
        "letter": desk_files([request.letter] if name == "repair" else []),
        "letter_url": reverse(f"records:{name}_letter", args=[request.pk]) if decided else "",
        "offers": flow.available(request, user, url=_step_url(f"{name}_step", request)),
    }


GOOD_ENDS = {
    RecordState.REPAIRED: ("已修复", "信用修复办结，这条记录已经终止，不再使用。"),
    RecordState.REVOKED: ("已撤销", "这条记录已经撤销，不再使用。"),
    RecordState.CORRECTED: ("已更正", "这一版已由更正后的版本代替。"),
    RecordState.EXPIRED: ("已到期", "有效期已满，这条记录不再使用。"),
}


# The outcome of a request that ends a record so: what was found stands with the request, once.
ENDED_BY = {RecordState.REVOKED: Outcome.REVOKED, RecordState.REPAIRED: Decision.GRANTED}


def good_news(it, requests):
    """What ended in the subject's favour: shown first and as large as the record."""
    news, ended_by = [], ENDED_BY.get(it.state)
    if it.state in GOOD_ENDS:
        title, text = GOOD_ENDS[it.state]
        finding = "" if any(r["it"].outcome == ended_by for r in requests) else it.revoke_reason
        news.append({"title": title, "day": it.ended_on, "text": text, "finding": finding})
    news += [
        {
            "title": f"{request['label']}：{request['outcome']}",
            "day": request["it"].decided_on,
            "text": f"{request['it'].number}，{request['it'].decided_by}批准。",
            "finding": request["it"].finding,
        }
        for request in requests
        if request["favourable"]
    ]
    return news


def _clocks(parts, user):
    """The open clocks of the record and of what is asked about it, in one query."""
    about = Q(pk__in=[])
    for part in parts:
        about |= Q(object_kind=part._meta.label_lower, object_id=part.pk)
    return list(Deadline.objects.visible_to(user).filter(about).open().with_names().order_by("due_on"))


def start(user, item):
    """A new record begins with the writer's own unit where the item suits it, and counts as the unit's own."""
    own = [m.organisation for m in user.current_memberships if m.role in FILERS]
    fitting = [unit for unit in own if unit.level in item.subjects]
    return {"organisation": fitting[0]} if fitting else {}


ASKED = {
    Objection: "从现在起记录处处标注“异议处理中”，接下来由没有经手这条记录的人核查，另一个人批准，结果会通知您。",
    Repair: "接下来由区里一个人核查，另一个人批准，结果会通知您。信用修复不收费。",
}
FOLLOWS = {
    ("诚信记录", "submit"): "接下来由区审核员或区信用办里没有写过这条记录的人核实。",
    ("诚信记录", "recall"): "改好后请重新提交。",
    ("诚信记录", "send_back"): "填报单位会看到理由和要改的栏目，改好后重新提交。",
    ("诚信记录", "ask_revocation"): "接下来由另一个人批准，批准以前记录照常有效。",
    ("诚信记录", "revoke"): "记录已终止；有公示的，公示同时停止。",
    ("诚信记录", "keep"): "记录照旧有效。",
    ("记录公示", "submit"): "接下来由初审、审核、审发三个人依次审查，通过后公示。",
    ("记录公示", "recall"): "改好后请重新提交。",
    ("记录公示", "discard"): "这条记录不再公示，记录本身照旧有效。",
    ("异议", "accept"): "您是承办人，核查后提出处理意见，由另一个人批准。",
    ("信用修复", "accept"): "您是承办人，核查后提出处理意见，由另一个人批准。",
    ("异议", "hand_over"): "由新的承办人核查，期限照旧。",
    ("信用修复", "hand_over"): "由新的承办人核查，期限照旧。",
    ("异议", "propose"): "接下来由另一个没有经手这条记录的人批准。",
    ("信用修复", "propose"): "接下来由另一个没有经手这条记录的人批准。",
    ("异议", "send_back"): "接下来由承办人再核查。",
    ("信用修复", "send_back"): "接下来由承办人再核查。",
    ("异议", "recall"): "这份异议不再办理，记录上的标注已去掉。",
    ("信用修复", "recall"): "这份申请不再办理。",
}


def what_follows(flow, name, obj):
    """The sentence after a step: who goes on, and what holds until then."""
    if (flow.name, name) in (("异议", "decide"), ("信用修复", "decide")):
        after = ""
        if obj.outcome == Outcome.CORRECTED:
            after = f"已请{filing_unit(obj.record)}更正这条记录，期限从今天起算。"
        return f"结果：{obj.get_outcome_display()}。{after}告知书可以打印送达申请人。"
    if flow is FLOW and name in ("confirm", "recheck"):
        return _after_confirming(obj)
    return FOLLOWS.get((flow.name, name), "")


def _after_confirming(it):
    if it.finality == Finality.PENDING:
        return f"决定还没有生效，记录先不计入，{it.next_check_on:%Y-%m-%d}再复查。"
    if it.state == RecordState.CONFIRMED:
        return f"记录从{it.effective_from:%Y-%m-%d}起有效。"
    notice = it.notices.order_by("-id").first()
    if notice is None:
        return "记录已生效，不向社会公开。"
    if notice.state == NoticeState.IN_REVIEW:
        return "记录已生效；公示由初审、审核、审发三个人审查，通过后公开。"
    return "记录已生效；公示还没有送审，由填报单位提交。"


def after_step(user, it):
    """Back to the record, or to the list for who may not read it any more, such as its clerk once it is confirmed."""
    if Record.objects.visible_to(user).filter(pk=it.pk).exists():
        return reverse("records:page", args=[it.pk])
    return reverse("records:list")


def letter(request, user):
    """The printable answer to an objection or a request for repair."""
    granted = request.outcome == Decision.GRANTED
    kind = "异议处理告知书" if isinstance(request, Objection) else "信用修复告知书"
    return {
        "request_": request,
        "it": request.record,
        **names_on(request.record, user),
        **asked_texts(request, request.record, user),
        "heading": f"{kind}（信用修复证明）" if granted else kind,
        "is_objection": isinstance(request, Objection),
        "corrected_by": filing_unit(request.record),
        "expired_first": request.decided_on > request.record.effective_until,
        "granted": granted,
        "district": request.organisation.district(),
        "reads_record": Record.objects.visible_to(user).filter(pk=request.record_id).exists(),
    }
