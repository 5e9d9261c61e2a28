"""Words of scenes: what residents call the fourteen needs, how few cases are told, what a writer may start from."""

FEW = 5

# key of the service field: what a resident would say
NEEDS = {
    "employment": "找工作、就业补贴",
    "property": "物业、小区维修",
    "schooling": "孩子上学",
    "family-planning": "生育和计生奖扶",
    "elderly-care": "老人照料",
    "disability": "残疾人帮扶",
    "poverty-relief": "生活困难救助",
    "medical-insurance": "看病和医保报销",
    "housing": "租房、买房、修房",
    "mobility": "出门坐车、走路",
    "parking": "停车、充电",
    "fire-and-theft": "防火防盗",
    "armed-forces": "军人和家属优待",
    "convenience": "办证件、办手续",
}

CONSENT = "自愿参加，不参加不影响办理任何服务。"
LEAVING = "随时可以退出，打一个电话或者到窗口说一声就行；退出后照常办理，不影响任何基本服务。"


def told(number: int | None) -> str:
    """A number of people as the public reads it: one to four are not told apart, so that nobody is recognised."""
    if number is None:
        return ""
    return f"少于{FEW}" if 0 < number < FEW else str(number)


def satisfaction(surveyed: int | None, satisfied: int | None) -> str:
    """How many of those asked were satisfied; too few are not told, nor which few were not."""
    if surveyed is None or satisfied is None:
        return ""
    if surveyed < FEW:
        return f"回访少于{FEW}人，不列满意人数"
    return f"回访{surveyed}人，满意{told(satisfied)}人"
