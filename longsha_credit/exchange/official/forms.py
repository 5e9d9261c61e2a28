"""What issuing asks, a unit's word and head, a template with what changed in it, what the list is narrowed to."""

from django import forms

from longsha_credit.exchange.official.kinds import KINDS
from longsha_credit.exchange.official.word import LARGEST, MIB
from longsha_credit.web.forms import FileInput, PortalForm


class FilterForm(PortalForm):
    """What the list of documents is narrowed to."""

    q = forms.CharField(label="发文字号、标题、事项或单位", required=False, max_length=100)
    kind = forms.ChoiceField(label="种类", required=False)
    year = forms.CharField(label="年份", required=False, max_length=4)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = sorted((kind.label, key) for key, kind in KINDS.items())
        self.fields["kind"].choices = [("", "全部"), *((key, label) for label, key in choices)]


class IssueForm(PortalForm):
    """To whom copies go; why another one, where one was issued before."""

    copy_to = forms.CharField(
        label="抄送",
        required=False,
        max_length=200,
        help_text="几个机关用逗号或顿号分开。填了就在最后一页印版记。",
    )
    reason = forms.CharField(label="为什么另出一份", max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, again, **kwargs):
        super().__init__(*args, **kwargs)
        if not again:
            del self.fields["reason"]


class WordForm(PortalForm):
    """发文代字 and 发文机关标志 of one kind for one unit."""

    wanted = forms.RegexField(
        r"^[^〔〕\s]+$",
        label="发文代字",
        max_length=20,
        help_text="编号里〔年份〕前面的字，例如“龙信办督”，就编成“龙信办督〔2026〕3号”。每种文书各用各的。",
        error_messages={"invalid": "代字里不能有空格和〔〕，只写前面的字，例如“龙信办督”。"},
    )
    head = forms.CharField(
        label="发文机关标志",
        required=False,
        max_length=40,
        help_text="红色印在第一页上方，例如“示例区信用办文件”。用印好的文头纸，就空着。",
    )


class TemplateForm(PortalForm):
    """A Word file to be tried."""

    file = forms.FileField(
        label="Word 模板",
        allow_empty_file=True,
        widget=FileInput(limits=f".docx，不超过 {LARGEST // MIB} MB，不带宏、不带外部链接。", accept=".docx"),
    )
    note = forms.CharField(label="和上一版有什么不同", max_length=200, help_text="例如：加了本区的文头。")
