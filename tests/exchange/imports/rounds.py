"""For every registered kind of table two rows that are right, in the words of its columns: {kind: rows(cast)}."""

from tests.exchange.imports import making


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


ROWS = {"records": records, "commitments": commitments, "notices": notices}
