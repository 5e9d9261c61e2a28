"""What the plan itself fixes: its stages with their dates and tasks, and the day the streets report (plan, three)."""

import datetime

TITLE = "齐齐哈尔龙沙区关于开展诚信街道社区创建试点工作方案"
BASIS = "《2021年全市社会信用体系建设提升工作意见》（齐信用办发〔2021〕1号）"
FIRST_YEAR = 2021
REPORT_ON = datetime.date(2021, 11, 15)

# key, name, first day, last day, what is done. The day of the report stands in REPORT_ON alone, because it is moved.
STAGES = [
    (
        "start",
        "组织启动",
        datetime.date(2021, 3, 1),
        datetime.date(2021, 3, 31),
        "迅速组织启动，明确专人负责。",
    ),
    (
        "advance",
        "全面推进",
        datetime.date(2021, 4, 1),
        datetime.date(2021, 10, 31),
        "按照方案要求，认真组织街道、社区，全面推进，创新创造，积极打造诚信街道、社区建设新亮点。",
    ),
    (
        "conclude",
        "总结经验",
        datetime.date(2021, 11, 1),
        datetime.date(2021, 11, 30),
        "结合经验与成果，基本形成诚信街道、社区建设模式，并纳入区政务诚信建设指标体系，有效提升全区政务诚信建设水平。"
        "各街道在报送日前将工作情况总结报送至区营商局。",
    ),
]

# The nine main tasks of the plan, two (一) to (九), as they are called on every page.
NINE_TASKS = (
    "依法履职",
    "诚信记录",
    "信用承诺",
    "政务公开",
    "失信治理",
    "示范创建",
    "信用+场景",
    "诚信教育",
    "信用考评",
)
