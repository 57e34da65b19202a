"""Indonesian first, English for whoever chooses it."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_an_english_browser_still_gets_indonesian():
    answer = Client(headers={"accept-language": "en-US"}).get("/login/")
    assert answer.headers["Content-Language"] == "id"
    assert '<html lang="id"' in answer.content.decode()


def test_the_choice_of_a_cookie_is_kept():
    client = Client()
    client.post("/i18n/setlang/", {"language": "en", "next": "/login/"})
    assert client.get("/login/").headers["Content-Language"] == "en"


def test_a_user_reads_in_the_language_of_the_own_setting(officer, login):
    officer.language = "en"
    officer.save()
    assert login(officer).get("/").headers["Content-Language"] == "en"


def test_an_unknown_language_is_indonesian():
    client = Client()
    client.cookies["django_language"] = "xx"
    assert client.get("/login/").headers["Content-Language"] == "id"
