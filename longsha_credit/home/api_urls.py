"""Addresses of the API, below /api/v1/: open data with its tables, the filing of drafts, the schema, its pages."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from commitments.draft_api import CommitmentDrafts, FilingUnits
from disclosure.draft_api import NoticeDrafts
from longsha_credit.home import api
from records.draft_api import RecordDrafts

app_name = "api"

router = SimpleRouter()
for name, resource in api.OPEN.items():
    router.register(name, resource, basename=name)

drafts = SimpleRouter()
for name, view in {"commitments": CommitmentDrafts, "records": RecordDrafts, "notices": NoticeDrafts}.items():
    drafts.register(f"drafts/{name}", view, basename=f"draft-{name}")

drafts.register("drafts/units", FilingUnits, basename="draft-units")

tables = [
    path(
        f"{prefix}.{kind}",
        api.Table.as_view(resource=api.OPEN[prefix], label=label),
        {"kind": kind},
        name=f"{prefix}-{kind}",
    )
    for prefix, label in api.TABLES.items()
    for kind in api.TABLE_KINDS
]

urlpatterns = [
    *router.urls,
    *drafts.urls,
    *tables,
    path("schema/", api.Schema.as_view(), name="schema"),
    path("docs/", api.Docs.as_view(), name="docs"),
    path("docs/try/", api.Try.as_view(), name="try"),
]
