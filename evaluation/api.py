"""Open data of the figures: for every unit and year the rates of its public page, each with what was counted."""

from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from commitments.wording import plain
from evaluation.metrics import METRICS, Figure, Period
from longsha_credit.directory.api import (
    PUBLIC_LEVELS,
    OpenData,
    OpenFilterSet,
    UnitName,
    by_unit,
    listed,
    one_of,
    single,
)
from longsha_credit.directory.models import Organisation
from longsha_credit.programme.reference import FIRST_YEAR

PUBLIC = [metric for metric in METRICS.values() if metric.is_public]
YEAR_WORDS = f"四位年份，{FIRST_YEAR} 年起，默认今年；今年的算到昨天为止已经到期的"
RATE_WORDS = "一位小数；没有可算的、样本不够的为空，不是零"


def _told(figure: Figure) -> dict[str, Any]:
    return {
        "rate": None if figure.rate is None else str(figure.rate),
        "numerator": plain(figure.numerator),
        "denominator": figure.denominator,
        "left_out": figure.left_out,
    }


def _name(metric: Any) -> str:
    return str(metric.key.replace("-", "_"))


class FiguresSerializer(serializers.Serializer):
    """一个单位在一个年度的数字，含下属单位，与单位页面相同。"""

    organisation = UnitName(source="*", help_text="单位，含下属单位")
    level = serializers.ChoiceField(choices=PUBLIC_LEVELS, help_text="层级")
    year = serializers.SerializerMethodField(help_text="年度")
    url = serializers.SerializerMethodField(help_text="公开页面的地址")

    def get_fields(self) -> dict[str, Any]:
        """Before the address four columns for each figure."""
        fields = super().get_fields()
        url = fields.pop("url")
        for metric in PUBLIC:
            name, title = _name(metric), metric.title
            fields |= {
                name: serializers.CharField(allow_null=True, help_text=f"{title}（%），{RATE_WORDS}"),
                f"{name}_numerator": serializers.CharField(help_text=f"{title}的分子，十进制"),
                f"{name}_denominator": serializers.IntegerField(help_text=f"{title}的分母"),
                f"{name}_left_out": serializers.IntegerField(help_text=f"{title}没有计入的个数"),
            }
        return {**fields, "url": url}

    def to_representation(self, unit: Any) -> dict[str, Any]:
        for metric in PUBLIC:
            figure = self.context["view"].figures[metric.key].get(unit.pk, Figure(metric))
            for column, value in _told(figure).items():
                setattr(unit, _name(metric) if column == "rate" else f"{_name(metric)}_{column}", value)
        return dict(super().to_representation(unit))

    def get_year(self, unit) -> int:
        return int(self.context["view"].period.year)

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, unit) -> str:
        return self.context["request"].build_absolute_uri(reverse("unit", args=[unit.pk]))


class FigurePart(serializers.Serializer):
    """一种情形。"""

    key = serializers.CharField(help_text="标识")
    name = serializers.CharField(source="label", help_text="名称")
    number = serializers.IntegerField(help_text="有几个")
    weight = serializers.CharField(allow_null=True, help_text="每个计入分子多少，十进制；不计入的为空")


class FigureSerializer(serializers.Serializer):
    """一个数字是怎样算出来的。"""

    key = serializers.CharField(help_text="标识")
    name = serializers.CharField(help_text="名称")
    formula = serializers.CharField(help_text="计算方法")
    basis = serializers.CharField(help_text="依据")
    rate = serializers.CharField(allow_null=True, help_text=f"百分数，{RATE_WORDS}")
    numerator = serializers.CharField(help_text="分子，十进制")
    denominator = serializers.IntegerField(help_text="分母")
    left_out = serializers.IntegerField(help_text="没有计入的个数")
    minimum_sample = serializers.IntegerField(help_text="分母不到这个数的不算比率")
    parts = FigurePart(many=True, help_text="各种情形")
    url = serializers.CharField(help_text="公开页面的地址，逐件列出计入的是哪些")


class WholeFiguresSerializer(serializers.Serializer):
    """一个单位在一个年度的数字，连同怎样算出来的。"""

    organisation = UnitName(source="*", help_text="单位，含下属单位")
    level = serializers.ChoiceField(choices=PUBLIC_LEVELS, help_text="层级")
    year = serializers.SerializerMethodField(help_text="年度")
    figures = serializers.SerializerMethodField(help_text="各个数字")

    def get_year(self, unit) -> int:
        return int(self.context["view"].period.year)

    @extend_schema_field(FigureSerializer(many=True))
    def get_figures(self, unit):
        period = self.context["view"].period
        return FigureSerializer([self._figure(metric, unit, period) for metric in PUBLIC], many=True).data

    def _figure(self, metric: Any, unit: Any, period: Period) -> dict[str, Any]:
        figure = metric.for_unit(unit, period)
        path = reverse("figures:figure", args=[unit.pk, metric.key])
        parts = [
            {
                "key": part.key,
                "label": part.label,
                "number": number,
                "weight": part.weight and plain(part.weight),
            }
            for part, number, _ in figure.groups
        ]
        return {
            "key": metric.key,
            "name": metric.title,
            "formula": metric.formula,
            "basis": metric.basis,
            "minimum_sample": metric.minimum_sample,
            "parts": parts,
            **_told(figure),
            "url": self.context["request"].build_absolute_uri(f"{path}?year={period.year}"),
        }


class FigureFilters(OpenFilterSet):
    level = one_of("层级", PUBLIC_LEVELS)
    below = by_unit("单位编号，得到这个单位和它下面的全部单位", method="within")
    year = filters.NumberFilter(label=YEAR_WORDS, method="of_the_year", min_value=FIRST_YEAR, max_value=2100)

    def within(self, rows, name, unit):
        return rows.below(unit)

    def of_the_year(self, rows, name, year):
        return rows  # every unit has its figures of every year: the view counts them


YEAR_RANGE = {"type": "integer", "minimum": FIRST_YEAR, "maximum": 2100}
YEAR = OpenApiParameter("year", YEAR_RANGE, description=YEAR_WORDS)


@extend_schema_view(
    list=listed(
        "各单位的数字",
        "到期兑现率、承诺率、四类承诺覆盖率，含下属单位，按区划排列。每个数字的分子、分母都在旁边；怎样算出来的按单位读取。",
        FiguresSerializer,
        "一页单位",
    ),
    retrieve=single(
        "一个单位的数字",
        "按单位编号读取，连同计算方法和各种情形的个数。",
        WholeFiguresSerializer,
        "id",
        "单位编号",
        kind=int,
        asked=[YEAR],
    ),
)
@extend_schema(tags=["数字"])
class Figures(OpenData):
    """The public figures of every unit with a public page."""

    reads = ("commitments_obligation", "publication_publication", "directory_organisation")
    serializer_class = FiguresSerializer
    filterset_class = FigureFilters
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self):
        _ = self.period  # a year that is none is told before anything is read
        return Organisation.objects.public().with_place().order_by("place", "path")

    def get_serializer_class(self):
        return WholeFiguresSerializer if self.detail else FiguresSerializer

    @cached_property
    def period(self) -> Period:
        today, text = timezone.localdate(), self.request.GET.get("year", "")
        if not text:
            return Period.of_year(today.year, today)
        known = len(text) == 4 and text.isascii() and text.isdigit()
        if not known or not FIRST_YEAR <= int(text) <= today.year:
            raise ValidationError({"year": [f"要写 {FIRST_YEAR} 到 {today.year} 的四位年份。"]})
        return Period.of_year(int(text), today)

    @cached_property
    def figures(self) -> dict[str, dict[int, Figure]]:
        return {metric.key: metric.for_each(self.period) for metric in PUBLIC}
