"""Matters that are not for this desk, and where each goes (试点方案二（三）; domain.md 六)."""

from commitments.models import Channel

CHANNELS = [
    (Channel.EMERGENCY, "正在发生的危险、火灾、急病", "打110、119、120"),
    (Channel.LAWSUIT, "要法院判决或仲裁的纠纷，或已经在打官司、仲裁", "去人民法院、仲裁委员会"),
    (Channel.RECONSIDERATION, "不服行政处罚、许可等决定", "向上一级机关申请行政复议"),
    (Channel.DISCIPLINE, "党员、干部违纪违法", "打12388，或找纪检监察机关"),
    (Channel.PETITION, "信访事项，或已经在信访办理", "去信访部门"),
    (Channel.DISCLOSURE, "要一份政府信息", "向该单位申请信息公开"),
]
ABOUT_DISTRICT = "反映区里的事，这里没有上级可以办，由市里办：请打12345，或到市级的投诉渠道反映。"
WHERE_TO = {channel: where for channel, _, where in CHANNELS} | {Channel.HOTLINE: "打12345"}
