"""Routes of the public site besides its pages."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path

from . import views
from .sitemap import SITEMAPS

urlpatterns = [
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("media/images/<str:name>", views.rendition, name="rendition"),
    path("films/<slug:stem>.mp4", views.video, name="video"),
    path("films/<slug:stem>.vtt", views.captions, name="captions"),
    path("self-test/<int:page_id>/", views.quiz, name="quiz"),
]
