"""What no list of words can find out about a scene: yes and no, asked of the writer, one column each."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Q


@dataclass(frozen=True)
class Question:
    """One question: its column, how it is asked, both answers, which of them is right, what readers are assured of."""

    column: str
    text: str
    yes: str
    no: str
    right: bool
    assurance: str

    @property
    def right_words(self) -> str:
        return self.yes if self.right else self.no


QUESTIONS = (
    Question(
        "affects_others",
        "不参加或者退出的人，办这项服务能不能办、办多快、花多少钱，会不会因此受影响？",
        "受影响", "不受影响", False, "不参加、退出，都不影响办理任何服务。",
    ),
    Question(
        "ranks_people",
        "给居民打分、扣分、评级或者排名吗？",
        "会", "不会", False, "不给居民打分、扣分、评级、排名。",
    ),
    Question(
        "lists_people",
        "会不会公布参加或者不参加的人的名单、姓名、照片（包括红黑名单、光荣榜）？",
        "会", "不会", False, "不公布任何人的名单、姓名、照片。",
    ),
    Question(
        "punishes_people",
        "没有守约的人，会不会被处罚、记录、告诉别的单位，或者少了原来就有的待遇？",
        "会", "不会", False, "没有守约也不处罚、不记录，原有待遇一样不少。",
    ),
    Question(
        "takes_forbidden_data",
        "用不用宗教信仰、基因、指纹、血型、疾病和病史的信息？",
        "用", "不用", False, "不用宗教信仰、基因、指纹、血型、疾病和病史的信息。",
    ),
    Question(
        "costs_money",
        "参加要不要交钱（包括报名费、会员费、押金）？",
        "要", "不要", False, "参加不收费。",
    ),
    Question(
        "is_voluntary",
        "每个人都是自己愿意才参加、随时可以退出吗？",
        "是", "不是", True, "自愿参加，随时可以退出。",
    ),
)  # fmt: skip


def _answer(number: int) -> models.BooleanField:
    # the column's name for people is short, the question itself stands in the form
    return models.BooleanField(f"守则第{number}问", null=True, blank=True)


class Answers(models.Model):
    """守则七问：写的人逐条回答，答案不对的不能提交。"""

    affects_others = _answer(1)
    ranks_people = _answer(2)
    lists_people = _answer(3)
    punishes_people = _answer(4)
    takes_forbidden_data = _answer(5)
    costs_money = _answer(6)
    is_voluntary = _answer(7)

    class Meta:
        abstract = True


# An unanswered question is no answer: a bare comparison with NULL would let it pass.
ANSWERED_RIGHT = Q(
    **{question.column: question.right for question in QUESTIONS},
    **{f"{question.column}__isnull": False for question in QUESTIONS},
)
