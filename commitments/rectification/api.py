"""Open data of what is put right: the public text of each item of the ledger and where it stands."""

from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers

from commitments.models import Domain, Problem, Rectification, RectificationProgress, RectificationSheet
from commitments.rectification import public_reading as reading
from longsha_credit.directory.api import KeyAndName, OpenFilterSet, UnitName, by_unit, listed, one_of, single
from longsha_credit.publication.api import PublishedData, WithdrawnSerializer

NUMBER_WORDS = "台账编号，TZ 开头：行政区划 6 位、年份、流水"
STATES = [(key, words) for key, (words, _) in reading.GROUPS.items()]


class ToldSerializer(serializers.Serializer):
    """公开过的一次进展。"""

    as_of = serializers.DateField(help_text="截至日期")
    text = serializers.CharField(help_text="做了什么")


class RectificationSerializer(serializers.Serializer):
    """一件公开的失信治理事项。不写权利人、金额和人名。"""

    number = serializers.CharField(help_text=NUMBER_WORDS)
    title = serializers.SerializerMethodField(help_text="标题")
    organisation = UnitName(help_text="责任单位")
    domain = serializers.SerializerMethodField(help_text="领域")
    problem = serializers.SerializerMethodField(help_text="问题类型")
    text = serializers.SerializerMethodField(help_text="欠着什么")
    measures = serializers.SerializerMethodField(help_text="怎样整改；方案没有定的写空")
    state = serializers.SerializerMethodField(help_text="办到哪一步，一句话")
    due_on = serializers.DateField(allow_null=True, help_text="整改期限；方案没有定的为空")
    closed_on = serializers.DateField(allow_null=True, help_text="销号日期；没有销号的为空")
    version = serializers.SerializerMethodField(help_text="公开的是第几版")
    url = serializers.SerializerMethodField(help_text="公开页面的地址")

    def get_title(self, it) -> str:
        return it.stands[0].title

    @extend_schema_field(KeyAndName)
    def get_domain(self, it):
        return {"key": it.domain, "name": it.get_domain_display()}

    @extend_schema_field(KeyAndName)
    def get_problem(self, it):
        return {"key": it.problem, "name": it.get_problem_display()}

    def get_text(self, it) -> str:
        return it.stands[0].text

    def get_measures(self, it) -> str:
        return it.stands[0].measures

    def get_state(self, it) -> str:
        _, word, sentence = reading.standing(it, timezone.localdate())
        return f"{word}：{sentence}"

    def get_version(self, it) -> int:
        return it.stands[0].publication.version

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, it) -> str:
        return self.context["request"].build_absolute_uri(it.stands[0].publication.get_absolute_url())


class WholeRectificationSerializer(RectificationSerializer):
    """一件公开的失信治理事项，连同公开过的进展，新的在前。"""

    progress = serializers.SerializerMethodField(help_text="公开过的进展")

    @extend_schema_field(ToldSerializer(many=True))
    def get_progress(self, it):
        rows = RectificationProgress.objects.public().filter(rectification=it).order_by("-as_of", "-id")
        return ToldSerializer(rows, many=True).data


class RectificationFilters(OpenFilterSet):
    organisation = by_unit("责任单位的编号")
    below = by_unit("单位编号，得到这个单位和它下面全部单位的事项", method="within")
    domain = one_of("领域", Domain.choices)
    problem = one_of("问题类型", Problem.choices)
    state = one_of("办到哪一步", STATES, method="stands")

    def within(self, rows, name, unit):
        return rows.below(unit)

    def stands(self, rows, name, state):
        return rows.filter(reading.GROUPS[state][1])


@extend_schema_view(
    list=listed(
        "治理进展列表",
        "公开的失信治理事项，登记晚的在前。不含进展，按编号逐件读取。",
        RectificationSerializer,
        "一页治理事项",
    ),
    retrieve=single(
        "一件治理事项",
        "按台账编号读取，连同公开过的进展。已撤下的回答 410 和公开的撤下理由。",
        WholeRectificationSerializer,
        "number",
        NUMBER_WORDS,
        gone=WithdrawnSerializer,
    ),
)
@extend_schema(tags=["治理进展"])
class Rectifications(PublishedData):
    """Items of the ledger whose text stands published."""

    reads = (
        "publication_publication",
        "directory_organisation",
        "commitments_rectification",
        "commitments_rectificationsheet",
        "commitments_rectificationprogress",
        "commitments_obligation",
    )
    kind = "rectification"
    code_field = "number"
    taken_down = "这件治理事项已撤下，不再公开。"
    serializer_class = RectificationSerializer
    whole_serializer = WholeRectificationSerializer
    filterset_class = RectificationFilters
    lookup_field = "number"
    lookup_value_regex = "TZ-[0-9]{6}-[0-9]{4}-[0-9]{4,9}"

    def get_queryset(self) -> Any:
        texts = RectificationSheet.objects.public().select_related("publication")
        shown = Prefetch("sheets", texts, to_attr="stands")
        return Rectification.objects.public().with_names().prefetch_related(shown).order_by("-id")
