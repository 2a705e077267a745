"""The table of the next version."""

from django.db import models


class Later(models.Model):
    """A row of the next version."""

    day = models.DateField()
