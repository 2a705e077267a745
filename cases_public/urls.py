"""Addresses of the typical cases besides their pages."""

from django.urls import path

from .feeds import CaseFeed

urlpatterns = [path("cases/feed.xml", CaseFeed(), name="cases_feed")]
