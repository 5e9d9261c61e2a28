"""What stands against a step of a scene, its revision or its month, and which columns a step writes with the state."""

import datetime
from typing import Any

from disclosure import conditions as shared
from disclosure.models import (
    QUESTIONS,
    HaltReason,
    Question,
    Scene,
    SceneKind,
    SceneMonth,
    SceneRevision,
    SceneState,
)
from disclosure.models.scene_months import NUMBERS
from disclosure.models.scenes import TEXT, SceneText
from disclosure.scenes import guard
from disclosure.scenes.reference import ASKED_WORDS, NO_HARM
from longsha_credit.audit.workflow import Refused, Taken
from longsha_credit.directory.models import Level

# What the guard reads, in the order of the page.
READ = (
    *(
        "title",
        "service",
        "incentive",
        "beneficiaries",
        "eligibility",
        "joining",
        "place",
        "consent",
        "leaving",
    ),
    *("data_used", "data_kept", "basis"),
)
READ_OF_A_MONTH = ("note", "effect")
LEVELS = {SceneKind.STREET: (Level.DISTRICT, Level.STREET), SceneKind.COMMUNITY: (Level.COMMUNITY,)}
SHOWN = 2
OUT = (SceneState.PUBLISHED, SceneState.SUSPENDED, SceneState.ENDED)


def words_of(row: SceneText | SceneMonth) -> dict[str, str]:
    """What the guard reads of a row: the label of each field and its text; a correction's reason too."""
    names = READ_OF_A_MONTH if isinstance(row, SceneMonth) else READ
    labels = {f.name: str(f.verbose_name) for f in row._meta.fields}
    reason = getattr(row, "reason", "")
    return {labels[name]: getattr(row, name) for name in names} | ({"理由": reason} if reason else {})


def breaches(row: SceneText | SceneMonth) -> list[guard.Finding]:
    return guard.breaches(words_of(row))


def wrong_answers(text: SceneText) -> list[tuple[Question, bool | None]]:
    """The questions not answered as they have to be, with what was answered."""
    given = [(question, getattr(text, question.column)) for question in QUESTIONS]
    return [(question, answer) for question, answer in given if answer is not question.right]


def scene_complete(scene: Scene, today: datetime.date) -> list[str]:
    return _text_complete(scene, scene, today)


def revision_complete(revision: SceneRevision, today: datetime.date) -> list[str]:
    problems = _text_complete(revision, revision.of, today)
    same = all(getattr(revision, name) == getattr(revision.of, name) for name in TEXT)
    if same and set(revision.files.all()) == set(revision.of.files.all()):
        problems.append("内容和现行版本一样，没有可修改的。")
    return problems + shared.original_stands(revision, today)


def _text_complete(text: SceneText, scene: Scene, today: datetime.date) -> list[str]:
    problems = []
    if scene.organisation.level not in LEVELS.get(SceneKind(text.kind), Level.values):
        problems.append(f"“{text.get_kind_display()}”不是{scene.organisation.name}这一级办的，请改场景类别。")
    if text.ends_on and text.ends_on < today:
        problems.append("结束日期已经过了，请核对。")
    return problems + _lawful(text, today) + _answers(text) + _asked_words(text) + _sentences(breaches(text))


def _sentences(found: list[guard.Finding]) -> list[str]:
    """The first two in full; the page lists them all."""
    more = [f"还有{len(found) - SHOWN}处，都列在场景页的“写法检查”里。"] if len(found) > SHOWN else []
    return [finding.sentence for finding in found[:SHOWN]] + more


def _lawful(text: SceneText, today: datetime.date) -> list[str]:
    if not (text.legal_review_number and text.legal_review_on and text.legal_conclusion):
        return ["还没有法制审核：请填写审核意见的文号、日期和结论。"]
    return ["法制审核日期不能晚于今天。"] if text.legal_review_on > today else []


def _answers(text: SceneText) -> list[str]:
    wrong = wrong_answers(text)
    if not wrong:
        return []
    numbers = "、".join(str(QUESTIONS.index(question) + 1) for question, _ in wrong)
    question = wrong[0][0]
    return [
        f"守则第{numbers}问还没有答对：例如“{question.text}”必须是“{question.right_words}”，做不到的请先改规则。"
    ]


def _asked_words(text: SceneText) -> list[str]:
    problems = [said for name, (word, said) in ASKED_WORDS.items() if word not in getattr(text, name)]
    if not any(word in text.consent + text.leaving for word in NO_HARM):
        problems.append("请写明不参加、退出不影响办理任何服务。")
    return problems


def month_complete(month: SceneMonth, today: datetime.date) -> list[str]:
    problems = _sentences(breaches(month))
    if month.corrects and all(getattr(month, name) == getattr(month.corrects, name) for name in NUMBERS):
        problems.append("数字和原来的一样，没有可更正的。")
    return problems + scene_is_out(month, today)


def scene_is_out(month: SceneMonth, today: datetime.date) -> list[str]:
    """Numbers stand on the scene's page: only while there is one."""
    state = Scene.objects.values_list("state", flat=True).get(pk=month.scene_id)
    return [] if state in OUT else [f"场景现在是“{SceneState(state).label}”，不能公开它的数字。"]


def month_is_public(taken: Taken) -> dict[str, Any]:
    """A first report gets its publication; a correction only takes the place of the numbers."""
    Scene.objects.select_for_update(of=("self",)).get(pk=taken.obj.scene_id)
    if problems := scene_is_out(taken.obj, taken.today):
        raise Refused("".join(problems), "guard")
    if taken.obj.corrects_id:
        return {"version": 1}
    return {"publication": taken.given["publication"], "version": 1}


def halts(taken: Taken) -> dict[str, Any]:
    """Since when and why, in words of ours: what is typed on the desk has not been through the gate."""
    why = taken.given.get("halt_why")
    if why not in HaltReason.values:
        raise Refused(f"请选{taken.step.label}的原因，居民看到的就是这一条。", "guard")
    return {"halted_on": taken.today, "halt_why": why}


def goes_on(taken: Taken) -> dict[str, Any]:
    return {"halted_on": None, "halt_why": ""}


def not_past_its_days(scene: Scene, today: datetime.date) -> list[str]:
    if scene.ends_on and scene.ends_on < today:
        return [f"场景到{scene.ends_on:%Y-%m-%d}已经期满，不能恢复；要接着做，请另写一个场景。"]
    return []


def asks_withdrawal(taken: Taken) -> dict[str, Any]:
    return shared.asks_withdrawal(taken) | {"stood_as": taken.obj.state}
