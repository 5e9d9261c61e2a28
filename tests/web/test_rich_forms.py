"""The field for a rich text: three ways to send it, one form in which it is kept."""

import pytest
from django import forms

from longsha_credit.web.forms import PortalForm
from longsha_credit.web.rich_forms import RichTextField

SHA = "a1" * 32
TABLE = (
    f'<p>看</p><p><img data-picture="{SHA}" alt="坡道"></p><table><tbody><tr><td>1</td></tr></tbody></table>'
)


class Paper(PortalForm):
    title = forms.CharField(label="标题")
    body = RichTextField(label="正文")


def sent(initial="", pictures=None, **data):
    form = Paper({"title": "公告", **data}, initial={"title": "公告", "body": initial})
    form.fields["body"].pictures = pictures or {}
    return form


def cleaned(*args, **kwargs):
    form = sent(*args, **kwargs)
    assert form.is_valid(), form.errors
    return form.cleaned_data["body"]


def fault(*args, **kwargs):
    form = sent(*args, **kwargs)
    assert not form.is_valid()
    return form.errors["body"][0]


def test_each_way_is_cleaned_and_the_editor_comes_first():
    assert cleaned(body_html="<h1 onclick=x>甲</h1>", body="一、乙", body_kept="1") == "<h2>甲</h2>"
    assert cleaned(body="一、乙\r\n<b>", body_kept="1") == "<h2>一、乙</h2><p>&lt;b&gt;</p>"
    assert cleaned(TABLE, body_kept="1") == TABLE


def test_nothing_sent_is_nothing_written():
    assert fault(TABLE) == fault(TABLE, body=" \n　") == fault(TABLE, body_html="<p></p>") == "请填写正文。"
    assert fault(body_kept="1") == "请填写正文。"


def test_pictures_of_another_paper_are_refused_but_what_stands_stays():
    assert cleaned(pictures={SHA: "/1.png"}, body_html=TABLE) == TABLE
    assert (
        fault(body_html=TABLE) == "正文里有 1 张图片不是这份材料里的，不能保存。请删去，或用 Word 文件带入。"
    )
    assert cleaned(TABLE, body_kept="1") == TABLE


@pytest.mark.parametrize(
    "data",
    [{"body_html": "字" * 300_000}, {"body": "字" * 300_000}, {"body_html": "<div>" * 5000}],
    ids=["editor", "plain", "tangled"],
)
def test_what_is_too_long_is_refused_and_not_lost(data):
    form = sent(**data)
    assert not form.is_valid()
    assert form.errors["body"][0].startswith("正文")
    assert "字" * 300_000 in str(form) or "&lt;div&gt;" * 5000 in str(form)


@pytest.mark.parametrize("way", ["body", "body_html"])
def test_bad_characters_are_taken_out(way):
    assert cleaned(**{way: "1\x002\ud8003\u200b4"}) == "<p>1234</p>"


def test_the_form_is_drawn_again_with_what_was_sent():
    assert "\n一、乙\n- </textarea>" in str(sent(body="一、乙\n- "))
    assert "&lt;h2&gt;甲&lt;/h2&gt;" in str(sent(body_html="<h1>甲</h1>"))
    kept = str(sent(TABLE, {SHA: "/files/1.png"}, body_kept="1"))
    assert '<img src="/files/1.png" alt="坡道" loading="lazy">' in kept
    assert 'name="body_kept"' in kept
    assert 'name="body"' not in kept


def test_a_page_carries_no_code_out_of_the_text():
    drawn = str(sent('<p>"><script>x</script></textarea><img src=x onerror=y>', {SHA: '"><script>'}))
    assert "<script>x" not in drawn
    assert drawn.count("<script") == drawn.count("<script src=") == 1


def test_only_a_changed_text_counts_as_changed():
    assert sent(TABLE, body_kept="1").changed_data == []
    assert sent("<p>甲</p>", body="甲 ").changed_data == []
    assert sent("<p>甲</p>", body_html="<div>甲</div>").changed_data == []
    assert sent("<p>甲</p>", body="乙").changed_data == ["body"]
    assert sent("<p>甲</p>", body_html="字" * 300_000).changed_data == ["body"]
