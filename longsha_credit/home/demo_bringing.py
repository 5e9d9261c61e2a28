"""Tables that the streets of the fictional district brought in, at every stage; all of it is invented."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile

from evaluation.importing.services import PURPOSE, keep
from longsha_credit.exchange import jobs
from longsha_credit.exchange.flows import FLOW as JOBS
from longsha_credit.exchange.imports import services
from longsha_credit.exchange.imports.kinds import KINDS
from longsha_credit.exchange.models import Import
from longsha_credit.home.demo_units import DISTRICT
from longsha_credit.programme.services import current_year

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
EVERY_SEASON = [
    {
        "承诺名称": "每季度公开一次收支",
        "承诺内容": "季度结束后15日内在公示栏公开收支明细。",
        "完成期限": "2027-10-15",
        "所属方面": "其他",
    }
]
# From the platform that the street used before, in the national template: one kept since, one still open, one not a unit's.
FROM_THE_PLATFORM = [
    {"承诺编码": "23990020260301000101", "承诺事由": "背街小巷路灯修复", "承诺内容": "修复背街小巷不亮的路灯36盏。", "承诺有效期": "2026-06-30",
     "承诺履行状态": "全部履行", "履行状态认定日期": "2026-07-05", "履行状态认定单位": "示例区", "履行状态认定单位代码": "11990100MB0000002X",
     "监管状态": "监管完成"},
    {"承诺编码": "23990020260301000102", "承诺事由": "便民服务事项一次办结", "承诺内容": "高龄津贴等12项当场办结。", "承诺有效期": "2027-03-31"},
    {"承诺编码": "23990020260301000103", "承诺事由": "诚信经营", "承诺内容": "明码标价。", "承诺有效期": "2027-03-31", "承诺人类别": "个体工商户"},
]  # fmt: skip
NATIONAL = {
    "承诺编码": "", "承诺人名称": "向阳街道", "承诺人类别": "法人及非法人组织", "承诺人代码": "", "承诺类型": "主动型",
    "承诺事由": "", "承诺内容": "", "违诺责任": "15个工作日内公开说明原因和补救期限。", "承诺作出日期": "2026-03-01", "承诺有效期": "",
    "承诺受理单位": "", "承诺受理单位代码": "", "公开类型": "可向社会公开", "承诺履行状态": "",
    "履行状态认定日期": "", "履行状态认定单位": "", "履行状态认定单位代码": "", "监管状态": "监管中",
}  # fmt: skip
SURVEYED = [
    {"单位": "便民服务综合窗口", "指标": "好差评满意率", "分子": "611", "分母": "630", "更正理由": "补入十月份的评价，按系统重新导出"},
    {"单位": "政务大厅信用窗口", "指标": "好差评满意率", "分子": "96.5%", "分母": "200", "更正理由": ""},
    {"单位": "向阳街道", "指标": "承诺时限兑现率", "分子": "310", "分母": "318", "更正理由": ""},
    {"单位": "和平社区", "指标": "居民参与度", "分子": "905", "分母": "870", "更正理由": ""},
]  # fmt: skip
CHECKED = [
    {"单位": "和平社区", "指标": "居民参与度", "分子": "870", "分母": "1100", "更正理由": ""},
    {"单位": "和平社区", "指标": "违规增设条件、摊派、收费、出具证明", "分子": "0", "分母": "", "更正理由": ""},
]  # fmt: skip


class _Tables:
    """What a street brings in, told through the story of `demo`."""

    def __init__(self, story):
        self.story = story

    def upload(
        self, name, rows, filled=PROMISE, kind="commitments", who="street1", unit="向阳街道"
    ) -> Import:
        rows = [filled | row for row in rows]
        text = io.StringIO()
        writer = csv.DictWriter(text, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        file = SimpleUploadedFile(f"{name}（演示）.csv", text.getvalue().encode("gb18030"))
        import_ = services.begin(
            file,
            KINDS[kind],
            organisation=self.story.units[unit],
            by=self.story.people[who],
            given=self._asked if kind == "facts" else lambda by: {},
        )
        self._work(import_.check_job)
        return Import.objects.with_names().get(pk=import_.pk)

    def _asked(self, by) -> dict:
        """What is asked beside a table of facts, with the document that proves them."""
        year = current_year(self.story.day)
        document = keep(
            SimpleUploadedFile("统计表.txt", "统计表（演示）".encode()), purpose=PURPOSE, year=year, by=by
        )
        given = {
            "year": year.pk,
            "source": "区政务服务中心（演示）",
            "document_number": "示政服函〔2026〕31号",
        }
        return given | {"document": document.pk, "document_name": document.name}

    def bring(self, name, rows, **more) -> Import:
        import_ = self.upload(name, rows, **more)
        self._work(services.confirm(import_, by=import_.by, skip=bool(import_.faulty)))
        return Import.objects.with_names().get(pk=import_.pk)

    def take_back(self, name, rows) -> None:
        job = self.bring(name, rows).bring_job
        JOBS.take(job, "undo", by=self.story.people["street1"])
        self._work(job)

    def too_late(self, name, rows) -> None:
        """A colleague brings the same rows in while the file waits to be confirmed."""
        waiting = self.upload(name, rows)
        self.bring(f"{name}-书记", rows, who="street1lead")
        self._work(services.confirm(waiting, by=waiting.by))

    def _work(self, job) -> None:
        while jobs.advance(job.pk):
            pass


def tell(story) -> None:
    """Note what is brought in, and when."""
    it = _Tables(story)
    story.at(9, it.take_back, "扫雪承诺", TWICE)
    story.at(8, it.bring, "便民承诺", YEAR)
    story.at(7, it.upload, "便民承诺", YEAR)
    story.at(3, it.upload, "街道工作台账", ODD, {})
    story.at(2, it.upload, "明年承诺一览表", OFFICES_OWN)
    story.at(1, it.upload, "扫雪承诺", TWICE)
    codes = {
        "承诺人代码": story.units["向阳街道"].uscc,
        "承诺受理单位": story.units[DISTRICT].name,
        "承诺受理单位代码": story.units[DISTRICT].uscc,
    }
    story.at(6, it.bring, "老平台的承诺", FROM_THE_PLATFORM, filled=NATIONAL | codes, kind="national")
    story.at(5, it.too_late, "收支公开承诺", EVERY_SEASON)
    facts = {"filled": {}, "kind": "facts", "who": "office", "unit": DISTRICT}
    story.at(4, it.bring, "社区核查情况", CHECKED, **facts)
    story.at(2, it.upload, "十月办件统计", SURVEYED, **facts)
