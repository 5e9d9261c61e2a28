"""Every list of the desk as a table that goes out: its rows as the list shows them at the same address, its columns."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.http import Http404
from django.utils import timezone

from commitments import lists as commitments
from commitments.handover import lists as handovers
from commitments.models import Handover, Obligation
from commitments.supervision import lists as cases
from disclosure import lists as notices
from disclosure.models import Notice, Scene
from disclosure.scenes import lists as scenes
from evaluation import fact_views as snapshots
from evaluation import lists as evaluation
from evaluation import reading
from evaluation.demonstration import lists as demonstration
from evaluation.importing import lists as imported
from evaluation.metrics.imported import IMPORTABLE, told
from evaluation.models import Application, Result, Ruling
from longsha_credit.audit import views as audit
from longsha_credit.deadlines import lists as deadlines
from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory import account_views as accounts
from longsha_credit.directory import views as units
from longsha_credit.directory.models import ApiToken
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.exchange import kinds as work
from longsha_credit.exchange import lists as jobs
from longsha_credit.exchange.imports import kinds as tables
from longsha_credit.exchange.imports import lists as imports
from longsha_credit.exchange.imports import services as bringing
from longsha_credit.exchange.models import Import, Job
from longsha_credit.exchange.sheets import MOST
from longsha_credit.programme.contests import lists as contests
from longsha_credit.programme.education import lists as education
from longsha_credit.programme.inspections import lists as inspections
from longsha_credit.programme.models import Contest, Question
from longsha_credit.publication import sheet as review_sheet
from longsha_credit.publication import views as reviews
from records.models.opinions import ISSUERS, Opinion

CHUNK = 500

# What a column holds of a row: the way there in names (organisation.name, get_state_display), or a function.
Getter = str | Callable[[Any], Any]


@dataclass(frozen=True)
class ListTable:
    """A list of the desk: the name of its page, what its file is called, its rows for a user and the query of an
    address (Http404 where the page is not there for the user), its columns, and what a piece of rows is prepared by.
    """

    page: str
    label: str
    rows: Callable[[Any, Any], Any]
    columns: tuple[tuple[str, Getter], ...]
    prepared: Callable[[list[Any], Any], Iterable[Any]] = lambda found, user: found

    @property
    def heads(self) -> tuple[str, ...]:
        return tuple(head for head, _ in self.columns)

    def lines(self, rows: Any, user: Any) -> Iterator[list[Any]]:
        """The cells of each row, read from the database piece by piece."""
        source = rows[:MOST].iterator(CHUNK)
        while found := list(islice(source, CHUNK)):
            for it in self.prepared(found, user):
                yield [_cell(it, getter) for _, getter in self.columns]


def _cell(it: Any, getter: Getter) -> Any:
    value = getter(it) if callable(getter) else _along(it, getter)
    if isinstance(value, datetime.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return value


def _along(it: Any, way: str) -> Any:
    """What stands at the end of a way of names; nothing where it breaks off."""
    for name in way.split("."):
        it = getattr(it, name)
        it = it() if callable(it) else it
        if it is None:
            return None
    return it


def _commitments(user: Any, query: Any) -> Any:
    rows = commitments.of_form(Obligation.objects.visible_to(user).with_names(), query)
    return commitments.filtered(rows, query, user)


def _notices(user: Any, query: Any) -> Any:
    rows = bringing.only(Notice.objects.visible_to(user).with_names(), "notices", query, user)
    return notices.filtered(rows, query, user)


def _opinions(user: Any, query: Any) -> Any:
    if not user.holds(*ISSUERS):
        raise Http404
    return Opinion.objects.visible_to(user).with_names()


def _tokens(user: Any, query: Any) -> Any:
    if not user.holds(*SEES_WORK):
        raise Http404
    return ApiToken.objects.visible_to(user).with_names().order_by("-id")


def _entries(user: Any, query: Any) -> Any:
    """Up to this moment: the entry that taking them leaves comes after."""
    rows = audit.listed(user, query)
    newest = rows.values_list("pk", flat=True).order_by("-pk").first()
    return rows.filter(pk__lte=newest or 0)


def _activities(user: Any, query: Any) -> Any:
    return education.activities(user, education.chosen_year(education.years_of(user), query), query)


def _inspections(rows: Callable, named: Callable, path: str) -> Callable[[Any, Any], Any]:
    def found(user: Any, query: Any) -> Any:
        narrowed = inspections.narrowed(rows(user), query, path)
        return inspections.viewed(narrowed, query, named(user)).order_by("-id")

    return found


def _deadlines(user: Any, query: Any) -> Any:
    rows = Deadline.objects.visible_to(user).with_names().with_slip()
    return deadlines.filtered(rows, query, timezone.localdate())


def _standing(it: Any) -> str:
    """How a clock stands, as its list says it."""
    if it.cancelled_at:
        return "已终止"
    if it.met_on:
        return "超期办结" if it.was_met_late else "按期办结"
    return "已暂停" if it.suspended else "正在计算"


def _result_words(it: Any) -> str:
    return reading.grade_words(it)[1]


UNIT: tuple[str, Getter] = ("单位", "organisation.name")
STATE: tuple[str, Getter] = ("状态", "get_state_display")
SAVED: tuple[str, Getter] = ("最近保存", "saved_at")

LISTS = {
    "commitments": ListTable(
        "commitments:list", "承诺", _commitments,
        (("种类", "get_form_display"), ("承诺编码", "code"), ("名称", "title"), UNIT, ("承诺类别", "get_area_display"),
         ("公共服务领域", "service_field"), ("所属方面", "get_domain_display"), STATE, ("完成期限", "due_on"),
         ("履行状态", "get_verdict_display"), SAVED),
    ),
    "handovers": ListTable(
        "handovers:list", "离任交接",
        lambda user, query: handovers.filtered(Handover.objects.visible_to(user).with_names().with_tally(), query, user),
        (("编号", "number"), UNIT, ("移交的岗位", "office"), ("移交人", "outgoing_name"), ("接交人", "incoming_name"),
         ("离任日期", "leaves_on"), ("清单件数", "number_of_items"), ("未办结件数", "number_open"), STATE),
    ),
    # What residents wrote and who they are stays sealed; the list has neither.
    "cases": ListTable(
        "supervision:list", "居民来件", lambda user, query: cases.filtered(cases.cases_of(user), query, user),
        (("编号", "number"), ("种类", "get_kind_display"), ("反映的单位", "about.name"), ("承诺", "obligation.title"),
         ("承办单位", "organisation.name"), ("承办人", "handler"), STATE, ("认定", "get_finding_display"),
         ("不受理原因", "get_refusal_display"), ("收到日期", "filed_on"), ("期限", "due_on")),
        prepared=cases.with_due_days,
    ),
    "slips": ListTable(
        "supervision:slips", "转办单", lambda user, query: cases.slips_of(user),
        (("转办单", str), ("转办单位", "sender.name"), ("报送单位", "organisation.name"), STATE, ("转办日期", "sent_on")),
    ),
    "opinions": ListTable(
        "records:opinions", "核查意见", _opinions,
        (("编号", "number"), ("核查对象", "subject_name"), UNIT, ("结论", "get_finding_display"),
         ("用途", "get_purpose_display"), ("用途说明", "purpose_note"), ("出具日期", "issued_on"), ("出具人", "issued_by")),
    ),
    "activities": ListTable(
        "education:list", "教育活动", _activities,
        (("编号", "code"), ("活动", "title"), ("种类", "get_kind_display"), ("主题", "get_theme_display"),
         ("对象", "audience_words"), UNIT, ("日期", "day"), ("预计人数", "expected"), ("参加人次", "attendance"), STATE),
    ),
    "materials": ListTable(
        "education:materials", "学习资料", lambda user, query: education.editions(user, query),
        (("资料", "title"), ("摘要", "summary"), ("主题", "get_theme_display"), ("对象", "audience_words"), UNIT, STATE),
    ),
    "inspections": ListTable(
        "inspections:list", "督导检查", _inspections(inspections.inspections, inspections.inspection_views, ""),
        (("检查", "title"), ("种类", "get_kind_display"), ("组织单位", "organisation.name"), ("年度", "year"),
         ("开始", "from_on"), ("结束", "to_on"), STATE, ("应查单位", "planned"), ("已签字", "done"), ("问题", "found"),
         ("没改完", "unsolved")),
    ),
    "visits": ListTable(
        "inspections:visits", "现场检查", _inspections(inspections.visits, inspections.visit_views, "inspection__"),
        (UNIT, ("检查", "inspection.title"), ("组织单位", "inspection.organisation.name"), ("检查日期", "visited_on"),
         STATE, ("问题", "found"), ("没改完", "unsolved")),
    ),
    "findings": ListTable(
        "inspections:findings", "检查发现的问题",
        _inspections(inspections.findings, inspections.finding_views, "visit__inspection__"),
        (("问题", "facts"), ("主要任务", "get_heading_display"), ("检查", "visit.inspection.title"),
         ("责任单位", "organisation.name"), STATE, ("整改期限", lambda it: it.clock_due or it.due_on)),
    ),
    "contests": ListTable(
        "contests:list", "知识竞赛",
        lambda user, query: contests.contests(Contest.objects.visible_to(user).with_names(), query, user),
        (("编号", "code"), ("竞赛", "title"), ("参加的人", "get_audience_display"), ("举办单位", "organisation.name"), STATE,
         ("开始", "opens_at"), ("结束", "closes_at")),
    ),
    "questions": ListTable(
        "contests:questions", "题库",
        lambda user, query: contests.questions(Question.objects.visible_to(user).with_names(), query, user),
        (("题目", "text"), ("题型", "get_kind_display"), ("类别", "get_category_display"), ("答案", "right_words"),
         ("法规依据", "source"), UNIT, ("版本", "version"), STATE),
    ),
    "scenes": ListTable(
        "scenes:list", "信用+场景",
        lambda user, query: scenes.filtered(Scene.objects.visible_to(user).with_names(), query, user),
        (("编号", "code"), ("场景", "title"), ("种类", "get_kind_display"), ("激励", "get_incentive_kind_display"), UNIT,
         STATE, ("开始", "begins_on"), ("结束", "ends_on"), SAVED),
    ),
    "notices": ListTable(
        "disclosure:list", "公开内容", _notices,
        (("编号", "code"), ("标题", "title"), ("文种", "get_kind_display"), ("公开事项", "topic"), ("文号", "document_number"),
         UNIT, STATE, ("形成或变更日期", "formed_on"), SAVED),
    ),
    "applications": ListTable(
        "demonstration:list", "示范申报",
        lambda user, query: demonstration.filtered(Application.objects.visible_to(user).with_names(), query, user),
        (UNIT, ("轮次", "cycle"), STATE, SAVED),
    ),
    "results": ListTable(
        "evaluation:results", "得分",
        lambda user, query: evaluation.results(Result.objects.visible_to(user), evaluation.chosen(query, user)),
        (UNIT, ("上级单位", "organisation.parent.name"), ("层级", "organisation.get_level_display"),
         ("总分", lambda it: reading.in_points(it.total)), ("等级", _result_words),
         ("取消评选资格", lambda it: "有情形" if it.ruled_out else "")),
    ),
    "rulings": ListTable(
        "evaluation:rulings", "认定", lambda user, query: evaluation.rulings(Ruling.objects.visible_to(user), query, user),
        (("事项", "about"), ("种类", "get_kind_display"), ("文号", "document_number"), UNIT, ("年度", "year.number"), STATE,
         ("提出人", "proposed_by"), ("提出时间", "proposed_at")),
    ),
    "snapshots": ListTable(
        "facts:list", "取数", lambda user, query: snapshots.readable(user),
        (("年度和用途", "about"), ("取数日", "taken_on"), ("取数人", "by"), STATE),
    ),
    "deadlines": ListTable(
        "deadlines:list", "期限", _deadlines,
        (("事项", "title"), UNIT, ("期限", "rule.label"), ("长短", "rule.amount_in_words"), ("开始", "starts_on"),
         ("到期日", "due_on"), ("办结日", "met_on"), ("情况", _standing)),
    ),
    "reviews": ListTable(
        "reviews:list", "公开审查", lambda user, query: reviews.listed(user, query),
        (("内容", "title"), ("种类", review_sheet.kind_label), UNIT, STATE, ("提交人", "submitted_by"), ("提交时间", "submitted_at")),
    ),
    "jobs": ListTable(
        "jobs:list", "后台任务",
        lambda user, query: jobs.filtered(Job.objects.visible_to(user), query.get("view", "")).with_names(),
        (("事项", "title"), ("种类", lambda it: work.label_of(it.kind)), UNIT, ("发起人", "by"), ("发起时间", "created_at"),
         ("已办", "done"), ("共", "total"), STATE, ("原因", "error")),
    ),
    "imports": ListTable(
        "imports:list", "导入", lambda user, query: imports.filtered(Import.objects.visible_to(user), query).with_names(),
        (("文件", "file.name"), ("种类", lambda it: tables.label_of(it.kind)), UNIT, ("上传人", "by"), ("上传时间", "created_at"),
         ("行数", "rows"), ("要改的行", "faulty"), ("已经有的行", "known"), ("做成", "made"), ("情况", "stage.label")),
    ),
    "facts": ListTable(
        "imported:list", "导入的事实", lambda user, query: imported.listed(user, query, timezone.localdate()),
        (("指标", lambda it: IMPORTABLE[it.metric].title if it.metric in IMPORTABLE else it.metric), UNIT,
         ("上级单位", "organisation.parent.name"), ("数", lambda it: told(it.metric, it.numerator, it.denominator)),
         ("来源", "source"), ("文号", "document_number"), ("更正理由", "reason"), ("导入时间", "imported_at")),
    ),
    "units": ListTable(
        "organisations:list", "单位", units.listed,
        (("单位", "name"), ("上级单位", "parent.name"), ("层级", "get_level_display"), ("区划代码", "division_code"),
         ("参加创建", lambda it: "是" if it.taking_part else "否"), ("街道", "streets"), ("社区", "communities"),
         ("窗口", "windows"), ("岗位", "posts"), ("监督电话", "supervision_phone")),
    ),
    "accounts": ListTable(
        "accounts:list", "账号", accounts.listed,
        (("姓名", "name"), ("账号", "username"), ("任用资格", lambda it: "；".join(map(str, it.roles_now))),
         ("状态", lambda it: "启用" if it.is_active else "已停用"), ("最近登录", "last_login")),
    ),
    "tokens": ListTable(
        "tokens:list", "接口令牌", _tokens,
        (("用途", "name"), ("账号", "owner.name"), ("范围", "scope_words"), ("有效期至", "expires_on"),
         ("最近使用", "last_used_on"), ("状态", lambda it: it.standing(timezone.localdate())[1])),
    ),
    "entries": ListTable(
        "audit:list", "办理留痕", _entries,
        (("时间", "at"), ("步骤", "step_label"), ("理由", "reason"), ("事项", "object_label"),
         ("种类", lambda it: audit.kind_label(it.object_kind)), ("内部编号", "object_id"), ("办理人", "actor_name"),
         ("以什么资格", "acting_as"), ("单位", "organisation_name"), ("来源地址", "from_address")),
    ),
}  # fmt: skip
