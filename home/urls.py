"""Routes of the public site besides its pages."""

from django.urls import path

from . import views
from .feeds import BulletinFeed

urlpatterns = [
    path("sitemap.xml", views.site_map, name="sitemap"),
    path("figures/bulletins/feed.xml", BulletinFeed(), name="bulletins_feed"),
    path("robots.txt", views.robots, name="robots"),
    path("media/images/<str:name>", views.rendition, name="rendition"),
    path("films/<slug:stem>.mp4", views.video, name="video"),
    path("films/<slug:stem>.vtt", views.captions, name="captions"),
    path("self-test/<int:page_id>/", views.quiz, name="quiz"),
]
