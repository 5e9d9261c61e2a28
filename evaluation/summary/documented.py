"""年度总结报告 as an official document, as it was sent under a receipt."""

import datetime
from typing import Any

from django.urls import reverse

from evaluation.models import SummaryReceipt
from evaluation.summary.papers import paper_of
from longsha_credit.directory.roles import Role
from longsha_credit.exchange.documents import Paper, Table
from longsha_credit.exchange.official.kinds import DocumentKind, Field
from longsha_credit.exchange.official.kinds import register as known

ISSUERS = frozenset({Role.CLERK, Role.LEAD, Role.OFFICE})
TABLES = (
    Field("任务完成情况", "九项任务", [], columns=("任务", "下达", "完成", "没有完成的")),
    Field("主要数字", "各项数字和怎样算的", [], columns=("任务", "数字", "结果", "怎样算的")),
)
SAMPLE = Paper(
    title="向阳街道关于2026年诚信街道社区创建工作情况的报告",
    to="示例区信用办",
    blocks=(
        "一、组织推进情况",
        "成立专班，明确专人，全年召开部署会2次。",
        "二、九项任务完成情况",
        "九项任务下达12件，完成11件。",
        "三、特色亮点",
        "在三个社区试行“信用+社区”免押金借用。",
        "四、存在问题",
        "个别社区财务公开不及时。",
        "五、下一步打算",
        "十二月底以前补齐，并纳入日常检查。",
        Table(
            "附1 九项任务完成情况",
            TABLES[0].columns,
            (
                ("依法全面履行政府职责", "2件", "2件", "—"),
                ("加强政务公开", "3件", "2件", "花园社区第三季度财务公开"),
            ),
        ),
        Table(
            "附2 主要数字",
            TABLES[1].columns,
            (
                ("推广政务信用承诺", "到期兑现率", "91.7%", "33÷36"),
                ("加强政务公开", "按期更新率", "88.9%", "8÷9"),
            ),
        ),
    ),
    sign="向阳街道",
    signed_on=datetime.date(2026, 11, 13),
)


def _values(receipt: Any) -> dict[str, str]:
    return {"回执编号": receipt.number, "年度": str(receipt.report.year.number)}


def register() -> None:
    """Called when the app is ready."""
    known(
        DocumentKind(
            key="summary",
            label="年度总结报告",
            word="报",
            model=SummaryReceipt,
            things=lambda user: SummaryReceipt.objects.visible_to(user).select_related(
                "report__organisation", "report__year__organisation", "by"
            ),
            paper=lambda it: paper_of(it.report, it),
            unit=lambda it: it.report.organisation,
            roles=ISSUERS,
            url=lambda it: reverse("summaries:receipt", args=[it.pk]),
            sample=SAMPLE,
            own=(
                Field("回执编号", "报送回执的编号", "回执〔2026〕0001"),
                Field("年度", "哪一年的总结", "2026"),
            ),
            values=_values,
            tables=TABLES,
        )
    )
