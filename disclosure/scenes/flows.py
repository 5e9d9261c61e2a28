"""The steps of a scene, of its revisions and of its monthly numbers."""

from dataclasses import replace

from django.db.models import F

from disclosure import conditions as shared
from disclosure.flows import OFFICE, WRITERS, drop_unfinished, taking_down
from disclosure.models import MonthState, RevisionState, Scene, SceneMonth, SceneState
from disclosure.models.scene_months import NUMBERS
from disclosure.models.scenes import TEXT
from disclosure.scenes import conditions
from longsha_credit.audit.workflow import Step, Taken, Workflow
from longsha_credit.publication import door
from longsha_credit.publication.gate import candidate_steps
from longsha_credit.publication.models import Publication

__all__ = ["FLOW", "MONTH", "OFFICE", "REVISION", "WRITERS"]

S = SceneState


def _ends_revisions(taken: Taken) -> None:
    drop_unfinished(REVISION, taken.obj.revisions, "场景已结束或撤下")


def _takes_months_down(taken: Taken) -> None:
    """The numbers stand on the scene's page and go with it; what was unfinished is dropped."""
    scene = taken.obj
    drop_unfinished(MONTH, scene.months, "场景已撤下")
    published = Publication.objects.filter(pk__in=scene.months.values("publication"))
    for publication in published.order_by("id"):
        door.withdraw(
            publication,
            reference=scene.code,
            reason=scene.withdraw_reason,
            asked_by=scene.withdraw_asked_by,
            approver=taken.by,
            remove_content=bool(taken.given.get("remove_content")),
        )


def _replaces_text(taken: Taken) -> None:
    """The new version's text becomes the scene's; the old one stays in the ledger."""
    revision = taken.obj
    changed = {name: getattr(revision, name) for name in TEXT}
    Scene.objects.filter(pk=revision.of_id).update(**changed, version=F("version") + 1)
    revision.of.files.set(revision.files.all())


def _corrects_numbers(taken: Taken) -> None:
    """A correction's numbers take the place of the first ones; the old ones stay in the ledger."""
    month = taken.obj
    if month.corrects_id:
        changed = {name: getattr(month, name) for name in NUMBERS}
        SceneMonth.objects.filter(pk=month.corrects_id).update(**changed, version=F("version") + 1)


def _from_wherever_it_stands(*steps: Step) -> tuple[Step, ...]:
    """A scene that is suspended or over can be taken down too, and stands as before where that is refused."""
    changed = {
        "ask_withdrawal": {"from_": frozenset({S.PUBLISHED, S.SUSPENDED, S.ENDED}), "writes": conditions.asks_withdrawal},
        "refuse_withdrawal": {"back_to": "stood_as"},
    }  # fmt: skip
    return tuple(replace(step, **changed.get(step.name, {})) for step in steps)


FLOW = Workflow(
    "信用+场景",
    SceneState,
    *candidate_steps(
        draft=S.DRAFT, in_review=S.IN_REVIEW, passed=S.PUBLISHED, discarded=S.DISCARDED,
        complete=conditions.scene_complete, submit_writes=shared.gets_code("CJ"),
        pass_writes=shared.becomes_public,
    ),
    Step(
        "suspend", "暂停", frozenset({S.PUBLISHED}), S.SUSPENDED, WRITERS,
        reason=True, writes=conditions.halts, asks=True,
    ),
    Step(
        "resume", "恢复", frozenset({S.SUSPENDED}), S.PUBLISHED, WRITERS,
        guard=conditions.not_past_its_days, writes=conditions.goes_on, tone="main",
    ),
    Step(
        "end", "结束", frozenset({S.PUBLISHED, S.SUSPENDED}), S.ENDED, WRITERS,
        reason=True, writes=conditions.halts, effects=(_ends_revisions,), asks=True, tone="stop",
    ),
    *_from_wherever_it_stands(*taking_down(_ends_revisions, _takes_months_down)),
)  # fmt: skip

REVISION = Workflow(
    "场景修订",
    RevisionState,
    *candidate_steps(
        draft=RevisionState.DRAFT, in_review=RevisionState.IN_REVIEW, passed=RevisionState.ADOPTED,
        discarded=RevisionState.DISCARDED, complete=conditions.revision_complete,
        pass_guard=shared.original_stands, pass_writes=shared.is_adopted, on_passed=(_replaces_text,),
    ),
)  # fmt: skip

MONTH = Workflow(
    "场景月度数字",
    MonthState,
    *candidate_steps(
        draft=MonthState.DRAFT, in_review=MonthState.IN_REVIEW, passed=MonthState.PUBLISHED,
        discarded=MonthState.DISCARDED, complete=conditions.month_complete,
        pass_guard=conditions.scene_is_out, pass_writes=conditions.month_is_public,
        on_passed=(_corrects_numbers,),
    ),
)  # fmt: skip
