from django.urls import path

from longsha_credit.directory import posting_views, views

app_name = "organisations"
urlpatterns = [
    path("", views.unit_list, name="list"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/add/", views.add, name="add"),
    path("<int:pk>/posts/", posting_views.posts, name="posts"),
    path("<int:pk>/officials/new/", posting_views.official_new, name="official_new"),
    path("<int:pk>/postings/new/", posting_views.posting_new, name="posting_new"),
]
