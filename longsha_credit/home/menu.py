"""What every desk page carries: who is signed in, the navigation by task, and whether this is the demo."""

from django.core.cache import cache
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import SEES_ACCOUNTS, SEES_AUDIT, SEES_WORK, Role
from longsha_credit.home import todo


def desk(request):
    user = getattr(request, "user", None)
    context = {"demo": SimpleLazyObject(is_demo)}
    if user and user.is_authenticated:
        context["desk"] = SimpleLazyObject(lambda: _desk_of(request, user))
    return context


def _desk_of(request, user) -> dict:
    numbers = getattr(request, "work", None) or todo.numbers(user)
    return {
        "who": who(user),
        "nav": navigation(request, user, numbers),
        "sees_work": user.holds(*SEES_WORK),
        "unread": numbers.at["deadlines:notifications"],
    }


def is_demo() -> bool:
    """Whether the portal holds demo units; asked at most once a minute."""
    return cache.get_or_set("is_demo", lambda: Organisation.objects.filter(is_demo=True).exists(), 60)


def who(user) -> str:
    """The line under the name: the memberships held now."""
    return "；".join(str(membership) for membership in user.current_memberships[:2]) or "没有任用资格"


def _works(user):
    return user.holds(*SEES_WORK)


# By task: heading, who sees it, its entries by label and address. What home/todo.py counts at an address stands there.
MENU = (
    ("我的工作", _works, {"我的待办": "desk", "日历": "month"}),
    ("办理", _works, {
        "任务": "tasks:list",
        "承诺和进展": "commitments:list",
        "公开内容": "disclosure:list",
        "信用+场景": "scenes:list",
        "诚信教育": "education:list",
        "离任交接": "handovers:list",
        "诚信记录": "records:list",
        "居民来件": "supervision:list",
        "转办单": "supervision:slips",
        "失信治理台账": "rectification:list",
        "知识竞赛": "contests:list",
        "督导检查": "inspections:list",
        "公开审查": "reviews:list",
        "公开情况": "coverage:board",
        "期限和督办": "deadlines:list",
        "文书": "documents:list",
    }),
    ("考评", _works, {
        "示范创建和对标评价": "demonstration:list",
        "年度总结": "summaries:list",
        "年度考评": "annual:list",
        "得分": "evaluation:results",
        "认定": "evaluation:rulings",
        "创建指标": "standards:list",
        "取数": "facts:list",
        "导入的事实": "imported:list",
    }),
    ("评审", lambda user: user.holds(Role.PANEL) and not _works(user), {"示范创建和对标评价": "demonstration:list"}),
    ("其他", lambda user: _works(user) and not user.holds(*SEES_ACCOUNTS), {"年度安排": "programme:list", "导入": "imports:list", "后台任务": "jobs:list", "单位资料": "organisations:list", "接口令牌": "tokens:list"}),
    ("学习", lambda user: user.official_id or _works(user), {"我的测试": "contests:tests"}),
    ("我的档案", lambda user: user.holds(Role.OFFICIAL) and not _works(user), {"诚信记录": "records:list", "学时和学习": "education:mine", "考评用到的数": "imported:list", "岗位得分": "evaluation:results"}),
    ("交接", lambda user: user.official_id and not _works(user), {"离任交接": "handovers:list"}),
    ("系统管理", lambda user: user.holds(*SEES_ACCOUNTS), {"单位资料": "organisations:list", "账号": "accounts:list"}),
    ("审计", lambda user: user.holds(*SEES_AUDIT), {"办理留痕": "audit:list"}),
)  # fmt: skip


def navigation(request, user, numbers) -> list[dict]:
    """The menu of what this user's roles can open, each entry with what waits there."""
    here = _here(request.path)
    return [
        {
            "label": label,
            "items": [_item(here, *entry, numbers.at.get(entry[1])) for entry in entries.items()],
        }
        for label, sees, entries in MENU
        if sees(user)
    ]


def _here(path) -> str:
    """The address of the entry that this page belongs to: the longest that it begins with."""
    addresses = {reverse(address) for _, _, entries in MENU for address in entries.values()}
    below = addresses - {reverse("desk")}
    return max((url for url in below if path.startswith(url)), key=len, default=path)


def _item(here, label, address, count) -> dict:
    url = reverse(address)
    return {"label": label, "url": url, "count": count or None, "current": url == here, "due": ""}
