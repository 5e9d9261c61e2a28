"""Drafts of notices filed by programs, through the form and the service of the desk."""

from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    extend_schema,
    extend_schema_serializer,
    extend_schema_view,
)
from rest_framework import serializers

from disclosure import services
from disclosure.forms import NoticeForm
from disclosure.models import DisclosedState, Notice, NoticeKind, PowerKind, Topic
from longsha_credit.publication.draft_api import Drafts, Faulty, by_key, desk_address, filing, in_words

NO_KIND = "没有这个文种，可以写：" + "、".join(f"{key}（{name}）" for key, name in NoticeKind.choices) + "。"
NO_TOPIC = "没有这个公开事项，请写 elderly-care 这样的标识，见公开目录。"
NO_NOTICE = "没有公开过这个索引号，请核对要取代的是哪一份。"
EXAMPLE = {
    "kind": "information",
    "organisation": 2,
    "topic": "elderly-care",
    "title": "高龄津贴发放办法",
    "formed_on": "2026-11-20",
    "body": "<h2>一、发放对象</h2><p>年满八十周岁的老年人。</p>",
}


@extend_schema_serializer(examples=[OpenApiExample("一份公开信息", EXAMPLE, request_only=True)])
class NoticeDraftSerializer(serializers.Serializer):
    """一份还是草稿的公开内容。各文种的栏目和工作台上的一样；附件和图片在工作台添加。"""

    id = serializers.IntegerField(source="pk", read_only=True, help_text="草稿的编号")
    kind = serializers.ChoiceField(NoticeKind.choices, required=False, help_text="文种，默认公开信息")
    organisation = serializers.IntegerField(
        source="organisation_id", help_text="公开单位的编号，在您能填报的单位里"
    )
    topic = serializers.CharField(source="topic.key", help_text="公开事项的标识，见公开目录")
    title = serializers.CharField(help_text="标题")
    document_number = serializers.CharField(required=False, allow_blank=True, help_text="文号；没有的不写")
    formed_on = serializers.DateField(help_text="形成日期，公开时限从这一天起算")
    summary = serializers.CharField(required=False, allow_blank=True, help_text="内容概述；不写则取正文开头")
    body = serializers.CharField(help_text="正文，HTML 的段落、标题、列表、表格；别的格式和样式会去掉")
    basis = serializers.CharField(required=False, allow_blank=True, help_text="依据")
    power_kind = serializers.CharField(
        required=False,
        allow_blank=True,
        help_text=f"权责类别；只有权责清单条目写，可以写：{in_words(PowerKind.choices)}",
    )
    valid_from = serializers.DateField(required=False, allow_null=True, help_text="施行日期")
    valid_until = serializers.DateField(required=False, allow_null=True, help_text="有效期至；长期有效的不写")
    legal_review_number = serializers.CharField(
        required=False, allow_blank=True, help_text="合法性审查文号；只有规范性文件写"
    )
    legal_review_on = serializers.DateField(
        required=False, allow_null=True, help_text="合法性审查日期；只有规范性文件写"
    )
    hearing_from = serializers.DateField(
        required=False, allow_null=True, help_text="公示开始；公示、通报才写"
    )
    hearing_until = serializers.DateField(
        required=False, allow_null=True, help_text="公示结束；公示、通报才写"
    )
    hearing_channel = serializers.CharField(
        required=False, allow_blank=True, help_text="异议方式；公示、通报才写"
    )
    supersedes = serializers.CharField(
        source="supersedes.code",
        required=False,
        allow_null=True,
        default=None,
        help_text="取代哪一份，它的索引号",
    )
    state = serializers.CharField(read_only=True, help_text="总是 draft：草稿由人在工作台核对、提交")
    saved_at = serializers.DateTimeField(read_only=True, help_text="保存时间")
    desk_url = serializers.SerializerMethodField(help_text="工作台上的地址，由人接着办")

    def get_desk_url(self, it) -> str:
        return desk_address(self, "disclosure:page", it.pk)


@extend_schema_view(
    **filing(
        "公开内容",
        NoticeDraftSerializer,
        "填一份公开内容的草稿，和在工作台填写一样检查；填报以后由人在工作台核对、补附件、提交审查。",
    )
)
@extend_schema(tags=["填报"])
class NoticeDrafts(Drafts):
    """Notices a token's owner is still writing."""

    serializer_class = NoticeDraftSerializer

    def drafts_of(self, user: Any) -> Any:
        rows = Notice.objects.visible_to(user).with_names()
        return rows.filter(created_by=user, state=DisclosedState.DRAFT).order_by("-id")

    def translated(self, name: str, value: Any) -> Any:
        if name == "topic":
            return by_key(Topic.objects.public().in_use(), "key", value, NO_TOPIC)
        if name == "supersedes":
            return by_key(Notice.objects.public(), "code", value, NO_NOTICE)
        return value

    def form_of(self, body: dict[str, Any], data: Any) -> Any:
        kind = body.get("kind", NoticeKind.INFORMATION.value)
        if kind not in NoticeKind.values:
            raise Faulty({"kind": NO_KIND})
        if "body" in data:  # HTML, as the editor sends it
            data["body_html"] = data.pop("body")[0]
        form = NoticeForm(data, instance=Notice(kind=kind), user=self.request.user)
        if foreign := set(body) - {"kind"} - set(form.fields):
            raise Faulty(
                {name: f"{NoticeKind(kind).label}没有这一栏，请不要写。" for name in sorted(foreign)}
            )
        return form

    def save(self, form: Any) -> Any:
        return services.save_notice(form.instance, by=self.request.user, **form.more())
