"""How a round and what comes of it are called: one function decides whether anything is named at all.

《创建示范活动管理办法（试行）》: only a round approved by who may approve it names and puts up plaques; every other
is a pilot that measures units against a standard and nurtures them.
"""

from dataclasses import dataclass

from evaluation.models import Cycle, Form
from evaluation.scoring import CANDIDATE, GRADES
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.web.templatetags.web import points

__all__ = ["Words", "grade_of", "points", "shown_name", "words"]

NAMES = {
    Level.STREET: "示范街道",
    Level.COMMUNITY: "示范社区",
    Level.WINDOW: "示范窗口",
    Level.POST: "示范岗",
}
NOUNS = {Level.STREET: "街道", Level.COMMUNITY: "社区", Level.WINDOW: "窗口", Level.POST: "岗"}


@dataclass(frozen=True)
class Words:
    """What is said of a round: the activity, what a unit becomes, what is written on the paper."""

    form: str
    activity: str
    title: str  # what a unit is called afterwards
    decided: str  # what was done with it
    paper: str
    prefix: str  # of the certificate's number
    note: str
    suspended: str
    candidate: str  # the highest grade

    @property
    def is_named(self) -> bool:
        return self.form == Form.NAMED


def words(cycle: Cycle) -> Words:
    """Called wherever a round, its candidates or its awards are named."""
    level = Level(cycle.level)
    if cycle.is_approved:
        name = f"诚信{NAMES[level]}"
        note = f"经{cycle.approval_body}批准（{cycle.approval_number}）。"
        return Words(
            Form.NAMED, f"{name}创建", name, "命名", f"{name}证书", "示范", note, "称号暂停使用", "示范候选"
        )
    noun = NOUNS[level]
    return Words(
        Form.BENCHMARK,
        f"诚信{noun}试点对标评价",
        f"试点培育{noun}",
        "评定",
        "试点对标评价结果通知书",
        "对标",
        "本次是改革试点中的对标评价，没有命名授牌的批准文号，不命名、不授牌。",
        "评价结果暂停使用",
        "试点培育候选",
    )


def grade_of(cycle: Cycle, grade: str) -> str:
    """A grade as it is called in this round; "" while there is none."""
    return words(cycle).candidate if grade == CANDIDATE else GRADES.get(grade, "")


def shown_name(unit: Organisation) -> str:
    """A unit as the public reads it: a post with its unit and nobody's name."""
    return f"{unit.parent.name}{unit.name}" if unit.level == Level.POST and unit.parent else unit.name
