"""Contracts, policies and a commitment in parts of the fictional district, in several states: all of it is invented."""

import datetime

from commitments import parts, services
from commitments.flows import AMENDMENT, FLOW, PROGRESS
from commitments.models import Obligation, Part, PartState, ProgressUpdate
from commitments.payments import Given
from longsha_credit.directory.models import Organisation

# key: form, unit, field, domain, title, content, beneficiaries
OWED = {
    "care-station": (
        "contract", "和平社区", "养老", "livelihood", "社区养老服务站委托运营",
        "委托有资质的机构运营社区养老服务站：工作日8:30至17:00开放，提供助餐、日间照料和上门探访，社区每季度检查一次。",
        "和平社区60岁以上居民，约540人",
    ),
    "boiler": (
        "contract", "青松街道", "住房", "project", "老旧小区供热管网改造",
        "按合同提供施工场地和管网图纸，协调居民停暖时段，竣工后15日内组织验收。", "青松街道三个社区的居民",
    ),
    "cleaning": (
        "contract", "育才社区", "物业", "livelihood", "楼道保洁委托",
        "按合同委托保洁，每周两次，社区每月检查并公布结果。", "育才社区居民",
    ),
    "allowance": (
        "policy", "青松街道", "养老", "livelihood", "高龄津贴按月发放",
        "80岁以上老人凭身份证在社区登记，次月起每月10日前发到本人账户；漏发的查实后5个工作日内补发。",
        "青松街道80岁以上老人，约640人",
    ),
    "start-up": (
        "policy", "临江街道", "就业", "project", "创业场地租金补贴兑现",
        "符合条件的小微企业每半年申请一次，材料齐全的20个工作日内核定，核定后30日内拨付。", "辖区小微企业，约75家",
    ),
    "sewers": (
        "commitment", "临江街道", "住房", "project", "三个小区雨污分流改造",
        "完成滨河、江畔、永安三个小区的雨污分流改造，分三步施工，每个小区完工后15日内公开验收结果。",
        "三个小区居民，约4,440户",
    ),
}  # fmt: skip

DOCUMENTS = {
    "allowance": ("示民发〔2025〕18号", "示例区民政局", 400, None),
    "start-up": ("示政办发〔2025〕33号", "示例区人民政府办公室", 380, 200),
}
OTHER_SIDE = {
    "care-station": ("康乐养老服务有限公司（演示）", "YS-2026-011", 180_000),
    "boiler": ("暖家供热工程有限公司（演示）", "YS-2026-027", 960_000),
    "cleaning": ("净美保洁服务部（演示）", "", 36_000),
}


class _Owed:
    """What is owed beside promises, told through the story of `demo`: its days, its people, its gate."""

    def __init__(self, story):
        self.story = story

    def day(self, days) -> datetime.date:
        return self.story.today + datetime.timedelta(days=days)

    def draft(self, key, due_in, *, payments=(), part_rows=None) -> Obligation:
        form, unit_name, field, domain, title, content, whom = OWED[key]
        unit = self.story.units[unit_name]
        it = Obligation(
            form=form, organisation=unit, service_field=self.story.fields[field], domain=domain, title=title,
            area="service" if form == "commitment" else "", content=content, beneficiaries=whom,
            standard="全部按写明的做法和日子办到为全部履行，办到一半以上为部分履行，其余为未履行。",
            liability="15个工作日内公开说明原因和补救期限，造成损失的依法承担责任。",
            due_on=self.day(due_in), post=Organisation.objects.posts_of(unit)[0], **self._document(key),
        )  # fmt: skip
        given = self._inside(key, payments) if form == "contract" else None
        services.save_draft(it, by=self.story.clerk(unit), part_rows=part_rows, contract=given)
        self.story.made[key] = it.pk
        return it

    def _document(self, key) -> dict:
        if key not in DOCUMENTS:
            return {}
        number, issuer, since, until = DOCUMENTS[key]
        return {
            "document_number": number,
            "document_issuer": issuer,
            "document_from": self.day(-since),
            "document_until": self.day(until) if until else None,
        }

    def _inside(self, key, payments) -> Given:
        """The other side, and rows of (amount, due in so many days, paid so many days ago or None)."""
        name, number, amount = OTHER_SIDE[key]
        contract = {"counterparty": name, "number": number, "amount": amount, "with_small_business": True}
        rows = [
            {
                "number": None,
                "amount": owed,
                "due_on": self.day(due_in),
                "delivered_on": None,
                "paid_on": self.day(-paid) if paid is not None else None,
                "paid_amount": owed if paid is not None else None,
            }
            for owed, due_in, paid in payments
        ]
        return Given(contract | {"signed_on": self.story.day - datetime.timedelta(days=10)}, rows)

    def stand(self, key, due_in, **more) -> None:
        it = self.draft(key, due_in, **more)
        self.story.take(FLOW, it, "submit", self.story.clerk(it.organisation))
        self.story.through_gate(it)

    def submit(self, key, due_in, **more) -> None:
        it = self.draft(key, due_in, **more)
        self.story.take(FLOW, it, "submit", self.story.clerk(it.organisation))

    def pay(self, key, payments) -> None:
        """Register what was paid, on the rows as they stand."""
        it = self.story.it(key)
        given = self._inside(key, payments)
        rows = [row | {"number": number} for number, row in enumerate(given.payments, start=1)]
        contract = given.contract | {"signed_on": it.contract.signed_on}
        clerk = self.story.clerk(it.organisation)
        services.save_contract(it, Given(contract, rows), by=clerk, today=self.story.day)

    def report(self, key, number, state, text) -> None:
        it = self.story.it(key)
        clerk = self.story.clerk(it.organisation)
        progress = ProgressUpdate(
            obligation=it,
            organisation=it.organisation,
            as_of=self.story.day,
            part=Part.objects.get(obligation=it, number=number),
            part_state=state,
            text=text,
        )
        services.save_progress(progress, by=clerk, upload=self.story.evidence("验收记录", text))
        self.story.take(PROGRESS, progress, "submit", clerk)
        self.story.through_gate(progress)

    def later(self, key, number, due_in, reason) -> None:
        """Put one part off; the whole keeps its day."""
        it = self.story.it(key)
        change = services.new_amendment(it)
        change.reason = reason
        rows = [
            row | {"due_on": self.day(due_in)} if row["number"] == number else row
            for row in parts.rows_of(it)
        ]
        clerk = self.story.clerk(it.organisation)
        services.save_amendment(change, by=clerk, part_rows=rows)
        self.story.take(AMENDMENT, change, "submit", clerk)
        self.story.through_gate(change)


def tell(story) -> None:
    """Note what happens on which day: an overdue payment, one paid, a policy, a promise in parts."""
    it = _Owed(story)
    quarters = [(45_000, -100, None), (45_000, -12, None), (45_000, 25, None), (45_000, 110, None)]
    story.at(150, it.stand, "care-station", 200, payments=quarters)
    story.at(103, it.pay, "care-station", [(45_000, -100, 103), *quarters[1:]])
    story.at(20, story.progress, "care-station", None, "服务站工作日全部开放，本季度助餐1,340人次。")
    story.at(140, it.stand, "boiler", -50, payments=[(960_000, -70, None)])
    story.at(72, it.pay, "boiler", [(960_000, -70, 72)])
    story.at(48, story.report, "boiler", None, "场地、图纸按期提供，竣工后12日组织验收合格。")
    story.at(41, story.verify, "boiler", "查验收单和交接记录，单位按合同履行完毕。")
    story.at(2, it.draft, "cleaning", 300, payments=[(18_000, 90, None), (18_000, 270, None)])
    story.at(120, it.stand, "allowance", 36)
    story.at(9, story.progress, "allowance", None, "11月津贴9日发放完毕，漏发2人已补发。")
    story.at(3, it.submit, "start-up", 120)
    steps = [
        {"title": "滨河小区", "due_on": it.day(-40), "target": 14, "unit": "栋"},
        {"title": "江畔小区", "due_on": it.day(-6), "target": 11, "unit": "栋"},
        {"title": "永安小区", "due_on": it.day(60), "target": 9, "unit": "栋"},
    ]
    rows = [{"number": None, "weight": None} | step for step in steps]
    story.at(170, it.stand, "sewers", 90, part_rows=rows)
    story.at(42, it.report, "sewers", 1, PartState.DONE, "滨河小区14栋全部完成改造，验收合格。")
    story.at(38, it.later, "sewers", 3, 70, "永安小区与供热管网改造同步开挖，错开10天。")
    story.at(8, it.report, "sewers", 2, PartState.PARTLY, "江畔小区完成7栋，4栋因管线迁改延后。")
