"""The integrity records of the fictional district, one in every state there is: all of it is invented."""

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from longsha_credit.deadlines.calendar import add_months
from longsha_credit.directory.models import Official
from longsha_credit.files.services import Upload
from records import services
from records.flows import FLOW, OBJECTION, REPAIR
from records.models import CatalogueItem, Record

# item, unit or official, title, facts, document number, issuing body
RECORDS = {
    "model-street": ("S03", "向阳街道", "获评全市诚信建设先进街道", "承诺兑现率和群众满意度居全市前列，获评先进街道。", "示信发〔2026〕8号", "示例市信用办"),
    "open-award": ("S05", "新苑社区", "居务公开工作受到区级表彰", "按季公开居务和财务，公开内容完整、更新及时，受到区级表彰。", "示政办〔2026〕15号", "示例区人民政府办公室"),
    "law-award": ("S04", "青松街道", "依法行政工作受到市级表彰", "行政执法三项制度落实到位，全年没有行政败诉，受到表彰。", "示法〔2026〕4号", "示例市司法局"),
    "last-year": ("S02", "江畔社区", "年度绩效考核优秀", "上一年度绩效考核结果为优秀等次。", "示考〔2025〕2号", "示例区考核办"),
    "canteen-late": ("X06", "临江街道", "便民早市没有按承诺迁入固定场地", "街道承诺设摊位80个，到期只开放12个，供水没有接通，经区里核实为未履行。", "示信认〔2026〕2号", "示例区信用办"),
    "disputes-late": ("X06", "松苑社区", "物业投诉没有按承诺期限答复", "社区承诺7日内答复物业投诉，7件超过7日才答复，经核实属实。", "示信认〔2026〕1号", "示例区信用办"),
    "not-open": ("X08", "青松街道", "救助资金发放情况没有按期公开", "应当按季公开的救助资金发放情况连续两个季度没有公开，责令改正后仍未改正。", "示公开〔2026〕6号", "示例区政务公开办"),
    "fine": ("X03", "滨河社区", "消防通道堵塞受到行政处罚", "社区管理的自行车棚占用消防通道，被责令改正并处罚款。", "示消罚〔2026〕31号", "示例区消防救援大队"),
    "wrong-one": ("X06", "永安社区", "公交站候车座椅没有按承诺安装", "社区承诺加装候车座椅4处，认定时记为没有安装。", "示信认〔2026〕3号", "示例区信用办"),
    "outlived": ("X06", "松苑社区", "电梯加装协商没有按承诺组织", "社区承诺每季度组织一次加装电梯协商，认定时记为全年没有组织。", "示信认〔2025〕11号", "示例区信用办"),
    "to-correct": ("X06", "青松街道", "公共晾衣架没有按承诺安装", "街道承诺安装公共晾衣架30处，认定时记为一处没有安装。", "示信认〔2026〕8号", "示例区信用办"),
    "blamed": ("X05", "青松街道", "防汛值守脱岗被通报问责", "汛期夜间抽查时值守人员不在岗，被区里通报。", "示督〔2026〕9号", "示例区防汛指挥部"),
    "draft": ("S02", "江畔社区", "年度绩效考核优秀", "本年度绩效考核结果为优秀等次。", "示考〔2026〕2号", "示例区考核办"),
    "waiting": ("X06", "和平社区", "楼道照明报修没有按承诺时限修复", "社区承诺报修后3日内修复，抽查20件有6件超过3日。", "示信认〔2026〕7号", "示例区信用办"),
    "returned": ("X03", "育才社区", "占用绿地受到行政处罚", "社区在绿地上搭建临时棚，被责令拆除并处罚款。", "示城罚〔2026〕12号", "示例区城管局"),
    "double": ("X03", "康宁社区", "垃圾分类设施不合格受到行政处罚", "抽查发现投放点设施不符合标准，被处罚款。", "示城罚〔2026〕5号", "示例区城管局"),
    "asked-back": ("X03", "康宁社区", "垃圾分类设施不合格受到行政处罚", "抽查发现投放点设施不符合标准，被处罚款。", "示城罚〔2026〕5号", "示例区城管局"),
    "in-review": ("S06", "北园社区", "履约践诺受到区级表彰", "全年承诺事项全部按期兑现，受到区级表彰。", "示政办〔2026〕22号", "示例区人民政府办公室"),
    "good-official": ("S12", "official:street1lead", "年度考核优秀", "上一年度公务员年度考核结果为优秀等次。", "示组考〔2026〕1号", "示例区委组织部"),
    "warned": ("X11", "official:street3lead", "政务处分：警告", "因审批超期受到警告处分。", "示监处〔2026〕2号", "示例区监委"),
    "demerit": ("X12", "official:official2", "政务处分：记过", "因履职不力受到记过处分。", "示监处〔2026〕5号", "示例区监委"),
}  # fmt: skip


class _Records:
    """The records, told through the story of `demo`: its days, its people, its gate."""

    def __init__(self, story):
        self.story, self.people, self.made = story, story.people, {}

    def it(self, key) -> Record:
        return Record.objects.select_related("organisation__parent", "item").get(pk=self.made[key])

    def take(self, flow, obj, step, by, **given) -> None:
        self.story.take(flow, obj, step, by, **given)

    def upload(self, name, text) -> Upload:
        return Upload(added=(SimpleUploadedFile(f"{name}.txt", f"{text}\n（演示文件）".encode()),))

    def filer(self, it):
        """An official's record is filed by the district's office; a unit's by its clerk."""
        return self.people["office"] if it.official_id else self.story.clerk(it.organisation)

    def draft(self, key, **changes) -> None:
        code, whom, title, facts, number, body = RECORDS[key]
        item, day = CatalogueItem.objects.in_use().get(code=code), self.story.day
        official = Official.objects.get(user=self.people[whom[9:]]) if whom.startswith("official:") else None
        unit = official.organisation if official else self.story.units[whom]
        since = changes.pop("since", day - datetime.timedelta(days=5))
        it = Record(
            item=item, organisation=unit, official=official, title=title, facts=facts, document_number=number,
            issuing_body=body, decided_on=since, effective_from=since,
            effective_until=add_months(since, item.effect_months), **changes,
        )  # fmt: skip
        upload = self.upload(f"{number} 扫描件", title)
        self.made[key] = services.save_draft(it, by=self.filer(it), upload=upload).pk

    def submit(self, key, **changes) -> None:
        self.draft(key, **changes)
        self.take(FLOW, self.it(key), "submit", self.filer(self.it(key)))

    def confirm(self, key, **changes) -> None:
        self.submit(key, **changes)
        self.take(FLOW, self.it(key), "confirm", self.people["reviewer"])

    def show(self, key, stages=3) -> None:
        self.story.through_gate(self.it(key).notices.get(state="in_review"), stages)

    def public(self, key, **changes) -> None:
        self.confirm(key, **changes)
        self.show(key)

    def object_to(self, key, reason, wanted="revoked", by=None) -> None:
        it = self.it(key)
        services.object_to(
            it, by=by or self.story.lead(it.organisation), today=self.story.day, wanted=wanted, reason=reason,
            upload=self.upload("异议证明材料", reason),
        )  # fmt: skip

    def look_into(self, key, flow, request, outcome="", finding="") -> None:
        """Taken up by the second reviewer; with an outcome, proposed by him and approved by the office."""
        request = getattr(self.it(key), request).get(state="filed")
        self.take(flow, request, "accept", self.people["reviewer2"])
        if outcome:
            self.take(flow, request, "propose", self.people["reviewer2"], outcome=outcome, finding=finding)
            self.take(flow, request, "decide", self.people["office"])

    def ask_repair(self, key, reason) -> None:
        it = self.it(key)
        letter = SimpleUploadedFile("信用承诺书.txt", "今后按期答复。\n（演示文件）".encode())
        services.ask_repair(
            it, by=self.story.lead(it.organisation), today=self.story.day, reason=reason, letter=letter,
            upload=self.upload("履行完毕证明", reason),
        )  # fmt: skip

    def correct(self, key, reason, **changes) -> None:
        old = self.it(key)
        new = services.new_correction(old)
        new.correction_kind, new.correction_reason = "clerical", reason
        for name, value in changes.items():
            setattr(new, name, value)
        clerk = self.filer(old)
        self.made[key] = services.save_draft(new, by=clerk).pk
        self.take(FLOW, new, "submit", clerk)
        self.take(FLOW, new, "confirm", self.people["reviewer"])
        self.show(key)


def tell(story) -> None:
    """Note down what happens to the records on which day."""
    r, at = _Records(story), story.at
    long_ago = story.today - datetime.timedelta(days=390)
    at(160, r.public, "model-street")
    at(140, r.public, "open-award")
    at(120, r.public, "law-award")
    at(110, r.correct, "law-award", "文号写错一位，按原文更正。", document_number="示法〔2026〕14号")
    at(320, r.public, "last-year", since=long_ago)
    at(20, services_nightly, story)
    at(75, r.public, "canteen-late")
    at(70, r.object_to, "canteen-late", "摊位已开放30个，请求更正为部分履行。", "corrected")
    at(
        66,
        r.look_into,
        "canteen-late",
        OBJECTION,
        "objections",
        "upheld",
        "现场核对，认定时只开放12个，供水没有接通；此后增加的摊位不改变到期时的情况，维持记录。",
    )
    at(130, r.public, "disputes-late")
    at(15, r.ask_repair, "disputes-late", "7件投诉均已答复并当面说明，此后三个月没有再超期。")
    at(
        8,
        r.look_into,
        "disputes-late",
        REPAIR,
        "repairs",
        "granted",
        "查看登记簿，近三个月投诉全部按期答复，同意修复。",
    )
    at(40, r.public, "not-open")
    at(1, r.object_to, "not-open", "第二季度的发放情况已在公示栏公开，请求核对。")
    at(12, r.confirm, "fine", finality="pending", next_check_on=story.today + datetime.timedelta(days=20))
    at(60, r.public, "wrong-one")
    at(50, r.object_to, "wrong-one", "公交线路已调整，承诺在认定以前依程序撤下，不应认定为没有兑现。")
    at(
        45,
        r.look_into,
        "wrong-one",
        OBJECTION,
        "objections",
        "revoked",
        "查明承诺在到期以后、认定以前已按程序批准撤下，原认定依据不成立。",
    )
    at(319, r.public, "outlived", since=story.today - datetime.timedelta(days=387))
    at(23, r.object_to, "outlived", "全年组织了两次协商，有签到表和照片。")
    at(
        18,
        r.look_into,
        "outlived",
        OBJECTION,
        "objections",
        "revoked",
        "查看签到表和照片，协商会组织过两次，认定时没有调取，原认定依据不成立。",
    )
    at(30, r.public, "to-correct")
    at(3, r.object_to, "to-correct", "已安装12处，请求按实际数量更正。", "corrected")
    at(
        1,
        r.look_into,
        "to-correct",
        OBJECTION,
        "objections",
        "corrected",
        "现场核对，已安装12处，还差18处，事实应当按实际数量更正。",
    )
    at(55, r.confirm, "blamed")
    at(1, r.draft, "draft")
    at(2, r.submit, "waiting")
    at(3, r.submit, "returned")
    at(
        2,
        lambda: story.take(
            FLOW,
            r.it("returned"),
            "send_back",
            r.people["reviewer"],
            reason="处罚决定书缺第二页，作出日期和文书不一致。",
            flagged={"decided_on": "wrong", "uploads": "missing"},
        ),
    )
    at(90, r.public, "asked-back")
    at(
        1,
        lambda: story.take(
            FLOW,
            r.it("asked-back"),
            "ask_revocation",
            story.clerk(r.it("asked-back").organisation),
            reason="处罚决定已被复议机关撤销，见复议决定书。",
        ),
    )
    at(4, r.draft, "double")
    at(4, lambda: story.take(FLOW, r.it("double"), "discard", r.people["street3"], reason="和已有的记录重复"))
    at(2, r.confirm, "in-review")
    at(1, r.show, "in-review", 1)
    at(30, r.confirm, "good-official")
    at(215, r.confirm, "warned")
    at(35, r.confirm, "demerit")


def services_nightly(story) -> None:
    """One night of the records: what is over expires."""
    services.run_nightly(today=story.day)
