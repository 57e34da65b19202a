"""Static files as a browser gets them: by a name with a hash, ready in its encoding, for years."""

import gzip

import brotli
import pytest
from django.core.management import call_command
from django.http import HttpResponseNotFound
from django.template import engines
from django.template.loaders.cached import Loader
from django.test import RequestFactory
from django.utils.module_loading import import_string
from whitenoise.middleware import WhiteNoiseMiddleware

CSS = "main { color: #123456 } " * 400


@pytest.fixture
def served(settings, tmp_path):
    """What WhiteNoise answers in production, for one file of ours."""
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "site.css").write_text(CSS)
    settings.PRODUCTION = True
    settings.STATICFILES_DIRS = [tmp_path / "ours"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "static"
    kind = "lapasprog.staticfiles.StaticFiles"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": kind}}
    call_command("collectstatic", interactive=False, verbosity=0)
    url = import_string(kind)().url("site.css")
    middleware = WhiteNoiseMiddleware(lambda request: HttpResponseNotFound())

    def ask(encodings, url=url):
        return middleware(RequestFactory().get(url, headers={"Accept-Encoding": encodings}))

    return ask


def test_a_file_is_ready_in_the_browsers_encoding_and_kept_for_ten_years(served):
    ways = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
    for accepted, way in (("gzip, br", "br"), ("gzip", "gzip"), ("", "")):
        answer = served(accepted)
        assert answer.get("Content-Encoding", "") == way
        assert answer["Cache-Control"] == "max-age=315360000, public, immutable"
        assert "Accept-Encoding" in answer["Vary"]
        assert ways[way](b"".join(answer.streaming_content)).decode() == CSS


def test_by_its_plain_name_it_is_asked_for_again_soon(served):
    assert served("br", "/static/site.css")["Cache-Control"] == "max-age=60, public"


def test_templates_are_compiled_once():
    (loader,) = engines["django"].engine.template_loaders
    assert isinstance(loader, Loader)
