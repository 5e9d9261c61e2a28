"""What machines read of the topics: a feed of each, and their pages in the sitemap."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from disclosure.models import Notice, Topic
from longsha_credit.publication import feeds
from longsha_credit.publication.models import Publication


@login_not_required
@require_safe
@conditional_page
def of_topic(request, key, form="atom"):
    topic = get_object_or_404(Topic.objects.public(), key=key)
    notices = Notice.objects.public().filter(topic=topic)
    rows = Publication.objects.public().filter(kind="notice", object_id__in=notices.values("pk"))
    page = reverse("public_disclosure:topic", args=[key])
    return feeds.answer(request, feeds.Newest(rows, page, topic.name, form))


class Topics(Sitemap):
    """The page of every topic of the catalogue."""

    def items(self) -> Any:
        return Topic.objects.public()

    def location(self, item: Topic) -> str:
        return reverse("public_disclosure:topic", args=[item.key])


def register() -> None:
    """Add the topics to the sitemap; called once when the app is ready."""
    feeds.SECTIONS["topics"] = Topics
