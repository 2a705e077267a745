"""WSGI entry point; gunicorn serves `portal.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from portal.shared.buckets import refuse_open_buckets

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
application = get_wsgi_application()
refuse_open_buckets()
