"""Static files under names that change with their content, also where our scripts import one another."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """As WhiteNoise's, and rewrites the imports of our own modules in `js/`; other people's scripts stay as they are.

    Without it a page would load a new `report.js` that imports an old, cached `photos.js`.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", HashedFilesMixin._js_module_import_aggregation_patterns[1]),  # type: ignore[attr-defined]  # no stub
    )
