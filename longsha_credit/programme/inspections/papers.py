"""The 整改通知书 of an inspection as an official text: what was found, what is asked, by which day."""

import datetime

from longsha_credit.directory.models import Level
from longsha_credit.exchange.documents import Paper, Table, day
from longsha_credit.programme.models import InspectionNotice

AFTER = (
    "整改完成后，请在系统里报告整改情况并附整改证明，由没有参与发现和报告的人复查。"
    "按期整改有困难的，在到期以前申请延期；逾期未改的，按蓝、黄、红三级督办。"
)


def paper_of(notice: InspectionNotice) -> Paper:
    """What a notice says, for the printed page and for Word."""
    inspection, issuer = notice.visit.inspection, notice.issued_for
    again = any(line[3] > 1 for line in notice.lines)
    rows = tuple(
        (str(number), facts, asked, day(datetime.date.fromisoformat(last)))
        for number, (facts, asked, last, _) in enumerate(notice.lines, start=1)
    )
    lead = (
        f"经复查，“{inspection.title}”发现的下列问题还没有整改到位，请继续整改。"
        if again
        else f"{day(notice.visit.visited_on)}，按照{inspection.basis}，对你单位进行了“{inspection.title}”现场检查，"
        f"发现下列问题，请按期整改。"
    )
    return Paper(
        title=f"关于“{inspection.title}”的整改通知书",
        number=f"{notice.number}号",
        to=notice.organisation.name,
        blocks=(
            lead,
            "一、问题、要求和期限",
            Table("", ("序号", "问题", "整改要求", "整改期限"), rows),
            "二、整改和复查",
            AFTER,
        ),
        sign=f"{issuer.name}信用办" if issuer.level == Level.DISTRICT else issuer.name,
        signed_on=notice.issued_on,
    )
