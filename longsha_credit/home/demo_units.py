"""The fictional district and the people who work there: all names are invented."""

import datetime

from django.contrib.auth.hashers import make_password
from stdnum.cn import uscc

from longsha_credit.directory.models import Level, Membership, Official, Organisation, Posting, User
from longsha_credit.directory.roles import Role

PASSWORD = "Longsha-Demo-2026"  # noqa: S105 - printed at every start of the demo, exists only in demo data
DISTRICT = "示例区"

# username, name, role, organisation
PEOPLE = [
    ("office", "秦川", Role.OFFICE, DISTRICT),
    ("office2", "顾平", Role.OFFICE, DISTRICT),
    ("officelead", "江岚", Role.LEAD, DISTRICT),
    ("officeclerk", "白露", Role.CLERK, DISTRICT),
    ("reviewer", "韩叙", Role.REVIEWER, DISTRICT),
    ("reviewer2", "沈默", Role.REVIEWER, DISTRICT),
    ("secrecy", "严密", Role.SECRECY, DISTRICT),
    ("street1", "周岚", Role.CLERK, "向阳街道"),
    ("street1lead", "李志远", Role.LEAD, "向阳街道"),
    ("street2", "许宁", Role.CLERK, "临江街道"),
    ("street2lead", "王海", Role.LEAD, "临江街道"),
    ("street3", "陈雪", Role.CLERK, "青松街道"),
    ("street3lead", "赵峰", Role.LEAD, "青松街道"),
    ("community11", "林芳", Role.CLERK, "新苑社区"),
    ("community11lead", "何静", Role.LEAD, "新苑社区"),
    ("window1", "孙悦", Role.CLERK, "便民服务综合窗口"),
    ("panel1", "评审员一", Role.PANEL, DISTRICT),
    ("panel2", "评审员二", Role.PANEL, DISTRICT),
    ("panel3", "评审员三", Role.PANEL, DISTRICT),
    ("supervisor", "督导员", Role.SUPERVISOR, DISTRICT),
    ("auditor", "审计员", Role.AUDITOR, DISTRICT),
    ("sysadmin", "系统管理员", Role.SYSADMIN, DISTRICT),
    ("official1", "周岚", Role.OFFICIAL, "向阳街道"),
    ("official2", "许宁", Role.OFFICIAL, "临江街道"),
    ("street1next", "孙静", Role.OFFICIAL, "向阳街道"),
]
# Whom a handover of the story brings to the post, and who holds it until then: a person without an account.
COMES_LATER = {"street1next": None, "street2lead": "钱国梁（演示）"}
ACCOUNTS = [(username, role.label, unit) for username, _, role, unit in PEOPLE]

STREETS = {
    "向阳街道": ["新苑社区", "和平社区", "育才社区"],
    "临江街道": ["江畔社区", "滨河社区", "永安社区"],
    "青松街道": ["松苑社区", "北园社区", "康宁社区"],
}


def _credit_code(level, number) -> str:
    """A code of the right form that belongs to nobody; windows have none of their own."""
    kinds = {Level.DISTRICT: "11", Level.STREET: "11", Level.COMMUNITY: "55"}
    if level not in kinds:
        return ""
    front = f"{kinds[level]}990100YX{number:07d}"
    return front + uscc.calc_check_digit(front)


def _unit(level, name, parent, code="", number=0, **fields) -> Organisation:
    unit = Organisation.objects.create(
        level=level,
        name=name,
        parent=parent,
        division_code=code,
        valid_from=datetime.date(2021, 3, 1),
        supervision_phone=f"0000-12345{number:02d}" if level != Level.POST else "",
        office_hours="工作日 08:30—17:30" if level != Level.POST else "",
        address=f"示例区示例路{number + 1}号" if level != Level.POST else "",
        uscc=_credit_code(level, number),
        is_demo=True,
        **fields,
    )
    unit.refresh_from_db()
    return unit


def make_units() -> dict[str, Organisation]:
    """The district, its streets, communities, windows and their posts, by name."""
    district = _unit(Level.DISTRICT, DISTRICT, None, "990100000000")
    units = {DISTRICT: district}
    for i, (street_name, communities) in enumerate(STREETS.items(), start=1):
        street = units[street_name] = _unit(
            Level.STREET, street_name, district, f"990100{i:03d}000", number=i * 10
        )
        for j, name in enumerate(communities, start=1):
            code = f"990100{i:03d}{j:03d}"
            units[name] = _unit(Level.COMMUNITY, name, street, code, number=i * 10 + j)
    units["便民服务综合窗口"] = _unit(Level.WINDOW, "便民服务综合窗口", units["向阳街道"], number=41)
    units["政务大厅信用窗口"] = _unit(Level.WINDOW, "政务大厅信用窗口", district, number=42)
    for name, unit in list(units.items()):
        lead = {
            "district": "区信用办主任",
            "street": "街道办事处主任",
            "community": "社区党委书记、居委会主任",
        }
        _unit(Level.POST, lead.get(unit.level, "窗口首席代表"), unit, is_lead_post=True)
        if unit.level == Level.STREET:
            for post in ("民生保障办公室主任", "综合行政执法队队长"):
                _unit(Level.POST, post, unit)
        units[name].refresh_from_db()
    return units


def make_people(units: dict[str, Organisation]) -> dict[str, User]:
    """The accounts of PEOPLE, by name; leads and officials also hold a post."""
    people, since = {}, datetime.date(2025, 9, 1)
    hashed = make_password(PASSWORD)  # slow on purpose: once for all
    for number, (username, name, role, unit) in enumerate(PEOPLE, start=1):
        user = User.objects.create(username=username, password=hashed, name=f"{name}（演示）")
        Membership.objects.create(user=user, organisation=units[unit], role=role, started_on=since)
        if role in (Role.LEAD, Role.OFFICIAL):
            official = _official(user.name, number, units[unit])
            user.official = official
            user.save(update_fields=["official"])
            holder = official
            if username in COMES_LATER:
                name = COMES_LATER[username]
                holder = _official(name, number + 9000, units[unit]) if name else None
            if holder:
                _holds(holder, units[unit], user if holder == official else None, since)
        people[username] = user
    return people


def _official(name: str, number: int, unit: Organisation) -> Official:
    return Official.objects.create(name=name, staff_number=f"YS{number:04d}", organisation=unit)


def _holds(official: Official, unit: Organisation, user: User | None, since: datetime.date) -> None:
    """A posting at the unit's first vacant post; the lead's role comes from it."""
    posts = Organisation.objects.posts_of(unit).filter(postings=None)
    posting = Posting.objects.create(official=official, post=posts[0], started_on=since)
    if user:
        Membership.objects.filter(user=user, role=Role.LEAD).update(posting=posting)
