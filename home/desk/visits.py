"""Signing a visit in, on the phone of an officer: day, topic, how many of which post, photos. No name is asked."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages as notices
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from home.enums import Post
from home.models import LiaisonPoint
from home.models.liaison import MOST_PEOPLE
from home.models.pictures import REFUSED, CleanFile, cleaned
from home.services.visits import MOST_PHOTOS, SignedIn, record_visit
from portal.shared.images import PhotoError
from portal.shared.page_forms import leave_whole
from portal.shared.uploads import CutOffFile

MAY_SIGN_IN = "home.add_helpvisit"
MAY_EDIT = "home.change_helpvisit"
MAY_GIVE_POINTS = "home.change_liaisonpoint"
ROLES_BACKEND = "django.contrib.auth.backends.ModelBackend"
MOST_NAMES = 5


def signed_in_person(request: HttpRequest) -> User:
    """Return who asks; the back office lets nobody else in."""
    assert isinstance(request.user, User)
    return request.user


def own_points(*, user: User) -> "QuerySet[LiaisonPoint]":
    """Return the points a person may sign visits in for: an officer the own ones, an editor all."""
    every = LiaisonPoint.objects.order_by("district", "enterprise")
    return every if user.has_perm(MAY_EDIT) else every.filter(officer=user)


def editors_of_points() -> list[str]:
    """Return the names of a few people who give liaison points to officers."""
    people = User.objects.with_perm(
        MAY_GIVE_POINTS, is_active=True, include_superusers=False, backend=ROLES_BACKEND
    )
    return [
        person.get_full_name() or person.get_username() for person in people.order_by("username")[:MOST_NAMES]
    ]


class PhotosInput(forms.ClearableFileInput):
    """Takes several photos at once."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photos, each cleaned when it enters; a damaged one is named."""

    widget = PhotosInput(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[CleanFile]:
        """Return the clean copies."""
        files: Sequence[Any] = [one for one in data or () if one]
        if len(files) > MOST_PHOTOS:
            raise ValidationError(_("At most %(n)d photos.") % {"n": MOST_PHOTOS})
        return [self._clean_one(one) for one in files]

    def _clean_one(self, file: Any) -> CleanFile:
        if isinstance(file, CutOffFile):
            raise ValidationError(_("%(name)s is larger than 20 MB.") % {"name": file.name})
        try:
            return cleaned(file)
        except PhotoError as error:
            raise ValidationError(f"{file.name}: {REFUSED}", code="refused") from error


class SignInForm(forms.Form):
    """One visit; the numbers of people are asked by post."""

    point = forms.ModelChoiceField(
        LiaisonPoint.objects.none(), label=gettext_lazy("Liaison point"), empty_label=None
    )
    day = forms.DateField(
        label=pgettext_lazy("visit to an enterprise", "Day of the visit"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    topic = forms.CharField(
        label=gettext_lazy("Topic of the visit"),
        max_length=80,
        widget=forms.TextInput(
            attrs={"placeholder": gettext_lazy("For example: clearing dust, in the workshop")}
        ),
    )
    officers = forms.IntegerField(
        label=gettext_lazy("Number of officers"), min_value=1, max_value=99, initial=2
    )
    outcome = forms.CharField(
        label=pgettext_lazy("visit to an enterprise", "What was done"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("No names, no telephone numbers: this text is published."),
    )
    photos = PhotosField(
        label=gettext_lazy("Photos"),
        required=False,
        help_text=gettext_lazy("Up to six. No faces, no plates. Place and time are taken out of the files."),
    )
    photo_words = forms.CharField(label=gettext_lazy("What the photos show"), max_length=160, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        point = self.fields["point"]
        assert isinstance(point, forms.ModelChoiceField)
        point.queryset = own_points(user=user)
        self.fields["day"].widget.attrs["max"] = timezone.localdate().isoformat()
        leave_whole(self.fields)
        for post in Post:
            self.fields[f"people_{post.value}"] = forms.IntegerField(
                label=post.label,
                min_value=0,
                max_value=MOST_PEOPLE,
                required=False,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "placeholder": "0"}),
            )

    @property
    def about(self) -> list[BoundField]:
        """The fields before the numbers of people."""
        return [self[name] for name in ("point", "day", "topic", "officers")]

    @property
    def rest(self) -> list[BoundField]:
        """The fields behind them."""
        return [self[name] for name in ("outcome", "photos", "photo_words")]

    @property
    def posts(self) -> list[BoundField]:
        """The fields with the numbers of people."""
        return [self[f"people_{post.value}"] for post in Post]

    @property
    def people(self) -> dict[Post, int]:
        """How many signed in, by post; the form is valid."""
        return {post: self.cleaned_data[f"people_{post.value}"] or 0 for post in Post}


class SignInView(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]  # generic only in the stubs
    """One page, one button."""

    form_class = SignInForm
    template_name = "home/desk/sign_in.html"
    page_title = gettext_lazy("Sign a visit in")
    header_icon = "group"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(MAY_SIGN_IN):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        return {"day": timezone.localdate(), "point": self.request.GET.get("point", ""), "officers": 2}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        has_points = own_points(user=signed_in_person(self.request)).exists()
        return {**context, "has_points": has_points, "editors": [] if has_points else editors_of_points()}

    def get_success_url(self) -> str:
        return reverse("wagtailsnippets_home_helpvisit:list")

    def form_valid(self, form: SignInForm) -> HttpResponse:
        typed = form.cleaned_data
        names = ("point", "day", "topic", "outcome", "officers", "photos", "photo_words")
        entered = SignedIn(people=form.people, **{name: typed[name] for name in names})
        try:
            record_visit(entered=entered, entered_by=signed_in_person(self.request))
        except ValidationError as refused:
            form.add_error(None, refused)
            return self.form_invalid(form)
        notices.success(self.request, _("Signed in. An editor looks at it and shows it to the public."))
        return super().form_valid(form)
