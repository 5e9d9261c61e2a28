"""Drafts of records of units filed by programs, through the form and the service of the desk."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import serializers

from longsha_credit.publication.draft_api import Drafts, Faulty, by_key, desk_address, filing
from records import services
from records.forms import RecordForm
from records.models import CatalogueItem, Finality, Part, Record, RecordState, SubjectKind

NO_ITEM = "没有这个在用的清单事项，请写 X21 这样的编号，见诚信记录清单。"
OF_PEOPLE = "这个事项只记公职人员。公职人员的记录请在工作台填报，不经过接口。"
EXAMPLE = {
    "item": "S01",
    "organisation": 2,
    "part": "party",
    "title": "老年食堂按承诺恢复供餐",
    "facts": "2026年10月8日起恢复供餐，每日午餐、晚餐。",
    "document_number": "示信办〔2026〕12号",
    "issuing_body": "示例区信用办",
    "decided_on": "2026-11-02",
    "effective_from": "2026-11-02",
}


@extend_schema_serializer(examples=[OpenApiExample("一条单位的记录", EXAMPLE, request_only=True)])
class RecordDraftSerializer(serializers.Serializer):
    """一条还是草稿的单位诚信记录。公职人员的记录不经过接口；证据在工作台添加。"""

    id = serializers.IntegerField(source="pk", read_only=True, help_text="草稿的编号")
    item = serializers.CharField(source="item.code", help_text="清单事项的编号")
    organisation = serializers.IntegerField(
        source="organisation_id", help_text="单位的编号，在您能填报的单位里"
    )
    part = serializers.ChoiceField(Part.choices, help_text="主体在事件中：当事还是只是涉及")
    title = serializers.CharField(help_text="标题，一句话说清是什么事")
    facts = serializers.CharField(help_text="事实，照决定书写，不写个人信息")
    document_number = serializers.CharField(
        required=False, allow_blank=True, help_text="文号；提交核实前要有"
    )
    issuing_body = serializers.CharField(
        required=False, allow_blank=True, help_text="作出机关；提交核实前要有"
    )
    decided_on = serializers.DateField(required=False, allow_null=True, help_text="作出日期；提交核实前要有")
    finality = serializers.ChoiceField(
        Finality.choices, required=False, help_text="决定生效没有；只有可能还没有生效的事项写"
    )
    next_check_on = serializers.DateField(
        required=False, allow_null=True, help_text="哪一天再看；还没有生效的才写"
    )
    effective_from = serializers.DateField(
        required=False, allow_null=True, help_text="生效日期；提交核实前要有"
    )
    effective_until = serializers.DateField(
        required=False, allow_null=True, help_text="有效期至；期限固定的事项不写，由系统算"
    )
    state = serializers.CharField(read_only=True, help_text="草稿或已退回；由人在工作台核对、提交")
    saved_at = serializers.DateTimeField(read_only=True, help_text="保存时间")
    desk_url = serializers.SerializerMethodField(help_text="工作台上的地址，由人接着办")

    def get_desk_url(self, it) -> str:
        return desk_address(self, "records:page", it.pk)


@extend_schema_view(
    **filing(
        "诚信记录",
        RecordDraftSerializer,
        "填一条单位诚信记录的草稿，栏目随清单事项而定，和在工作台填写一样检查；由另一个人核实以前不起任何作用。",
    )
)
@extend_schema(tags=["填报"])
class RecordDrafts(Drafts):
    """Records of units a token's owner is still writing."""

    serializer_class = RecordDraftSerializer

    def drafts_of(self, user: Any) -> Any:
        rows = Record.objects.visible_to(user).with_names()
        mine = rows.filter(created_by=user, state__in=[RecordState.DRAFT, RecordState.RETURNED])
        return mine.filter(official=None, corrects=None).order_by("-id")

    def form_of(self, body: dict[str, Any], data: Any) -> Any:
        items = CatalogueItem.objects.visible_to(self.request.user).in_use()
        try:
            pk = by_key(items, "code", body.get("item"), NO_ITEM)
        except ValueError as problem:
            raise Faulty({"item": str(problem)}) from problem
        item = items.filter(pk=pk).first()
        if item is None:
            raise Faulty({"item": NO_ITEM})
        if set(item.subjects) <= {SubjectKind.OFFICIAL}:
            raise Faulty({"item": OF_PEOPLE})
        form = RecordForm(data, instance=Record(item=item), user=self.request.user)
        form.fields.pop("official", None)
        form.fields["organisation"].required = True
        if foreign := set(body) - {"item"} - set(form.fields):
            raise Faulty(dict.fromkeys(sorted(foreign), f"“{item.title}”没有这一栏，请不要写。"))
        return form

    def save(self, form: Any) -> Any:
        return services.save_draft(form.instance, by=self.request.user)
