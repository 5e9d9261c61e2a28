"""Residents find what is public with the words they know, and nothing that is not."""

import hashlib
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from longsha_credit.directory.models import Level, Organisation
from longsha_credit.publication import door, words
from longsha_credit.publication import search as search_module
from longsha_credit.publication.models import Publication, Review, ReviewState, ServiceField
from longsha_credit.publication.registry import Candidate, Kind
from tests import make
from tests.commitments.reader import words as seen
from tests.publication.kept_queries import CORPUS, EXACTLY, FIRST

LABELS = {"commitment": "承诺", "progress": "进展", "notice": "公告"}


def let_out(c, number, unit, kind, field, reference, title, text):
    """Through the door with a passed review, without the promise behind it."""
    path = f"commitments/{reference}/" + (f"#progress-{number}" if kind == "progress" else "")
    candidate = Candidate(
        of=SimpleNamespace(pk=number),
        reference=reference,
        organisation=unit,
        title=title,
        text=text,
        path=path,
        fields={"content": text},
        service_field=field,
    )
    review = Review.objects.create(
        kind="tests.kept",
        object_id=number,
        organisation=unit,
        title=title,
        snapshot={},
        content_hash=hashlib.sha256(candidate.canonical().encode()).hexdigest(),
        chain="three",
        state=ReviewState.PASSED,
        author=c.clerk,
        submitted_by=c.clerk,
        first_by=c.lead,
        second_by=c.reviewer,
        secrecy_by=c.secrecy,
        state_secret="no",
        trade_secret="no",
        privacy="no",
    )
    of_kind = Kind(Publication, kind, LABELS[kind], "three", None, None, {}, None)
    return door.publish(of_kind, candidate, review=review, by=c.secrecy)


@pytest.fixture
def kept(cast):
    """The corpus of kept_queries.py, published."""
    third = make.organisation(Level.STREET, "青松街道", cast.district)
    streets = {"和平社区": cast.street, "育才社区": cast.street, "江畔社区": cast.other_street}
    for name in dict.fromkeys(row[0] for row in CORPUS):
        if not Organisation.objects.filter(name=name).exists():
            make.organisation(Level.COMMUNITY, name, streets.get(name, third))
    units = {unit.name: unit for unit in Organisation.objects.all()}
    fields = {field.name: field for field in ServiceField.objects.all()}
    for number, (unit, kind, field, reference, title, text) in enumerate(CORPUS, start=1000):
        let_out(cast, number, units[unit], kind, fields.get(field), reference, title, text)
    return cast


def search(client, q="", **given):
    return client.get("/search/", {"q": q, **given})


def titles(response):
    return [row.title for row in response.context["page"]]


def test_what_people_type_finds_what_they_mean_first(client, kept, subtests):
    assert len(FIRST) >= 30 and len(CORPUS) >= 60
    for q, title in FIRST:
        with subtests.test(q=q):
            found = titles(search(client, q))
            assert found[:1] == [title]


def test_what_is_found_is_everything_and_nothing_else(client, kept, subtests):
    for q, expected in EXACTLY.items():
        with subtests.test(q=q):
            assert set(titles(search(client, q))) == expected


def test_a_unit_asked_for_by_name_stands_before_everything(client, kept):
    """Units are public pages of their own; half a name and a name with a matter are enough."""
    for q, first in (
        ("江畔社区", "江畔社区"),
        ("江畔", "江畔社区"),
        ("江畔社区 供暖", "江畔社区"),
        ("向阳", "向阳街道"),
    ):
        response = search(client, q)
        assert response.context["named"][0].name == first, q
        page = response.content.decode()
        assert page.index("unit-name") < page.index("dated-kind")
    assert search(client, "江畔 供暖").context["named"] == []
    assert "见全部单位" in seen(search(client, "社区"))
    Organisation.objects.filter(name="江畔社区").update(taking_part=False)
    assert search(client, "江畔社区").context["named"] == []


def test_the_promise_stands_before_the_reports_on_it(client, cast):
    promise = make.in_force(cast)
    report = make.published_progress(cast, promise, text="坡道建成，坡道验收，坡道照片见附件。")
    for q in ("坡道", promise.code, promise.code[6:], promise.code[:-4], "新苑社区单元门"):
        found = titles(search(client, q))
        assert found == [promise.title, report.publication.title], q
    assert (
        f'href="/commitments/{promise.code}/#progress-{report.pk}"' in search(client, "坡道").content.decode()
    )


def test_a_word_ranks_above_two_halves_of_others(client, kept):
    """民生 also stands in 居民生活: still found, but last."""
    halves = ["便民服务热线月报", "沿街商铺消防检查全覆盖", "单元门无障碍坡道改造24处"]
    let_out(kept, 1, kept.street, "notice", None, "", "街道年度安排", "改善民生，方便办事。")
    late = let_out(kept, 2, kept.street, "notice", None, "", "社区文化节", "丰富居民生活。")
    assert titles(search(client, "民生")) == ["民生实事项目按月公开", "街道年度安排", late.title, *halves]


def test_results_can_be_narrowed(client, kept):
    units = {unit.name: unit.pk for unit in Organisation.objects.all()}
    today = str(Publication.objects.latest().first().published_at.astimezone().date())
    assert titles(search(client, "停车", unit=units["和平社区"])) == []
    assert titles(search(client, "停车", unit=units["向阳街道"])) == [
        "小区北侧增设夜间共享停车位60个",
        "育才路停车收费公示并设举报电话",
        "物业费收支按季公开",
    ]
    assert titles(search(client, "食堂", kind="progress")) == [CORPUS[54][4]]
    assert len(titles(search(client, field="elderly-care"))) == 5
    assert titles(search(client, "食堂", since=today, until=today))
    assert (
        titles(search(client, "食堂", since="2099-01-01"))
        == titles(search(client, "食堂", until="2001-01-01"))
        == []
    )
    assert "少选一个条件" in seen(search(client, "食堂", until="2001-01-01"))
    assert "没有这样的公开内容" in seen(search(client, until="2001-01-01"))
    assert titles(search(client, "停车", sort="newest"))[0] == "便民服务热线月报"
    assert titles(search(client, "停车"))[0] != "便民服务热线月报"


def test_where_nothing_has_all_words_some_are_enough_and_the_page_says_so(client, kept):
    response = search(client, "飞机场 电梯")
    assert titles(response) == ["老旧小区加装电梯补贴办法"]
    assert "没有一条含全部的词" in seen(response)
    assert "没有一条含全部的词" not in seen(search(client, "电梯"))
    nothing = search(client, "飞机场")
    assert titles(nothing) == [] and "没有找到" in seen(nothing)


def test_what_was_looked_for_is_marked_and_nothing_of_a_text_is_html(client, cast):
    let_out(
        cast,
        1,
        cast.street,
        "notice",
        None,
        "",
        "<b>坡道</b>",
        f"{'前言。' * 60}<script>alert(1)</script>坡道 WiFi ５Ｇ",
    )
    page = search(client, "坡道 5g wifi").content.decode()
    assert "&lt;b&gt;<mark>坡道</mark>&lt;/b&gt;" in page
    assert "…" in page and "&lt;script&gt;" in page and "<script>alert" not in page
    assert "<mark>WiFi</mark>" in page and "<mark>５Ｇ</mark>" in page


def test_an_amended_text_is_found_by_its_new_words_only(client, cast):
    promise = make.in_force(cast)
    make.amended(cast, promise, title="单元门无障碍坡道和雨棚", content="建成坡道24处，加装雨棚。")
    assert titles(search(client, "雨棚")) == ["单元门无障碍坡道和雨棚"]
    assert titles(search(client, "扶手")) == []


CANARIES = ("金丝雀", "雀一", "金丝雀二", "金丝", "丝雀丙", "雀")


def test_no_question_finds_what_is_not_public(client, cast):
    c = cast
    shown = make.in_force(c)
    make.draft(c, title="金丝雀甲")
    make.submitted(c, content="金丝雀乙")
    make.withdrawn(c, make.in_force(c, title="金丝雀丙"))
    gone = make.in_force(c, title="金丝雀丁")
    make.published_progress(c, gone, text="金丝雀一")
    make.withdrawn(c, gone, remove_content=True)
    make.progress(c, shown, text="金丝雀二", file=make.upload("金丝雀.txt"))
    make.amendment(c, shown, title="金丝雀戊", reason="金丝雀己")
    make.organisation(Level.POST, "金丝雀岗", c.street)
    for q in (*CANARIES, gone.code):
        for given in ({}, {"sort": "newest"}, {"unit": c.district.pk}, {"kind": "commitment"}):
            response = search(client, q, **given)
            assert (titles(response), response.context["named"]) == ([], []), q
    assert titles(search(client, field="disability")) == [shown.title]
    down = Publication.objects.exclude(withdrawn_at=None)
    assert down.count() == 3 and not down.exclude(search=None).exists()


HOSTILE = {
    "nul": {"q": "坡\x00道", "unit": "\x00", "kind": "\x00"},
    "very long": {"q": "长" * 10_000, "unit": "9" * 400, "page": "9" * 400},
    "long number": {"q": "9" * 100},
    "operators": {"q": "& | ! <-> ( ) :* ' \\ '' 坡道:A"},
    "only punctuation": {"q": "，。？！〔〕"},
    "only empty words": {"q": "的 了 吗"},
    "html": {"q": "<script>alert(1)</script>\"'"},
    "emoji": {"q": "坡道😀👨‍👩‍👧", "field": "😀"},
    "many words": {"q": "的 坡 道 " * 30},
    "lone surrogate": {"q": "\ud83d".encode("utf-8", "surrogatepass").decode("latin-1")},
    "other scripts": {"q": "ﾊﾝｶｸ ١٢٣ Ⅷ ﷺ İ 𠀀𠀁 ʼ’"},
    "days": {"since": "0001-01-01", "until": "9999-12-31"},
    "no days": {"since": "2026-02-30", "until": "昨天", "sort": "random"},
    "backwards": {"since": "2030-01-01", "until": "2020-01-01"},
    "patterns": {"q": "%_.*[a-z](("},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_is_typed_is_answered(client, cast, name):
    make.in_force(cast)
    response = client.get("/search/", HOSTILE[name])
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_a_long_question_is_cut_and_the_page_says_so(client, cast):
    promise = make.in_force(cast)
    response = search(client, f"{promise.title}{'，很长的问题' * 40}")
    assert "只按前100个字查找" in seen(response)


def test_an_empty_question_says_what_can_be_asked(client, cast):
    make.in_force(cast)
    assert "可以这样查" in seen(client.get("/search/"))
    assert "page" not in client.get("/search/", {"q": "  "}).context


@pytest.mark.parametrize(
    "given", [{"q": "坡道"}, {"q": "坡道", "sort": "newest"}, {"q": "飞机场 坡道"}, {"field": "disability"}]
)
def test_a_long_list_asks_no_more_of_the_database_than_a_short_one(client, cast, given):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as done:
            assert client.get("/search/", given).status_code == 200
        return len(done)

    field = ServiceField.objects.get(key="disability")
    client.get("/search/")
    let_out(cast, 1, cast.street, "notice", field, "", "坡道一", "坡道")
    one = queries()
    for number in range(2, 40):
        let_out(cast, number, cast.community, "notice", field, "", f"坡道{number}", "坡道")
    make.organisation(Level.COMMUNITY, "坡道社区", cast.street)
    assert queries() == one <= 8


def test_the_index_can_be_written_anew_without_a_new_version(client, kept):
    make.renamed(Organisation.objects.get(name="江畔社区"), "临江门社区", kept.office)
    assert search(client, "临江门 供暖").context["found"].only_some
    assert door.reindex() == len(CORPUS)
    response = search(client, "临江门 供暖")
    assert titles(response) == ["冬季供暖故障2小时上门"] and not response.context["found"].only_some
    assert set(Publication.objects.values_list("version", flat=True)) == {1}


def test_what_was_published_before_the_index_is_indexed_once(
    client, cast, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(door, "INDEX_CHUNK", 2)
    promises = [make.in_force(cast, title=f"坡道{n}") for n in range(5)]
    gone = make.withdrawn(cast, make.in_force(cast, title="撤下的坡道"))
    Publication.objects.update(search=None)
    assert titles(search(client, "坡道")) == []
    assert door.index_missing() == 5
    assert len(titles(search(client, "坡道"))) == 5
    assert titles(search(client, promises[2].code)) == ["坡道2"]
    assert not Publication.objects.filter(pk=gone.publication_id).exclude(search=None).exists()
    with django_assert_num_queries(3):  # a savepoint around one look
        assert door.index_missing() == 0


def test_rows_come_without_their_index(cast):
    """A list of promises does not carry the index words of each."""
    make.in_force(cast)
    assert Publication.objects.exclude(search=None).get().search is None


def test_a_phrase_is_found_far_into_a_long_text(client, cast):
    filler = "".join(chr(0x4E00 + n * 7 % 20000) for n in range(30_000))
    let_out(cast, 1, cast.street, "notice", None, "", "很长的通知", f"{filler}，末尾的无障碍坡道")
    assert titles(search(client, "末尾的无障碍坡道")) == ["很长的通知"]
    assert titles(search(client, "无障碍坡")) == ["很长的通知"]


def test_a_text_of_any_kind_can_be_indexed(cast):
    """Whatever a form lets through goes through the door too."""
    for n, text in enumerate(
        ["", "'\\\x07", "a" * 5000, "9" * 5000, "😀ʼ’ﷺ", "".join(map(chr, range(0x3400, 0x9FFF)))]
    ):
        let_out(cast, n, cast.street, "notice", None, text[:60], f"文{n}", text * 3)
    assert Publication.objects.exclude(search=None).count() == 6


@pytest.mark.parametrize(
    ("typed", "all_of"),
    [
        ("新苑社区坡道", ("新苑社区", "坡道")),
        ("6栋楼消防通道", ("6栋楼", "消防通道")),
        ("充电桩", ("充电桩",)),
        ("办残疾证", ("残疾证",)),
        ("２０２６年养老", ("2026年", "养老")),
        ("齐信用办发（2021）1号 总结", ("齐信用办发(2021)1号", "总结")),
        ("齐齐哈尔", ("齐齐哈尔",)),
        ("楼", ("楼",)),
    ],
)
def test_a_question_is_divided_into_words(typed, all_of):
    assert words.question(typed, ["新苑社区"]).words == all_of


def test_only_the_newest_matches_are_ranked_and_those_with_the_word_in_the_title_before_them(
    client, cast, monkeypatch
):
    """Ranking reads every row it ranks: a common word must not rank the whole table."""
    monkeypatch.setattr(search_module, "COUNT_CAP", 2)
    let_out(cast, 1, cast.street, "notice", None, "", "坡道", "最早的一条")
    for number in range(2, 6):
        let_out(cast, number, cast.street, "notice", None, "", f"通知{number}", "坡道")
    assert titles(search(client, "坡道")) == ["坡道", "通知5", "通知4", "通知3"]
    assert len(titles(search(client, "坡道", sort="newest"))) == 5


def test_the_notice_of_a_number_stands_before_those_of_the_same_office_that_cite_it(client, cast):
    let_out(cast, 1, cast.district, "notice", None, "齐信用办发〔2021〕2号", "试点工作", "按月报送。")
    for number in range(12, 15):
        text = "依据齐信用办发〔2021〕2号，按齐信用办发〔2021〕2号的格式。"
        let_out(
            cast,
            number,
            cast.district,
            "notice",
            None,
            f"齐信用办发〔2021〕{number}号",
            f"通知{number}",
            text,
        )
    assert titles(search(client, "齐信用办发〔2021〕2号")) == ["试点工作", "通知14", "通知13", "通知12"]
