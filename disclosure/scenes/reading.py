"""What the desk page of a scene shows: its rules and checks, its steps, its months and all that happened to it."""

from django.urls import reverse
from django.utils import timezone

from disclosure.models import QUESTIONS, MonthState, Scene, SceneMonth, SceneRevision, SceneState
from disclosure.scenes import conditions, guard, services
from disclosure.scenes.candidates import fields_of_need
from disclosure.scenes.flows import FLOW, MONTH, REVISION, WRITERS
from longsha_credit.audit.history import changes, timeline
from longsha_credit.publication.gate import pointed_out
from longsha_credit.publication.models import Review


def page_context(scene, user, today):
    """All of it, of what `user` may see."""
    can_write = user.role_at(WRITERS, scene.organisation.path) is not None
    revisions = list(SceneRevision.objects.visible_to(user).filter(of=scene).prefetch_related("files"))
    months = list(SceneMonth.objects.visible_to(user).filter(scene=scene).with_names())
    reviews = list(
        Review.objects.visible_to(user)
        .with_people()
        .filter(services.reviews_condition(scene))
        .order_by("-id")
    )
    for review in reviews:
        review.opens = True  # they come from what this reader may see
    running = scene.state == SceneState.PUBLISHED
    open_months = services.open_months(scene, today) if scene.state in conditions.OUT else []
    return {
        "scene": scene,
        "standing": scene.standing(today)
        if scene.publication_id and scene.state != SceneState.WITHDRAWN
        else None,
        "offers": FLOW.available(scene, user, url=lambda step: reverse("scenes:step", args=[scene.pk, step])),
        "can_write": can_write,
        "can_revise": can_write and running and not any(r.state in services.UNFINISHED for r in revisions),
        "open_months": open_months if can_write else [],
        "needs": fields_of_need(scene),
        "checks": checks(scene) if scene.state in (SceneState.DRAFT, SceneState.IN_REVIEW) else [],
        "answers": answers(scene),
        "let_through": guard.let_through(conditions.words_of(scene)),
        "revisions": [_part(row, REVISION, user, "revision") for row in revisions],
        "months": [_part(row, MONTH, user, "month") for row in months if row.state != MonthState.DISCARDED],
        "reviews": reviews,
        "entries": timeline([scene, *revisions, *months, *reviews]),
        "returned": pointed_out(scene),
        "changes": changes(scene),
        "files": desk_files(scene),
    }


def checks(text):
    """The three checks before submission: the wording, the questions, the legal review; each with what is wrong."""
    found, wrong = conditions.breaches(text), conditions.wrong_answers(text)
    reviewed_on = text.legal_review_on
    lawful = bool(text.legal_review_number and reviewed_on and text.legal_conclusion)
    lawful = lawful and reviewed_on <= timezone.localdate()
    unanswered = [question for question, answer in wrong if answer is None]
    answered = (
        f"{len(wrong) - len(unanswered)}条答案不对，{len(unanswered)}条还没有回答。"
        if wrong
        else "七问都答对了。"
    )
    return [
        {
            "state": "blocked" if found else "passed",
            "title": "写法检查",
            "text": "" if found else "没有发现扣分、打分、名单、拒办、收费、惩戒的写法。",
            "findings": found,
        },
        {"state": "blocked" if wrong else "passed", "title": "守则七问", "text": answered, "findings": []},
        {
            "state": "passed" if lawful else "blocked",
            "title": "法制审核",
            "text": f"{text.legal_review_number}，{text.get_legal_conclusion_display()}。"
            if lawful
            else "要填文号、日期和结论，日期不能晚于今天。",
            "findings": [],
        },
    ]


def answers(text):
    """Each question with what was answered and whether that is right."""
    found = []
    for question in QUESTIONS:
        answer = getattr(text, question.column)
        said = "还没有回答" if answer is None else (question.yes if answer else question.no)
        found.append({"question": question.text, "said": said, "right": answer is question.right})
    return found


def _part(row, flow, user, name):
    """A revision or a month with what `user` may do about it."""
    refusal = flow.refusal(row, flow.steps["submit"], user)
    edits = row.state == "draft" and (refusal is None or refusal.code == "guard")
    writes = user.role_at(WRITERS, row.organisation.path) is not None
    first = name == "month" and row.corrects_id is None and row.state == MonthState.PUBLISHED
    return {
        "it": row,
        "offers": flow.available(
            row, user, url=lambda step: reverse(f"scenes:{name}_step", args=[row.pk, step])
        ),
        "edit_url": reverse(f"scenes:{name}_edit", args=[row.pk]) if edits else "",
        "correct_url": reverse("scenes:month_correct", args=[row.pk])
        if first and writes and row.scene.state in conditions.OUT
        else "",
        "breaches": conditions.breaches(row) if row.state == "draft" else [],
        "answers": answers(row) if name == "revision" else [],
        "files": desk_files(row) if name == "revision" else [],
        "returned": pointed_out(row),
    }


def desk_files(obj: Scene | SceneRevision):
    """The files of a row with their desk addresses."""
    files = list(obj.files.all())
    for file in files:
        file.url = reverse("file", args=[file.pk])
    return files
