"""Facts from outside as the office brings them in: by form and by table, corrected by a new row, seen by whom they concern."""

import io

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from evaluation import facts
from evaluation.importing import services
from evaluation.importing.services import Brought
from evaluation.metrics.imported import IMPORTABLE
from evaluation.models import ImportedFact
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Level, Posting
from longsha_credit.exchange.flows import FLOW as JOBS
from longsha_credit.exchange.imports import services as imports
from longsha_credit.exchange.imports import staging
from longsha_credit.exchange.models import Import
from tests import make
from tests.evaluation.hand import TODAY, value
from tests.evaluation.importing import making
from tests.exchange.imports import making as bringing
from tests.programme import years

LIST, NEW, IMPORT = reverse("imported:list"), reverse("imported:new"), reverse("imports:new", args=["facts"])
LEGAL, ERRORS = "法定期限内办结率", "查实的办件、履职差错"


@pytest.fixture
def office(signed_in, cast):
    cast.year = making.year(cast)
    return signed_in(cast.office)


def row(unit, metric, numerator="", denominator="", reason=""):
    return {
        "单位": unit,
        "指标": metric,
        "分子": str(numerator),
        "分母": str(denominator),
        "更正理由": reason,
    }


def sent(c, file, **changes) -> dict:
    given = {"year": c.year.pk, "organisation": c.district.pk, "file": file, "source": "区营商局"}
    given |= {"document_number": "龙营函〔2026〕12号", "document": make.upload("办件统计.txt", "盖章")}
    return given | changes


def checked(c, *rows, by=None) -> Import:
    return bringing.checked(c, *rows, kind="facts", by=by or c.office, unit=c.district, name="办件.csv")


def faults(import_) -> dict[str, str]:
    """{cell: sentence, with the fix where there is one}."""
    places = {"unit": "A", "metric": "B", "numerator": "C", "denominator": "D", "reason": "E"}
    return {f"{places[name]}{row}": said + fix for row, name, said, fix, _ in staging.faults(import_)}


def confirmed(c, import_) -> Import:
    bringing.run(imports.confirm(import_, by=import_.by))
    return bringing.again(import_)


def test_a_table_is_checked_in_the_background_and_taken_in_whole(office, cast):
    lines = row("向阳街道/综合窗口", LEGAL, 188, 200), row("主任岗（没有）", LEGAL, 1, 2)
    assert office.post(IMPORT, sent(cast, bringing.table(*lines, name="办件.csv"))).status_code == 302
    bad = Import.objects.get()
    bringing.run(bad.check_job)
    page = office.get(reverse("imports:page", args=[bad.pk])).content.decode()
    assert "A3" in page and "龙营函〔2026〕12号" in page and "办件统计.txt" in page
    assert not ImportedFact.objects.exists()
    done = confirmed(cast, checked(cast, lines[0], row("向阳街道/主任岗", ERRORS, 2)))
    assert (done.stage, done.made) == ("done", 2)
    assert value("handled-in-legal-time", cast.window) == (18800, 200)
    fact = ImportedFact.objects.get(metric="handling-errors")
    assert (fact.organisation, fact.numerator, fact.denominator) == (cast.post, 200, 0)
    assert (fact.source, fact.document.name, fact.by) == ("区营商局", "办件统计.txt", cast.office)
    entry = Entry.objects.about(fact).get()
    assert (entry.reason, entry.object_label) == (
        "导入自文件“办件.csv”第3行",
        f"主任岗{TODAY.year}年查实的办件、履职差错",
    )
    assert (entry.organisation_path, entry.actor) == (cast.post.path, cast.office)


def test_every_fault_is_named_by_its_cell_with_what_to_do(office, cast):
    making.brought(cast, cast.window, "handled-in-legal-time", 180, 200)
    found = faults(
        checked(
            cast,
            row("向阳街道/综合窗", LEGAL, 1, 2),  # 2
            row("主任岗", ERRORS, 1),  # 3: two posts of that name
            row("向阳街道", LEGAL, 1, 2),  # 4: a street
            row("向阳街道/综合窗口", "法定期限办结率", 1, 2),  # 5
            row("向阳街道/综合窗口", "好差评满意率", "95%", 100),  # 6
            row("向阳街道/综合窗口", "主动评价率", 30, 20),  # 7: wrong way round
            row("向阳街道/综合窗口", "办事指南要素齐全率", "三十"),  # 8
            row("向阳街道/综合窗口", LEGAL, 190, 200),  # 9: differs, without a reason
            row("向阳街道/主任岗", "上年度考核等次", "良好"),  # 10
            row("向阳街道/主任岗", ERRORS, 1, "", "原来少算"),  # 11: nothing to correct
            row("向阳街道/主任岗", ERRORS, 1),  # 12: twice
            row("＝某窗口", LEGAL, 1, "2.5"),  # 13
        )
    )
    assert "没有这个单位" in found["A2"]
    assert "有2个单位叫这个名字" in found["A3"]
    assert "只用于窗口，这是街道" in found["A4"]
    assert "法定期限内办结率" in found["B5"]
    assert "是百分数" in found["C6"]
    assert "是不是写反了" in found["C7"]
    assert "不是数" in found["C8"]
    assert "已经导入过，是180/200件" in found["E9"]
    assert "优秀、称职、其他" in found["C10"]
    assert "没有可以更正的" in found["E11"]
    assert "和第11行是同一件" in found["B12"]
    assert "公式" in found["A13"] and "整数" in found["D13"]
    assert len(found) == 13
    assert ImportedFact.objects.count() == 1


def test_a_table_corrects_with_a_reason_and_leaves_alone_what_is_the_same(office, cast):
    old = making.brought(cast, cast.window, "handled-in-legal-time", 180, 200)
    making.brought(cast, cast.window, "good-reviews", 90, 100)
    import_ = checked(
        cast,
        row("向阳街道/综合窗口", LEGAL, 190, 210, "漏加了12月的办件"),
        row("向阳街道/综合窗口", "好差评满意率", 90, 100),
        row("向阳街道/综合窗口", "主动评价率"),  # a prepared line left empty
    )
    assert (import_.rows, import_.good, import_.known, import_.faulty) == (2, 1, 1, 0)
    assert "1行没有填数，略过了。" in import_.notes
    done = confirmed(cast, import_)
    fact = ImportedFact.objects.standing().get(metric="handled-in-legal-time")
    old.refresh_from_db()
    assert (fact.corrects, fact.reason, fact.numerator) == (old, "漏加了12月的办件", 19000)
    assert (old.numerator, old.superseded_at is not None) == (18000, True)
    assert "更正：漏加了12月的办件" in Entry.objects.about(fact).get().reason
    with pytest.raises(Refused, match="是更正"):
        JOBS.take(done.bring_job, "undo", by=cast.office, reason="导错了")


def test_what_was_brought_in_by_mistake_is_taken_back_until_somebody_has_used_it(office, cast):
    rows = row("向阳街道/综合窗口", LEGAL, 188, 200), row("向阳街道/综合窗口", "好差评满意率", 90, 100)
    done = confirmed(cast, checked(cast, *rows))
    making.corrected(cast, ImportedFact.objects.get(metric="good-reviews"), 91, 100)
    JOBS.take(done.bring_job, "undo", by=cast.office, reason="导错了")
    bringing.run(done.bring_job)
    gone = ImportedFact.objects.get(metric="handled-in-legal-time")
    assert gone.withdrawn_at is not None and value("handled-in-legal-time", cast.window) is None
    assert "已撤回" in office.get(reverse("imported:page", args=[gone.pk])).content.decode()
    assert value("good-reviews", cast.window) == (9100, 100)
    again = confirmed(cast, checked(cast, rows[0]))
    assert (again.made, ImportedFact.objects.standing().count()) == (1, 2)
    facts.begin(cast.year, "trial", by=cast.office, today=TODAY, key="x")
    with pytest.raises(Refused, match="已经取过数"):
        JOBS.take(again.bring_job, "undo", by=cast.office, reason="导错了")


def test_the_template_can_be_filled_in_and_brought_in_again(office, cast):
    template = reverse("imports:template", args=["facts"])
    book = load_workbook(io.BytesIO(office.get(template, {"metric": "handled-in-legal-time"}).getvalue()))
    sheet = book["数据"]
    assert [cell.value for cell in sheet[3]][:2] == ["向阳街道/综合窗口", LEGAL]
    sheet["C3"], sheet["D3"] = 5, 5
    out = io.BytesIO()
    book.save(out)
    import_ = bringing.checked_file(cast, out.getvalue(), kind="facts", by=cast.office, unit=cast.district)
    assert (import_.good, import_.rows) == (1, 1)
    whole = load_workbook(io.BytesIO(office.get(template).getvalue()))
    names = [row[0].value for row in whole["单位"].iter_rows(min_row=2)]
    assert {"向阳街道", "向阳街道/新苑社区/书记岗", "向阳街道/综合窗口"} < set(names)
    assert len(names) == 7 and whole["数据"].max_row == 2


def test_without_its_document_nothing_is_brought_in(office, cast):
    file = bringing.table(row("向阳街道/综合窗口", LEGAL, 1, 2))
    response = office.post(IMPORT, sent(cast, file, document=""))
    assert response.status_code == 422 and not Import.objects.exists()


def test_one_fact_is_typed_and_corrected_by_a_new_row(office, cast):
    given = {
        "year": cast.year.pk,
        "metric": "improper-demands",
        "organisation": cast.window.pk,
        "source": "区纪委",
    }
    wrong = office.post(NEW, given | {"numerator": "一", "document": make.upload()})
    assert wrong.status_code == 422 and "不是数" in wrong.content.decode()
    office.post(NEW, given | {"numerator": "1", "document": make.upload("通报.txt", "查实")})
    fact = ImportedFact.objects.get()
    assert (fact.numerator, fact.denominator, fact.document.name) == (100, 0, "通报.txt")
    page = reverse("imported:correct", args=[fact.pk])
    same = office.post(page, {"numerator": "1", "source": "区纪委", "reason": "没有改"})
    assert same.status_code == 422 and "没有改动" in same.content.decode()
    shown = office.post(page, {"numerator": "0", "source": "区纪委", "reason": "复核不成立"}, follow=True)
    assert "复核不成立" in shown.content.decode() and "现在计入的" in shown.content.decode()
    assert value("improper-demands", cast.window) == (0, 0)
    again = office.get(page, follow=True)
    assert "已经更正过" in again.content.decode()


def test_a_frozen_year_takes_nothing_in(office, cast):
    year = years.plan(cast)
    fact = making.brought(cast, cast.window, "good-reviews", 1, 2, of=year)
    years.frozen(cast, year)
    with pytest.raises(Refused, match="已封存"):
        making.corrected(cast, fact, 2, 2)
    file = bringing.table(row("向阳街道/综合窗口", LEGAL, 1, 2))
    assert office.post(IMPORT, sent(cast, file, year=year.pk)).status_code == 422


def test_a_clerk_brings_nothing_in_and_nobody_for_a_unit_elsewhere(cast, signed_in):
    making.year(cast)
    elsewhere = make.organisation(Level.DISTRICT, "外区", division_code="990200000000")
    one = [Brought(cast.window.pk, "good-reviews", 100, 2)]
    for who in (cast.clerk, cast.lead, cast.reviewer, cast.district_lead):
        assert signed_in(who).get(IMPORT).status_code == 404
        with pytest.raises(Http404):
            services.bring_in(one, year=making.year(cast), origin=making.origin(), by=who)
    with pytest.raises(Http404):
        making.brought(cast, elsewhere, "good-reviews", 1, 2)
    with pytest.raises(Refused, match="不能为这一级单位导入"):
        making.brought(cast, cast.street, "good-reviews", 1, 2)
    assert not ImportedFact.objects.exists()


def test_a_unit_reads_its_own_and_what_is_said_of_a_post_is_for_few(cast, signed_in):
    window = making.brought(cast, cast.window, "good-reviews", 90, 100)
    post = making.brought(cast, cast.post, "annual-appraisal", 2, 1)
    Posting.objects.create(official=cast.official.official, post=cast.post, started_on=make.LONG_AGO)
    seen = {
        who: set(ImportedFact.objects.visible_to(getattr(cast, who)))
        for who in (
            "clerk",
            "lead",
            "office",
            "reviewer",
            "supervisor",
            "official",
            "other_clerk",
            "sysadmin",
            "panel",
        )
    }
    both, one = {window, post}, {window}
    assert seen == {
        "clerk": one, "lead": both, "office": both, "reviewer": both, "supervisor": one, "official": {post},
        "other_clerk": set(), "sysadmin": set(), "panel": set(),
    }  # fmt: skip
    assert "上年度考核等次" in signed_in(cast.official).get(LIST).content.decode()
    shown = signed_in(cast.clerk).get(LIST).content.decode()
    assert "90/100条" in shown and "上年度考核等次</a>" not in shown
    assert not ImportedFact.objects.public().exists()


def test_a_document_opens_only_to_who_may_see_all_that_rests_on_it(cast):
    shared = services.keep(make.upload(), purpose=services.PURPOSE, year=making.year(cast), by=cast.office)
    both = [Brought(unit.pk, "post-scenes", 100, 1) for unit in (cast.post, cast.other_post)]
    origin = making.origin(document=shared)
    services.bring_in(both, year=making.year(cast), origin=origin, by=cast.office)
    assert list(services.readable_documents(cast.office)) == [shared]
    assert not services.readable_documents(cast.lead).exists()


def test_pages_ask_the_same_number_of_questions_however_many_rows(office, cast):
    def asked(url):
        with CaptureQueriesContext(connection) as found:
            assert office.get(url).status_code == 200
        return len(found)

    first = making.brought(cast, cast.window, "good-reviews", 90, 100)
    page = reverse("imported:page", args=[first.pk])
    before = asked(LIST), asked(page)
    for key in ("handled-in-legal-time", "guide-completeness", "reviews-per-case"):
        making.brought(cast, cast.window, key, 1, 2)
    assert asked(LIST) == before[0]
    last = making.corrected(cast, making.corrected(cast, first, 91, 100), 92, 100)
    assert asked(reverse("imported:page", args=[last.pk])) <= before[1] + 1


def test_what_nobody_would_ask_is_answered_with_a_page(office, cast):
    making.brought(cast, cast.window, "good-reviews", 90, 100)
    strange = {"q": "\x00'%_", "year": "１e9", "metric": "x", "level": "district", "view": "x", "page": "-1"}
    assert "没有找到" in office.get(LIST, strange).content.decode()
    assert office.get(NEW, strange).status_code == 200
    assert office.get(reverse("imports:template", args=["facts"]), strange).status_code == 200
    typed = {
        "year": "x",
        "metric": "x",
        "organisation": "9" * 30,
        "numerator": "\x00",
        "denominator": "１２",
        "source": "<b>",
    }
    assert office.post(NEW, typed).status_code == 422
    assert office.post(IMPORT, {"year": "x", "document": "x"}).status_code == 422


def test_a_file_of_many_rows_is_taken_in_by_few_statements(office, cast):
    posts = [make.organisation(Level.POST, f"{n}号岗", cast.window) for n in range(60)]
    few, many = posts[:3], posts[3:]

    def asked(units):
        brought = [Brought(unit.pk, "duties-shown", 200, 2) for unit in units]
        with CaptureQueriesContext(connection) as found:
            services.bring_in(brought, year=cast.year, origin=making.origin(), by=cast.office)
        return len(found)

    assert asked(few) == asked(many)
    assert Entry.objects.filter(step="import").count() == 60


def test_titles_tell_the_indicators_apart():
    assert len({item.title for item in IMPORTABLE.values()}) == len(IMPORTABLE)
    assert all(item.numerator and item.denominator and item.document for item in IMPORTABLE.values())
