"""Contests of the fictional district in every state, with a bank of questions and people who answered: all of it is invented."""

import datetime
import random

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from longsha_credit.exchange import jobs
from longsha_credit.exchange.imports import services as imports
from longsha_credit.exchange.imports.kinds import KINDS
from longsha_credit.programme.contests import clocks, fields, services, taking
from longsha_credit.programme.contests.flows import FLOW, QUESTION, RESULT, REVISION
from longsha_credit.programme.models import Contest, ContestDraw, ContestUnit, Question

# kind, category, text, options, right, explanation, source
QUESTIONS = (
    ("single", "law", "行政机关公开政府信息，应当坚持什么原则？", "以公开为常态、不公开为例外|以不公开为常态、公开为例外|由经办人决定|有人申请才公开", "A", "能公开的都公开，不公开要有依据。", "《中华人民共和国政府信息公开条例》第五条"),
    ("single", "law", "下列哪一项是民法典规定的基本原则？", "诚信原则|谁声音大谁有理|先到先得", "A", "民事主体从事民事活动，应当遵循诚信原则，秉持诚实，恪守承诺。", "《中华人民共和国民法典》第七条"),
    ("single", "policy", "对守信者和失信者，国家文件要求的做法是什么？", "守信激励、失信惩戒|一视同仁，不作区别|只惩戒不激励", "A", "联合激励和联合惩戒都要依法依规。", "国发〔2016〕33号"),
    ("single", "office", "换了领导，原来对企业依法作出的书面承诺怎么办？", "自动作废|由新领导决定认不认|继续兑现，不得以换届、调整为由违约", "C", "承诺是单位作出的，不因换人而失效。", "《优化营商环境条例》第三十一条"),
    ("single", "repair", "失信信息的主体纠正了失信行为，可以怎样？", "依法申请信用修复|自己删除记录|不用管，没有办法", "A", "符合条件的可以申请修复。", "国办发〔2020〕49号"),
    ("single", "privacy", "处理个人信息，应当遵循哪一条？", "越多越好|限于实现处理目的的最小范围|先收集再想用途", "B", "不得过度收集个人信息。", "《中华人民共和国个人信息保护法》第六条"),
    ("single", "culture", "“一诺千金”说的是什么？", "说话算数|会赚钱|话要说得少", "A", "许下的诺言有千金的价值。", "《史记·季布栾布列传》"),
    ("single", "office", "群众反映承诺没有兑现，应当由谁答复？", "被反映单位的上级|被反映的工作人员本人|群众自己找人", "A", "由上级办理，被反映的单位看不到是谁反映的。", "本区诚信街道社区创建试点工作方案"),
    ("multiple", "office", "推广政务信用承诺，包括哪些方面？", "依法行政|便民服务|阳光信访|廉洁纪律", "ABCD", "四个方面都要主动向社会承诺，接受监督。", "本区诚信街道社区创建试点工作方案二（三）"),
    ("multiple", "privacy", "下列哪些做法不对？", "公布居民的身份证号码|给居民打信用分并排名|没有本人同意就公布电话|张贴服务窗口的办公电话", "ABC", "办公电话可以公开，居民的个人信息不可以。", "《中华人民共和国个人信息保护法》第二十五条"),
    ("multiple", "policy", "街道、社区的诚信记录从哪几方面建立？", "依法行政|政务公开|履职尽责|守信践诺", "ABCD", "四个方面分别记守信和失信。", "本区诚信街道社区创建试点工作方案二（二）"),
    ("multiple", "law", "政府信息公开应当遵循哪些原则？", "公正|公平|合法|便民", "ABCD", "行政机关公开政府信息，应当遵循公正、公平、合法、便民的原则。", "《中华人民共和国政府信息公开条例》第五条"),
    ("truth", "law", "不参加“信用+”场景的居民，办事要排到后面。", "对|错", "B", "参加是自愿的，不参加不影响办理任何服务。", "国办发〔2020〕49号"),
    ("truth", "culture", "诚信是社会主义核心价值观的内容。", "对|错", "A", "爱国、敬业、诚信、友善是公民层面的价值准则。", "《关于培育和践行社会主义核心价值观的意见》"),
    ("truth", "repair", "失信信息超过公示期以后还可以一直公示。", "对|错", "B", "公示期满应当停止公示。", "《信用修复管理办法》"),
    ("truth", "privacy", "社区可以把欠物业费的居民名单贴在楼道里。", "对|错", "B", "公开个人信息要有法律依据或者本人单独同意。", "《中华人民共和国个人信息保护法》第二十五条"),
    ("truth", "office", "机构改革以后，原单位签的合同由承接的单位继续履行。", "对|错", "A", "不得以机构调整为由毁约。", "《优化营商环境条例》第三十一条"),
)  # fmt: skip
DRAWS = (("truth", "", 3, 5), ("single", "", 5, 10), ("multiple", "", 2, 15), ("truth", "privacy", 1, 5))
PEOPLE = {"新苑社区": 1860, "和平社区": 1420, "育才社区": 1260, "江畔社区": 980, "松苑社区": 1050}
OFFICIALS = {"向阳街道": 42, "临江街道": 36, "青松街道": 33}


class _Contests:
    """The contests, told through the story of `demo`: its days, its people, its gate."""

    def __init__(self, story):
        self.story, self.people, self.made = story, story.people, {}
        self.chance = random.Random(20261126)  # noqa: S311 - always the same demo

    def it(self, key) -> Contest:
        return Contest.objects.select_related("organisation", "publication").get(pk=self.made[key])

    @property
    def district(self):
        return self.story.units["示例区"]

    def fill_bank(self) -> None:
        for kind, category, text, options, right, explanation, source in QUESTIONS:
            question = Question(
                organisation=self.district, kind=kind, category=category, text=text, options=options.split("|"),
                right=right, explanation=explanation, source=source,
            )  # fmt: skip
            services.save_question(question, by=self.people["office"])
            self.story.take(QUESTION, question, "confirm", self.people["reviewer"])

    def more_questions(self) -> None:
        """One waits to be checked, one is out of use, one is thrown away, one has a new version on the way."""
        first = Question.objects.filter(organisation=self.district, state="ready").order_by("id")
        newer = services.new_version(first[0])
        newer.explanation += "申请公开是补充的渠道。"
        services.save_question(newer, by=self.people["office"])
        old = Question(
            organisation=self.district, kind="truth", category="policy", text="信用修复要交手续费。", options=["对", "错"],
            right="B", explanation="信用修复不收费。", source="《信用修复管理办法》",
        )  # fmt: skip
        services.save_question(old, by=self.people["office"])
        self.story.take(QUESTION, old, "confirm", self.people["reviewer"])
        self.story.take(QUESTION, old, "retire", self.people["office"], reason="依据有了新的版本，另出新题")
        wrong = Question(
            organisation=self.district, kind="truth", category="culture", text="写重了的题。", options=["对", "错"],
            right="A", explanation="写重了。", source="写重了",
        )  # fmt: skip
        services.save_question(wrong, by=self.people["office"])
        self.story.take(QUESTION, wrong, "discard", self.people["office"], reason="和前面一道重复")

    def draft(self, key, title, opens, closes, units=None, **changes) -> None:
        """`opens` and `closes` are days from today, at nine and at six."""
        at = {
            name: timezone.make_aware(
                datetime.datetime.combine(
                    self.story.today + datetime.timedelta(days=days), datetime.time(hour)
                )
            )
            for name, days, hour in (("opens_at", opens, 9), ("closes_at", closes, 18))
        }
        rules = {
            "about": "考一考政务公开、信用承诺、信用修复和个人信息保护。题目都写明依据，答完有解析。不用准备，重在参与。",
            "audience": "all", "minutes": 20, "attempts": 2, "counts": "best", "ranked_by": "rate", "tie": "other",
            "min_sample": 5, "pass_percent": 60, "shows_answers": True,
        } | changes  # fmt: skip
        contest = Contest(organisation=self.district, title=title, **at, **rules)
        rows = [ContestUnit(organisation=self.story.units[name], residents=n) for name, n in PEOPLE.items()]
        rows += [
            ContestUnit(organisation=self.story.units[name], officials=n) for name, n in OFFICIALS.items()
        ]
        draws = [ContestDraw(kind=k, category=c, number=n, points=p) for k, c, n, p in DRAWS]
        services.save_contest(
            contest, by=self.people["office"], units=rows, draws=draws, today=self.story.day
        )
        self.made[key] = contest.pk

    def submit(self, key, *args, **changes) -> None:
        self.draft(key, *args, **changes)
        self.story.take(FLOW, self.it(key), "submit", self.people["office"])

    def open(self, key, *args, **changes) -> None:
        self.submit(key, *args, **changes)
        self.story.through_gate(self.it(key))

    def answer(self, key, numbers, days=1) -> None:
        """So many residents of each community, and one official, answered within the first days."""
        with self.story.answers_in_the_past(), self.story.in_one_piece():
            self._answer(self.it(key), key, numbers, days)

    def _answer(self, contest, key, numbers, days) -> None:
        for unit in contest.units.filter(residents__isnull=False).select_related("organisation"):
            for at in range(numbers.get(unit.organisation.name, 0)):
                now = contest.opens_at + datetime.timedelta(minutes=self.chance.randrange(30, days * 540))
                entrant = taking.enter_resident(
                    contest, unit, taking.secret_of(f"demo {key} {unit.pk} {at}"), now=now
                )
                self._sit(contest, entrant, now)
        now = contest.opens_at + datetime.timedelta(minutes=90)
        official = self.people["official1"]
        self._sit(contest, taking.enter_official(contest, official, now=now), now)

    def _sit(self, contest, entrant, now) -> None:
        attempt = taking.begin(entrant, now=now)
        luck = self.chance.uniform(0.45, 0.98)
        for one in taking.sheet(attempt, contest):
            now += datetime.timedelta(seconds=self.chance.randrange(8, 50))
            letters = list(one.question.right) if self.chance.random() < luck else [self.chance.choice("AB")]
            taking.answer(attempt, contest, one.number, letters, now=now)
        taking.hand_in(attempt, now=now)
        taking.certificate_of(entrant, contest, now=now)

    def tell_result(self, key, published=True) -> None:
        result = services.draw_up_result(self.it(key), by=self.people["office"])
        if not published:
            return
        result.note = "多选题错得多的是“哪些做法不对”，下一期讲座再讲一讲个人信息保护。"
        services.save_result(result, by=self.people["office"])
        self.story.take(RESULT, result, "submit", self.people["office"])
        self.story.through_gate(result)

    def take_down(self, key, approved) -> None:
        self.story.take(
            FLOW,
            self.it(key),
            "ask_withdrawal",
            self.people["office"],
            reason="开始时间和另一项活动冲突，改期重办",
        )
        if approved:
            self.story.take(FLOW, self.it(key), "approve_withdrawal", self.people["reviewer"])

    def revise(self, key, reason, end, *steps, days=None, **changes) -> None:
        """More time for a contest, or other words: through the gate, or to where the steps lead."""
        revision = services.new_revision(self.it(key))
        revision.reason = reason
        if days:
            for name in days:
                setattr(revision, name, getattr(revision, name) + datetime.timedelta(days=days[name]))
        for name, value in changes.items():
            setattr(revision, name, value)
        services.save_revision(revision, by=self.people["office"])
        for step in steps:
            self.story.take(
                REVISION, revision, step, self.people["office"], reason="不改了" if step == "discard" else ""
            )
        if end:
            self.story.through_gate(revision)

    def end_calls(self) -> None:
        """What the beat does every quarter of an hour."""
        clocks.end_those_over(now=timezone.now())

    def bring_in(self) -> None:
        """A file with faults that was looked through, and a right one that was brought in."""
        for rows in (BAD_ROWS, GOOD_ROWS):
            text = "\n".join(",".join(row) for row in (HEADS, *rows))
            file = SimpleUploadedFile("街道题库（演示）.csv", text.encode("utf-8-sig"))
            import_ = imports.begin(
                file,
                KINDS[fields.KEY],
                organisation=self.story.units["向阳街道"],
                by=self.people["street1"],
            )
            jobs.advance(import_.check_job_id)
        jobs.advance(imports.confirm(import_, by=self.people["street1"]).pk)

    def discard(self, key, *args) -> None:
        self.draft(key, *args)
        self.story.take(FLOW, self.it(key), "discard", self.people["office"], reason="和另一次合并举办")


HEADS = [field.label for field in fields.FIELDS]
GOOD_ROWS = (
    (
        "判断题",
        "政务诚信",
        "承诺到期以后，单位应当报告做到了没有。",
        "",
        "",
        "",
        "",
        "",
        "",
        "对",
        "做到没有都要报告，并附佐证材料。",
        "本区诚信街道社区创建试点工作方案二（三）",
    ),
    (
        "单选题",
        "政务诚信",
        "居民对公开的承诺有意见，可以怎样反映？",
        "在承诺页面投诉或建议",
        "只能当面说",
        "没有办法",
        "",
        "",
        "",
        "A",
        "不用登录，可以不留姓名，由上级办理。",
        "本区诚信街道社区创建试点工作方案二（三）",
    ),
)
BAD_ROWS = (
    ("问答题", "政务诚信", "什么是诚信？", "", "", "", "", "", "", "", "说话算数。", "民法典第七条"),
    ("单选题", "法律法规", "民法典从哪天起施行？", "2021年1月1日", "2020年1月1日", "", "", "", "", "C", "", "民法典第一千二百六十条"),
)  # fmt: skip
SPRING = {"新苑社区": 9, "和平社区": 7, "育才社区": 5, "江畔社区": 3}
NOW = {"新苑社区": 6, "和平社区": 2}


def tell(story) -> None:
    it = _Contests(story)
    story.at(150, it.fill_bank)
    story.at(130, it.open, "spring", "上半年诚信知识竞赛", -120, -110)
    story.at(100, it.answer, "spring", SPRING, 6)
    story.at(98, it.tell_result, "spring")
    story.at(60, it.open, "gone", "暑期诚信知识竞赛", -40, -30)
    story.at(55, it.take_down, "gone", True)
    story.at(45, it.more_questions)
    story.at(40, it.discard, "merged", "窗口知识测试", -10, -5)
    story.at(35, it.open, "counting", "国庆诚信知识竞赛", -20, -4, shows_answers=False)
    story.at(3, it.answer, "counting", NOW, 5)
    story.at(2, it.tell_result, "counting", False)
    story.at(30, it.open, "uncounted", "信用修复知识竞赛", -12, -2, audience="residents", pass_percent=None)
    story.at(14, it.open, "now", "年终诚信知识竞赛", -6, 15)
    story.at(4, it.answer, "now", NOW, 1)
    story.at(12, it.open, "soon", "民法典诚信原则知识竞赛", 6, 12, audience="residents")
    story.at(9, it.open, "leaving", "元旦诚信知识竞赛", 30, 36)
    story.at(6, it.take_down, "leaving", False)
    story.at(5, it.submit, "review", "春节诚信知识竞赛", 60, 70)
    story.at(
        4, it.revise, "now", "天气不好，很多居民没有赶上，延长三天", True, "submit", days={"closes_at": 3}
    )
    story.at(
        2,
        it.revise,
        "now",
        "把怎样准备写得更明白",
        False,
        about="考一考政务公开、信用承诺和信用修复，社区服务大厅有复习资料。",
    )
    story.at(8, it.revise, "soon", "名称写得更短", False, "discard", title="民法典诚信知识竞赛")
    story.at(
        2,
        it.revise,
        "soon",
        "和社区运动会同一天，推迟两天",
        False,
        "submit",
        days={"opens_at": 2, "closes_at": 2},
    )
    story.at(7, it.bring_in)
    for ago in (109, 3, 1):
        story.at(ago, it.end_calls)
    story.at(1, it.draft, "draft", "机关干部信用知识测试", 20, 25, audience="officials", attempts=1)
