import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lapasprog.settings")

application = get_wsgi_application()

from lapasprog import readiness  # noqa: E402 - needs the apps that the line above loads

readiness.refuse_or_go()

# What is loaded by now stays: the collector need not look through it with every request.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
