"""Static files under names with a hash, compressed once: what has not changed is left as it is."""

import os

from django.conf import settings
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class OnlyNewOnes(Compressor):
    """Compresses what is newer than its compressed copy (which has the time of its original)."""

    def compress(self, path):
        ready = [path + suffix for suffix in (".br", ".gz") if os.path.exists(path + suffix)]
        if ready and os.stat(ready[0]).st_mtime >= os.stat(path).st_mtime:
            return ready
        return super().compress(path)


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Brotli only in production: it takes half a minute, and a demo's network is this machine."""

    def create_compressor(self, **kwargs):
        return OnlyNewOnes(use_brotli=settings.PRODUCTION, **kwargs)
