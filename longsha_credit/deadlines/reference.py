"""The rules of deadlines the portal starts with (domain.md 十一); a changed one is loaded as a new version.

Days of the law are written here as data and nowhere else. Where a rule says nothing of a last day that is no
working day, it does not roll: the office that is early is never late.
"""

import datetime
from typing import Any

FROM = datetime.date(2021, 1, 1)
UNIT_DUTY = ["clerk", "lead"]
REVIEW_DUTY = ["reviewer"]
OFFICE_DUTY = ["office"]
FAR, MIDDLE, SHORT = [30, 15, 7, 3, 1], [7, 3, 1], [3, 1]
# What only calls people until a day and then ends by itself: whoever comes later has nothing of it to take over.
CALLS = ("contest_take_part",)
# How often what is published is to be updated: when such a clock is met, it begins anew. Each unit has some twenty of
# them, so that they remind the clerk alone, seldom, and one blue slip is all that follows.
RECURRING = ("site_news", "site_policy", "topic_monthly", "topic_quarterly", "topic_yearly")

# Whose titles may leave the desk, for a calendar service or a chat group: those that are public already, or say only
# which duty it is. Of all other clocks (cases, records of people, handovers, payments, what is still to be reviewed)
# a calendar gets the rule and the unit, a group nothing.
OPEN_TITLES = frozenset({
    "commitment_due", "result_report", "result_verify", "part_due", "rectification_sweep", "topic_monthly", "topic_quarterly", "topic_yearly", "site_news", "site_policy",
    "foi_dept_annual", "gov_annual", "summary_report", "programme_task", "task_redo", "task_decide", "education_summary", "education_hold",
    "contest_take_part", "contest_result", "contest_result_district",
})  # fmt: skip


def _late(after: int, slip: str, to: list[str], where: str = "own") -> dict[str, Any]:
    return {"after": after, "unit": "workday", "slip": slip, "to": to, "where": where}


# The unit, its lead, the superior's lead, and last the district's office.
BY_UNIT = [
    _late(1, "blue", UNIT_DUTY),
    _late(5, "yellow", UNIT_DUTY),
    _late(10, "red", ["lead"], "above"),
    _late(15, "red", OFFICE_DUTY),
]
BY_DISTRICT = [_late(1, "yellow", REVIEW_DUTY), _late(5, "red", OFFICE_DUTY)]
BY_CLERK: dict[str, Any] = {"duty": ["clerk"], "escalation": [_late(1, "blue", UNIT_DUTY)]}


def _rule(
    key: str, label: str, amount: int | None, unit: str, kind: str, basis: str, **more: Any
) -> dict[str, Any]:
    return {
        "key": key,
        "label": label,
        "amount": amount,
        "unit": unit,
        "basis_kind": kind,
        "basis": basis,
        "duty": UNIT_DUTY,
        "remind_before": SHORT,
        "escalation": BY_UNIT,
        "valid_from": FROM,
    } | more


FOI, PETITION, SME = "政府信息公开条例（国务院令第711号）", "信访工作条例", "保障中小企业款项支付条例"
REPAIR = "信用修复管理办法（国家发展改革委令第36号）"
LOCAL_CREDIT = "参照山东、河南社会信用条例"
COMPLAINT = "参照湖北营商环境投诉办理规定"
CONTEST_OPEN = "试点方案二（八）；竞赛开始以前审查通过并公开规则和卷子的校验值"
CONTEST_RESULT = "试点方案二（八）；竞赛结束后十个工作日内公布结果，天数为建议值"
SITE = "政府网站与政务新媒体检查指标（国办秘函〔2019〕19号）"

RULES = [
    # 承诺
    _rule("commitment_due", "承诺完成期限", None, "given", "law", "承诺书载明的期限；试点方案二（三）",
          remind_before=FAR, escalation=[_late(1, "blue", UNIT_DUTY)]),
    _rule("result_report", "报告承诺履行结果", 5, "workday", "advice", "承诺到期后五个工作日内报告；试点方案二（三）",
          escalation=[_late(1, "yellow", UNIT_DUTY), _late(5, "red", UNIT_DUTY),
                      _late(10, "red", ["lead"], "above"), _late(10, "red", OFFICE_DUTY)]),
    _rule("result_verify", "核验履行结果", 10, "workday", "advice", "收到报告后十个工作日内核验；试点方案二（三）",
          duty=REVIEW_DUTY, extend_amount=10, may_suspend=True, suspend_basis="等待单位补充材料的时间不计入",
          remind_before=[5, 3, 1], escalation=BY_DISTRICT),
    _rule("late_change", "临期变更", 30, "day", "advice", "到期前三十日内的变更不改变按期兑现的计算",
          remind_before=[], escalation=[]),
    _rule("part_due", "部分完成期限", None, "given", "law", "承诺、合同、政策里写明的分步期限；试点方案二（三）、二（五）",
          remind_before=MIDDLE, escalation=[_late(1, "blue", UNIT_DUTY), _late(10, "red", ["lead"], "above")]),
    # 合同付款
    _rule("contract_payment", "机关采购付款", 30, "day", "law", f"{SME}第九条：自货物、工程、服务交付之日起三十日内支付",
          remind_before=[15, 7, 3, 1]),
    _rule("contract_payment_agreed", "合同约定的付款期限", None, "given", "law",
          f"{SME}第九条：合同另有约定的从其约定，付款期限最长不得超过六十日", remind_before=[15, 7, 3, 1]),
    _rule("contract_payment_max", "机关采购付款最长期限", 60, "day", "law",
          f"{SME}第九条：合同另有约定的，付款期限最长不得超过六十日", remind_before=[], escalation=[]),
    # 失信治理
    _rule("rectification_check", "核实线索", 10, "workday", "advice",
          "发改财金〔2023〕1103号：线索第一时间转上级或主管部门核实；天数为建议值",
          duty=REVIEW_DUTY, extend_amount=10, may_suspend=True, suspend_basis="等待有关单位提供材料的时间不计入",
          remind_before=[5, 3, 1], escalation=BY_DISTRICT),
    _rule("rectification_plan", "报送整改方案", 10, "workday", "advice",
          "试点方案二（五）；属实后十个工作日内一案一策报方案，天数为建议值", extend_amount=5, remind_before=[5, 3, 1]),
    _rule("rectification_due", "整改期限", None, "given", "advice", "批准的整改方案载明的期限；试点方案二（五）",
          remind_before=FAR, escalation=[*BY_UNIT[:3], _late(10, "red", OFFICE_DUTY)]),
    _rule("rectification_accept", "验收销号", 10, "workday", "advice",
          "试点方案二（五）；收到销号申请后十个工作日内验收，天数为建议值",
          duty=REVIEW_DUTY, may_suspend=True, suspend_basis="等待单位补充材料的时间不计入",
          remind_before=[5, 3, 1], escalation=BY_DISTRICT),
    _rule("rectification_follow_up", "销号后回访", 30, "day", "advice", "试点方案二（五）；销号满三十日回访，天数为建议值",
          duty=REVIEW_DUTY, roll=True, remind_before=[7, 3, 1], escalation=BY_DISTRICT),
    _rule("rectification_sweep", "季度排查报告", 10, "workday", "advice",
          "试点方案二（五）；季度结束后十个工作日内报送，没有也要零报告，天数为建议值", remind_before=[5, 3, 1]),
    # 督导检查
    _rule("inspection_fix_quick", "检查问题整改（立行立改）", 5, "workday", "advice",
          "试点方案四（一）检查督导；五个工作日内改好，天数为建议值", extend_amount=5, remind_before=[3, 1],
          escalation=BY_UNIT),
    _rule("inspection_fix_normal", "检查问题整改（限期整改）", 15, "workday", "advice",
          "试点方案四（一）检查督导；十五个工作日内改好，天数为建议值", extend_amount=10, remind_before=MIDDLE,
          escalation=BY_UNIT),
    _rule("inspection_fix_long", "检查问题整改（较长整改）", 40, "workday", "advice",
          "试点方案四（一）检查督导；四十个工作日内改好，天数为建议值", extend_amount=20, remind_before=FAR,
          escalation=BY_UNIT),
    _rule("inspection_recheck", "复查整改情况", 10, "workday", "advice",
          "试点方案四（一）检查督导；收到整改报告后十个工作日内复查，天数为建议值",
          duty=["reviewer", "lead"], remind_before=[5, 3, 1],
          escalation=[_late(1, "yellow", ["reviewer", "lead"]), _late(5, "red", ["office", "lead"])]),
    # 信息公开
    _rule("disclosure_publish", "主动公开政府信息", 20, "workday", "law", f"{FOI}第二十六条", remind_before=MIDDLE),
    _rule("disclosure_soon", "公开行政许可、处罚等信用信息", 7, "workday", "reference",
          "行政许可和行政处罚等信用信息自作出决定之日起七个工作日内公示", remind_before=SHORT),
    _rule("disclosure_prompt", "及时公开的事项", 3, "workday", "advice",
          "基层政务公开标准目录的常用时限：及时、实时、3个工作日；天数为建议值", remind_before=[1]),
    _rule("topic_monthly", "每月公开的事项", 1, "month", "advice", "公开目录载明的更新频次；试点方案二（四）",
          remind_before=[7, 1], **BY_CLERK),
    _rule("topic_quarterly", "每季度公开的事项", 3, "month", "advice", "公开目录载明的更新频次；试点方案二（四）",
          remind_before=[15, 3], **BY_CLERK),
    _rule("topic_yearly", "每年公开的事项", 12, "month", "advice", "公开目录载明的更新频次；试点方案二（四）",
          remind_before=[30, 7], **BY_CLERK),
    _rule("foi_correction", "告知申请人补正", 7, "workday", "law", f"{FOI}第三十条"),
    _rule("foi_reply", "答复信息公开申请", 20, "workday", "law", f"{FOI}第三十三条",
          extend_amount=20, may_suspend=True, suspend_basis=f"{FOI}第三十三条：征求第三方意见所需时间不计算在内",
          remind_before=MIDDLE),
    _rule("third_party", "第三方反馈意见", 15, "workday", "law", f"{FOI}第三十二条", remind_before=MIDDLE),
    _rule("foi_dept_annual", "部门信息公开年度报告", None, "date", "law", f"{FOI}第四十九条",
          month=1, day=31, remind_before=FAR),
    _rule("gov_annual", "政府信息公开年度报告", None, "date", "law", f"{FOI}第四十九条",
          month=3, day=31, remind_before=FAR),
    # 年度任务：每个单位有十来件，到期前只提醒两次
    _rule("programme_task", "年度任务", None, "given", "advice", "下达任务时写明的期限；试点方案三、四", extend_amount=10,
          remind_before=[15, 3], escalation=[_late(1, "blue", UNIT_DUTY), _late(5, "red", ["lead"], "above")]),
    _rule("task_redo", "退回后重报", 5, "workday", "advice", "上级退回后五个工作日内重报；试点方案四，天数为建议值",
          remind_before=[1], escalation=[_late(1, "blue", UNIT_DUTY), _late(5, "red", ["lead"], "above")]),
    _rule("task_decide", "认定任务完成", 10, "workday", "advice", "报完成后十个工作日内认定；试点方案四，天数为建议值",
          duty=["lead"], remind_before=[3], escalation=[_late(1, "blue", ["lead"])]),
    _rule("summary_report", "年度总结报送", None, "date", "law", "试点方案三（三）", month=11, day=15, remind_before=FAR),
    _rule("annual_defence", "考评结果陈述申辩", 10, "workday", "advice",
          "试点方案二（九）；通报以前先听取单位的陈述申辩，告知后十个工作日内提出，天数为建议值",
          remind_before=[3, 1], escalation=[]),
    # 信访和投诉
    _rule("petition_notice", "信访受理告知", 15, "day", "law", f"{PETITION}第二十二条", remind_before=MIDDLE),
    _rule("petition_close", "信访事项办结", 60, "day", "law", f"{PETITION}第三十四条",
          extend_amount=30, remind_before=FAR),
    _rule("petition_review", "信访复查", 30, "day", "law", f"{PETITION}第三十五条", remind_before=[15, 7, 3, 1]),
    _rule("petition_reject_transfer", "信访件退回异议", 5, "workday", "law", f"{PETITION}第二十三条"),
    _rule("sme_forward", "拖欠款项投诉转交", 10, "workday", "law", f"{SME}第二十五条"),
    _rule("sme_close", "拖欠款项投诉反馈", 30, "day", "law", f"{SME}第二十五条",
          extend_amount=60, remind_before=[15, 7, 3, 1]),
    _rule("sme_max", "拖欠款项投诉最长期限", 90, "day", "law", f"{SME}第二十五条", remind_before=FAR),
    _rule("complaint_accept", "投诉受理审查", 3, "workday", "reference", COMPLAINT, remind_before=[1]),
    _rule("complaint_close", "投诉办结", 15, "workday", "reference", COMPLAINT,
          extend_amount=15, remind_before=MIDDLE),
    _rule("complaint_feedback", "投诉反馈", 5, "workday", "reference", COMPLAINT),
    _rule("complaint_slip", "转办答复", 5, "workday", "advice", "承办单位转来的事项五个工作日内报送情况；试点方案二（三）"),
    _rule("complaint_rehandle", "投诉重新办理", 15, "workday", "advice",
          "居民回访不满意的，由区里重新办理一次，期限同投诉办结；试点方案二（三）",
          duty=REVIEW_DUTY, remind_before=MIDDLE, escalation=BY_DISTRICT),
    _rule("complaint_followup", "居民回访评价", 10, "workday", "advice",
          "答复后十个工作日内没有评价的，按未回访结束；试点方案二（三）", remind_before=[], escalation=[]),
    _rule("bad_review_fix", "差评整改", 15, "workday", "reference", "参照四川某市政务服务好差评办法",
          remind_before=MIDDLE),
    # 诚信记录
    _rule("objection_own", "异议处理（本单位数据）", 3, "workday", "reference", LOCAL_CREDIT, remind_before=[1],
          duty=REVIEW_DUTY, escalation=BY_DISTRICT),
    _rule("objection_check", "异议处理（需要核查）", 7, "workday", "reference", LOCAL_CREDIT,
          duty=REVIEW_DUTY, escalation=BY_DISTRICT),
    _rule("record_correct", "更正异议查明有误的记录", 3, "workday", "reference", LOCAL_CREDIT, remind_before=[1]),
    _rule("withdraw_revoked", "撤下依据已被撤销的信息", 3, "workday", "reference", LOCAL_CREDIT, remind_before=[1],
          duty=REVIEW_DUTY, escalation=BY_DISTRICT),
    _rule("repair_reply", "信用修复反馈", 10, "workday", "law", "国办发〔2025〕22号（天数待核）", extend_amount=10,
          duty=REVIEW_DUTY, escalation=BY_DISTRICT),
    _rule("record_entry", "诚信记录入库", 7, "workday", "advice", "依据文书形成后七个工作日内填报；试点方案二（二），天数为建议值"),
    _rule("record_recheck", "复查未生效的决定", None, "given", "advice", "还可复议、诉讼或申诉的决定要定期复查；试点方案二（二）",
          duty=REVIEW_DUTY, escalation=BY_DISTRICT),
    _rule("publicity_minor_max", "轻微失信最长公示期", 3, "month", "law", REPAIR, remind_before=FAR, escalation=[]),
    _rule("publicity_general_min", "一般失信最短公示期", 3, "month", "law", REPAIR, remind_before=FAR, escalation=[]),
    _rule("publicity_general_max", "一般失信最长公示期", 12, "month", "law", REPAIR, remind_before=FAR, escalation=[]),
    _rule("publicity_serious_min", "严重失信最短公示期", 12, "month", "law", REPAIR, remind_before=FAR, escalation=[]),
    _rule("publicity_serious_max", "严重失信最长公示期", 36, "month", "law", REPAIR, remind_before=FAR, escalation=[]),
    # 知识竞赛：街道、社区办的由本单位负责，区里办的由区信用办负责
    _rule("contest_open", "发布竞赛", None, "given", "advice", CONTEST_OPEN, remind_before=MIDDLE,
          escalation=[_late(1, "blue", UNIT_DUTY)]),
    _rule("contest_open_district", "发布竞赛", None, "given", "advice", CONTEST_OPEN, duty=OFFICE_DUTY,
          remind_before=MIDDLE, escalation=[_late(1, "blue", OFFICE_DUTY)]),
    _rule("contest_take_part", "组织参加竞赛", None, "given", "advice",
          "试点方案二（八）；竞赛结束以前组织居民和公职人员参加，到时自行结束，不记超期", remind_before=SHORT, escalation=[]),
    _rule("contest_result", "公布竞赛结果", 10, "workday", "advice", CONTEST_RESULT,
          escalation=[_late(1, "blue", UNIT_DUTY), _late(5, "red", ["lead"], "above")]),
    _rule("contest_result_district", "公布竞赛结果", 10, "workday", "advice", CONTEST_RESULT, duty=OFFICE_DUTY,
          escalation=[_late(1, "blue", OFFICE_DUTY), _late(5, "red", OFFICE_DUTY)]),
    # 诚信教育
    _rule("education_hold", "举办教育活动", None, "given", "advice", "试点方案二（八）；计划里写明的日期",
          remind_before=SHORT, **BY_CLERK),
    _rule("education_summary", "教育活动总结", 5, "workday", "advice",
          "试点方案二（八）；活动日期后五个工作日内写出总结，天数为建议值", remind_before=[3, 1], **BY_CLERK),
    # 示范创建（试点对标评价）
    _rule("demonstration_assess", "逐条自评", None, "given", "advice", "评价方案写明的自评截止日；试点方案二（六）",
          remind_before=MIDDLE),
    _rule("demonstration_street", "申报初审", 10, "workday", "advice", "试点方案二（六）；十个工作日内初审，天数为建议值",
          duty=["lead"], remind_before=[3, 1], escalation=[_late(1, "blue", ["lead"])]),
    _rule("demonstration_check", "申报复核", 10, "workday", "advice", "试点方案二（六）；十个工作日内复核，天数为建议值",
          duty=REVIEW_DUTY, remind_before=[3, 1], escalation=BY_DISTRICT),
    _rule("demonstration_objection", "公示异议处理", 7, "workday", "advice",
          "试点方案二（六）；七个工作日内核实并答复，天数参照异议处理的建议值",
          duty=["reviewer", "office"], remind_before=[3, 1], escalation=BY_DISTRICT),
    _rule("demonstration_recheck", "评定后年度复核", 12, "month", "advice", "试点方案二（六）；每满一年复核一次，为建议值",
          duty=OFFICE_DUTY, remind_before=FAR, escalation=BY_DISTRICT),
    _rule("demonstration_valid", "评定有效期", 24, "month", "advice", "试点方案二（六）；有效期两年，为建议值",
          duty=OFFICE_DUTY, remind_before=[], escalation=[]),
    # 交接、公示、网站
    _rule("handover", "离任交接", 10, "workday", "reference", "参照外地领导干部离任交接办法", remind_before=MIDDLE),
    _rule("public_notice", "公示", 5, "workday", "advice", "公示期一般不少于五个工作日", escalation=[]),
    _rule("site_news", "动态信息更新", 14, "day", "law", SITE, remind_before=[7, 1], **BY_CLERK),
    _rule("site_policy", "通知公告和政策文件更新", 180, "day", "law", SITE, remind_before=[30, 7], **BY_CLERK),
    _rule("message_reply", "留言答复", 90, "day", "law", SITE, remind_before=FAR),
]  # fmt: skip
