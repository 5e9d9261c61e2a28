"""For every registered kind of table two rows that are right, in the words of its columns: {kind: rows(cast)}."""

from longsha_credit.directory.models import Official
from longsha_credit.programme.models import Year
from tests.exchange.imports import making
from tests.programme import years
from tests.programme.education import making as education


def records(c):
    return [making.record(), making.record(单位="新苑社区", 标题="便民窗口延时服务", 生效日期="2026-10-13")]


def commitments(c):
    one = {
        "承诺单位": "向阳街道", "承诺名称": "单元门无障碍坡道", "承诺内容": "建成坡道24处。", "服务对象": "新苑社区居民",
        "认定标准": "24处为全部履行。", "量化指标": "２４", "计量单位": "处", "完成期限": "2026年12月20日", "责任岗位": "",
        "违诺责任": "公开说明原因。", "承诺类别": "便民服务", "所属方面": "民生保障", "公共服务领域": "助残",
    }  # fmt: skip
    other = one | {
        "承诺单位": "990100001001",
        "承诺名称": "楼道照明",
        "量化指标": "",
        "计量单位": "",
        "责任岗位": "书记岗",
    }
    return [one, other]


def notices(c):
    one = {
        "公开单位": "向阳街道", "文种": "公开信息", "公开事项": "助残", "标题": "残疾人补贴发放情况", "文号": "", "形成或变更日期": "2026.11.3",
        "正文": "一、总的情况\n第三季度发放补贴12人。\n（一）新增\n2人。", "内容概述": "/", "权责类别": "", "依据": "", "施行日期": "",
    }  # fmt: skip
    return [
        one,
        one
        | {"公开单位": "新苑社区", "标题": "残疾人补贴名册公示情况", "文种": "公告", "依据": "条例第二十条"},
    ]


def national(c):
    one = {
        "承诺编码": "99010020261020000001", "承诺人名称": "向阳街道", "承诺人类别": "法人及非法人组织",
        "承诺人代码": "11990100MB1234567F", "承诺类型": "主动型", "承诺事由": "单元门无障碍坡道", "承诺内容": "建成坡道２４处。",
        "违诺责任": "公开说明原因。", "承诺作出日期": "2026年10月20日", "承诺有效期": "2026.12.20", "承诺受理单位": "示例区",
        "承诺受理单位代码": "11990100MB0000002X", "公开类型": "可向社会公开", "承诺履行状态": "", "监管状态": "监管中",
    }  # fmt: skip
    kept = {
        "承诺编码": "99010020261020000002", "承诺人名称": "新苑社区", "承诺履行状态": "全部履行", "履行状态认定日期": "2026-11-01",
        "履行状态认定单位": "示例区", "履行状态认定单位代码": "11990100MB0000002X", "监管状态": "监管完成",
    }  # fmt: skip
    return [one, one | kept]


def catalogue(c):
    one = {
        "序号": "90", "一级事项": "居务公开", "二级事项": "社区用房使用", "公开内容": "使用单位、用途、期限、收入", "公开依据": "组织法第五章",
        "公开时限": "自信息形成或变更之日起２０个工作日内", "公开主体": "社区居民委员会", "公开渠道和载体": "■政府网站□政府公报☑公开查阅点",
        "全社会": "√", "特定群体": "", "主动公开": "√", "依申请公开": "", "县级": "", "乡级": "√ 街道、社区", "提议理由": "/",
    }  # fmt: skip
    other = {
        "二级事项": "养老服务补贴名额",
        "公开时限": "每季度",
        "全社会": "",
        "特定群体": "辖区老年人",
        "县级": "√",
        "乡级": "",
    }
    return [one, one | other]


def tasks(c):
    if not Year.objects.exists():
        years.plan(c)
    one = {
        "层级": "社区", "主要任务": "3", "任务": "公开四类承诺", "做成什么": "四类承诺各有一件以上公开。", "凭什么算做成": "公开的承诺。",
        "依据": "试点方案二（三）", "阶段": "全面推进", "期限": "2021年10月",
    }  # fmt: skip
    return [one | {"期限": "2021年10月31日"}, one | {"层级": "街道", "期限": "2021-10-20"}]


def organisations(c):
    one = {
        "上级单位": "向阳街道",
        "层级": "社区",
        "名称": "新桥社区",
        "区划代码": "990100001009",
        "监督电话": "0452-2345678",
    }
    return [
        one,
        one | {"层级": "窗口", "名称": "便民窗口", "区划代码": "/", "地址": "新桥路１号", "参加创建": "否"},
    ]


def officials(c):
    one = {"单位": "向阳街道", "姓名": "王新", "工号": "Ｎ００１"}
    return [one, one | {"单位": "向阳街道/新苑社区", "姓名": "李新", "工号": "002"}]


def postings(c):
    posts = [making.post(c), making.post(c, "信访岗")]
    people = [
        Official.objects.create(name=f"{n}新", staff_number=f"00{n}", organisation=c.street) for n in (7, 8)
    ]
    return [
        {
            "单位": "向阳街道",
            "岗位": post.name,
            "工号": one.staff_number,
            "姓名": one.name,
            "到任日期": "2026年3月1日",
        }
        for post, one in zip(posts, people, strict=True)
    ]


def hours(c):
    one = {"单位": "向阳街道", "工号": education.official(c, "沈一", "901").staff_number, "活动编号": education.held(c).code,
           "课程": "", "学习日期": "", "学时": "1.5"}  # fmt: skip
    course = {
        "活动编号": "",
        "课程": education.course(c).title,
        "学习日期": f"{education.AGO:%Y.%m.%d}",
        "学时": "",
    }
    return [one, one | course]


def questions(c):
    one = {"题型": "单选", "类别": "法律法规", "题目": "守信是什么意思？", "选项A": "说到做到", "选项B": "无", "正确答案": "Ａ",
           "解析": "守信就是说到做到。", "法规依据": "民法典第七条"}  # fmt: skip
    return [one, one | {"题型": "判断题", "题目": "守信光荣。", "选项A": "", "选项B": "", "正确答案": "对"}]


def facts(c):
    one = {
        "单位": "向阳街道/综合窗口",
        "指标": "法定期限内办结率",
        "分子": "１８８",
        "分母": "200",
        "更正理由": "",
    }
    return [one, one | {"单位": "向阳街道/主任岗", "指标": "上年度考核等次", "分子": "优秀", "分母": ""}]


ROWS = {
    "tasks": tasks, "records": records, "commitments": commitments, "notices": notices, "organisations": organisations,
    "officials": officials, "postings": postings, "hours": hours, "questions": questions,
    "national": national, "catalogue": catalogue, "facts": facts,
}  # fmt: skip
# Who brings a kind in, and for which unit, where it is not the clerk of the street.
BY = {
    "tasks": ("office", "street"),
    "catalogue": ("office", "district"),
    "organisations": ("office", "district"),
    "facts": ("office", "district"),
    "officials": ("lead", "street"),
    "postings": ("lead", "street"),
}
