"""Pages of a list: a bad page number is never an error, and a long list is not counted to its end."""

from django.db.models import QuerySet

COUNT_CAP = 1000
LAST_PAGE = 400  # a deeper offset reads too many rows; filters lead there faster


class Page:
    """One page of rows, with what is needed to draw the way to the next."""

    def __init__(self, rows, number, per_page, total, has_next):
        self.object_list = rows
        self.number = number
        self.per_page = per_page
        self.total = total
        self.has_next = has_next and number < LAST_PAGE

    def __iter__(self):
        return iter(self.object_list)

    def __len__(self):
        return len(self.object_list)

    def __getitem__(self, index):
        return self.object_list[index]

    @property
    def has_previous(self):
        return self.number > 1

    @property
    def has_other_pages(self):
        return self.has_previous or self.has_next

    @property
    def previous_number(self):
        return self.number - 1

    @property
    def next_number(self):
        return self.number + 1

    @property
    def is_capped(self):
        """Whether there are more rows than were counted."""
        return self.total > COUNT_CAP

    @property
    def total_text(self):
        return f"{COUNT_CAP}+" if self.is_capped else str(self.total)

    @property
    def last_number(self):
        """The number of the last page, or None where the list was not counted to its end."""
        return None if self.is_capped else max(1, -(-self.total // self.per_page))

    @property
    def start_index(self):
        return (self.number - 1) * self.per_page + 1 if self.object_list else 0


def page_of(request, queryset, per_page=25):
    """The page that ?page= asks for, of a queryset or a list; two queries, three behind the end."""
    number = _number(request.GET.get("page"))
    total = _count(queryset)
    if total <= COUNT_CAP:
        number = min(number, max(1, -(-total // per_page)))
    rows = _rows(queryset, number, per_page)
    if not rows and number > 1:
        number = 1
        rows = _rows(queryset, number, per_page)
    return Page(rows[:per_page], number, per_page, total, has_next=len(rows) > per_page)


def _number(text):
    """A page number from whatever stands in the address."""
    try:
        return min(max(int(text), 1), LAST_PAGE)
    except (TypeError, ValueError):
        return 1


def _count(queryset):
    if isinstance(queryset, QuerySet):
        return queryset.order_by()[: COUNT_CAP + 1].count()
    return len(queryset)


def _rows(queryset, number, per_page):
    start = (number - 1) * per_page
    return list(queryset[start : start + per_page + 1])
