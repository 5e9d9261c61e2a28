"""Desk addresses of deadlines, notifications and the working days."""

from django.urls import path

from longsha_credit.deadlines import views, way_views

app_name = "deadlines"

urlpatterns = [
    path("deadlines/", views.deadline_list, name="list"),
    path("deadlines/<int:pk>/", views.page, name="page"),
    path("deadlines/<int:pk>/suspend/", views.suspend, name="suspend"),
    path("deadlines/<int:pk>/resume/", views.resume, name="resume"),
    path("deadlines/<int:pk>/extend/", views.extend, name="extend"),
    path("deadlines/<int:pk>/extension/<str:step>/", views.take_extension_step, name="extension_step"),
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.read_all, name="read_all"),
    path("notifications/<int:pk>/read/", views.read, name="read"),
    path("notifications/ways/", way_views.ways, name="ways"),
    path("notifications/ways/calendar/", way_views.calendar_renew, name="calendar_renew"),
    path("notifications/ways/calendar/stop/", way_views.calendar_stop, name="calendar_stop"),
    path("robots/<int:pk>/", way_views.robot, name="robot"),
    path("robots/<int:pk>/try/", way_views.robot_try, name="robot_try"),
    path("robots/<int:pk>/remove/", way_views.robot_remove, name="robot_remove"),
    path("calendar/", views.working_days, name="working_days"),
    path("calendar/add/", views.add_day, name="add_day"),
    path("calendar/paste/", views.paste_days, name="paste_days"),
    path("calendar/<int:pk>/remove/", views.remove_day, name="remove_day"),
]
