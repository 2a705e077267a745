"""The mark that changes whenever a public page may look different."""

from django.db import models


class ShownMark(models.Model):
    """A single row; nothing but `home.page_cache.mark` reads or writes it."""

    value = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.value
