"""Every field of every form of the desk with what should never be typed: a Chinese sentence, or it was meant well."""

import re

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from commitments.flows import FLOW
from commitments.models import Obligation, ProgressUpdate
from longsha_credit.files.models import StoredFile
from longsha_credit.publication.gate import GATE
from tests import make
from tests.audit.rules import rows_of_everything
from tests.commitments import owed
from tests.commitments.test_desk_pages import draft_data
from tests.files import build

pytestmark = pytest.mark.usefixtures("menu_counted_once")
SENTENCE = re.compile("[\u4e00-\u9fff].*[。？）]$", re.DOTALL)
HTML = '<script>alert("x")</script><img src=x onerror=alert(1)>'
ANYWHERE = {
    "nothing": "",
    "html": HTML,
    "NUL": "甲\x00乙",
    "half of a pair": b"\xed\xa0\x80",
    "very long": "长" * 60_000,
    "two values": ["甲", "乙"],
    "emoji": "😀👩‍👩‍👧🇨🇳",
}
TEXT = ANYWHERE | {
    "blanks": " \u3000\t",
    "html out of an attribute": '"><svg onload=alert(1)>',
    "a template tag": "{% debug %}{{ request }}",
    "a formula": "=1+1",
    "sql": "'; DROP TABLE audit_entry; --",
    "control characters": "甲\x07\x1b[31m乙",
    "no UTF-8": b"\xff\xfe\xfd",
    "the other direction": "甲\u202egpj.exe",
}
DAY = ANYWHERE | {
    "an impossible day": "2026-02-30",
    "the end of time": "9999-12-31",
    "beyond the end of time": "10000-01-01",
    "before time": "0000-00-00",
    "negative": "-1",
    "full width": "２０２７－０１－０１",
}
NUMBER = ANYWHERE | {
    "a formula": "=1+1",
    "negative": "-1",
    "zero": "0",
    "huge": "9" * 400,
    "a huge power": "1e400",
    "no number": "NaN",
    "no end": "-Infinity",
    "too fine": "0.0000001",
    "other digits": "٣٤",
}
CHOICE = ANYWHERE | {
    "zero": "0",
    "negative": "-1",
    "too large an id": str(2**63),
    "an id of nothing": "2147483647",
    "an id with more": "1 OR 1=1",
    "a truth": "true",
    "many values": ["1"] * 200,
}
BY_KIND = (
    (forms.DecimalField, NUMBER),
    (forms.DateField, DAY),
    (forms.ChoiceField, CHOICE),
    (forms.Field, TEXT),
)


def hostile(field):
    """What to try on a form field of this kind."""
    return next(values for kind, values in BY_KIND if isinstance(field, kind))


def thing(name):
    """A thing of the first street for a form to be about."""
    return {
        "promise": make.in_force,
        "draft": make.draft,
        "contract": owed.contract_draft,
        "amendment": lambda c: make.amendment(c, make.in_force(c)),
        "report": lambda c: make.progress(c, make.in_force(c)),
        "asked": _asked,
        "review": lambda c: make.review_of(make.submitted(c)),
        "last review": _last_review,
    }[name]


def _asked(c):
    obligation = make.in_force(c)
    FLOW.take(obligation, "ask_withdrawal", by=c.clerk, reason="引用依据有误")
    return obligation


def _last_review(c):
    review = make.review_of(make.submitted(c))
    GATE.take(review, "pass_first", by=c.lead)
    GATE.take(review, "pass_second", by=c.reviewer)
    return review


REPORT = {"as_of": make.soon(0), "done": "8", "text": "首批8处建成。"}


def change(c):
    data = draft_data(c, due_on=make.soon(90)) | {"reason": "居民提议增加点位"}
    return {name: value for name, value in data.items() if name != "organisation"}


def change_in_parts(c):
    return change(c) | PART


PART = {
    "parts-0-title": "一期",
    "parts-0-due_on": make.soon(30),
    "parts-0-target": "12",
    "parts-0-unit": "处",
    "parts-0-weight": "2",
}
CONTRACT = {
    "counterparty": owed.OTHER_SIDE,
    "contract_number": owed.NUMBER,
    "signed_on": owed.SIGNED,
    "contract_amount": "864200",
    "with_small_business": "",
    "payments-0-number": "1",
    "payments-0-amount": "432100",
    "payments-0-due_on": make.soon(20),
    "payments-0-delivered_on": make.soon(-5),
    "payments-0-paid_on": make.soon(0),
    "payments-0-paid_amount": "432100",
}


# form: address, the thing it is about, extra part of the address, who fills it in, what a right form holds
FORMS = {
    "a new promise": ("commitments:new", None, (), "clerk", draft_data),
    "a draft": ("commitments:edit", "draft", (), "clerk", draft_data),
    "what of a contract stays inside": ("commitments:contract", "contract", (), "clerk", lambda c: CONTRACT),
    "a change": ("commitments:amend", "promise", (), "clerk", change_in_parts),
    "a draft of a change": ("commitments:amendment_edit", "amendment", (), "clerk", change),
    "a report": ("commitments:progress", "promise", (), "clerk", lambda c: REPORT),
    "a draft of a report": ("commitments:progress_edit", "report", (), "clerk", lambda c: REPORT),
    "why discard": ("commitments:step", "draft", ("discard",), "clerk", lambda c: {"reason": "写重了"}),
    "why withdraw": ("commitments:step", "promise", ("ask_withdrawal",), "clerk", lambda c: {"reason": "有误"}),
    "withdraw": ("commitments:step", "asked", ("approve_withdrawal",), "reviewer", lambda c: {"remove_content": "on"}),
    "why not withdraw": ("commitments:step", "asked", ("refuse_withdrawal",), "reviewer", lambda c: {"reason": "无误"}),
    "why return": (
        "reviews:step", "review", ("return_first",), "lead", lambda c: {"reason": "期限不清楚", "flagged": "due_on"},
    ),
    "the three questions": ("reviews:step", "last review", ("pass_secrecy",), "secrecy", lambda c: make.ANSWERS),
}  # fmt: skip
# Addresses with the form of another one: its page and its view are tried, its fields only shortly.
SAME_FORM = {
    "a draft",
    "a change",
    "a draft of a change",
    "a draft of a report",
    "why withdraw",
    "why not withdraw",
}
NOT_TYPED = {"uploads", "removed", "seen", "contract_seen"}
BLANK_ROW = re.compile("(parts|payments)-")


def filled_form(c, name):
    address, about, more, who, data = FORMS[name]
    obj = thing(about)(c) if about else None
    browser = Client(raise_request_exception=False)
    browser.force_login(getattr(c, who))
    return browser, reverse(address, args=[*([obj.pk] if obj else []), *more]), data(c), obj


def bound_form(response):
    """The form that was sent, as the page shows it again."""
    kinds = ("form", "answers", "sending_back")
    found = [response.context[k] for k in kinds if k in response.context]
    return next(form for form in found if form.is_bound)


def assert_said(response, where):
    """The page came back with the input and a sentence for each fault."""
    assert response.status_code == 422, f"{where}: {response.status_code}"
    sentences = [str(s) for faults in bound_form(response).errors.values() for s in faults]
    assert sentences, where
    assert all(SENTENCE.search(sentence) for sentence in sentences), (where, sentences)
    page = response.content.decode()
    for sentence in sentences:
        assert sentence.replace("“", "").split("，")[0][:8] in page.replace("“", ""), (where, sentence)
    assert_harmless(page, where)


def assert_harmless(page, where):
    for live in ('<script>alert("x")', "<img src=x", '"><svg onload'):
        assert live not in page, where


@pytest.mark.parametrize("name", FORMS)
def test_no_field_takes_what_nobody_should_type(cast, name):
    browser, url, right, _ = filled_form(cast, name)
    with transaction.atomic():
        accepted = browser.post(url, right)
        assert accepted.status_code == 302, "the right form itself must pass"
        transaction.set_rollback(True)
    kinds = fields_of(browser, url, right)
    typed = {field for field in set(kinds) - NOT_TYPED if field in right or not BLANK_ROW.match(field)}
    assert typed == set(right)  # a field new in the form is new here
    before = rows_of_everything()
    assert_none_passes(browser, url, right, dict(tried(kinds, right, shortly=name in SAME_FORM)), name)
    assert rows_of_everything() == before


def tried(kinds, right, *, shortly):
    """What to try where: everything on the first field of its class, as the class cleans; what any text may do on all."""
    seen = set()
    for field in right:
        cleaned_by = type(kinds[field]), type(kinds[field].widget)
        yield field, ANYWHERE if shortly or cleaned_by in seen else hostile(kinds[field])
        seen.add(cleaned_by)


def assert_none_passes(browser, url, right, tried, name):
    """Each value of `tried` (field: {what: value}) in its field is refused or harmless.

    Each field is sent alone once, with the first of its values. The others are sent side by side, a value for every
    field at a time: a form cleans its fields one by one and names those it refuses, and what it did not refuse is
    sent again without what it did.
    """
    for field, values in tried.items():
        what, value = next(iter(values.items()))
        assert_refused_or_harmless(browser, url, right | {field: value}, f"{name}: {field} with {what}")
    for number in range(1, max(map(len, tried.values()))):
        sent = {f: list(values.items())[number] for f, values in tried.items() if number < len(values)}
        while sent:
            where = f"{name}: " + ", ".join(f"{field} with {what}" for field, (what, _) in sent.items())
            data = {field: value for field, (_, value) in sent.items()}
            refused = assert_refused_or_harmless(browser, url, right | data, where)
            if refused is None:
                break
            left = {field: it for field, it in sent.items() if field not in refused}
            if len(left) == len(sent) > 1:  # what they are refused for names none of them: one by one
                for field, (what, value) in sent.items():
                    alone = right | {field: value}
                    assert_refused_or_harmless(browser, url, alone, f"{name}: {field} with {what}")
                break
            sent = left if len(left) < len(sent) else {}


def assert_refused_or_harmless(browser, url, data, where):
    """The names of what was refused, or None where all of it passed.

    A refusal is left to stand, so that what it saved by half would show; what passed is undone.
    """
    with transaction.atomic():
        response = browser.post(url, data)
        assert response.status_code in (302, 422), f"{where}: {response.status_code}"
        if response.status_code == 302:
            page = browser.get(response.url)
            assert page.status_code == 200, where
            assert_harmless(page.content.decode(), where)
            transaction.set_rollback(True)
            return None
    assert_said(response, where)
    return set(bound_form(response).errors)


def fields_of(browser, url, right):
    """The fields of the form, as a form with a fault shows it again."""
    with transaction.atomic():
        faulty = browser.post(url, right | {next(iter(right)): "长" * 5000})
        transaction.set_rollback(True)
    if faulty.status_code == 302:  # a single tick box takes anything for a yes
        return {name: forms.BooleanField() for name in right}
    return bound_form(faulty).fields


MUST_NOT_PASS = {
    "due_on": ("2026-02-30", "0000-00-00", "10000-01-01", "明天", "-1"),
    "target": ("-1", "0", "NaN", "-Infinity", "1e400", "9" * 400, "0.0000001", "二十四"),
    "area": ("king", "", "SERVICE"),
    "domain": ("king", ""),
    "title": ("", " \u3000", "长" * 61, "甲\x00乙", "甲\x07乙"),
    "content": ("", "长" * 4001, "甲\x00乙"),
    "unit": ("", "长" * 11),
    "organisation": ("0", "-1", str(2**63), "x", ""),
    "post": ("0", "-1", str(2**63), "x", ""),
    "service_field": ("0", str(2**63), "助残", ""),
}  # fmt: skip


@pytest.mark.parametrize("field", MUST_NOT_PASS)
def test_these_never_become_a_draft(cast, signed_in, field):
    browser = signed_in(cast.clerk)
    for value in MUST_NOT_PASS[field]:
        response = browser.post(reverse("commitments:new"), draft_data(cast) | {field: value})
        assert_said(response, f"{field} {value[:20]!r}")
        assert field in bound_form(response).errors
    assert not Obligation.objects.exists()


def test_units_posts_and_fields_of_others_are_no_choice(cast, signed_in):
    browser, data = signed_in(cast.clerk), draft_data(cast)
    for field, value in (
        ("organisation", cast.other_street.pk),
        ("organisation", cast.district.pk),
        ("post", cast.other_post.pk),
        ("post", cast.street.pk),
        ("post", cast.community_post.pk),
    ):
        response = browser.post(reverse("commitments:new"), data | {field: value})
        assert_said(response, field)
        assert field in bound_form(response).errors
        page = response.content.decode()
        for theirs in ("临江街道", "示例区</option>"):
            assert theirs not in page
    assert not Obligation.objects.exists()


def test_fields_that_are_not_in_the_form_change_nothing(cast, signed_in):
    extra = {
        "state": "in_force",
        "code": "9" * 20,
        "version": 9,
        "created_by": cast.lead.pk,
        "publication": 1,
        "id": 7,
    }
    assert signed_in(cast.clerk).post(reverse("commitments:new"), draft_data(cast) | extra).status_code == 302
    draft = Obligation.objects.get()
    assert (draft.state, draft.code, draft.version, draft.created_by) == ("draft", "", 0, cast.clerk)
    assert (draft.publication, draft.pk == 7) == (None, False)


def test_the_unit_of_a_saved_draft_is_not_changed_by_a_form(cast, signed_in):
    draft = make.draft(cast)
    changed = draft_data(cast, organisation=cast.community, post=cast.community_post)
    signed_in(cast.clerk).post(reverse("commitments:edit", args=[draft.pk]), changed)
    draft.refresh_from_db()
    assert (draft.organisation, draft.post) == (cast.street, cast.post)


MACRO = build.docx(**{"word/vbaProject.bin": b"x"})
BAD_FILES = {
    "empty": ("空.txt", b"", "空文件"),
    "too large": ("大.pdf", b"%PDF-1.7\n" + b"0" * (20 * 1024 * 1024), "超过 20 MB"),
    "a picture called a document": ("图.pdf", build.png(), "后缀 .pdf 不符"),
    "a program called a document": ("程序.pdf", b"MZ" + b"\0" * 600, "其实是程序"),
    "a program": ("程序.exe", b"MZ" + b"\0" * 600, "不能上传"),
    "a macro": ("宏.docx", MACRO, "含有宏"),
    "an archive": ("包.zip", build.package({"a.txt": b"a"}), "压缩包"),
    "a bomb": ("弹.docx", build.bomb(), "不正常"),
    "a page of the web": ("页.html", b"<html><script>alert(1)</script>", "不能上传"),
    "code called text": ("页.txt", b"<script>alert(1)</script>", "网页代码"),
    "no ending": ("没有后缀", b"abc", "没有后缀"),
    "a very long name": ("长" * 200 + ".txt", b"abc", "最多"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD_FILES)
def test_a_bad_file_saves_neither_itself_nor_the_rest(cast, signed_in, settings, what):
    name, content, sentence = BAD_FILES[what]
    browser, obligation = signed_in(cast.clerk), make.in_force(cast)
    before = rows_of_everything()
    for url, data in (
        (reverse("commitments:new"), draft_data(cast)),
        (reverse("commitments:progress", args=[obligation.pk]), REPORT),
    ):
        files = [make.upload("好的.txt", "好的"), SimpleUploadedFile(name, content)]
        response = browser.post(url, data | {"uploads": files})
        assert_said(response, what)
        assert sentence in str(bound_form(response).errors["uploads"])
    assert rows_of_everything() == before
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_a_name_with_folders_and_tricks_loses_them(cast, signed_in):
    file = SimpleUploadedFile("x.txt", "好的".encode())
    file._name = "..\\..\\etc/图\u202e纸<b>.txt"
    data = draft_data(cast) | {"uploads": [file]}
    response = signed_in(cast.clerk).post(reverse("commitments:new"), data, follow=True)
    assert response.status_code == 200
    stored = StoredFile.objects.get()
    assert "/" not in stored.name
    assert "\u202e" not in stored.name
    assert "纸<b>" not in response.content.decode()


def test_files_of_others_cannot_be_taken_out(cast, signed_in):
    mine = make.progress(cast, make.in_force(cast))
    theirs = make.progress(cast, make.in_force(cast))
    url = reverse("commitments:progress_edit", args=[mine.pk])
    response = signed_in(cast.clerk).post(url, REPORT | {"removed": [theirs.files.get().pk]})
    assert_said(response, "removed")
    assert theirs.files.count() == 1


def test_a_stamp_that_makes_no_sense_overwrites_nothing(cast, signed_in):
    draft = make.draft(cast, content="原来的")
    url, browser = reverse("commitments:edit", args=[draft.pk]), signed_in(cast.clerk)
    for seen in ("x", "1970-01-01", "甲" * 1000, "a\x00b", b"\xff"):
        response = browser.post(url, draft_data(cast, content="新写的") | {"seen": seen})
        assert response.status_code == 422, seen
    draft.refresh_from_db()
    assert draft.content == "原来的"


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("commitments:list", ("q", "view", "page")), ("reviews:list", ("view", "page")), ("desk", ("kind",))],
)
def test_an_address_with_nonsense_behind_it_shows_the_page(cast, signed_in, name, parameters):
    make.draft(cast)
    browser = signed_in(cast.clerk)
    for what, value in (TEXT | NUMBER).items():
        for parameter in parameters:
            response = browser.get(reverse(name), {parameter: value if len(value) < 5000 else value[:2000]})
            assert response.status_code == 200, f"{name}?{parameter}={what}"
            assert_harmless(response.content.decode(), f"{name}?{parameter}={what}")


def test_a_number_written_with_full_width_digits_is_understood(cast, signed_in):
    data = draft_data(cast) | {
        "target": "２４",
        "due_on": make.soon().isoformat().translate(str.maketrans("-", "－")),
    }
    assert signed_in(cast.clerk).post(reverse("commitments:new"), data).status_code == 302
    assert Obligation.objects.get().target == 24
    assert not ProgressUpdate.objects.exists()
