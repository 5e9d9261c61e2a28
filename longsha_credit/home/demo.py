"""Builds the fictional district 示例区 through the services an office would use, then dates it back."""

import contextlib
import datetime

import pgtrigger
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone

from commitments import services
from commitments.flows import AMENDMENT, FLOW, PROGRESS
from commitments.models import Obligation, ProgressUpdate
from longsha_credit.directory.models import Level, Membership, Official, Organisation, Posting, User
from longsha_credit.directory.roles import Role
from longsha_credit.home.demo_content import PROMISES, STREETS
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import Review, ServiceField

PASSWORD = "Longsha-Demo-2026"  # noqa: S105 - printed at every start of the demo, exists only in demo data
DISTRICT = "示例区"
NO = {"state_secret": "no", "trade_secret": "no", "privacy": "no"}

# username, name, role, organisation
PEOPLE = [
    ("office", "秦川", Role.OFFICE, DISTRICT),
    ("officelead", "江岚", Role.LEAD, DISTRICT),
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
]
ACCOUNTS = [(username, role.label, unit) for username, _, role, unit in PEOPLE]

# What carries a time of its own, and is dated back with the rest of a story.
TIMES = {
    "audit_entry": ["at"],
    "publication_publication": ["first_published_at", "published_at", "withdrawn_at"],
    "publication_ledgerentry": ["at"],
    "publication_ledgercontent": ["removed_at"],
    "publication_correction": ["at"],
    "publication_review": ["submitted_at", "first_at", "second_at", "secrecy_at"],
    "commitments_obligation": ["created_at", "saved_at"],
    "commitments_amendment": ["created_at", "saved_at", "adopted_at"],
    "commitments_progressupdate": ["created_at", "saved_at"],
    "files_storedfile": ["uploaded_at"],
}
HISTORIES = ["commitments_obligationevent", "commitments_amendmentevent", "commitments_progressupdateevent"]


@transaction.atomic
def load() -> dict[str, int]:
    """Fill an empty portal with the demo; gives the number of units, people and promises."""
    units = _units()
    people = _people(units)
    _Story(units, people).tell()
    Organisation.objects.update(is_demo=True)
    return {"units": len(units), "people": len(people), "promises": Obligation.objects.count()}


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
        is_demo=True,
        **fields,
    )
    unit.refresh_from_db()
    return unit


def _units() -> dict[str, Organisation]:
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


def _people(units: dict[str, Organisation]) -> dict[str, User]:
    people, since = {}, datetime.date(2025, 9, 1)
    for number, (username, name, role, unit) in enumerate(PEOPLE, start=1):
        user = User.objects.create_user(username, PASSWORD, name=f"{name}（演示）")
        Membership.objects.create(user=user, organisation=units[unit], role=role, started_on=since)
        if role in (Role.LEAD, Role.OFFICIAL):
            official = Official.objects.create(
                name=user.name, staff_number=f"YS{number:04d}", organisation=units[unit]
            )
            User.objects.filter(pk=user.pk).update(official=official)
            posts = Organisation.objects.posts_of(units[unit]).filter(postings=None)
            Posting.objects.create(official=official, post=posts[0], started_on=since)
        people[username] = user
    return people


@contextlib.contextmanager
def backdated(days: int):
    """Everything written inside happened `days` ago: its times are moved, with the triggers' leave."""
    began, marks = timezone.now(), {table: _last_event(table) for table in HISTORIES}
    yield
    if not days:
        return
    with pgtrigger.ignore(), connection.cursor() as cursor:
        for table, columns in TIMES.items():
            moves = ", ".join(
                f"{c} = CASE WHEN {c} >= %s THEN {c} - %s * interval '1 day' ELSE {c} END" for c in columns
            )
            new = " OR ".join(f"{c} >= %s" for c in columns)
            values = [began, days] * len(columns) + [began] * len(columns)
            cursor.execute(f"UPDATE {table} SET {moves} WHERE {new}", values)
        for table, mark in marks.items():
            cursor.execute(
                f"UPDATE {table} SET pgh_created_at = %s - %s * interval '1 day' WHERE pgh_id > %s",
                [began, days, mark],
            )


def _last_event(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(pgh_id), 0) FROM {table}")
        return cursor.fetchone()[0]


class _Story:
    """A year of promises in every state there is."""

    def __init__(self, units, people):
        self.units, self.people = units, people
        self.today = timezone.localdate()
        self.fields = {field.name: field for field in ServiceField.objects.all()}

    def tell(self) -> None:
        self.ramps()
        self.near_and_past()
        self.plainly_in_force()
        self.on_the_way()
        self.taken_back()

    # who acts for a unit
    def street_of(self, unit) -> str:
        street = unit if unit.level in (Level.STREET, Level.DISTRICT) else unit.parent
        return {"向阳街道": "street1", "临江街道": "street2", "青松街道": "street3"}[street.name]

    def clerk(self, unit) -> User:
        return self.people["community11" if unit.name == "新苑社区" else self.street_of(unit)]

    def lead(self, unit) -> User:
        return self.people["community11lead" if unit.name == "新苑社区" else self.street_of(unit) + "lead"]

    def draft(self, key, due_in, ago=0) -> Obligation:
        title, unit_name, field, area, domain, content, target, counted, whom = PROMISES[key]
        unit = self.units[unit_name]
        with backdated(ago):
            return services.save_draft(
                Obligation(
                    title=title, organisation=unit, service_field=self.fields[field], area=area, domain=domain,
                    content=content, target=target, unit=counted, beneficiaries=whom,
                    standard=_standard(target, counted), due_on=self.today + datetime.timedelta(days=due_in),
                    liability="15个工作日内公开说明原因和补救期限；认定为未履行的，列入失信治理台账，计入年终考评。",
                    post=Organisation.objects.posts_of(unit)[0],
                ),
                by=self.clerk(unit),
            )  # fmt: skip

    def submitted(self, key, due_in, ago=0) -> Obligation:
        obligation = self.draft(key, due_in, ago)
        with backdated(ago):
            FLOW.take(obligation, "submit", by=self.clerk(obligation.organisation), today=self.day(ago))
        return obligation

    def in_force(self, key, due_in, ago) -> Obligation:
        obligation = self.submitted(key, due_in, ago)
        with backdated(ago):
            self.through_gate(obligation, ago)
        obligation.refresh_from_db()
        return obligation

    def day(self, ago) -> datetime.date:
        return self.today - datetime.timedelta(days=ago)

    def through_gate(self, obj, ago, stages=3) -> None:
        review, unit = Review.objects.of(obj).first(), obj.organisation
        if review.state == "single":
            GATE.take(review, "pass_single", by=self.lead(unit), today=self.day(ago))
            return
        steps = [("pass_first", self.lead(unit), {}), ("pass_second", self.people["reviewer"], {}),
                 ("pass_secrecy", self.people["secrecy"], NO)]  # fmt: skip
        for name, person, given in steps[:stages]:
            GATE.take(review, name, by=person, today=self.day(ago), **given)

    def progress(self, obligation, done, text, ago, finish=True) -> ProgressUpdate:
        unit = obligation.organisation
        with backdated(ago):
            file = SimpleUploadedFile(f"{self.day(ago):%m月}现场核对表.txt", f"{text}\n（演示文件）".encode())
            progress = services.save_progress(
                ProgressUpdate(
                    obligation=obligation, organisation=unit, as_of=self.day(ago), done=done, text=text
                ),
                by=self.clerk(unit),
                upload=services.Upload(added=(file,)),
            )
            if finish:
                PROGRESS.take(progress, "submit", by=self.clerk(unit), today=self.day(ago))
                self.through_gate(progress, ago)
        return progress

    def amended(self, obligation, ago, reason, stages=3, **changes):
        unit = obligation.organisation
        with backdated(ago):
            amendment = services.new_amendment(obligation)
            amendment.reason = reason
            for name, value in changes.items():
                setattr(amendment, name, value)
            services.save_amendment(amendment, by=self.clerk(unit))
            AMENDMENT.take(amendment, "submit", by=self.clerk(unit), today=self.day(ago))
            self.through_gate(amendment, ago, stages)
        obligation.refresh_from_db()
        return amendment

    # the chapters
    def ramps(self) -> None:
        """The promise everyone looks at first: two changes and four reports."""
        it = self.in_force("ramps", due_in=-23, ago=262)
        self.progress(it, 0, "24处点位选定，已在社区公示栏和本专栏公示7天，没有收到异议。", 240)
        self.progress(it, 8, "首批8处建成，逐处验收合格。", 150)
        longer = self.today + datetime.timedelta(days=7)
        self.amended(
            it,
            164,
            "11号楼4个单元门按居民提议重新选址，工期相应顺延；完成期限改后仍在当年采暖期内。",
            due_on=longer,
        )
        self.progress(it, 16, "累计建成16处。连续降雨停工，比计划迟9天。", 45)
        self.progress(it, 19, "累计建成19处，第20至22处已开工。", 10)
        self.amended(
            it, 81, "补写认定标准中的坡度和净宽，便于居民对照。",
            standard="坡度不大于1:12，净宽不小于1.2米，两侧设扶手，逐处验收合格。24处为全部履行，12至23处为部分履行，不足12处为未履行。",
        )  # fmt: skip

    def near_and_past(self) -> None:
        it = self.in_force("canteen", due_in=3, ago=120)
        self.progress(it, 64, "试供餐两周，日均64份，灶具更换后可以达到80份。", 20)
        self.progress(it, 80, "连续5个工作日供餐80份以上。", 3)
        it = self.in_force("parking", due_in=5, ago=150)
        self.progress(it, 41, "已开放41个，其余19个正在与单位签订协议。", 6)
        it = self.in_force("lights", due_in=-12, ago=200)
        self.progress(it, 150, "150盏全部更换完毕，等待区里核验。", 14)
        it = self.in_force("fire-lanes", due_in=-4, ago=130)
        self.progress(it, 4, "已清理4栋，另外2栋因地下管线施工暂停。", 30)

    def plainly_in_force(self) -> None:
        self.progress(
            self.in_force("heating", due_in=143, ago=34), None, "10月接报故障31件，全部2小时内上门。", 12
        )
        self.progress(self.in_force("accounts", due_in=40, ago=300), 3, "前三季度收支已公开。", 22)
        self.progress(self.in_force("jobs", due_in=38, ago=280), 97, "已组织5场，97人实现就业。", 18)
        self.progress(self.in_force("insurance", due_in=38, ago=230), 163, "上门代办163人次。", 25)
        self.progress(self.in_force("veterans", due_in=38, ago=310), 86, "86户全部走访完毕。", 8)
        self.in_force("petition", due_in=220, ago=60)
        self.in_force("clean-gifts", due_in=220, ago=55)
        self.in_force("childcare", due_in=60, ago=250)
        self.in_force("bus", due_in=75, ago=15)

    def on_the_way(self) -> None:
        """One at each desk: draft, each stage of the gate, returned, changes and reports under way."""
        self.draft("permits", due_in=90, ago=1)
        self.submitted("school", due_in=200, ago=1)
        for key, stages in (("relief", 2), ("green-hours", 1)):
            waiting = self.submitted(key, due_in=180, ago=2)
            with backdated(1):
                self.through_gate(waiting, 1, stages)
        again = self.submitted("greening", due_in=160, ago=3)
        with backdated(2):
            GATE.take(
                Review.objects.of(again).first(), "return_first", by=self.lead(again.organisation),
                reason="补植树木要写明树种和成活标准；“每季度巡查”请写进认定标准。", flagged=["content", "standard"],
            )  # fmt: skip
        force = {
            o.title: o for o in Obligation.objects.filter(state="in_force").select_related("organisation")
        }
        self.progress(force[PROMISES["parking"][0]], 52, "新签协议两家，累计开放52个。", 0, finish=False)
        waiting = self.progress(force[PROMISES["childcare"][0]], 196, "今年已开放196天。", 1, finish=False)
        PROGRESS.take(waiting, "submit", by=self.clerk(waiting.organisation))
        self.amended(
            force[PROMISES["bus"][0]], 1, "公交公司同意再加一座，点位由居民议事会选定。", stages=1, target=4,
            content="协调公交公司在康宁社区沿线增设带座椅和雨棚的候车亭4座，点位由居民议事会选定。",
        )  # fmt: skip

    def taken_back(self) -> None:
        """One taken down, one whose taking down waits for approval, one thrown away as a draft."""
        reviewer = self.people["reviewer2"]
        title = "公共浴室冬季免费开放"
        with backdated(100):
            gone = self._other(title, "北园社区", "养老", 100)
        with backdated(29):
            clerk = self.clerk(gone.organisation)
            FLOW.take(gone, "ask_withdrawal", by=clerk, reason="收费标准引用有误，核对后重新承诺。")
            FLOW.take(gone, "approve_withdrawal", by=reviewer)
        with backdated(70):
            asked = self._other("老旧电梯更新补贴申请代办", "滨河社区", "住房", 70)
        with backdated(1):
            FLOW.take(
                asked,
                "ask_withdrawal",
                by=self.clerk(asked.organisation),
                reason="市级政策调整，代办事项已取消。",
            )
        with backdated(5):
            thrown = self._draft_other("重复录入的承诺", "永安社区", "物业")
            FLOW.take(thrown, "discard", by=self.clerk(thrown.organisation), reason="与已有承诺重复")

    def _draft_other(self, title, unit_name, field) -> Obligation:
        unit = self.units[unit_name]
        return services.save_draft(
            Obligation(
                title=title, organisation=unit, service_field=self.fields[field], area="service", domain="livelihood",
                content=f"{title}，办理条件和时间在社区公示栏公布。", standard="按公布的条件和时间办理为全部履行。",
                due_on=self.today + datetime.timedelta(days=120), beneficiaries=f"{unit_name}居民",
                liability="15个工作日内公开说明原因和补救期限。", post=Organisation.objects.posts_of(unit)[0],
            ),
            by=self.clerk(unit),
        )  # fmt: skip

    def _other(self, title, unit_name, field, ago) -> Obligation:
        obligation = self._draft_other(title, unit_name, field)
        FLOW.take(obligation, "submit", by=self.clerk(obligation.organisation), today=self.day(ago))
        self.through_gate(obligation, ago)
        obligation.refresh_from_db()
        return obligation


def _standard(target, counted) -> str:
    if target is None:
        return "按承诺的时限和做法办理、没有查实的违反情形为全部履行；有查实的违反情形但已补救为部分履行；其余为未履行。"
    return f"达到{target}{counted}为全部履行，达到一半以上为部分履行，不足一半为未履行。"
