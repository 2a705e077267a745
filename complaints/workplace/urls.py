"""Routes of the workspace below /workplace/."""

from django.urls import URLPattern, path

from .joining import joining
from .ledger import ledger
from .photos import photo
from .practice import practice
from .scale import scale
from .second import second
from .views import inbox, tip

app_name = "workplace"
urlpatterns: list[URLPattern] = [
    path("", inbox, name="inbox"),
    path("join/", joining, name="join"),
    path("ledger.xlsx", ledger, name="ledger"),
    path("practice/<int:pk>/", practice, name="practice"),
    path("scale/<int:pk>/", scale, name="scale"),
    path("second/<int:pk>/", second, name="second"),
    path("photo/<uuid:public_id>/<slug:part>/", photo, name="photo"),
    path("<slug:number>/", tip, name="tip"),
]
