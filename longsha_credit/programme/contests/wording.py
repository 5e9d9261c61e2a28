"""The sentences by which a contest says in advance what holds."""

from typing import Any

NOBODY = "居民参加不留姓名、电话，也不记网络地址；人数按一部手机或一台电脑算一个，是大约的数。"


def method(contest: Any) -> str:
    """How the units are ranked and what counts, in the words printed beside the ranking."""
    counts = contest.get_counts_display() if contest.attempts > 1 else "只能答一次"
    measure = contest.get_ranked_by_display()
    lines = [
        f"单位按{measure}排名，相同的{contest.get_tie_display()}。",
        "参与率＝参加人数÷单位人数，至少答了一道题才算参加；平均分按每个参加者算数的那一次算。",
        f"参加不到{contest.min_sample}人的单位只列人数、不排名（样本不足）；1至4人写作“少于5”，不计入合计。",
        f"每人可以答{contest.attempts}次，{counts}。多选题全部选对才得分；到时没有交卷的，按已经保存的答案算。",
    ]
    return "\n".join(lines + ([NOBODY] if contest.takes_residents else []))


def certificate_rule(contest: Any) -> str:
    if contest.pass_percent is None:
        return "不发证书"
    return f"得到总分的{contest.pass_percent}%以上发证书；居民的证书上没有姓名"


def limit(contest: Any) -> str:
    return f"每次限时{contest.minutes}分钟，从点“开始答题”算起，竞赛结束时一起结束"
