"""Self-inspection: each check at its limit, just below and above it; what the inspected may not see stays unseen."""

import csv
import io

from django.urls import reverse

from disclosure.coverage import inspection
from disclosure.coverage.reference import LIMITS
from longsha_credit.audit.models import Entry
from longsha_credit.directory.models import Organisation
from tests.disclosure import making
from tests.disclosure.coverage import owing
from tests.disclosure.coverage.owing import TODAY, days
from tests.supervision import filing


def found(unit, user, today=TODAY):
    return {it.limit.key: (it.state, it.words) for it in inspection.inspect(unit, user, today)}


def rows(unit, user, key, today=TODAY):
    return next(it.rows for it in inspection.inspect(unit, user, today) if it.limit.key == key)


def test_every_limit_has_its_basis_and_its_number_or_its_rule():
    assert len({limit.key for limit in LIMITS}) == len(LIMITS) == 6
    assert all("19号" in limit.basis and (limit.fails_from or limit.rule) for limit in LIMITS)


def test_the_front_page_is_fine_for_a_week_warns_in_the_second_and_fails_after_it(cast):
    owing.all_duties()
    assert found(cast.street, cast.clerk)["front"] == ("broken", "还没有公开过")
    making.published(cast)
    states = [found(cast.street, cast.clerk, days(n))["front"] for n in (6, 7, 14, 15)]
    assert states == [("kept", "6天"), ("near", "7天"), ("near", "14天"), ("broken", "15天")]


def test_columns_of_news_and_policy_fail_from_five_and_all_columns_from_ten(cast):
    owing.all_duties()
    assert found(cast.street, cast.clerk)["columns"] == ("kept", "0个")
    early = found(
        cast.street, cast.clerk, days(181)
    )  # news, 16 columns of half a year, accounts of the quarter
    assert early["columns"] == ("broken", "17个")
    assert early["long"] == ("broken", "18个")
    for topic in [row.name for row in rows(cast.street, cast.clerk, "columns", days(181))][1:14]:
        making.published(cast, topic=making.Topic.objects.get(name=topic))
    later = found(cast.street, cast.clerk, days(180))
    assert later["columns"] == ("kept", "1个")
    making.published(cast, topic=making.topic("employment"))
    assert found(cast.street, cast.clerk, days(181))["columns"][0] == "broken"


def test_four_blank_columns_warn_and_five_fail(cast):
    owing.all_duties()
    blank = [row.name for row in rows(cast.community, cast.lead, "blank")]
    assert len(blank) == 19
    for name in blank[:-4]:
        making.published(
            cast,
            topic=making.Topic.objects.get(name=name),
            organisation=cast.community,
            by=cast.community_clerk,
        )
    assert found(cast.community, cast.lead)["blank"] == ("near", "4个")


def test_messages_are_counted_by_their_days_and_only_for_who_handles_them(cast):
    owing.all_duties()
    filing.accepted(cast, today=days(-91))
    filing.accepted(cast, today=days(-60))
    filing.replied(cast)
    assert found(cast.street, cast.clerk)["messages"] == ("broken", "1件超过90日，另有1件快到")
    assert found(cast.district, cast.office)["messages"][0] == "broken"
    assert found(cast.street, cast.secrecy)["messages"] == ("na", "由办理来件的人查看")
    assert found(cast.other_street, cast.other_clerk)["messages"] == ("kept", "0件超过90日")


def test_who_sits_in_the_unit_complained_of_learns_no_number(cast):
    """The case is about the community: its clerk, who is also the street's, is not told that there is one."""
    owing.all_duties()
    filing.accepted(cast, today=days(-91))
    assert found(cast.community, cast.community_clerk)["messages"] == ("na", "来件由上级承办")
    cast.community_clerk.memberships.create(organisation=cast.street, role="clerk", started_on=days(-5))
    person = type(cast.clerk).objects.get(pk=cast.community_clerk.pk)
    assert found(cast.street, person)["messages"] == ("kept", "0件超过90日")


def test_a_unit_nobody_can_ring_fails_the_check_of_channels(cast):
    owing.all_duties()
    assert found(cast.street, cast.clerk)["channel"] == ("kept", "0个")
    Organisation.objects.filter(pk=cast.street.pk).update(supervision_phone="")
    assert found(cast.street, cast.clerk)["channel"] == ("broken", "1个")
    assert [row.unit for row in rows(cast.district, cast.office, "channel")] == ["向阳街道", "综合窗口"]


def test_of_the_whole_site_a_column_is_a_topic_and_one_unit_keeps_it_alive(cast):
    owing.all_duties()
    making.published(cast)
    blank = {row.name for row in rows(cast.district, cast.office, "blank")}
    assert len(blank) == 25
    assert "养老" not in blank
    late = {row.name for row in rows(cast.district, cast.office, "long", days(15))}
    assert late == {"工作动态"}


def test_the_page_lists_checks_rows_and_the_units_below_and_goes_out_as_a_table(cast, signed_in):
    owing.all_duties()
    browser = signed_in(cast.clerk)
    page = browser.get(reverse("coverage:inspection")).content.decode()
    assert "向阳街道自查" in page
    assert "新苑社区" in page
    assert "不超过4个" in page
    response = browser.get(reverse("coverage:inspection_export"), {"format": "csv"})
    table = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert [row[0] for row in table if row[4:] and row[4].startswith("政府网站")] == [
        limit.name for limit in LIMITS
    ]
    assert ["空白栏目", "", "", "", "", "向阳街道", "就业", "", owing.clock(owing.duty(cast.street, "employment")).due_on.isoformat()] in table  # fmt: skip
    assert Entry.objects.filter(step="export").latest("id").step_label == "导出自查结果"
    other = signed_in(cast.other_clerk).get(reverse("coverage:inspection"), {"unit": cast.street.pk})
    assert "临江街道自查" in other.content.decode()
    assert signed_in(cast.outsider).get(reverse("coverage:inspection")).status_code == 404
