"""A standard catalogue that the district office brought in: proposals in every state; all of it is invented."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile

from disclosure.catalogue import sheet
from disclosure.catalogue.flows import FLOW
from disclosure.catalogue.standard_form import KEY
from disclosure.models import Topic, TopicProposal
from longsha_credit.exchange import jobs
from longsha_credit.exchange.imports import services
from longsha_credit.exchange.imports.kinds import KINDS
from longsha_credit.exchange.models import Import

CHANGED = "养老"
NEW = {
    "序号": "", "一级事项": "居务公开", "二级事项": "社区用房使用", "公开内容": "使用单位、用途、期限、收入和支出",
    "公开依据": "城市居民委员会组织法第五章", "公开时限": "自信息形成或者变更之日起20个工作日内", "公开主体": "社区居民委员会",
    "公开渠道和载体": "■政府网站 □政府公报 ■社区/企事业单位/村公示栏（电子屏）", "公开对象（全社会）": "√", "公开方式（主动公开）": "√",
    "公开层级（乡级）": "√ 社区",
}  # fmt: skip
MORE = ("志愿服务积分兑换", "临时停水停电通知")


class _Catalogue:
    """What the office brings in and decides, told through the story of `demo`."""

    def __init__(self, story):
        self.story = story

    def bring(self) -> None:
        rows = [self._changed(), NEW, *(NEW | {"二级事项": name, "公开时限": "及时"} for name in MORE)]
        text = io.StringIO()
        heads = dict.fromkeys(head for row in rows for head in row)
        writer = csv.DictWriter(text, fieldnames=list(heads))
        writer.writeheader()
        writer.writerows(rows)
        file = SimpleUploadedFile("基层政务公开标准目录（演示）.csv", text.getvalue().encode("gb18030"))
        office = self.story.people["office"]
        import_ = services.begin(file, KINDS[KEY], organisation=self.story.units["示例区"], by=office)
        self._work(import_.check_job)
        self._work(services.confirm(Import.objects.with_names().get(pk=import_.pk), by=office))

    def _changed(self) -> dict[str, str]:
        """A topic as it goes out, with more to be published and sooner."""
        (line,) = sheet.lines([Topic.objects.in_use().get(name=CHANGED)])
        row = dict(zip(sheet.FLAT, line, strict=True))
        return row | {"公开内容": f"{row['公开内容']}，养老机构收费标准", "公开时限": "3个工作日"}

    def _work(self, job) -> None:
        while jobs.advance(job.pk):
            pass

    def decide(self) -> None:
        FLOW.take(
            self._named(MORE[0]),
            "drop",
            by=self.story.people["office"],
            reason="积分兑换按信用+场景公开，不单列。",
        )
        FLOW.take(self._named(NEW["二级事项"]), "adopt", by=self.story.people["office2"])

    def _named(self, name) -> TopicProposal:
        return TopicProposal.objects.with_names().get(name=name)


def tell(story) -> None:
    """Note what is brought in and decided, and when."""
    it = _Catalogue(story)
    story.at(6, it.bring)
    story.at(4, it.decide)
