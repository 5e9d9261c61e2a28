"""Forms of the desk: a notice with what its kind needs, brought as a Word file or written; a revision of it."""

import copy
from itertools import groupby

from django import forms
from django.utils import timezone

from disclosure import word
from disclosure.flows import WRITERS
from disclosure.models import Notice, NoticeKind, NoticeRevision, Topic
from disclosure.models.notices import HEARING, TEXT
from longsha_credit.directory.models import Organisation
from longsha_credit.files.checks import Unacceptable
from longsha_credit.files.forms import WithFiles
from longsha_credit.web.forms import FileInput, PortalModelForm
from longsha_credit.web.rich_forms import RichTextField
from longsha_credit.web.richtext import signed_on

TEXT_FIELDS = tuple(name for name in TEXT if name != "kind")
LEGAL_REVIEW = ("legal_review_number", "legal_review_on")
VALIDITY = ("valid_from", "valid_until", "supersedes")
# Per kind the fields that others do not have, and of these the ones it cannot do without.
OWN_FIELDS = {
    NoticeKind.INFORMATION: (VALIDITY, ()),
    NoticeKind.PUBLICITY: (("basis", *HEARING), ("basis", *HEARING)),
    NoticeKind.ANNOUNCEMENT: (("basis", *VALIDITY), ()),
    NoticeKind.CIRCULAR: (("basis", *HEARING), ("basis",)),
    NoticeKind.POWER: (("power_kind", "basis", *VALIDITY), ("power_kind", "basis")),
    NoticeKind.NORMATIVE: (
        ("basis", *LEGAL_REVIEW, *VALIDITY),
        ("document_number", *LEGAL_REVIEW, "valid_from"),
    ),
    NoticeKind.CASE: ((), ()),
}
OPTIONAL = frozenset(name for own, _ in OWN_FIELDS.values() for name in own)
MOST_TO_SUPERSEDE = 200


class ByGroup(forms.models.ModelChoiceIterator):
    """Topics under the heading they have in the catalogue."""

    def __iter__(self):
        yield ("", self.field.empty_label)
        for group, topics in groupby(self.queryset, key=lambda topic: topic.get_group_display()):
            yield (group, [self.choice(topic) for topic in topics])


class TopicField(forms.ModelChoiceField):
    iterator = ByGroup


class SupersededField(forms.ModelChoiceField):
    def label_from_instance(self, notice):
        return f"{notice.title}（{notice.document_number or notice.code}）"


def fields_for(kind, base_fields):
    """The fields of a form class as one kind of notice has them."""
    own, required = OWN_FIELDS[NoticeKind(kind)]
    found = {name: copy.deepcopy(f) for name, f in base_fields.items() if name not in OPTIONAL or name in own}
    for name in required:
        found[name].required = True
    return found


class TextForm(WithFiles, PortalModelForm):
    """The text of a notice, for the first draft and for every revision."""

    topic = TopicField(label="公开事项", queryset=None)
    word = forms.FileField(
        label="Word 文件",
        required=False,
        widget=FileInput(accept=".docx"),
        help_text="选好文件后保存，标题、文号、正文、表格和图片自动带入下面。原件只留在单位内部，不公开。",
    )
    title = forms.CharField(label="标题", max_length=100, required=False)
    body = RichTextField(label="正文", required=False)
    supersedes = SupersededField(
        label="取代哪一份",
        queryset=None,
        required=False,
        help_text="新文件公开后，旧的注明已被取代，仍可查阅。",
    )

    class Meta:
        model = Notice
        fields = TEXT_FIELDS
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2}),
            "hearing_channel": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "document_number": "例如：示五街发〔2026〕12号。没有的留空。",
            "formed_on": "文件印发、事情定下来的那一天。公开时限从这一天起算。",
            "summary": "一两句话，目录里显示。留空则取正文开头。",
            "basis": "例如：信息公开条例第二十条；区委办〔2026〕3号。",
            "hearing_from": "不能早于公开当天。",
            "hearing_until": "公示期按工作日算，节假日不算。",
            "hearing_channel": "电话、地址、邮箱；可以匿名。例如：0452-0000000，五龙街道办事处201室。",
            "legal_review_number": "合法性审查意见书的文号。",
            "valid_until": "长期有效的留空。",
        }

    def __init__(self, *args, user, existing=(), instance, pictures=None, **kwargs):
        self.base_fields = fields_for(instance.kind, type(self).base_fields)
        super().__init__(*args, instance=instance, **kwargs)
        self.user, self.brought = user, None
        levels = set(self.writable_units().values_list("level", flat=True))
        topics = Topic.objects.public().in_use()
        topics = (
            topics.filter(group__in=["powers"])
            if instance.kind == "power"
            else topics.exclude(group="powers")
        )
        self.fields["topic"].queryset = topics.filter(levels__overlap=list(levels))
        self.fields["body"].pictures = pictures or {}
        for name in ("title", "body"):
            self.fields[name].needed_later = True
        if "supersedes" in self.fields:
            self.fields["supersedes"].queryset = self._older_ones()
        self.offer_files([file for file in existing if file.purpose == "notice"])

    def writable_units(self):
        return Organisation.objects.visible_to(self.user).where(self.user, WRITERS).taking_part().units()

    def _older_ones(self):
        """Public notices of the writer's units, the newest first."""
        rows = Notice.objects.public().filter(organisation__in=self.writable_units())
        rows = rows.exclude(pk=getattr(self.instance, "of_id", None) or self.instance.pk)
        newest = list(rows.newest_first().values_list("pk", flat=True)[:MOST_TO_SUPERSEDE])
        kept = [self.instance.supersedes_id] if self.instance.supersedes_id else []
        return Notice.objects.public().filter(pk__in=[*newest, *kept]).newest_first()

    def clean_word(self):
        """What the file holds; the service keeps the file itself."""
        upload = self.cleaned_data["word"]
        if upload:
            try:
                self.brought = word.read(upload.read())
            except Unacceptable as fault:
                raise forms.ValidationError(str(fault)) from fault
            upload.seek(0)
        return upload

    def clean(self):
        data = super().clean()
        if self.brought:
            self._take_over(data)
        if not data.get("title") and not {"title", "word"} & self.errors.keys():
            self.add_error("title", "请填写标题。")
        if not data.get("body") and not {"body", "word"} & self.errors.keys():
            self.add_error("body", "请写正文，或者选一个 Word 文件。")
        unit, topic = self.unit(), data.get("topic")
        if unit and topic and unit.level not in topic.levels:
            self.add_error("topic", f"“{topic}”由{topic.level_names}公开，{unit.name}不在其中。")
        self._check_days(data)
        return data

    def _take_over(self, data):
        """The Word file's text stands for the body; what was typed beside it goes before what the file says."""
        data["body"] = self.brought.html
        self.errors.pop("body", None)
        data["title"] = data.get("title") or self.brought.title[:100]
        if "document_number" not in self.errors:
            data["document_number"] = data.get("document_number") or self.brought.document_number[:60]
            if data["document_number"]:
                self.errors.pop("document_number", None)
        self._take_the_day(data)

    def _take_the_day(self, data):
        """The day the file is signed with counts, unless the writer chose another one."""
        signed, chosen = signed_on(self.brought.html), "formed_on" in self.changed_data
        if signed is None or chosen or signed > timezone.localdate() or signed == data.get("formed_on"):
            return
        data["formed_on"] = signed
        self.errors.pop("formed_on", None)
        self.brought.dropped.append(
            f"形成日期按文件末尾写的填为{signed:%Y-%m-%d}，公开时限从这一天算，请核对。"
        )

    def _check_days(self, data):
        for first, last, sentence in [
            ("valid_from", "valid_until", "有效期至不能早于施行日期。"),
            ("hearing_from", "hearing_until", "公示结束不能早于公示开始。"),
        ]:
            if data.get(first) and data.get(last) and data[last] < data[first]:
                self.add_error(last, sentence)
        given = [name for name in HEARING if data.get(name)]
        if given and len(given) < len(HEARING) and not self.errors.keys() & set(HEARING):
            missing = next(name for name in HEARING if name not in given)
            self.add_error(missing, "公示开始、公示结束、异议方式要么都写，要么都不写。")

    def unit(self):
        return self.instance.organisation

    def more(self):
        """What the service takes beside the row itself."""
        return {"brought": self.brought, "original": self.cleaned_data.get("word") or None}


class NoticeForm(TextForm):
    """A new notice, or one that is still a draft; the unit is chosen here and never changes later."""

    organisation = forms.ModelChoiceField(label="公开单位", queryset=None)
    field_order = ("organisation",)

    class Meta(TextForm.Meta):
        fields = ("organisation", *TEXT_FIELDS)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = self.writable_units().order_by("path")
        if self.instance.pk:
            self.fields["organisation"].disabled = True

    def unit(self):
        return self.cleaned_data.get("organisation")


class RevisionForm(TextForm):
    reason = forms.CharField(
        label="修改理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="随新版一起公开：改了什么、为什么改。",
    )

    class Meta(TextForm.Meta):
        model = NoticeRevision
        fields = (*TEXT_FIELDS, "reason")
