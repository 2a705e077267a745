"""Accounts of staff: a name, a password, a way back in; rights come from roles, never from this form."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy
from wagtail.admin import messages as notices
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.groups import GroupViewSet
from wagtail.users.views.users import CreateView, DeleteView, EditView, IndexView, UserFilterSet, UserViewSet

from complaints.errors import ComplaintError
from complaints.selectors.handovers import open_count_of
from complaints.services import accounts
from complaints.services.roles import forget_second_factor

FIELDS = ("username", "first_name", "email")


class StaffCreationForm(UserCreationForm):
    """A new account; Chinese names stand whole in one field."""

    email = forms.EmailField(label=_("E-mail"), required=False)
    first_name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=60)
    last_name = None
    is_superuser = None

    class Meta(UserCreationForm.Meta):
        fields = FIELDS


class StaffEditForm(UserEditForm):
    """An account that exists; closing it ends every session."""

    email = forms.EmailField(label=_("E-mail"), required=False)
    first_name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=60)
    last_name = None
    is_superuser = None
    reset_second_factor = forms.BooleanField(
        label=_("Reset the second step of signing in"),
        help_text=_("For a lost phone. Make sure who is asking. At the next sign-in a new app is set up."),
        required=False,
    )

    class Meta(UserEditForm.Meta):
        fields = (*FIELDS, "is_active")

    def __init__(self, *args: Any, editing_self: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if editing_self:
            del self.fields["is_active"], self.fields["reset_second_factor"]
        else:
            self.fields["is_active"].help_text = _(
                "Unticked, this person is signed out everywhere at once and cannot sign in. What they did stays on "
                "record."
            )


class StaffFilterSet(UserFilterSet):
    """Without the groups, which are the machine's own names of the roles; the list of roles has the filter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.filters["group"]


class StaffIndexView(IndexView):
    """The list without boxes to tick: accounts are changed one by one, each change with its log row."""

    @cached_property
    def columns(self) -> list[Column]:
        shown = [one for one in super().columns if not isinstance(one, BulkActionsCheckboxColumn)]
        for one in shown:
            if one.name == "name":
                one.label = pgettext("of a person", "Name")
        return shown


class StaffCreateView(CreateView):
    """Saves a new account and logs it."""

    def save_instance(self) -> User:
        user: User = super().save_instance()
        accounts.note_created(user=user, at=timezone.now(), actor=self.request.user)
        return user


class StaffEditView(EditView):
    """Saves the account, logs what was changed and, when asked, forgets the second factor."""

    def save_instance(self) -> User:
        user: User = super().save_instance()
        fields = changed_fields(self.form)
        accounts.note_changed(user=user, fields=fields, at=timezone.now(), actor=self.request.user)
        if self.form.cleaned_data.get("reset_second_factor"):
            forget_second_factor(user=user, at=timezone.now(), actor=self.request.user)
        if "is_active" in fields and not user.is_active:
            self._tell_of_open_tips(user)
        return user

    def _tell_of_open_tips(self, user: User) -> None:
        """Whoever closes an account sees no tip, but has to know that somebody must take them."""
        count = open_count_of(user=user)
        if count:
            words = ngettext(
                "%(n)d open tip is still in these hands. The leader of the unit gives it to a colleague.",
                "%(n)d open tips are still in these hands. The leader of the unit gives them to a colleague.",
                count,
            )
            notices.warning(self.request, words % {"n": count})


class StaffDeleteView(DeleteView):
    """Deletes an account that never did anything; any other can only be switched off."""

    def delete_action(self) -> None:
        accounts.delete_account(user=self.object, at=timezone.now(), actor=self.request.user)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        pk = self.object.pk
        try:
            response: HttpResponse = super().form_valid(form)
        except ComplaintError as error:
            notices.error(self.request, str(error.public_message))
            return HttpResponseRedirect(reverse(self.edit_url_name, args=[pk]))
        return response


def changed_fields(form: forms.ModelForm) -> set[str]:  # type: ignore[type-arg]  # generic only in the stubs
    """Return the names of what a form of an account changed: columns, and the password when one was typed."""
    names = set(form.changed_data) & set(form._meta.fields or ())
    return names | ({accounts.PASSWORD} if form.cleaned_data.get("password1") else set())


class StaffUserViewSet(UserViewSet):
    """Wagtail's list of people without its way to hand out rights."""

    # A copy would be one more way to make an account.
    copy_view_enabled = False
    filterset_class = StaffFilterSet
    index_view_class = StaffIndexView
    add_view_class = StaffCreateView
    edit_view_class = StaffEditView
    delete_view_class = StaffDeleteView
    create_template_name = "wagtailadmin/generic/form.html"
    edit_template_name = "wagtailadmin/generic/edit.html"

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:  # type: ignore[type-arg]
        return StaffEditForm if for_update else StaffCreationForm


class RoleGroupViewSet(GroupViewSet):
    """Groups follow from the table of roles: nobody edits them here, not even a superuser."""

    def get_urlpatterns(self) -> list[URLPattern]:
        return []

    def on_register(self) -> None:
        """Add no menu item and no permissions."""
