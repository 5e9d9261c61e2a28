"""Handovers of the fictional district: one complete, one that goes on, a community renamed; all of it is invented."""

from django.core.files.uploadedfile import SimpleUploadedFile

from commitments.handover import services
from commitments.handover.flows import FLOW, PAPER
from commitments.models import Cause, Handover, Party
from longsha_credit.directory.models import Official, Posting

COMING = "street1next"


class _Handovers:
    """The handovers, told through the story of `demo`: its days, its people."""

    def __init__(self, story):
        self.story, self.people, self.units, self.made = story, story.people, story.units, {}

    def it(self, key) -> Handover:
        return Handover.objects.get(pk=self.made[key])

    def lead_of(self, unit_name) -> Posting:
        return Posting.objects.current().get(post__parent=self.units[unit_name], post__is_lead_post=True)

    def start(self, key, unit_name, incoming, cause) -> None:
        comes = Official.objects.get(user__username=incoming)
        self.made[key] = services.start_handover(
            self.lead_of(unit_name),
            leaves_on=self.story.day,
            cause=cause,
            incoming=comes,
            by=self.people["office"],
            today=self.story.day,
        ).pk

    def confirm(self, key, party, by, leave_out=0) -> None:
        """A party's word for everything on the list, or for all but its last rows."""
        services.refresh(self.it(key), today=self.story.day)
        items = list(self.it(key).items.still_open().values_list("pk", flat=True))
        items = items[: len(items) - leave_out]
        services.confirm(self.it(key), party=party, items=items, by=self.people[by])

    def paper(self, key, party, reason) -> None:
        """A signed paper, approved by another person of the district."""
        upload = SimpleUploadedFile("交接清单签字页.txt", "已逐件核对，情况属实。（演示文件）".encode())
        given = {"upload": upload, "reason": reason, "today": self.story.day}
        paper = services.bring_paper(self.it(key), party=party, by=self.people["officelead"], **given)
        self.story.take(PAPER, paper, "approve", self.people["reviewer"])

    def complete(self, key) -> None:
        self.story.take(FLOW, self.it(key), "complete", self.people["officelead"])

    def dispute(self, key, text) -> None:
        item = self.it(key).items.still_open().order_by("-pk")[0]
        services.dispute(item, party=Party.TAKER, text=text, by=self.people[COMING])

    def rename(self, unit_name, name, basis) -> None:
        given = {"name": name, "basis": basis, "until": self.story.day, "today": self.story.day}
        services.rename_unit(self.units[unit_name], by=self.people["office"], **given)


def tell(story) -> None:
    """Note what happens on which day."""
    it = _Handovers(story)
    story.at(130, it.start, "street2", "临江街道", "street2lead", Cause.POST)
    story.at(126, it.paper, "street2", Party.GIVER, "已调离本区，没有账号，在纸件上签字。")
    story.at(125, it.confirm, "street2", Party.TAKER, "street2lead")
    story.at(124, it.confirm, "street2", Party.WITNESS, "officelead")
    story.at(124, it.complete, "street2")
    story.at(40, it.rename, "滨河社区", "滨江社区", "示民发〔2026〕3号《关于社区名称变更的批复》")
    story.at(5, it.start, "street1", "向阳街道", COMING, Cause.ELECTION)
    story.at(4, it.confirm, "street1", Party.GIVER, "street1lead")
    story.at(3, it.dispute, "street1", "材料里没有看到施工合同，请补齐以后再交。")
    story.at(0, it.confirm, "street1", Party.TAKER, COMING, leave_out=1)
