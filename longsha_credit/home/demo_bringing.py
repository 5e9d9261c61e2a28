"""Tables that the streets of the fictional district brought in, at every stage; all of it is invented."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile

from longsha_credit.exchange import jobs
from longsha_credit.exchange.flows import FLOW as JOBS
from longsha_credit.exchange.imports import services
from longsha_credit.exchange.imports.kinds import KINDS
from longsha_credit.exchange.models import Import

PROMISE = {
    "单位": "向阳街道", "承诺名称": "", "承诺内容": "", "服务对象": "向阳街道居民", "认定标准": "全部做完为全部履行，做完一半以上为部分履行，其余为未履行。",
    "量化指标": "", "计量单位": "", "完成期限": "", "责任岗位": "", "违诺责任": "15个工作日内公开说明原因和补救期限。",
    "承诺类别": "便民服务", "所属方面": "民生保障", "公共服务领域": "便民服务",
}  # fmt: skip
YEAR = [
    {"承诺名称": "便民服务点延时到晚上七点", "承诺内容": "三个便民服务点工作日延时到晚上七点，午间不停。", "量化指标": "3", "计量单位": "个", "完成期限": "2027-03-31"},
    {"单位": "新苑社区", "承诺名称": "楼道照明全部修好", "承诺内容": "排查并修好楼道里不亮的灯。", "量化指标": "86", "计量单位": "盏", "完成期限": "2027-01-20", "服务对象": "新苑社区居民"},
]  # fmt: skip
OFFICES_OWN = [
    {"承诺名称": "无障碍扶手加装", "承诺内容": "为老旧楼栋加装扶手。", "量化指标": "４０", "计量单位": "处", "完成期限": "2027年2月"},
    {"单位": "幸福社区", "承诺名称": "健身器材检修", "承诺内容": "检修辖区健身器材。", "完成期限": "2027.4.30"},
    {"承诺名称": "", "承诺内容": "每月开放一次书记接待日。", "完成期限": "2027/12/31", "承诺类别": "服务"},
    {"单位": "新苑社区", "承诺名称": "图书角每天开放", "承诺内容": "图书角每天开放到晚上八点。", "完成期限": "2027-05-01", "量化指标": "1"},
    {"承诺名称": "信访接待公开排班", "承诺内容": "每月底前公开下月领导接访排班。", "完成期限": "2027-01-31", "承诺类别": "阳光信访", "所属方面": "其他"},
]  # fmt: skip
TWICE = [{"承诺名称": "冬季扫雪不过夜", "承诺内容": "雪停后12小时内清完主要道路。", "完成期限": "2027-03-15"}]
ODD = [{"甲": "1", "乙": "2"}]


class _Tables:
    """What a street brings in, told through the story of `demo`."""

    def __init__(self, story):
        self.story = story

    def upload(self, name, rows, filled=True) -> Import:
        rows = [PROMISE | row if filled else row for row in rows]
        text = io.StringIO()
        writer = csv.DictWriter(text, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        file = SimpleUploadedFile(f"{name}（演示）.csv", text.getvalue().encode("gb18030"))
        import_ = services.begin(
            file,
            KINDS["commitments"],
            organisation=self.story.units["向阳街道"],
            by=self.story.people["street1"],
        )
        self._work(import_.check_job)
        return Import.objects.with_names().get(pk=import_.pk)

    def bring(self, name, rows) -> Import:
        import_ = self.upload(name, rows)
        self._work(services.confirm(import_, by=import_.by))
        return Import.objects.with_names().get(pk=import_.pk)

    def take_back(self, name, rows) -> None:
        job = self.bring(name, rows).bring_job
        JOBS.take(job, "undo", by=self.story.people["street1"])
        self._work(job)

    def _work(self, job) -> None:
        while jobs.advance(job.pk):
            pass


def tell(story) -> None:
    """Note what is brought in, and when."""
    it = _Tables(story)
    story.at(9, it.take_back, "扫雪承诺", TWICE)
    story.at(8, it.bring, "便民承诺", YEAR)
    story.at(7, it.upload, "便民承诺", YEAR)
    story.at(3, it.upload, "街道工作台账", ODD, False)
    story.at(2, it.upload, "明年承诺一览表", OFFICES_OWN)
    story.at(1, it.upload, "扫雪承诺", TWICE)
