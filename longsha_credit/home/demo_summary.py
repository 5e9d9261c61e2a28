"""Summary reports of the fictional district in every state: accepted after a return, returned, sent late, being drafted."""

from evaluation.models import SummaryReport, SummarySection
from evaluation.summary import services
from evaluation.summary.flows import FLOW
from longsha_credit.programme.models import Year

DISTRICT = "示例区"
# street: {section: text written in place of what was drafted, or added to it}
WRITTEN = {
    "向阳街道": {
        "highlights": "轮椅免押金借用做满四个月，借出的都按期归还；加装坡道的承诺由居民一处一处验收。",
        "next": "把没有按期的两件承诺改完，一季度再请居民看一遍；轮椅借用推到另外两个社区。",
    },
    "临江街道": {"highlights": "", "next": "补齐到期没有报告的结果，十二月底以前全部核验。"},
    "青松街道": {
        "highlights": "社区财务公开的表改成一页纸，居民看得懂。",
        "next": "培训学时没有满的，十二月底以前补满。",
    },
}
BACK = "“存在的问题”只写了件数，没有写原因和哪天改好。"
BETTER = "\n两件承诺没有按期，是因为施工推迟；已经定了补救日期，由经济发展岗负责。"


class _Summaries:
    """The reports, told through the story of `demo`."""

    def __init__(self, story):
        self.story, self.people = story, story.people

    @property
    def year(self) -> Year:
        return Year.objects.select_related("organisation").get(number=self.story.today.year)

    def it(self, unit) -> SummaryReport:
        rows = SummaryReport.objects.with_names().filter(year=self.year)
        return rows.get(organisation=self.story.units[unit])

    def begin(self, unit) -> None:
        place = self.story.units[unit]
        by = self.people["officeclerk"] if unit == DISTRICT else self.story.clerk(place)
        services.begin(self.year, place, by=by, today=self.story.day)

    def write(self, unit) -> None:
        for key, text in WRITTEN[unit].items():
            self.section(unit, key, text)

    def section(self, unit, key, text, add=False) -> None:
        report = self.it(unit)
        part = SummarySection.objects.select_related("report__organisation", "report__year").get(
            report=report, key=key
        )
        services.save_section(
            part, text=part.text + text if add else text, by=self.story.clerk(report.organisation)
        )

    def send(self, unit) -> None:
        report = self.it(unit)
        self.story.take(FLOW, report, "submit", self.story.lead(report.organisation))

    def send_back(self, unit) -> None:
        given = {"reason": BACK, "flagged": ["problems"]}
        self.story.take(FLOW, self.it(unit), "send_back", self.people["reviewer"], **given)

    def accept(self, unit) -> None:
        self.story.take(FLOW, self.it(unit), "accept", self.people["reviewer2"])


def tell(story) -> None:
    """Note down which report is written and sent on which day."""
    it, at = _Summaries(story), story.at
    at(20, it.begin, "向阳街道")
    at(19, it.write, "向阳街道")
    at(16, it.send, "向阳街道")
    at(15, it.send_back, "向阳街道")
    at(14, it.section, "向阳街道", "problems", BETTER, add=True)
    at(13, it.send, "向阳街道")
    at(9, it.accept, "向阳街道")
    at(18, it.begin, "临江街道")
    at(15, it.write, "临江街道")
    at(13, it.send, "临江街道")
    at(2, it.send_back, "临江街道")
    at(9, it.begin, "青松街道")
    at(8, it.write, "青松街道")
    at(8, it.send, "青松街道")
    at(1, it.begin, DISTRICT)
