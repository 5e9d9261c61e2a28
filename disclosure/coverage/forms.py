"""Forms of the board and of the catalogue: what to look at, and a topic with the reason of its change."""

from django import forms

from disclosure.coverage import board, lists, services
from disclosure.models import Group, Topic
from longsha_credit.publication.models import ServiceField
from longsha_credit.web.forms import PortalForm, PortalModelForm

ALL = [("", "全部")]
TOLD = "写给读者看：依据什么、为什么改。和改动一起列在公开目录的“目录改过什么”里，不能删除。"


class FilterForm(PortalForm):
    """What the board is narrowed to."""

    unit = forms.ChoiceField(label="单位（含下属）", required=False)
    level = forms.ChoiceField(label="层级", required=False, choices=[*ALL, *lists.LEVELS])
    group = forms.ChoiceField(label="一级分类", required=False, choices=[*ALL, *Group.choices])
    state = forms.ChoiceField(label="状态", required=False, choices=[*ALL, *board.STATES.items()])

    def __init__(self, *args, units, with_state, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [*ALL, *((unit.pk, unit.name) for unit in units)]
        if not with_state:
            del self.fields["state"]


class ReasonForm(PortalForm):
    """The reason of a change of the catalogue, with the version somebody looked at."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="修订理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text=TOLD
    )


class TopicForm(PortalModelForm):
    """A topic of the catalogue; what is saved is its next version."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    levels = forms.MultipleChoiceField(
        label="公开层级",
        choices=lists.LEVELS,
        widget=forms.CheckboxSelectMultiple,
        help_text="选中的每一级，每个单位都要公开这个事项。",
    )
    limit_rule = forms.ChoiceField(label="公开时限", help_text="从信息形成或变更之日起算。")
    service_field = forms.ModelChoiceField(
        label="公共服务领域",
        queryset=None,
        required=False,
        help_text="分类是“公共服务”的要选，其他分类不选。",
    )
    reason = forms.CharField(
        label="修订理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text=TOLD
    )

    class Meta:
        model = Topic
        fields = (
            *(
                "key",
                "number",
                "group",
                "service_field",
                "name",
                "content",
                "basis",
                "limit_rule",
                "frequency",
            ),
            *("publisher", "levels", "channels", "audience", "method", "hint"),
        )
        widgets = {"content": forms.Textarea(attrs={"rows": 3}), "method": forms.RadioSelect}
        help_texts = {
            "key": "网址里用，小写英文、数字和短横，例如 elderly-care。定了不能改。",
            "number": "目录里的次序，不能和别的事项相同。",
            "basis": "法律、法规或文件的名称和条款。",
            "frequency": "改了频次，各单位的更新期限随之改变。",
            "method": "依申请公开的，不列入各单位应公开的事项。",
            "hint": "写给填报的人看，例如不得公开哪些内容。",
        }
        error_messages = {"key": {"invalid": "标识只能用小写英文、数字和短横，例如 elderly-care。"}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        topic = self.instance
        self.fields["limit_rule"].choices = services.limit_rules(topic.limit_rule)
        free = ServiceField.objects.public().filter(topic=None) if topic.service_field_id is None else None
        mine = ServiceField.objects.public().filter(pk=topic.service_field_id)
        self.fields["service_field"].queryset = mine if free is None else free
        if topic.pk:
            self.fields["key"].disabled = True

    def clean(self):
        data = super().clean()
        if (data.get("group") == Group.SERVICE) != (
            data.get("service_field") is not None
        ) and "group" in data:
            wanted = (
                "请选择公共服务领域。"
                if data.get("group") == Group.SERVICE
                else "只有“公共服务”分类的事项选领域。"
            )
            self.add_error("service_field", wanted)
        return data
