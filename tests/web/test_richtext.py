"""The text of a notice: one form whatever came in, nothing lost that is text, nothing kept that is code."""

import datetime
import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from longsha_credit.web import richtext
from longsha_credit.web.richtext import (
    TooLong,
    clean,
    from_plain,
    pictures_in,
    render,
    rewrite,
    signed_on,
    to_plain,
    to_text,
)

SHA = "a1" * 32
# a loaded machine is slow, which is no fault of the text
calmly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
PIECES = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            "<strong>",
            "</strong>",
            "<sup>",
            "</sup>",
            "<br>",
            "<br><br>",
            "<div>",
        ),
        *(
            "</div>",
            "<h1>",
            "</h1>",
            "<h3>",
            "</h3>",
            "<ul>",
            "</ul>",
            "<ol>",
            "<li>",
            "</li>",
            "<blockquote>",
        ),
        *("</blockquote>", "<table>", "</table>", "<thead>", "</thead>", "<tr>", "</tr>", "<caption>名单"),
        *(
            "</caption>",
            "<td>",
            "</td>",
            "<th>",
            "<th scope=row>",
            "<td colspan=2 rowspan=3>",
            "<td rowspan=0>",
        ),
        *("<a href='https://a.cn/?x=1&y'>", "<a href='javascript:x'>", "</a>", "<a href='tel:0452-12345'>"),
        *(
            f"<img data-picture={SHA} alt='坡&quot;道'>",
            "<img data-picture=bad>",
            "<img src=data:,x>",
            "<svg>",
        ),
        *(
            "<script>alert(1)</script>",
            "<!-- 注 -->",
            "<pre>一\n二</pre>",
            "<select>",
            "<form>",
            "<p style=x>",
        ),
        *(
            "甲",
            "　乙",
            " ",
            "\n",
            "&nbsp;",
            "&lt;",
            "&#8203;",
            "\x00",
            "\ud800",
            "1,234.50",
            "&amp;amp;",
            "<",
            "\u2028",
        ),
    ]
)
HTML = st.lists(PIECES | st.text(max_size=4), max_size=30).map("".join)
PLAIN = st.lists(
    st.sampled_from(
        ["一、总则", "（一）目的", "- 项", "- ", "-", "1. 条", "", " ", "　　段", "二、很长的句子。"]
    )
    | st.text(max_size=6),
    max_size=12,
).map("\n".join)


@calmly
@given(HTML)
@example("<table><tr><th rowspan=2>甲<th>乙<tr><td>丙</table>")
@example("<ul><li>甲<table><tr><td>乙<td>丙</table><ul><li>丁</ul>戊</ul>")
def test_the_form_that_is_kept_is_one(html):
    kept = clean(html)
    assert clean(kept) == kept


@calmly
@given(HTML)
def test_nothing_but_the_allowed_is_kept(html):
    for tag in re.findall(r"<[^>]*>", clean(html)):
        assert re.fullmatch(
            r"</?(?:h[234]|p|br|strong|em|u|s|sup|sub|ul|ol|li|blockquote|table|caption|thead|tbody|tr|a)>"
            r"|<ol start=\"\d+\">|</?t[dh]>|<t[dh](?: (?:colspan|rowspan)=\"\d+\")*(?: scope=\"\w+\")?>"
            r'|<a href="(?:https?|mailto|tel):[^"]*">'
            r'|<img data-picture="[0-9a-f]{64}" alt="[^"]*">',
            tag,
        ), tag


@calmly
@given(st.lists(st.text("甲乙丙１1.<&\"'", min_size=1), min_size=1, max_size=5))
def test_text_and_numbers_stay_as_they_are(texts):
    from django.utils.html import escape

    assert to_text(
        "".join(f"<p><b>{escape(text[:1])}</b>{escape(text[1:])}</p>" for text in texts)
    ) == "\n".join(texts)


@calmly
@given(PLAIN)
def test_what_is_written_in_the_plain_box_comes_back(text):
    html = from_plain(text)
    shown = to_plain(html)
    assert shown is not None
    assert from_plain(shown) == html == clean(html)


@calmly
@given(HTML)
def test_the_plain_box_shows_a_text_whole_or_not_at_all(html):
    shown = to_plain(html)
    assert shown is None or from_plain(shown) == clean(html)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("一段没有标签的话", "<p>一段没有标签的话</p>"),
        ("<p>　　缩进&nbsp;</p><p> </p><p><br></p>", "<p>缩进</p>"),
        ("<h1>唯一的标题</h1>", "<h2>唯一的标题</h2>"),
        ("<p>上<br><br>下<br></p>", "<p>上</p><p>下</p>"),
        ("<b>甲</b><strong>乙</strong><i> </i>", "<p><strong>甲乙</strong></p>"),
        ("<p>甲<div onclick=x>乙</div>丙", "<p>甲</p><p>乙</p><p>丙</p>"),
        ("<ul><li><p>甲</p><ul><li>乙</ul><li> <li>丙</ul>", "<ul><li>甲<ul><li>乙</li></ul></li><li>丙</li></ul>"),
        ("<script>x</script><style>p{}</style><p style=a class=b id=c>甲<!--注--></p>", "<p>甲</p>"),
        ("<a href=' https://a.cn '>甲</a><a href=JavaScript:x>乙</a><a href=/x>丙</a>", '<p><a href="https://a.cn">甲</a>乙丙</p>'),
        ("<a href='data:text/html,x'>甲</a><a href=//b.cn>乙</a><a href='mailto:a@b.cn'>丙</a>", '<p>甲乙<a href="mailto:a@b.cn">丙</a></p>'),
        (f"<img src=x data-picture={SHA} onerror=x><img src=data:image/png;base64,x><img data-picture=bad>", f'<p><img data-picture="{SHA}" alt=""></p>'),
        ("<p>1\u200b2\x003\ud8004&#8203;5</p>", "<p>12345</p>"),
        ("&lt;script&gt;&amp;lt;", "<p>&lt;script&gt;&amp;lt;</p>"),
        ("<table></table><ul></ul><blockquote> </blockquote>", ""),
        ("<table><caption>名单</caption></table>", "<p>名单</p>"),
    ],
)  # fmt: skip
def test_what_is_kept_of_it(given, kept):
    assert clean(given) == kept


def test_a_table_is_brought_in_order():
    assert clean(
        "<table class=x><caption><p>名单</p></caption><tr><th colspan=2>姓名<th>号<tr><td rowspan=9 colspan=999>张"
        "<td><p>1</p><tr></tr><tr><th>乙<td><p>2</p><p>3</p></table>"
    ) == (
        '<table><caption>名单</caption><thead><tr><th colspan="2" scope="col">姓名</th><th scope="col">号</th></tr>'
        '</thead><tbody><tr><td colspan="60" rowspan="2">张</td><td>1</td></tr>'
        '<tr><th scope="row">乙</th><td><p>2</p><p>3</p></td></tr></tbody></table>'
    )


def test_tables_inside_tables_become_lines_of_the_cell():
    assert (
        to_text("<table><tr><td>外<table><tr><td>张三<td>1,200<tr><td>李四<td>98</table></table>")
        == "外 张三\u30001,200 李四\u300098"
    )
    assert to_text("<table><tr><td>1" * 100).split() == ["1"] * 100


BOMBS = {
    "bold": "<b>" * 99_000,
    "tables": "<table><tr><td>" * 20_000,
    "divs": "<div>" * 70_000,
    "&": "&" * 400_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_in_words(bomb):
    with pytest.raises(TooLong, match="正文"):
        clean(BOMBS[bomb])


def test_a_text_that_is_too_long_is_refused_whole():
    for function in (clean, to_text, pictures_in, to_plain, from_plain):
        with pytest.raises(TooLong, match="20 万个字符"):
            function("字" * 10_000_000)
    with pytest.raises(TooLong, match="改作附件"):
        from_plain("字" * richtext.LONGEST)


def test_text_for_search_and_scanner_has_a_line_a_block():
    html = (
        "<h2>一、名单</h2><table><tr><td><p>张</p><p>三</p></td><td>1<b>2</b></td></tr></table><ul><li>甲<ul><li>乙"
        f"</ul></ul><p>上<br>下<img data-picture={SHA} alt=坡道>见<a href=https://a.cn/b>全文</a>"
        "<a href=https://c.cn>https://c.cn</a></p>"
    )
    assert to_text(html).split("\n") == [
        "一、名单",
        "张 三\t12",
        "甲",
        "乙",
        "上 下[图：坡道]见全文（https://a.cn/b）https://c.cn",
    ]


def test_a_page_gets_pictures_from_the_portal_only_and_tables_that_scroll():
    other = "b2" * 32
    page = render(
        f"<p><img src=//evil.cn data-picture={SHA} alt='坡&quot;道'><img data-picture={other} alt='<b>'>"
        "<a href=https://a.cn>甲</a></p><table><caption>名单<tr><td>1</table><table><tr><td>2</table><script>x</script>",
        {SHA: '/files/1?a&"b'},
    )
    assert page == (
        '<div class="rich"><p><img src="/files/1?a&amp;&quot;b" alt="坡&quot;道" loading="lazy">［图：&lt;b&gt;］'
        '<a href="https://a.cn" rel="noopener">甲</a></p>'
        '<div class="table-frame" role="region" tabindex="0" aria-label="名单"><table><caption>名单</caption>'
        "<tbody><tr><td>1</td></tr></tbody></table></div>"
        '<div class="table-frame" role="region" tabindex="0" aria-label="表格2"><table>'
        "<tbody><tr><td>2</td></tr></tbody></table></div></div>"
    )


def test_pictures_are_listed_once_in_order():
    other = "b2" * 32
    html = f"<table><tr><td><img data-picture={other}></table><p><img data-picture={SHA}><img data-picture={other}>"
    assert pictures_in(html) == [other, SHA]


def masked(text):
    return re.sub(r"(?<!\d)\d{17}[\dX](?!\d)|1\d{10}", lambda hit: "*" * len(hit[0]), text)


def test_a_number_is_masked_whatever_is_bold_in_it():
    number = "230202199001011234"
    html = (
        f"<p>身份证<strong>{number[:6]}</strong>{number[6:]}号</p><p>2302021990<br>01011234</p>"
        f'<table><tr><td>{number}</td></tr></table><p><a href="tel:13904520000">电话</a>'
        f"<img data-picture={SHA} alt=证件{number}></p>"
    )
    assert rewrite(html, masked) == clean(
        f"<p>身份证<strong>{'*' * 6}</strong>{'*' * 12}号</p><p>2302021990<br>01011234</p>"
        f"<table><tr><td>{'*' * 18}</td></tr></table><p>电话<img data-picture={SHA} alt=证件{'*' * 18}></p>"
    )


@calmly
@given(HTML)
def test_a_change_that_changes_nothing_leaves_everything(html):
    assert rewrite(html, lambda text: text) == clean(html)


def test_a_change_must_keep_the_length():
    with pytest.raises(ValueError, match="length"):
        rewrite("<p>甲</p>", lambda text: text + "*")


def test_the_plain_box_knows_headings_paragraphs_and_lists():
    text = "关于修坡道的公告\r\n一、目的\n方便出行。\n\n（一）地点\n(二) 时间\n- 南门\n- 北门\n\n- 另一份\n1. 动工\n二、这一段是一句话。\n<b>&"
    assert from_plain(text) == (
        "<p>关于修坡道的公告</p><h2>一、目的</h2><p>方便出行。</p><h3>（一）地点</h3><h3>(二) 时间</h3>"
        "<ul><li>南门</li><li>北门</li></ul><ul><li>另一份</li></ul><p>1. 动工</p><p>二、这一段是一句话。</p><p>&lt;b&gt;&amp;</p>"
    )


@pytest.mark.parametrize(
    "html",
    ["<p>甲<b>乙</b></p>", "<p>甲<br>乙</p>", "<table><tr><td>1</table>", f"<img data-picture={SHA}>", "<h2>目的</h2>", "<p>一、目的</p>", "<p>- 甲</p>", "<ol><li>甲</ol>", "<ul><li>甲<ul><li>乙</ul></ul>", "<a href=https://a.cn>甲</a>", "<h4>甲</h4>"],
)  # fmt: skip
def test_what_the_plain_box_cannot_hold_is_not_put_there(html):
    assert to_plain(html) is None


@pytest.mark.parametrize("sign", ["<br>", "&"])
def test_a_text_of_nothing_but_signs_is_refused_before_it_costs_time(sign):
    with pytest.raises(TooLong, match="太碎"):
        clean(sign * 60_000)


@pytest.mark.parametrize(
    ("last", "day"),
    [
        ("2026年11月24日", datetime.date(2026, 11, 24)),
        ("二〇二六年十一月二十日", datetime.date(2026, 11, 20)),
        ("2026 年 1 月 3 日 ", datetime.date(2026, 1, 3)),
        ("2026年2月30日", None),
        ("自2026年11月24日起施行。", None),
        ("2026年11月", None),
    ],
)
def test_a_document_is_signed_with_the_day_in_its_last_line(last, day):
    assert signed_on(f"<p>正文。</p><p>向阳街道</p><p>{last}</p>") == day
