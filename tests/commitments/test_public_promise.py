"""One promise as residents read it: its letter, its progress, every version, and the proof."""

import datetime
import hashlib
import html
import json
import re

import pytest
from django.utils import timezone

from commitments.flows import AMENDMENT, PROGRESS
from commitments.models import Obligation
from longsha_credit.publication.models import Correction, LedgerContent, Publication, PublicFile
from tests import make
from tests.commitments.reader import body_of, page, past_triggers, version, words

# --- one promise -----------------------------------------------------------------------------------------------------


def test_a_promise_says_who_what_by_when_and_whom_to_call(client, cast):
    obligation = make.in_force(cast, due_on=make.soon(30))
    response = page(client, obligation)
    text = words(response)
    due = obligation.due_on
    assert f"向阳街道承诺，{due.year}年{due.month}月{due.day}日前做到：{obligation.content}" in text
    assert "主任岗只公开岗位，不公开个人" in text
    assert 'href="tel:0000-2"' in response.content.decode()
    assert obligation.code in text and obligation.standard in text and obligation.liability in text
    assert '<meta name="ArticleTitle" content="新苑社区单元门无障碍坡道改造">' in response.content.decode()
    assert '<meta name="ContentSource" content="向阳街道">' in response.content.decode()
    assert re.search(r'<meta name="PubDate" content="\d{4}-\d\d-\d\d \d\d:\d\d">', response.content.decode())


def test_the_code_on_the_page_leads_to_the_page(client, cast):
    import segno

    obligation = make.in_force(cast)
    drawn = page(client, obligation).context["qr"]
    matrix = segno.make(f"http://testserver/commitments/{obligation.code}/", error="m", micro=False).matrix
    dark = {(x, y) for y, row in enumerate(matrix) for x, cell in enumerate(row) if cell}
    squares = set()
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", drawn["path"]):
        squares |= {(int(x) + n, int(y)) for n in range(int(width))}
    assert squares == dark


def test_progress_shows_once_a_second_person_has_passed_it(client, cast):
    obligation = make.in_force(cast)
    it = make.progress(cast, obligation, done=8, text="首批8处建成。")
    PROGRESS.take(it, "submit", by=cast.clerk)
    assert "还没有公开进展" in words(page(client, obligation))
    assert "8 / 24处" not in words(client.get("/commitments/"))
    make.passed(cast, it)
    response = page(client, obligation)
    assert "8/ 24处" in words(response) and "首批8处建成。" in words(response)
    assert f'id="progress-{it.pk}"' in response.content.decode()
    assert "8 / 24处" in words(client.get("/commitments/"))
    file = PublicFile.objects.get()
    assert body_of(client.get(file.url)) == "验收合格"


def test_the_newest_figure_counts_even_when_a_later_report_has_none(client, cast):
    obligation = make.in_force(cast)
    today = timezone.localdate()
    make.published_progress(cast, obligation, done=8, as_of=today - datetime.timedelta(days=3))
    make.published_progress(cast, obligation, done=None, as_of=today, text="第九处已开工。")
    assert "8/ 24处" in words(page(client, obligation))
    assert "8 / 24处" in words(client.get("/commitments/"))


def test_a_withdrawn_promise_says_so_and_gives_nothing_of_its_content(client, cast):
    obligation = make.in_force(cast)
    make.published_progress(cast, obligation)
    file = PublicFile.objects.get()
    assert client.get(file.url).status_code == 200
    make.withdrawn(cast, obligation)
    response = page(client, obligation)
    assert response.status_code == 410
    text = words(response)
    assert "撤下理由引用依据有误" in text and "向阳街道" in text and "再由区里的另一人批准" in text
    assert obligation.title not in text and obligation.content not in text
    assert version(client, obligation, 1).status_code == 410
    assert obligation.title not in words(version(client, obligation, 1))
    assert client.get(file.url).status_code == 410
    assert "验收合格" not in client.get(file.url).content.decode()


def test_a_promise_stays_readable_until_its_withdrawal_is_approved(client, cast):
    from commitments.flows import FLOW

    obligation = make.in_force(cast)
    FLOW.take(obligation, "ask_withdrawal", by=cast.clerk, reason="金丝雀理由")
    response = page(client, obligation)
    assert response.status_code == 200
    assert "金丝雀理由" not in words(response) and "申请撤下" not in words(response)


def test_a_public_file_is_a_download_that_runs_nowhere(client, cast):
    make.published_progress(cast, make.in_force(cast))
    response = client.get(PublicFile.objects.get().url)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


# --- versions and proof ----------------------------------------------------------------------------------------------


def test_every_version_keeps_its_text_and_shows_what_changed(client, cast):
    obligation = make.in_force(cast, content="建成坡道20处。")
    make.amended(cast, obligation, content="建成坡道24处，每处配扶手。", reason="居民提议增加")
    first, second = version(client, obligation, 1), version(client, obligation, 2)
    assert "建成坡道20处。" in words(first) and "建成坡道24处" not in words(first)
    assert "建成坡道24处，每处配扶手。" in words(second) and "变更理由：居民提议增加" in words(second)
    marked = second.content.decode()
    assert '<del><span class="spoken">删去：</span>20处</del>' in marked
    assert '<ins><span class="spoken">新增：</span>24处，每处配扶手</ins>' in marked
    assert [change.label for change in second.context["changes"]] == ["承诺内容", "完成期限"]
    assert version(client, obligation, 3).status_code == 404
    current = page(client, obligation)
    assert [v.number for v in current.context["versions"]] == [2, 1]
    assert "首次公开" in words(current) and "居民提议增加" in words(current)
    assert "建成坡道24处，每处配扶手。" in words(current)


def test_a_new_file_counts_as_a_change(client, cast):
    from commitments import services

    obligation = make.in_force(cast)
    it = make.amendment(cast, obligation, reason="补点位图", due_on=obligation.due_on)
    it = services.save_amendment(
        it, by=cast.clerk, upload=services.Upload(added=(make.upload("点位图.txt"),))
    )
    AMENDMENT.take(it, "submit", by=cast.clerk)
    make.passed(cast, it)
    response = version(client, obligation, 2)
    assert [change.label for change in response.context["changes"]] == ["附件"]
    assert "点位图.txt" in words(page(client, obligation))
    assert "本页内容与公开账一致" in words(page(client, obligation))


NASTY = {
    "plain": "建成坡道24处。",
    "markup": "<b>“坡道”</b> & 'x' \"y\" </textarea> &amp; {{ x }}",
    "blanks and lines": "一、  两个空格\n\n二、\t制表\n",
    "far corners": "𠮷野😀\u3000全角\\n反斜杠",
}


@pytest.mark.parametrize("content", NASTY.values(), ids=NASTY)
def test_anyone_can_work_out_the_hash_from_the_page_alone(client, cast, content):
    obligation = make.in_force(cast, content=content)
    source = version(client, obligation, 1).content.decode()
    canonical = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", source, re.S)[1])
    salt = re.search(r'<dt>随机数（盐）</dt><dd><span class="code">([0-9a-f]{32})<', source)[1]
    printed = re.search(r'<dt>内容校验值</dt><dd><span class="code">([0-9a-f]{64})<', source)[1]
    assert hashlib.sha256(bytes.fromhex(salt) + canonical.encode()).hexdigest() == printed
    assert json.loads(canonical)["fields"]["content"] == Obligation.objects.get().content
    assert "本页内容与公开账一致" in words(version(client, obligation, 1))
    assert "本页内容与公开账一致" in words(page(client, obligation))
    for public in (salt, printed):
        assert public in page(client, obligation).content.decode()


def test_a_text_changed_behind_the_portals_back_is_said_loudly(client, cast):
    obligation = make.in_force(cast)
    assert "本页内容与公开账一致" in words(page(client, obligation))
    past_triggers("UPDATE commitments_obligation SET standard = '差不多就行' WHERE id = %s", obligation.pk)
    response = page(client, obligation)
    assert 'role="alert"' in response.content.decode()
    assert "本页内容与公开账不一致" in words(response) and "本页内容与公开账一致" not in words(response)


def test_a_ledger_changed_behind_the_portals_back_is_said_loudly(client, cast):
    obligation = make.in_force(cast)
    kept = LedgerContent.objects.get()
    past_triggers(
        "UPDATE publication_ledgercontent SET text = %s WHERE id = %s",
        kept.text.replace("无障碍坡道24处", "无障碍坡道4处"),
        kept.pk,
    )
    past_triggers(
        "UPDATE commitments_obligation SET content = replace(content, '24处', '4处'), target = 24 WHERE id = %s",
        obligation.pk,
    )
    for response in (page(client, obligation), version(client, obligation, 1)):
        assert "本页内容与公开账不一致" in words(response)
        assert "本页内容与公开账一致" not in words(response)


@pytest.mark.parametrize("spoilt", ["", "{", "[]", '{"title": "x"}'])
def test_a_ledger_spoilt_beyond_reading_is_said_and_breaks_no_page(client, cast, spoilt):
    obligation = make.in_force(cast)
    past_triggers("UPDATE publication_ledgercontent SET text = %s", spoilt)
    for response in (page(client, obligation), version(client, obligation, 1)):
        assert response.status_code == 200
        assert "本页内容与公开账不一致" in words(response)


def test_a_version_removed_by_law_leaves_its_hash_and_the_reason(client, cast):
    obligation = make.in_force(cast, content="金丝雀旧版")
    make.amended(cast, obligation, content="新版内容")
    oldest = LedgerContent.objects.order_by("pk").first()
    LedgerContent.objects.filter(pk=oldest.pk).update(
        text=None, salt=None, removed_at=timezone.now(), removed_reason="含个人信息", removed_by=cast.reviewer
    )
    Correction.objects.create(
        publication=obligation.publication, action="remove", reference=obligation.code, version=1, reason="含个人信息",
        asked_by=cast.clerk, approved_by=cast.reviewer, at=timezone.now(),
    )  # fmt: skip
    response = version(client, obligation, 1)
    assert response.status_code == 410
    assert "含个人信息" in words(response) and oldest.entry.content_hash in words(response)
    assert "金丝雀旧版" not in words(response)
    assert "上一版的内容已依法撤下，不能比较" in words(version(client, obligation, 2))
    assert page(client, obligation).status_code == 200
    assert Publication.objects.public().count() == 1


def test_a_renamed_post_does_not_cry_wolf(client, cast):
    obligation = make.in_force(cast)
    make.renamed(cast.post, "办公室主任岗", cast.office)
    text = words(page(client, obligation))
    assert "本页内容与公开账一致" in text
    assert "主任岗只公开岗位" in text and "办公室主任岗" not in text
