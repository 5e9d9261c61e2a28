"""The official documents of the ledger as texts: 督办单, 约谈通知书, 整改通知书, 销号确认单. No right-holder, no amount."""

from commitments.models import RectificationSlip, SlipKind
from longsha_credit.directory.models import Level
from longsha_credit.exchange.documents import Paper, Table, day


def paper_of(slip: RectificationSlip) -> Paper:
    """What a slip says, for the printed page and for Word."""
    if slip.kind == SlipKind.CLOSE:
        return _closing(slip)
    item = slip.rectification
    asked = f"请于{day(slip.answer_by)}前书面回复办理情况。" if slip.answer_by else "请及时书面回复办理情况。"
    blocks = (
        "一、事项",
        f"{item.title}（台账编号{item.number}，{item.get_problem_display()}，{item.get_domain_display()}领域）。",
        *((f"批准的整改期限是{day(item.due_on)}。",) if item.due_on else ()),
        LEADS[slip.kind],
        slip.text,
        "三、要求",
        f"{asked}{WARNING}",
    )
    return _paper(slip, title_of(slip), blocks)


LEADS = {
    SlipKind.SUPERVISE: "二、督办意见",
    SlipKind.TALK: "二、约谈安排",
    SlipKind.NOTICE: "二、整改要求",
}
WARNING = "书面督办以后仍不整改的，按规定认定为违约失信，由另外的人核实后记入政务诚信记录。"


def title_of(slip: RectificationSlip) -> str:
    colour = f"（{slip.get_colour_display()}色）" if slip.colour else ""
    return f"失信治理{slip.get_kind_display()}{colour}"


def _closing(slip: RectificationSlip) -> Paper:
    item = slip.rectification
    rows = (
        ("台账编号", item.number),
        ("事项", item.title),
        ("责任单位", slip.organisation.name),
        ("问题类型", item.get_problem_display()),
        ("销号依据", slip.text),
        ("验收", "责任单位自验、区级复核，由三个不同的人办理"),
        ("销号日期", day(slip.issued_on)),
    )
    blocks = (
        "下列事项已经整改完成，经自验和区级复核，准予销号。满三十日回访；再犯的，按原编号重新打开。",
        Table("", ("项目", "内容"), rows),
    )
    return _paper(slip, "失信治理销号确认单", blocks)


def _paper(slip: RectificationSlip, title: str, blocks: tuple[str | Table, ...]) -> Paper:
    issuer = slip.issued_for
    sign = f"{issuer.name}信用办" if issuer.level == Level.DISTRICT else issuer.name
    return Paper(
        title=title,
        number=f"{slip.number}号",
        to=slip.organisation.name,
        blocks=blocks,
        sign=sign,
        signed_on=slip.issued_on,
    )
