"""The catalogue on the desk: read by all who work here, changed by the district office only, each change told."""

from django.urls import reverse

from disclosure.models import CatalogueChange, Duty, Topic
from longsha_credit.publication.drafts import stamp_of
from tests.disclosure.coverage import owing


def given(topic, **changes):
    """The form as a browser would send it."""
    return {
        "key": topic.key,
        "number": topic.number,
        "group": topic.group,
        "service_field": topic.service_field_id or "",
        "name": topic.name,
        "content": topic.content,
        "basis": topic.basis,
        "limit_rule": topic.limit_rule,
        "frequency": topic.frequency,
        "publisher": topic.publisher,
        "levels": topic.levels,
        "channels": topic.channels,
        "audience": topic.audience,
        "method": topic.method,
        "hint": topic.hint,
        "seen": stamp_of(topic) if topic.pk else "",
        "reason": "按新的规定",
    } | changes


def test_the_office_changes_a_topic_and_readers_see_what_and_why(cast, signed_in, client):
    owing.all_duties()
    topic = Topic.objects.get(key="news")
    url = reverse("coverage:topic_edit", args=[topic.pk])
    office = signed_in(cast.office)
    assert "读者" in office.get(url).content.decode()
    page = office.post(url, given(topic, frequency="topic_monthly"), follow=True).content.decode()
    assert "已保存为第2版" in page
    assert owing.clock(owing.duty(cast.street, "news")).rule_key == "topic_monthly"
    told = client.get(reverse("public_disclosure:catalogue")).content.decode()
    assert "按新的规定" in told
    history = signed_in(cast.clerk).get(reverse("coverage:catalogue") + "?topic=news").content.decode()
    assert "按新的规定" in history
    assert "区办" in history


def test_a_colleagues_change_is_not_written_over_and_nothing_typed_is_lost(cast, signed_in):
    topic = Topic.objects.get(key="news")
    url, office = reverse("coverage:topic_edit", args=[topic.pk]), signed_in(cast.office)
    mine = given(topic, content="我写了很久的内容")
    office.post(url, given(topic, content="同事先存的内容"))
    answer = office.post(url, mine)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "同事刚刚保存过" in page
    assert "我写了很久的内容" in page
    topic.refresh_from_db()
    assert (topic.content, topic.version) == ("同事先存的内容", 2)


def test_bad_input_gets_a_sentence_and_saves_nothing(cast, signed_in):
    topic = Topic.objects.get(key="news")
    url, office = reverse("coverage:topic_edit", args=[topic.pk]), signed_in(cast.office)
    for change, sentence in (
        ({"reason": ""}, "请填写修订理由。"),
        ({"levels": []}, "请选择公开层级。"),
        ({"number": 1}, "已经有同样的序号"),
        ({"number": "九"}, "序号要写整数"),
        ({"group": "service"}, "请选择公共服务领域。"),
        ({"limit_rule": "handover"}, "请从列出的选项里选择公开时限。"),
        ({"frequency": "handover"}, "请从列出的选项里选择更新频次。"),
        ({"name": "长" * 41}, "最多 40 个字"),
        ({"content": "坏\x00字"}, "控制字符"),
        ({}, "没有可修订的"),
    ):
        answer = office.post(url, given(topic, **change))
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True), sentence
    assert CatalogueChange.objects.filter(topic=topic).count() == 1


def test_a_new_topic_is_owed_at_once_by_every_unit_of_its_levels(cast, signed_in):
    owing.all_duties()
    new = Topic(key="budget-results", number=40, group="finance", name="惠民资金绩效", content="绩效目标和结果",
                basis="预算法", frequency="topic_yearly", publisher="街道办事处", channels="政府网站",
                levels=["street"])  # fmt: skip
    office = signed_in(cast.office)
    assert office.get(reverse("coverage:topic_new")).status_code == 200
    page = office.post(reverse("coverage:topic_new"), given(new), follow=True).content.decode()
    assert "惠民资金绩效" in page
    assert Duty.objects.filter(topic__key="budget-results").count() == 2
    twice = office.post(reverse("coverage:topic_new"), given(new, number=41))
    assert (twice.status_code, "已经有同样的标识" in twice.content.decode()) == (422, True)


def test_a_topic_is_retired_and_brought_back_each_with_a_reason(cast, signed_in):
    owing.all_duties()
    topic, office = Topic.objects.get(key="news"), signed_in(cast.office)
    url = reverse("coverage:topic_retire", args=[topic.pk])
    assert office.post(url, {"reason": ""}).status_code == 422
    office.post(url, {"reason": "并入通知公告"})
    assert not Duty.objects.current().filter(topic=topic).exists()
    assert "已停用" in office.get(reverse("coverage:catalogue")).content.decode()
    office.post(url, {"reason": "还是要单列"})
    assert Duty.objects.current().filter(topic=topic).count() == 3
    assert [c.reason for c in CatalogueChange.objects.filter(topic=topic).order_by("version")][1:] == [
        "并入通知公告",
        "还是要单列",
    ]
