"""What machines read of the public: Atom feeds of the newest, the sitemap, and what robots may visit."""

import re
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.views.decorators.http import conditional_page, require_safe

from longsha_credit.directory.models import Organisation
from longsha_credit.publication.models import Publication, ServiceField

NEWEST = 30
SUMMARY = 300  # characters
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
PAGES = (
    "front",
    "public_commitments:list",
    "public_records:list",
    "public_records:catalogue",
    "public_rectification:list",
    "public_scenes:list",
    "units",
    "corrections",
)
CLOSED = ("desk", "login", "password", "search", "healthz")


class Newest(Feed):
    """The newest versions of what is public; a new version moves its entry to the top, a withdrawn one is gone."""

    feed_type = Atom1Feed
    language = "zh-Hans"

    def __init__(self, rows: Any, page: str, about: str = "") -> None:
        self.rows, self.page, self.about = rows, page, about

    def title(self) -> str:
        return f"{settings.SITE['name']}{f'：{self.about}' if self.about else ''}"

    def subtitle(self) -> str:
        return f"{settings.SITE['owner']}{settings.SITE['column']}，最新公开的{NEWEST}条"

    def author_name(self) -> str:
        return settings.SITE["owner"]

    def link(self) -> str:
        return self.page

    def items(self) -> Any:
        return self.rows.latest().with_names()[:NEWEST]

    def item_title(self, item: Publication) -> str:
        version = f"（第{item.version}版）" if item.version > 1 else ""
        return _clean(f"{item.kind_label}：{item.title}{version}")

    def item_description(self, item: Publication) -> str:
        """The beginning of the text; Atom reads a summary as HTML."""
        text = _clean(item.text)
        return escape(text[:SUMMARY] + ("…" if len(text) > SUMMARY else ""))

    def item_author_name(self, item: Publication) -> str:
        return item.organisation.name

    def item_categories(self, item: Publication) -> list[str]:
        return [item.kind_label, *([item.service_field.name] if item.service_field else [])]

    def item_pubdate(self, item: Publication) -> Any:
        return item.first_published_at

    def item_updateddate(self, item: Publication) -> Any:
        return item.published_at


def _clean(text: str) -> str:
    """Without the characters that no XML may hold."""
    return NOT_XML.sub("", text)


def _answer(request: Any, feed: Newest) -> HttpResponse:
    return _by_content_only(feed(request))


def _by_content_only(response: HttpResponse) -> HttpResponse:
    """A withdrawal makes the newest date older: only the content itself says whether a kept copy still holds."""
    del response["Last-Modified"]
    return response


@login_not_required
@require_safe
@conditional_page
def everything(request):
    return _answer(request, Newest(Publication.objects.public(), reverse("front")))


@login_not_required
@require_safe
@conditional_page
def of_unit(request, pk):
    unit = get_object_or_404(Organisation.objects.public(), pk=pk)
    rows = Publication.objects.public().below(unit)
    return _answer(request, Newest(rows, reverse("unit", args=[pk]), unit.name))


@login_not_required
@require_safe
@conditional_page
def of_field(request, key):
    field = get_object_or_404(ServiceField.objects.public(), key=key)
    rows = Publication.objects.public().filter(service_field=field)
    return _answer(request, Newest(rows, f"{reverse('search')}?field={field.key}", field.name))


class Pages(Sitemap):
    """The pages that are always there."""

    def items(self) -> list[str]:
        return list(PAGES)

    def location(self, item: str) -> str:
        return reverse(item)


class Units(Sitemap):
    def items(self) -> Any:
        return Organisation.objects.public().order_by("pk")

    def location(self, item: Organisation) -> str:
        return reverse("unit", args=[item.pk])


class Publications(Sitemap):
    """What has a page of its own; reports stand on the page of their promise."""

    limit = 10_000

    def items(self) -> Any:
        return Publication.objects.public().exclude(path__contains="#").order_by("pk")

    def lastmod(self, item: Publication) -> Any:
        return item.published_at

    def get_latest_lastmod(self) -> Any:
        """The newest day of all without reading all."""
        newest = Publication.objects.public().latest().values_list("published_at", flat=True)
        return newest.first()


SECTIONS = {"pages": Pages, "units": Units, "publications": Publications}


@login_not_required
@require_safe
@conditional_page
def sitemap(request):
    """The list of the sections."""
    template = "publication/public/sitemap_index.xml"
    found = sitemap_views.index(request, SECTIONS, template, sitemap_url_name="sitemap_section")
    return _by_content_only(found)


@login_not_required
@require_safe
@conditional_page
def sitemap_section(request, section):
    if section not in SECTIONS:
        raise Http404
    found = sitemap_views.sitemap(request, SECTIONS, section, "publication/public/sitemap.xml")
    return _by_content_only(found)


@login_not_required
@require_safe
@conditional_page
def robots(request):
    """Where a robot has nothing to look for, and the way to the sitemap."""
    lines = ["User-agent: *", *(f"Disallow: {reverse(name)}" for name in CLOSED)]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
