"""What the tags write: states, deadlines, dates, numbers, bars, differences."""

import datetime
import re
import time
from decimal import Decimal

import pytest
from django.template import Context, engines
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from longsha_credit.web import differences
from longsha_credit.web.templatetags import web

TODAY = datetime.date(2026, 11, 23)


def render(text, **values):
    return engines["django"].engine.from_string(text).render(Context(values))


def test_state_says_the_word_and_shows_the_shape():
    html = web.state("overdue", "超期3天")
    assert 'class="state" data-state="overdue"' in html
    assert "#i-stop" in html
    assert html.endswith("超期3天</span>")


def test_state_escapes_its_label():
    assert "&lt;b&gt;" in web.state("kept", "<b>")


def test_every_icon_is_in_the_sprite(settings):
    sprite = (settings.BASE_DIR / "templates/web/_sprite.html").read_text()
    names = {*web.ICON_OF_STATE.values(), *web.ICON_OF_DUE.values(), "search", "next", "file", "menu"}
    assert {name for name in names if f'id="i-{name}"' not in sprite} == set()


@pytest.mark.parametrize(
    ("days", "words", "colour"),
    [
        (8, "还有8天", "blue"),
        (7, "还有7天", "yellow"),
        (1, "还有1天", "yellow"),
        (0, "今天", "red"),
        (-2, "超期2天", "red"),
    ],
)
def test_due_says_the_days_in_words_and_colour(days, words, colour):
    html = render("{% due date today %}", date=TODAY + datetime.timedelta(days), today=TODAY)
    assert f'data-due="{colour}"' in html
    assert words in html


def test_due_without_a_date_is_no_deadline():
    assert "无期限" in render("{% due None %}", today=TODAY)


def test_due_of_a_moment_counts_days_in_china():
    late = datetime.datetime(2026, 11, 23, 16, 30, tzinfo=datetime.UTC)
    assert "还有1天" in render("{% due at %}", at=late, today=TODAY)


def test_stamp_and_day_are_in_china():
    at = datetime.datetime(2026, 11, 22, 17, 30, tzinfo=datetime.UTC)
    assert web.stamp(at) == '<time datetime="2026-11-23T01:30+08:00">2026-11-23 01:30</time>'
    assert web.day(at) == '<time datetime="2026-11-23">2026-11-23</time>'
    assert web.weekday(at) == "周一"
    assert web.stamp(None) == web.day(None) == web.weekday("") == ""


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 字节"),
        (1023, "1023 字节"),
        (430_080, "420 KB"),
        (1_258_291, "1.2 MB"),
        (3 * 1024**4, "3072 GB"),
    ],
)
def test_filesize_is_readable(size, words):
    assert web.filesize_zh(size) == words


@pytest.mark.parametrize(
    ("value", "text"),
    [(Decimal("24.50"), "24.5"), (Decimal("1E+2"), "100"), (24, "24"), (0.5, "0.5"), (None, "")],
)
def test_plain_drops_empty_decimals(value, text):
    assert web.plain(value) == text


def test_paragraphs_are_escaped():
    assert web.paragraphs("一\r\n二\n\n<b>三") == "<p>一<br>二</p><p>&lt;b&gt;三</p>"
    assert web.paragraphs("") == ""


def test_split_bar_draws_and_says_its_parts():
    html = web.split_bar(39, 6, 3)
    assert 'viewBox="0 0 48 1"' in html
    assert re.findall(r'class="([\w-]+)" x="(\d+)" width="(\d+)"', html) == [
        ("split-kept", "0", "39"),
        ("split-partly", "39", "6"),
        ("split-broken", "45", "3"),
    ]
    assert "全部兑现39件，部分兑现6件，未兑现3件" in html


@pytest.mark.parametrize(
    ("done", "total", "width"),
    [(19, 24, "19"), (30, 24, "24"), (0, 24, None), (None, None, None), (Decimal("2.50"), 5, "2.5")],
)
def test_meter_never_leaves_its_frame(done, total, width):
    found = re.search(r'meter-done" x="0" width="([\d.]+)"', web.meter(done, total))
    assert (found and found.group(1)) == width


OLD = "2026年10月31日前，为新苑社区建成无障碍坡道20处，方便居民出入。"
NEW = "2026年11月30日前，为新苑社区建成无障碍坡道24处，每处配扶手，方便居民出入。"


def test_difference_changes_dates_and_amounts_as_a_whole():
    assert differences.runs(OLD, NEW) == [
        ("removed", "2026年10月31日"),
        ("added", "2026年11月30日"),
        ("same", "前，为新苑社区建成无障碍坡道"),
        ("removed", "20处"),
        ("added", "24处，每处配扶手"),
        ("same", "，方便居民出入。"),
    ]


def test_difference_is_spoken_and_escaped():
    html = web.diff("旧<b>", "新")
    assert '<del><span class="spoken">删去：</span>旧&lt;b&gt;</del>' in html
    assert '<ins><span class="spoken">新增：</span>新</ins>' in html


@pytest.mark.parametrize("one", ["", "甲", "甲。\n乙。"])
def test_difference_of_equal_texts_is_the_text(one):
    assert web.diff(one, one) == one


@given(st.text("甲乙丙。，\n12年月日ab ", max_size=60), st.text("甲乙丙。，\n12年月日ab ", max_size=60))
def test_difference_holds_both_texts_whole(old, new):
    runs = differences.runs(old, new)
    assert "".join(text for kind, text in runs if kind != "added") == old
    assert "".join(text for kind, text in runs if kind != "removed") == new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("甲" * 4000, "甲" * 3999 + "乙"),
        ("甲乙" * 2000, "乙甲丙" * 1333),
        (
            "".join(chr(0x4E00 + i * 7 % 500) for i in range(4000)),
            "".join(chr(0x4E00 + i * 11 % 500) for i in range(4000)),
        ),
        ("甲。" * 2000, "乙。甲。" * 1000),
    ],
)
def test_difference_of_long_texts_is_quick(old, new):
    start = time.perf_counter()
    differences.runs(old, new)
    assert time.perf_counter() - start < 2


def test_today_comes_from_the_page():
    assert "今天" in render("{% due date %}", date=timezone.localdate())
