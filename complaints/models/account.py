"""What an account carries beside Django's own columns."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class GivenPassword(models.Model):
    """The present password of this account was chosen by somebody else; the row goes when its owner chooses one."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    given_at = models.DateTimeField(_("time"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("password given by an administrator")
        verbose_name_plural = _("passwords given by an administrator")

    def __str__(self) -> str:
        return str(self.user_id)
