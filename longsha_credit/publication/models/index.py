"""The search index of what is public: a column that is asked and never read back."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVectorField
from django.db.models import F, Func, Value

from longsha_credit.directory.scope import ScopedQuerySet


class IndexField(SearchVectorField):
    """The words of a row and where they stand, written by the door from `publication.words`."""

    def select_format(self, compiler, sql, params):
        """Rows come without it: it is longer than all their other columns together, and no page shows it."""
        return "NULL", []


class IndexQuery(SearchQuery):
    """A finished tsquery text; the database is not to cut it into words by its own rules."""

    template = "(%(expressions)s)::tsquery"


# What stands in the title or among the keywords (unit, number, field), with an index of its own: a word that half of
# all texts have is in few titles.
HEADINGS = Func(F("search"), Value("{a,b}"), function="ts_filter", output_field=SearchVectorField())
WORDS_INDEXES = (
    GinIndex(fields=["search"], name="publication_words"),
    GinIndex(HEADINGS, name="publication_headings"),
)


class SearchedQuerySet(ScopedQuerySet):
    def matching(self, tsquery):
        return self.filter(search=IndexQuery(tsquery))

    def headed(self, tsquery):
        """Rows whose title and keywords alone match."""
        return self.alias(headings=HEADINGS).filter(headings=IndexQuery(tsquery))

    def by_rank(self, tsquery):
        """Best first, then newest; it reads the index of every row, so that only few rows may be ranked."""
        rank = SearchRank(F("search"), IndexQuery(tsquery))
        return self.alias(rank=rank).order_by("-rank", "-published_at", "-id")
