"""The inspectors' own limits for a government site, as they would count them; numbers stand here and nowhere else.

Days stand in the rules of deadlines: `rule` names the one a limit goes by.
"""

from dataclasses import dataclass

BASIS = "政府网站与政务新媒体检查指标（国办秘函〔2019〕19号）"


@dataclass(frozen=True)
class Limit:
    """One thing inspectors look at: `fails_from` is the number with which a site fails, `near_from` that of a warning.

    Where the number is one of days, both come from `rule`: it fails after its days and warns from its first reminder.
    """

    key: str
    name: str
    counts: str
    noun: str
    fails_from: int = 0
    near_from: int = 0
    rule: str = ""
    topics_of: tuple[str, ...] = ()  # frequencies of the columns it looks at; none: all that have one
    basis: str = BASIS


LIMITS = (
    Limit("front", "首页更新", "最近一次公开到今天的天数；首页两周没有更新的，单项否决。", "天", rule="site_news"),
    Limit("columns", "动态、公告和政策栏目更新",
          "动态信息两周、通知公告和政策文件六个月没有更新的栏目，累计五个以上的，单项否决。", "个",
          fails_from=5, near_from=4, topics_of=("site_news", "site_policy")),
    Limit("long", "应更新的栏目长期没有更新", "过了目录写明的更新频次还没有更新的栏目，十个以上的，单项否决。", "个",
          fails_from=10, near_from=8),
    Limit("blank", "空白栏目", "没有一份有效内容的栏目，五个以上的，单项否决。", "个", fails_from=5, near_from=4),
    Limit("messages", "留言回应", "居民的来件超过三个月没有回应的，单项否决。", "件",
          fails_from=1, near_from=1, rule="message_reply"),
    Limit("channel", "咨询和监督渠道", "没有登记监督电话的单位；没有咨询渠道的，单项否决。", "个",
          fails_from=1, near_from=1),
)  # fmt: skip
