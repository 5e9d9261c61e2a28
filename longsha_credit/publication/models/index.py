"""The search index of what is public: a column that is asked and never read back."""

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVectorField
from django.db.models import F

from longsha_credit.directory.scope import ScopedQuerySet


class IndexField(SearchVectorField):
    """The words of a row and where they stand, written by the door from `publication.words`."""

    def select_format(self, compiler, sql, params):
        """Rows come without it: it is longer than all their other columns together, and no page shows it."""
        return "NULL", []


class IndexQuery(SearchQuery):
    """A finished tsquery text; the database is not to cut it into words by its own rules."""

    template = "(%(expressions)s)::tsquery"


class SearchedQuerySet(ScopedQuerySet):
    def matching(self, tsquery):
        return self.filter(search=IndexQuery(tsquery))

    def by_rank(self, tsquery):
        """Best first, then newest; it reads the index of every row, so that only few rows may be ranked."""
        rank = SearchRank(F("search"), IndexQuery(tsquery))
        return self.alias(rank=rank).order_by("-rank", "-published_at", "-id")
