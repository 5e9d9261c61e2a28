"""The certificate, or the letter that tells the result of a pilot, as an official document."""

from evaluation.demonstration.wording import shown_name, words
from evaluation.models import Award
from longsha_credit.exchange.documents import Paper, day


def paper_of(award: Award, address: str) -> Paper:
    """What the paper says; `address` is where number and code are checked."""
    it = award.application
    cycle, said, name = it.cycle, words(it.cycle), shown_name(it.organisation)
    decided = (
        f"经{cycle.approval_body}批准（{cycle.approval_number}），命名{name}为“{award.plaque}”。"
        if said.is_named
        else f"{name}在{cycle.title}中达到标准，列为{said.title}。{said.note}"
    )
    blocks = (
        decided,
        f"有效期自{day(award.awarded_on)}至{day(award.valid_until)}，每满一年复核一次。有效期内出现失信记录的，在记录修复、撤销或到期以前暂停；不再符合条件的，予以撤销。",
        f"编号：{award.number}　验证码：{award.check_code}",
    )
    return Paper(
        title=said.paper,
        number=f"{award.number}号",
        to=name,
        blocks=blocks,
        sign=award.organisation.name if said.is_named else f"{award.organisation.name}信用办",
        signed_on=award.awarded_on,
        qr=address,
        qr_note="扫码输入编号和验证码，可以查真伪和是否有效。",
    )
