"""Pages and the API: WSGI with persistent connections."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cosmo.settings")
application = get_wsgi_application()

from cosmo.lib.cycles import serve  # noqa: E402 - after Django is set up

serve()
