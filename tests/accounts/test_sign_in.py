"""The door: by e-mail, throttled, ended sessions, a second factor where it is required."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.services import sessions
from accounts.tasks import tidy_sessions
from tests.factories.accounts import PASSWORD
from tests.factories.inmates import inmate_at

pytestmark = pytest.mark.django_db
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


def sign_in(user, password=PASSWORD, **client):
    client = Client(headers={"User-Agent": CHROME}, **client)
    return client, client.post("/login/", {"login": user.email, "password": password})


@pytest.fixture
def hours(settings):
    """An hour unused, or ten hours in all."""
    settings.SESSION_IDLE_MINUTES, settings.SESSION_HOURS = 60, 10


def text_of(response):
    return response.content.decode()


class TestDoor:
    @pytest.fixture(autouse=True)
    def _nobody_tried_before(self):
        cache.clear()

    def test_the_address_counts_in_any_case_and_the_password_exactly(self, officer):
        assert sign_in(officer, PASSWORD.upper())[1].status_code == 200
        officer.email = officer.email.upper()
        assert sign_in(officer)[1].status_code == 302

    def test_who_guesses_is_stopped_even_with_the_right_password_then(self, officer, head):
        for _n in range(5):
            assert "Terlalu banyak" not in text_of(sign_in(officer, "salah-sekali-1")[1])
        client, answer = sign_in(officer)
        assert answer.status_code != 302
        assert client.get("/").status_code == 302
        assert sign_in(head)[1].status_code == 302

    def test_a_short_or_common_password_or_ones_own_name_is_refused(self, officer):
        for word in ("pendek-7", "password1234", "123456789012", "budi petugas"):
            with pytest.raises(ValidationError):
                validate_password(word, officer)
        validate_password("empat kursi di tepi laut", officer)

    def test_nobody_signs_up(self):
        answer = Client().post("/signup/", {"email": "x@uji.test", "password1": PASSWORD})
        assert "pendaftaran" in text_of(answer).lower()

    def test_the_admin_stands_behind_the_same_door(self):
        way = Client().get("/admin/", follow=True).redirect_chain
        assert way[-1][0].startswith("/login/?next=")


class TestEndOfSessions:
    def test_unused_for_an_hour_it_ends_and_says_so(self, officer, hours):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            client, _answer = sign_in(officer)
            for _n in range(3):
                clock.shift(timedelta(minutes=59))
                assert client.get("/").status_code == 200
            clock.shift(timedelta(minutes=61))
            answer = client.get("/agencies/?q=blk")
            assert answer["Location"] == "/login/?next=%2Fagencies%2F"
            assert "Sesi Anda sudah berakhir" in text_of(client.get(answer["Location"]))
            assert client.get("/").status_code == 302

    def test_it_ends_after_a_days_work_however_much_it_was_used(self, officer, hours):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            client, _answer = sign_in(officer)
            for _n in range(12):
                clock.shift(timedelta(minutes=49))
                assert client.get("/").status_code == 200
            clock.shift(timedelta(minutes=49))
            assert client.get("/").status_code == 302

    def test_a_part_of_a_page_leads_the_whole_page_to_the_door(self, officer, hours):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            client, _answer = sign_in(officer)
            clock.shift(timedelta(hours=2))
            for _n in range(2):  # it ends, and then there is none
                answer = client.get("/agencies/?q=x", headers={"HX-Request": "true"})
                assert answer["HX-Redirect"] == "/login/?next=%2Fagencies%2F"
                assert answer.content == b""

    def test_reading_writes_at_most_every_five_minutes(self, officer, django_assert_num_queries):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            client, _answer = sign_in(officer)
            client.get("/account/sessions/")
            began = Session.objects.get().session_data
            clock.shift(timedelta(minutes=4))
            client.get("/account/sessions/")
            assert Session.objects.get().session_data == began
            clock.shift(timedelta(minutes=1))
            client.get("/account/sessions/")
            assert Session.objects.get().session_data != began
            assert UserSession.objects.get().last_seen_at == timezone.now()


class TestOwnSessions:
    def test_are_listed_and_one_or_all_others_ended(self, officer):
        here, phone, third = (sign_in(officer)[0] for _n in range(3))
        page = text_of(here.get("/account/sessions/"))
        assert page.count("Chrome, Windows") >= 3
        assert page.count("sesi ini") == 1
        gone = UserSession.objects.get(session_key=phone.session.session_key)
        here.post("/account/sessions/end/", {"session": gone.pk})
        assert (phone.get("/").status_code, third.get("/").status_code) == (302, 200)
        here.post("/account/sessions/end/", {"session": "others"})
        assert (here.get("/").status_code, third.get("/").status_code) == (200, 302)

    @pytest.mark.parametrize("typed", ["", "nonsense", "-1", "9" * 30, "9" * 5000])
    def test_nonsense_ends_nothing(self, officer, typed):
        here, phone = (sign_in(officer)[0] for _n in range(2))
        answer = here.post("/account/sessions/end/", {"session": typed}, follow=True)
        assert "Sesi itu sudah berakhir" in text_of(answer)
        assert phone.get("/").status_code == 200

    def test_another_persons_session_is_out_of_reach(self, officer, head):
        here, theirs = sign_in(officer)[0], sign_in(head)[0]
        row = UserSession.objects.get(user=head)
        here.post("/account/sessions/end/", {"session": row.pk})
        assert theirs.get("/").status_code == 200

    def test_no_admin_reads_the_keys_of_sessions(self):
        assert UserSession not in admin.site._registry

    def test_end_all_signs_out_everywhere(self, officer):
        clients = [sign_in(officer)[0] for _n in range(2)]
        assert sessions.end_all(user=officer) == 2
        assert {client.get("/").status_code for client in clients} == {302}

    def test_what_expired_is_tidied_away(self, officer, head):
        sign_in(officer)
        kept = sign_in(head)[0].session.session_key
        ends = timezone.now() - timedelta(seconds=1)
        Session.objects.exclude(pk=kept).update(expire_date=ends)
        tidy_sessions()
        tidy_sessions()
        assert [row.pk for row in Session.objects.all()] == [kept]
        assert [row.session_key for row in UserSession.objects.all()] == [kept]


class TestSecondFactor:
    @pytest.fixture(autouse=True)
    def _required(self, settings):
        settings.MFA_REQUIRED_FOR = ["staff"]

    def test_staff_set_it_up_before_anything_else(self, officer):
        client, _answer = sign_in(officer)
        for address in ("/", "/agencies/", "/admin/"):
            assert client.get(address)["Location"] == "/account/mfa/"
        assert client.post("/notices/read/")["Location"] == "/account/mfa/"
        assert "faktor kedua" in text_of(client.get("/account/mfa/"))
        assert client.get("/account/mfa/totp/activate/")["Location"].startswith("/reauthenticate/")
        assert client.get("/impact/").status_code == 200

    def test_with_it_the_password_alone_no_longer_opens(self, officer):
        secret = generate_totp_secret()
        TOTP.activate(officer, secret)
        client, answer = sign_in(officer)
        assert answer["Location"].startswith("/account/mfa/authenticate/") or (
            "authenticate" in answer["Location"]
        )
        assert client.get("/").status_code == 302

    def test_a_liaison_is_not_asked_for_it(self, liaison):
        client, _answer = sign_in(liaison)
        assert client.get("/").status_code == 200


class TestAgain:
    """Sensitive acts ask for the password again, and then go on where one was."""

    def test_a_persons_whole_file_asks_when_the_password_was_given_long_ago(
        self, registrar, facility, settings
    ):
        address = f"/inmates/{inmate_at(facility).public_id}/file/"
        with time_machine.travel(timezone.now(), tick=False) as clock:
            client, _answer = sign_in(registrar)
            assert client.get(address).status_code == 200
            clock.shift(timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1))
            asked = client.get(address)
            assert asked["Location"].startswith("/reauthenticate/")
            wrong = client.post(asked["Location"], {"password": "salah-sekali-1"})
            assert wrong.status_code == 200
            right = client.post(asked["Location"], {"password": PASSWORD, "next": address})
            assert right["Location"] == address
            assert client.get(address).status_code == 200
