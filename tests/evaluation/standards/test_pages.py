"""The office writes a standard, another puts it in force, units and residents read it, and each point opens to its rows."""

import pytest
from django.urls import reverse

from evaluation import services
from evaluation.computing import indicators_of, standards_of
from evaluation.flows import SET
from evaluation.models import Indicator, IndicatorSet, Mark, Ruling
from evaluation.reading import metric_title
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Level
from longsha_credit.programme.models import Year
from tests.audit.rules import past_triggers
from tests.evaluation.standards import making
from tests.programme import years


def page(browser, name, *args, **query):
    answer = browser.get(reverse(name, args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def post(browser, name, *args, **sent):
    return browser.post(reverse(name, args=args), sent)


def typed(indicator, **changes):
    """What the form of a measured indicator sends."""
    (measure,) = indicator.measures
    sent = {
        "title": indicator.title, "points": indicator.points / 100, "way": indicator.way,
        "formula": indicator.formula, "evidence": "", "basis": indicator.basis, "scale": "", "seen": "",
        "m1_metric": measure["metric"], "m1_style": measure["style"], "m1_points": measure["points"] / 100,
        "m1_floor": measure.get("floor", ""), "m1_missing": "",
    }  # fmt: skip
    return sent | changes


def test_from_a_copy_to_the_new_standard_of_the_year(cast, signed_in, client):
    old = making.in_force(cast)
    office, reviewer = signed_in(cast.office), signed_in(cast.reviewer)
    answer = post(office, "standards:copy", old.pk, to=old.year_id)
    new = IndicatorSet.objects.with_names().get(version=2, level="street")
    assert answer.url == reverse("standards:page", args=[new.pk])
    kept = making.indicator(new, "3.3")
    answer = post(
        office, "standards:part", new.pk, "indicator", kept.pk, **typed(kept, points=9, m1_points=9)
    )
    assert answer.status_code == 302
    kept.refresh_from_db()
    assert (kept.points, kept.measures[0]["points"], kept.measures[0]["floor"]) == (900, 900, 60)
    told = page(reviewer, "standards:page", new.pk)
    assert "加起来是101分，要正好100分" in told  # it cannot be put in force, and says why
    areas = making.indicator(new, "3.1")
    answer = post(
        office,
        "standards:part",
        new.pk,
        "indicator",
        areas.pk,
        **typed(areas, points=3, m1_points=3, m1_unit=0.75),
    )
    assert answer.status_code == 302
    assert "您是最后修改的人" in page(office, "standards:page", new.pk)
    answer = post(reviewer, "standards:step", new.pk, "put_in_force")
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state) == ("retired", "in_force")
    compared = page(office, "standards:compare", new.pk)
    assert "四类承诺覆盖" in compared and "有30条没有变" in compared
    public = client.get(reverse("public_standards:list")).content.decode()
    assert f'href="{reverse("public_standards:page", args=[new.pk])}"' in public
    whole = client.get(reverse("public_standards:page", args=[new.pk])).content.decode()
    assert "到期兑现率" in whole and "取消评选" not in whole.split("<main")[0]


def test_what_is_wrong_with_an_indicator_is_said_and_nothing_is_saved(cast, signed_in):
    row = making.draft(cast)
    kept = making.indicator(row, "3.3")
    office = signed_in(cast.office)
    for changes, sentence in [
        ({"points": 9}, "各项算法加起来是8分，和这条指标的9分不一致"),
        ({"points": "八"}, "分值要写数字"),
        ({"points": 101}, "分值不能大于 100"),
        ({"m1_metric": ""}, "系统测算的要选一项数据"),
        ({"m1_metric": "weather"}, "请从列出的选项里选择"),
        ({"m1_style": "linear"}, "还要填：起算线、满分线"),
        ({"m1_style": "linear", "m1_low": 90, "m1_high": 60}, "起算线要低于满分线"),
        ({"m1_style": "each"}, "还要填：每个（件）几分"),
        ({"way": "human", "scale": "好"}, "看不懂"),
        ({"way": "human", "scale": "好 7\n差 0"}, "最高的一档要正好是8分"),
        ({"title": ""}, "请填写指标"),
    ]:
        answer = post(office, "standards:part", row.pk, "indicator", kept.pk, **typed(kept, **changes))
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True), (changes, sentence)
    again = Indicator.objects.get(pk=kept.pk)
    assert (again.points, again.measures, again.title) == (kept.points, kept.measures, kept.title)


def test_judged_indicators_are_written_with_their_steps(cast, signed_in):
    row, office = making.draft(cast), signed_in(cast.office)
    kept = making.indicator(row, "6.3")
    sent = {"title": kept.title, "points": 3, "way": "human", "formula": "看材料", "basis": "建议值"}
    post(
        office,
        "standards:part",
        row.pk,
        "indicator",
        kept.pk,
        **sent,
        scale="符合3项 3\n符合2项 2分\n都不符合 0",
    )
    kept.refresh_from_db()
    assert kept.scale == [["符合3项", 300], ["符合2项", 200], ["都不符合", 0]]
    post(office, "standards:part", row.pk, "indicator", kept.pk, **sent, scale="ABC")
    kept.refresh_from_db()
    assert kept.scale == [["A", 300], ["B", 198], ["C", 99], ["C#", 0]]


def test_parts_are_added_and_left_out_only_in_a_draft(cast, signed_in):
    row, office = making.draft(cast), signed_in(cast.office)
    out = row.circumstances.first()
    assert (
        post(office, "standards:add", row.pk, "circumstance", text="冒名顶替", basis="区里规定").status_code
        == 302
    )
    assert row.circumstances.get(text="冒名顶替").number == 10
    assert post(office, "standards:remove", row.pk, "circumstance", out.pk).status_code == 302
    assert not row.circumstances.filter(pk=out.pk).exists()
    answer = post(office, "standards:remove", row.pk, "heading", row.headings.first().pk)
    assert row.headings.count() == 9 and answer.status_code == 302  # it has indicators: it stays
    used = making.in_force(cast, "post")
    answer = post(office, "standards:add", used.pk, "circumstance", text="冒名顶替", basis="区里规定")
    assert answer.status_code == 422 and "复制成新版" in answer.content.decode()


def test_a_colleague_who_saved_first_is_not_overwritten(cast, signed_in):
    row, office = making.draft(cast), signed_in(cast.office)
    seen = row.saved_at.isoformat()
    part = row.circumstances.first()
    sent = {"text": "甲", "basis": "乙", "seen": seen}
    assert post(office, "standards:part", row.pk, "circumstance", part.pk, **sent).status_code == 302
    answer = post(office, "standards:part", row.pk, "circumstance", part.pk, **sent | {"text": "丙"})
    assert answer.status_code == 422 and "同事刚刚改过" in answer.content.decode()
    seen = answer.context["form"]["seen"].value()  # told once, who presses again means it
    again = post(
        office, "standards:part", row.pk, "circumstance", part.pk, **sent | {"text": "丙", "seen": seen}
    )
    assert again.status_code == 302
    part.refresh_from_db()
    assert part.text == "丙"


def test_a_copy_for_the_next_year_leaves_the_old_one_alone(cast):
    row = making.in_force(cast)
    new = services.copy_set(row, to=years.copied(cast, 2027, making.year(cast)), by=cast.office)
    assert [i.title for i in indicators_of(new)] == [i.title for i in indicators_of(row)]
    assert {i.same_as for i in indicators_of(new)} == {i.same_as for i in indicators_of(row)}
    assert (new.version, new.state, new.copied_from) == (1, "draft", row)
    with pytest.raises(Refused, match="还在拟订"):
        services.copy_set(row, to=Year.objects.get(number=2027), by=cast.office)


def test_the_reader_of_a_sheet_opens_every_point(cast, signed_in):
    row = making.result(cast)
    clerk = signed_in(cast.clerk)
    told = page(clerk, "evaluation:result", row.pk)
    for words in (
        "到期兑现率 17 / 19",
        "分值由4分调整为",
        "只有2.1一条适用，这一项的10分都看这一条",
        "不适用",
        "待评审",
        "计算方法",
    ):
        assert words in told, words
    assert "评分<" not in told  # a unit does not judge itself
    fact = page(clerk, "evaluation:fact", row.pk, "kept-rate")
    assert "17 ÷ 19" in fact and "到期兑现率" in fact
    assert clerk.get(reverse("evaluation:fact", args=[row.pk, "honours"])).status_code == 404
    assert signed_in(cast.other_clerk).get(reverse("evaluation:result", args=[row.pk])).status_code == 404
    assert cast.street.name in page(clerk, "evaluation:results")
    assert cast.street.name not in page(signed_in(cast.other_clerk), "evaluation:results").split("<main")[1]


def test_every_rows_page_opens_whatever_is_counted(cast, signed_in):
    from evaluation.metrics import METRICS

    used = {m["metric"] for i in indicators_of(making.in_force(cast)) for m in i.measures}
    row = making.result(cast, facts=dict.fromkeys(used, (1, 1)))
    clerk = signed_in(cast.clerk)
    for key in sorted(used):
        text, metric = page(clerk, "evaluation:fact", row.pk, key), METRICS[key]
        assert (f"逐{metric.noun}列出" in text) == (not metric.quiet and not metric.is_imported), key
        assert ("只给上级单位看" in text) == metric.quiet, key


def test_the_district_judges_with_a_reason_and_by_the_steps(cast, signed_in):
    row = making.result(cast)
    one = making.indicator(row.set, "6.3")
    reviewer = signed_in(cast.reviewer)
    asked = page(reviewer, "evaluation:mark", row.pk, one.pk)
    assert "A：2分" in asked and "C#：0分" in asked
    for sent in ({"points": "200"}, {"points": "150", "reason": "差一点"}, {"reason": "没有选"}):
        assert post(reviewer, "evaluation:mark", row.pk, one.pk, **sent).status_code == 422
    assert (
        post(reviewer, "evaluation:mark", row.pk, one.pk, points="132", reason="区里采用一次").status_code
        == 302
    )
    assert Mark.objects.get().points == 132
    assert "评为1.32分：区里采用一次" in page(signed_in(cast.clerk), "evaluation:result", row.pk)
    lowered = making.indicator(row.set, "4.4")
    assert (
        post(reviewer, "evaluation:mark", row.pk, lowered.pk, points="1", reason="抽查有漏").status_code
        == 302
    )
    asked = Ruling.objects.get(kind="mark")
    assert (asked.state, Mark.objects.count()) == ("proposed", 1)
    office = signed_in(cast.office)
    assert asked.about in page(office, "desk")  # it waits there for another person
    assert post(office, "evaluation:ruling_step", asked.pk, "agree").status_code == 302
    assert Mark.objects.count() == 2


def test_a_circumstance_is_proposed_with_its_document(cast, signed_in):
    row = making.result(cast)
    office = signed_in(cast.office)
    out = row.set.circumstances.first()
    sent = {
        "year": row.set.year_id, "organisation": cast.street.pk, "circumstance": out.pk, "facts": "没有退出名单",
        "document_number": "〔2026〕3号",
    }  # fmt: skip
    answer = post(office, "evaluation:propose_out", **sent)
    assert answer.status_code == 422 and "请选择要上传的文书" in answer.content.decode()
    wrong = {"organisation": cast.community.pk, "document": making.paper()}
    answer = post(office, "evaluation:propose_out", **sent | wrong)
    assert answer.status_code == 422 and "请选2026年度社区的情形" in answer.content.decode()
    answer = post(office, "evaluation:propose_out", **sent, document=making.paper())
    ruling = Ruling.objects.get()
    assert answer.url == reverse("evaluation:ruling", args=[ruling.pk])
    told = page(signed_in(cast.clerk), "evaluation:ruling", ruling.pk)
    assert "没有退出名单" in told and "还没有，须是提出人以外的人" in told
    assert office.get(reverse("file", args=[ruling.document_id])).status_code == 200
    assert signed_in(cast.other_clerk).get(reverse("file", args=[ruling.document_id])).status_code == 404


def test_a_draft_is_tried_on_what_was_counted_and_names_who_would_move(cast, signed_in):
    row = making.marked_all(cast, making.result(cast))
    draft = services.copy_set(row.set, to=row.set.year, by=cast.office)
    IndicatorSet.objects.filter(pk=draft.pk).update(
        candidate_line=10_000, pass_line=9_999, nurture_line=9_998
    )
    told = page(signed_in(cast.office), "standards:try", draft.pk, snapshot=row.snapshot_id)
    moved = told.split("moved-title")[-1]
    assert cast.street.name in moved and "待提升" in moved
    assert row.snapshot.results.exclude(set=row.set).count() == 0  # nothing of the trial is kept


def test_a_trial_says_which_metrics_were_not_counted_then(cast, signed_in):
    row = making.marked_all(cast, making.result(cast))
    draft = services.copy_set(row.set, to=row.set.year, by=cast.office)
    told = page(signed_in(cast.office), "standards:try", draft.pk, snapshot=row.snapshot_id)
    measured = {m["metric"] for one in standards_of(draft) for m in one.measures}
    assert ("试算按不适用处理" in told) == bool(measured - row.snapshot.formulas.keys())
    with past_triggers():
        counted = dict.fromkeys(sorted(measured)[1:], 1)
        type(row.snapshot).objects.filter(pk=row.snapshot_id).update(formulas=counted)
    told = page(signed_in(cast.office), "standards:try", draft.pk, snapshot=row.snapshot_id)
    assert "还没有1项指标" in told
    assert metric_title(sorted(measured)[0]) in told


def test_an_unused_lineage_has_nothing_to_compare(cast, signed_in):
    row = making.draft(cast)
    assert "没有可以对比的" in page(signed_in(cast.office), "standards:compare", row.pk)
    assert "还没有取过数" in page(signed_in(cast.office), "standards:try", row.pk)


def test_the_sheet_of_a_post_is_nowhere_in_public(cast, client, signed_in):
    row = making.result(cast, "post", cast.post, facts={"post-kept-rate": (17, 19)})
    assert "兑现率" in page(signed_in(cast.lead), "evaluation:result", row.pk)
    answer = client.get(reverse("evaluation:result", args=[row.pk]))
    assert answer.status_code == 302 and "/login/" in answer.url
    assert cast.post.level == Level.POST
    public = client.get(reverse("public_standards:page", args=[row.set_id])).content.decode()
    assert cast.post.name not in public


def test_drafts_are_for_the_district_alone(cast, client, signed_in):
    row = making.draft(cast)
    assert client.get(reverse("public_standards:page", args=[row.pk])).status_code == 404
    assert "还没有启用" in client.get(reverse("public_standards:list")).content.decode()
    assert row.title not in page(signed_in(cast.clerk), "standards:list").split("<main")[1]
    SET.take(row, "put_in_force", by=cast.reviewer)
    assert reverse("public_standards:page", args=[row.pk]) in page(signed_in(cast.clerk), "standards:list")
