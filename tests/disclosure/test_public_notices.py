"""What residents read of one notice: the document, how it stands, its versions and files, and what is left of it."""

import datetime
import hashlib
import io

import pytest
from django.urls import reverse
from PIL import Image

from disclosure.flows import FLOW
from disclosure.models import NoticeKind
from disclosure.word import Brought, Picture
from longsha_credit.directory.models import Organisation
from longsha_credit.publication.models import PublicFile
from tests import make
from tests.commitments.reader import body_of, past_triggers, words
from tests.disclosure import making

NOT_AS_ENTERED = "本页内容与公开账不一致"
CELL = '<tr><td rowspan="2">第三季度</td><td>{}人</td></tr><tr><td>合计</td></tr>'


def page(client, it, status=200):
    response = client.get(f"/disclosure/notices/{it.code}/")
    assert response.status_code == status
    return words(response)


def version(client, it, number, status=200):
    response = client.get(f"/disclosure/notices/{it.code}/versions/{number}/")
    assert response.status_code == status
    return words(response)


def standing(it, column, value):
    """Let a day of a public notice lie elsewhere, past the rule that keeps it."""
    past_triggers(f"UPDATE disclosure_notice SET {column} = %s WHERE id = %s", value, it.pk)


# --- the document ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", NoticeKind.values)
def test_every_kind_reads_as_a_document_with_its_catalogue_elements(client, cast, kind):
    it = making.published(cast, kind=kind)
    response = client.get(f"/disclosure/notices/{it.code}/")
    text, source = words(response), response.content.decode()
    for said in (
        it.title, it.code, it.get_kind_display(), it.topic.name, "年满八十周岁的老年人。", it.summary, "向阳街道",
        f"{it.formed_on.year}年{it.formed_on.month}月{it.formed_on.day}日", it.document_number, "本页内容与公开账一致",
    ):  # fmt: skip
        assert said in text
    assert "<h2>一、发放对象</h2>" in source and source.count("<h1") == 1
    at = it.publication.published_at.astimezone().strftime("%Y-%m-%d %H:%M")
    for name, content in (("ArticleTitle", it.title), ("PubDate", at), ("ContentSource", "向阳街道")):
        assert f'<meta name="{name}" content="{content}">' in source
    assert NOT_AS_ENTERED not in text


def test_a_normative_document_shows_its_review_and_its_validity(client, cast):
    until = making.TODAY + datetime.timedelta(days=700)
    text = page(client, making.published(cast, kind="normative", valid_from=making.TODAY, valid_until=until))
    assert "示司审〔2026〕8号" in text and "向办发〔2026〕5号" in text
    assert f"施行日期{making.TODAY}" in text and f"有效期至{until}" in text and "现行有效" in text


def test_what_takes_the_place_of_another_is_linked_both_ways(client, cast):
    old = making.published(cast, title="停车办法（试行）")
    assert "已被" not in page(client, old)
    draft = making.notice(cast, title="停车办法草稿", supersedes=old)
    assert "已被" not in page(client, old)
    new = making.published(cast, making.notice(cast, title="停车办法", supersedes=old))
    text = page(client, old)
    assert "已被新文件取代" in text and "这一份已被取代，请看新的停车办法，" in text
    assert draft.title not in text
    source = client.get(f"/disclosure/notices/{new.code}/").content.decode()
    assert f'href="/disclosure/notices/{old.code}/">{old.code} 停车办法（试行）</a>' in source
    making.withdrawn(cast, old)
    text = page(client, new)
    assert "停车办法（试行）（已撤下）" in text and "与公开账一致" in text


def test_a_notice_whose_successor_is_withdrawn_stands_again(client, cast):
    old = making.published(cast, title="停车办法（试行）")
    making.withdrawn(cast, making.published(cast, title="停车办法", supersedes=old))
    assert "已被" not in page(client, old)


def test_what_is_past_its_validity_says_so(client, cast):
    it = making.published(cast, valid_until=making.TODAY)
    assert "失效" not in page(client, it)
    past_triggers(
        "UPDATE disclosure_notice SET valid_until = %s WHERE id = %s", making.TODAY.replace(year=2025), it.pk
    )
    assert "已经失效，只供查阅" in page(client, it)


# --- objections ------------------------------------------------------------------------------------------------------


def test_while_objections_are_heard_the_page_says_how_and_leads_there(client, cast):
    it = making.published(cast, kind="publicity")
    text = page(client, it)
    assert "公示期内，可以提异议" in text and "还有30天" in text and "电话0000-2" in text
    address = f"/supervise/u{cast.street.pk}/?about={it.code}"
    assert f'href="{address}"' in client.get(f"/disclosure/notices/{it.code}/").content.decode()
    begin = client.get(address).content.decode()
    form = f"/supervise/u{cast.street.pk}/suggestion/?about={it.code}"
    assert f'href="{form}"' in begin
    assert f"关于公开内容 {it.code}：" in client.get(form).content.decode()


@pytest.mark.parametrize(
    "about", ["<b>", "x" * 300, "GK-990100-2026-000001<", "\x00", "ＧＫ-990100-2026-000001"]
)
def test_nothing_but_an_index_number_is_taken_from_the_address(client, cast, about):
    form = f"/supervise/u{cast.street.pk}/suggestion/"
    assert "关于公开内容" not in client.get(form, {"about": about}).content.decode()


@pytest.mark.parametrize(
    ("begins", "ends", "said"), [(5, 20, "即将公示"), (-20, -1, "公示期已满"), (-20, 0, "今天")]
)
def test_before_and_after_its_time_it_says_that_too(client, cast, begins, ends, said):
    it = making.published(cast, kind="publicity")
    for column, days in (("hearing_from", begins), ("hearing_until", ends)):
        standing(it, column, making.TODAY + datetime.timedelta(days=days))
    text = page(client, it)
    assert said in text and "超期" not in text
    assert ("在网上提意见" in text) == (ends >= 0)


def test_where_the_unit_has_ended_nobody_is_sent_to_write_about_it(client, cast):
    it = making.published(
        cast, organisation=cast.community, by=cast.community_clerk, lead=cast.lead, kind="publicity"
    )
    Organisation.objects.filter(pk=cast.community.pk).update(valid_to=making.TODAY, successor=cast.street)
    text = page(client, it)
    assert "公示期内" in text and "在网上提意见" not in text and "纠错" not in text


# --- files and pictures ----------------------------------------------------------------------------------------------


def picture() -> Picture:
    data = io.BytesIO()
    Image.new("RGB", (8, 8), "blue").save(data, "png")
    content = data.getvalue()
    return Picture("图1.png", content, hashlib.sha256(content).hexdigest(), "发放人数柱状图")


@pytest.fixture
def illustrated(cast):
    shown = picture()
    body = f'<p>如图：<img data-picture="{shown.sha256}" alt="{shown.alt}"></p>'
    draft = making.notice(
        cast, body="<p>等图。</p>", files=[make.upload("解读.txt", "解读"), make.upload("名册.txt")]
    )
    draft.body = body
    making.services.save_notice(draft, by=cast.clerk, brought=Brought("", body, [shown], "", []))
    return making.published(cast, draft)


def test_a_picture_stands_in_the_text_and_the_other_files_below(client, cast, illustrated):
    source = client.get(f"/disclosure/notices/{illustrated.code}/").content.decode()
    address = PublicFile.objects.get(file__purpose="notice_picture").url
    assert f'<img src="{address}" alt="发放人数柱状图"' in source
    assert source.count("图1.png") == 0 and "名册.txt" in source and "解读：<a" in source
    answer = client.get(address)
    assert answer.status_code == 200 and body_of(answer).startswith("�PNG")
    making.withdrawn(cast, illustrated)
    assert client.get(address).status_code == 410


def test_an_earlier_version_keeps_its_own_pictures_and_files(client, cast, illustrated):
    making.revised(cast, illustrated, body="<p>不要图了。</p>")
    address = PublicFile.objects.filter(file__purpose="notice_picture").first().url
    assert address not in client.get(f"/disclosure/notices/{illustrated.code}/").content.decode()
    old = client.get(f"/disclosure/notices/{illustrated.code}/versions/1/").content.decode()
    assert f'<img src="{address}"' in old and "名册.txt" in old
    assert client.get(address).status_code == 200


# --- versions --------------------------------------------------------------------------------------------------------


def test_a_new_version_says_why_and_shows_what_changed_word_by_word(client, cast):
    table = f"<table><tbody>{CELL.format(612)}</tbody></table>"
    it = making.published(cast, body=f"<p>每人每月100元。</p>{table}")
    making.revised(cast, it, body=f"<p>每人每月<strong>120元</strong>。</p>{table}", title=it.title)
    text = page(client, it)
    assert "第2版改了：正文。逐字比较" in text and "发放标准提高" in text
    source = client.get(f"/disclosure/notices/{it.code}/versions/2/").content.decode()
    assert "<del>" in source and "100元</del>" in source and "120元</ins>" in source
    assert source.count("<del>") == 1 and "&lt;" not in source.split('id="check"')[0]
    assert "<strong>120元</strong>" in source
    old = version(client, it, 1)
    assert "这是旧版。看现行版本" in old and "每人每月100元。" in old and "120元" not in old
    version(client, it, 3, status=404)


def test_what_only_looks_different_is_called_that(client, cast):
    it = making.published(cast)
    bold = making.BODY.replace("年满", "<strong>年满</strong>")
    making.revised(cast, it, body=bold, title=it.title)
    text = version(client, it, 2)
    assert "正文：文字没有变，只调整了格式。" in text and "新增：" not in text


def test_of_a_long_text_only_what_is_near_a_change_is_compared(client, cast):
    lines = [f"<p>第{n}条 按照规定的时间、地点和标准办理，不得推诿。</p>" for n in range(300)]
    it = making.published(cast, body="".join(lines))
    lines[150] = "<p>第150条 改成当天办结。</p>"
    making.revised(cast, it, body="".join(lines), title=it.title)
    source = client.get(f"/disclosure/notices/{it.code}/versions/2/").content.decode()
    compared = source.split('id="changes-title"')[1].split("</section>")[0]
    assert "改成当天办结" in compared and "个字没有变）" in compared
    assert "第20条" not in compared and len(compared) < 3000


# --- what is no more -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("remove_content", [False, True])
def test_what_was_taken_down_says_when_and_why_and_nothing_of_what_it_said(client, cast, remove_content):
    it = making.revised(cast, making.published(cast, title="第一版的标题"))
    making.withdrawn(cast, it, remove_content=remove_content, reason="引用的依据已经废止")
    for address in ("", "versions/1/", "versions/2/"):
        response = client.get(f"/disclosure/notices/{it.code}/{address}")
        text = words(response)
        assert response.status_code == 410
        assert "引用的依据已经废止" in text and it.code in text and "向阳街道" in text
        for gone in (it.title, "第一版的标题", "八十周岁", it.summary):
            assert gone not in text
    log = client.get("/corrections/").content.decode()
    assert f'href="/disclosure/notices/{it.code}/">公开信息（索引号 <span class="code">{it.code}' in log


def test_the_log_leads_to_the_version_it_speaks_of(client, cast):
    it = making.revised(cast, making.published(cast))
    log = client.get("/corrections/").content.decode()
    assert f'href="/disclosure/notices/{it.code}/versions/2/">{it.title}（第2版）' in log


def test_what_never_was_public_is_not_known(client, cast):
    submitted = making.submitted(cast, making.notice(cast))
    assert submitted.code
    for code in (submitted.code, "GK-990100-2099-000001"):
        assert client.get(f"/disclosure/notices/{code}/").status_code == 404
        assert client.get(f"/disclosure/notices/{code}/versions/1/").status_code == 404


@pytest.mark.parametrize(
    "code", ["GK-990100-2026-1", "gk-990100-2026-000001", "GK-９９0100-2026-000001", "1"]
)
def test_a_number_nobody_gives_is_not_found(client, cast, code):
    assert client.get(f"/disclosure/notices/{code}/").status_code == 404


def test_an_address_without_its_last_stroke_and_one_of_long_ago_still_lead_there(client, cast):
    it = making.published(cast)
    old = it.publication.get_absolute_url()
    making.revised(cast, it)
    make.renamed(cast.street, "向阳街道办事处", cast.office)
    assert client.get(f"/disclosure/notices/{it.code}", follow=True).status_code == 200
    text = words(client.get(old))
    assert "与公开账一致" in text and "第2版（现行）" in text


# --- the ledger ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "title = '改过的标题'", "body = '<p>改过的正文。</p>'", "formed_on = formed_on - 1", "summary = '改过的概述'",
        "document_number = '假1号'", "kind = 'announcement'", "basis = '假依据'", "valid_until = current_date + 9",
        "hearing_until = hearing_until + 1", "hearing_channel = '改到别处'",
    ],
)  # fmt: skip
def test_what_somebody_changed_behind_the_door_is_called_out(client, cast, change):
    kind = "publicity" if "hearing" in change else "information"
    it = making.published(cast, kind=kind)
    past_triggers(f"UPDATE disclosure_notice SET {change} WHERE id = %s", it.pk)
    text = page(client, it)
    assert NOT_AS_ENTERED in text and "本页内容与公开账一致" not in text


def test_another_notice_in_the_place_of_the_one_superseded_is_called_out(client, cast):
    old, other = making.published(cast, title="旧的"), making.published(cast, title="别的")
    it = making.published(cast, supersedes=old)
    standing(it, "supersedes_id", other.pk)
    assert NOT_AS_ENTERED in page(client, it)


def test_a_file_slipped_in_and_a_spoilt_ledger_are_called_out(client, cast):
    it = making.published(cast)
    other = making.notice(cast, files=[make.upload("别的.txt")]).files.get()
    entry = it.publication.ledger.get()
    insert = "INSERT INTO publication_publicfile (entry_id, file_id, token) VALUES (%s, %s, 'forged')"
    past_triggers(insert, entry.pk, other.pk)
    assert NOT_AS_ENTERED in page(client, it)
    spoilt = making.published(cast)
    past_triggers("UPDATE publication_ledgercontent SET text = replace(text, '八十', '六十')")
    assert NOT_AS_ENTERED in page(client, spoilt)
    assert "不一致" in version(client, spoilt, 1)


def test_a_unit_and_a_topic_under_another_name_are_no_forgery(client, cast):
    old = making.published(cast, title="旧办法")
    it = making.published(cast, supersedes=old)
    making.revised(cast, old, title="旧办法（改名）")
    make.renamed(cast.street, "向阳街道办事处", cast.office)
    topic = it.topic
    topic.name = "养老服务"
    making.services.save_topic(topic, by=cast.office, reason="与上级目录一致")
    text = page(client, it)
    assert NOT_AS_ENTERED not in text and "向阳街道" in text


def test_nobody_who_handled_it_is_named(client, cast):
    it = making.revised(cast, making.published(cast))
    for address in (
        reverse("public_disclosure:page", args=[it.code]),
        f"/disclosure/notices/{it.code}/versions/2/",
    ):
        text = words(client.get(address))
        assert not [name for name in ("周岚", "李主任", "韩叙", "严密") if name in text]


def test_the_way_through_the_gate_is_needed(client, cast):
    it = making.submitted(cast, making.notice(cast))
    FLOW.take(it, "recall", by=cast.clerk)
    assert client.get("/disclosure/notices/").context["page"].total == 0
    assert client.get(f"/disclosure/notices/{it.code}/").status_code == 404
