"""Open data of the programme: the years with their stages, as the district arranged them."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers

from longsha_credit.directory.api import OpenData, OpenFilterSet, UnitName, listed, single
from longsha_credit.programme.models import Year


class StageSerializer(serializers.Serializer):
    """一个工作阶段。"""

    key = serializers.CharField(help_text="标识")
    name = serializers.CharField(help_text="名称")
    starts_on = serializers.DateField(help_text="开始日期")
    ends_on = serializers.DateField(help_text="结束日期")
    task = serializers.CharField(help_text="工作内容")


class YearSerializer(serializers.Serializer):
    """一个年度的安排。"""

    year = serializers.IntegerField(source="number", help_text="年度")
    organisation = UnitName(help_text="哪个区")
    title = serializers.CharField(help_text="方案名称")
    basis = serializers.CharField(help_text="依据")
    report_on = serializers.DateField(help_text="总结报送日")
    frozen = serializers.BooleanField(source="is_frozen", help_text="是不是已经封存，封存以后不再改")
    stages = serializers.SerializerMethodField(help_text="各阶段")

    @extend_schema_field(StageSerializer(many=True))
    def get_stages(self, it):
        return StageSerializer(it.stages.all(), many=True).data


class YearFilters(OpenFilterSet):
    """Few rows: nothing to narrow."""


@extend_schema_view(
    list=listed(
        "年度安排",
        "各年度的方案、阶段和报送日，新的在前。下一年的安排到那一年才公开。",
        YearSerializer,
        "一页年度",
    ),
    retrieve=single("一个年度的安排", "按年份读取。", YearSerializer, "year", "四位年份，如 2026", kind=int),
)
@extend_schema(tags=["年度安排"])
class Years(OpenData):
    """The years up to this one."""

    reads = ("programme_year", "programme_stage", "directory_organisation")
    serializer_class = YearSerializer
    filterset_class = YearFilters
    lookup_field = "number"
    lookup_url_kwarg = "year"
    lookup_value_regex = "[0-9]{4}"

    def get_queryset(self):
        # a year arranged in advance is still being worked on; it shows when it comes
        this_year = timezone.localdate().year
        return Year.objects.public().with_stages().filter(number__lte=this_year).order_by("-number")
