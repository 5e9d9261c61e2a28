"""Addresses of the open data, below /api/v1/: the resources, their schema, its documentation."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from commitments.api import Commitments
from disclosure.api import Notices, Topics
from disclosure.scenes.api import Scenes
from longsha_credit.directory.api import Organisations
from longsha_credit.exchange.sheets import KINDS
from longsha_credit.home import api
from longsha_credit.programme.contests.api import Contests
from longsha_credit.programme.education.api import Activities
from records.api import Records

app_name = "api"

router = SimpleRouter()
router.register("organisations", Organisations, basename="organisations")
router.register("commitments", Commitments, basename="commitments")
router.register("records", Records, basename="records")
router.register("notices", Notices, basename="notices")
router.register("topics", Topics, basename="topics")
router.register("scenes", Scenes, basename="scenes")
router.register("activities", Activities, basename="activities")
router.register("contests", Contests, basename="contests")

tables = [
    path(
        f"{prefix}.{kind}",
        api.Table.as_view(resource=resource, label=api.TABLES[prefix]),
        {"kind": kind},
        name=f"{prefix}-{kind}",
    )
    for prefix, resource, _ in router.registry
    for kind in KINDS
]

urlpatterns = [
    *router.urls,
    *tables,
    path("schema/", api.Schema.as_view(), name="schema"),
    path("docs/", api.Docs.as_view(), name="docs"),
    path("docs/try/", api.Try.as_view(), name="try"),
]
