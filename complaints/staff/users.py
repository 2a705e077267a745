"""Accounts of staff: a name, a password, a way back in; rights come from roles, never from this form."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import CreateView, EditView, UserViewSet

from complaints.services.administration import note_password_set
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


class StaffCreateView(CreateView):
    """Saves a new account; that it was given a password is logged."""

    def save_instance(self) -> User:
        user: User = super().save_instance()
        note_password_set(user=user, at=timezone.now(), actor=self.request.user)
        return user


class StaffEditView(EditView):
    """Saves the account, logs a new password and, when asked, forgets the second factor."""

    def save_instance(self) -> User:
        user: User = super().save_instance()
        if self.form.cleaned_data.get("password1"):
            note_password_set(user=user, at=timezone.now(), actor=self.request.user)
        if self.form.cleaned_data.get("reset_second_factor"):
            forget_second_factor(user=user, at=timezone.now(), actor=self.request.user)
        return user


class StaffUserViewSet(UserViewSet):
    """Wagtail's list of people without its way to hand out rights."""

    # A copy would be one more way to make an account.
    copy_view_enabled = False
    add_view_class = StaffCreateView
    edit_view_class = StaffEditView
    create_template_name = "wagtailadmin/generic/form.html"
    edit_template_name = "wagtailadmin/generic/edit.html"

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:  # type: ignore[type-arg]
        return StaffEditForm if for_update else StaffCreationForm
