"""Every address of the portal: public pages below the root, the desk below /desk/."""

from django.urls import include, path

from longsha_credit.deadlines import public_views as deadlines_public
from longsha_credit.directory import login_views
from longsha_credit.home import export_views, month_views, package_public_views
from longsha_credit.home import guide_public_views as guide
from longsha_credit.home import public_views as home_public
from longsha_credit.home import views as home
from longsha_credit.programme import public_views as programme_public
from longsha_credit.publication import feeds
from longsha_credit.publication import public_views as publication_public

urlpatterns = [
    path("", home_public.front, name="front"),
    path("units/", home_public.units, name="units"),
    path("units/<int:pk>/", home_public.unit, name="unit"),
    path("units/<int:pk>/figures/", include("evaluation.public_urls")),
    path("units/<int:pk>/terms/", include("commitments.handover.public_urls")),
    path("mode/<str:mode>/", home_public.mode, name="mode"),
    path("healthz", home_public.healthz, name="healthz"),
    path("corrections/", publication_public.corrections, name="corrections"),
    path("search/", publication_public.search, name="search"),
    path("map/", guide.site_map, name="site_map"),
    path("help/", guide.help_page, name="help"),
    path("accessibility/", guide.accessibility, name="accessibility"),
    path("subscribe/", guide.subscribe, name="subscribe"),
    path("feeds/", feeds.everything, name="feed"),
    path("feeds/units/<int:pk>/", feeds.of_unit, name="feed_unit"),
    path("feeds/fields/<slug:key>/", feeds.of_field, name="feed_field"),
    path("rss/", feeds.everything, {"form": "rss"}, name="feed_rss"),
    path("rss/units/<int:pk>/", feeds.of_unit, {"form": "rss"}, name="feed_unit_rss"),
    path("rss/fields/<slug:key>/", feeds.of_field, {"form": "rss"}, name="feed_field_rss"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", feeds.sitemap_section, name="sitemap_section"),
    path("robots.txt", feeds.robots, name="robots"),
    path("files/<str:token>/", publication_public.public_file, name="public_file"),
    path("commitments/", include("commitments.public_urls")),
    path("supervise/", include("commitments.supervision.public_urls")),
    path("records/", include("records.public_urls")),
    path("rectification/", include("commitments.rectification.public_urls")),
    path("disclosure/", include("disclosure.coverage.public_urls")),
    path("disclosure/", include("disclosure.public_urls")),
    path("scenes/", include("disclosure.scenes.public_urls")),
    path("demonstration/", include("evaluation.demonstration.public_urls")),
    path("education/", include("longsha_credit.programme.education.public_urls")),
    path("standards/", include("evaluation.standards.public_urls")),
    path("programme/", programme_public.arrangements, name="arrangements"),
    path("contests/", include("longsha_credit.programme.contests.public_urls")),
    path("api/v1/", include("longsha_credit.home.api_urls")),
    path("open-data/", package_public_views.overview, name="packages"),
    path("open-data/files/<int:pk>/", package_public_views.download, name="package_file"),
    path("calendar/<int:pk>/<str:token>.ics", deadlines_public.calendar_file, name="calendar_file"),
    path("login/", login_views.SignIn.as_view(), name="login"),
    path("logout/", login_views.SignOut.as_view(), name="logout"),
    path("password/", login_views.PasswordChange.as_view(), name="password"),
    path("desk/", home.desk, name="desk"),
    path("desk/find/", home.find, name="find"),
    path("desk/lists/<slug:key>/", export_views.list_file, name="list_file"),
    path("desk/month/", month_views.page, name="month"),
    path("desk/commitments/", include("commitments.urls")),
    path("desk/disclosure/", include("disclosure.coverage.urls")),
    path("desk/disclosure/catalogue/", include("disclosure.catalogue.urls")),
    path("desk/disclosure/", include("disclosure.urls")),
    path("desk/", include("commitments.supervision.urls")),
    path("desk/handovers/", include("commitments.handover.urls")),
    path("desk/records/", include("records.urls")),
    path("desk/rectification/", include("commitments.rectification.urls")),
    path("desk/scenes/", include("disclosure.scenes.urls")),
    path("desk/evaluation/demonstration/", include("evaluation.demonstration.urls")),
    path("desk/reviews/", include("longsha_credit.publication.urls")),
    path("desk/education/", include("longsha_credit.programme.education.urls")),
    path("desk/programme/", include("longsha_credit.programme.urls")),
    path("desk/tasks/", include("longsha_credit.programme.tasking.urls")),
    path("desk/", include("longsha_credit.programme.contests.urls")),
    path("desk/evaluation/", include("evaluation.urls")),
    path("desk/evaluation/sets/", include("evaluation.standards.urls")),
    path("desk/evaluation/summaries/", include("evaluation.summary.urls")),
    path("desk/evaluation/annual/", include("evaluation.annual.urls")),
    path("desk/inspections/", include("longsha_credit.programme.inspections.urls")),
    path("desk/", include("longsha_credit.deadlines.urls")),
    path("desk/evaluation/imported/", include("evaluation.importing.urls")),
    path("desk/evaluation/", include("evaluation.fact_urls")),
    path("desk/jobs/", include("longsha_credit.exchange.urls")),
    path("desk/imports/", include("longsha_credit.exchange.imports.urls")),
    path("desk/documents/", include("longsha_credit.exchange.official.urls")),
    path("desk/check/", include("longsha_credit.exchange.checking.urls")),
    path("desk/organisations/", include("longsha_credit.directory.urls")),
    path("desk/accounts/", include("longsha_credit.directory.account_urls")),
    path("desk/tokens/", include("longsha_credit.directory.token_urls")),
    path("desk/audit/", include("longsha_credit.audit.urls")),
    path("desk/files/<int:pk>/", include("longsha_credit.files.urls")),
]

handler400 = "longsha_credit.home.error_views.bad_request"
handler403 = "longsha_credit.home.error_views.forbidden"
handler404 = "longsha_credit.home.error_views.not_found"
