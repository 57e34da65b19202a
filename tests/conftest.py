import gc
import itertools
import os
from pathlib import Path

import hypothesis
import pytest
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.test import Client, override_settings

from accounts import grants
from tests import schema, slate
from tests.factories.accounts import PASSWORD, FacilityFactory, staff
from tests.factories.partners import AgencyFactory, PartnershipFactory, liaison_of


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """All aliases, not only those that tests name: `owner` makes what `default` mirrors.

    Nothing is torn down here: the whole server goes with its folder.
    """
    with django_db_blocker.unblock():
        schema.build()
        grants.apply()  # the cache table is made after migrate
        slate.keep(schema.OWNER)


# Files that take long, longest first: all workers then end at about the same time. Stories in a
# browser take turns with what needs no first start of the product, for which all of them wait.
LONG = (
    "browser/test_training_story.py",
    "test_access_records.py",
    "test_access_matrix.py",
    "browser/test_agreement_story.py",
    "correspondence/test_foreseen.py",
    "correspondence/test_escalation.py",
    "browser/test_main_story.py",
    "placements/test_referral_walk.py",
    "training/test_crowd.py",
    "browser/test_attendance_story.py",
    "reports/test_demo.py",
    "training/test_odd_addresses.py",
    "browser/test_transfer_story.py",
    "outside/test_what_leaves.py",
    "training/test_walk.py",
    "browser/test_register_import.py",
    "browser/test_placement_story.py",
    "drills/test_reminder_drill.py",
    "inmates/test_import_apply.py",
    "browser/test_outage_story.py",
    "placements/test_circumstances_in_any_order.py",
    "placements/test_retention.py",
    "inmates/test_planted_register.py",
    "drills/test_mail_drill.py",
    "test_queries.py",
    "training/test_decrees.py",
    "reports/test_home.py",
)
TESTS = Path(__file__).parent


def pytest_collection_modifyitems(items):
    place = {TESTS / name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path, len(LONG)))


def pytest_collection_finish():
    """What is there before the first test stays to the end: it need not be looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


# The same examples in every run, however busy the machine: a landing does not hang on luck.
# `HYPOTHESIS_PROFILE=explore` looks for new ones.
hypothesis.settings.register_profile("suite", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

# A folder for each test, made by whoever writes into it.
FILES = Path(os.environ["LAPASPROG_VAR"]) / f"files-{os.getpid()}"
number = itertools.count()


def pytest_configure():
    # Tests travel in time while they are signed in, and sign in without a form.
    settings.SESSION_IDLE_MINUTES = settings.SESSION_HOURS = 10**6
    settings.SESSION_COOKIE_AGE = 10**9
    user_logged_in.connect(_as_if_by_password)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


def _as_if_by_password(sender, request, user, **kwargs):
    record_authentication(request, user, method="password")


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker):
    """What fixtures of a module's scope make upon this stays until the module's last test.

    Each test is undone by itself as ever. Not beside tests that commit: they would wait for it.
    """
    files = FILES / str(next(number))
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=files), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _files_apart(request, settings):
    if "stage" not in request.fixturenames:
        settings.MEDIA_ROOT = FILES / str(next(number))


@pytest.fixture
def facility(db):
    return FacilityFactory(code="CLG", name="Lapas Kelas IIA Cilegon", city="Cilegon")


@pytest.fixture
def agency(facility):
    return PartnershipFactory(facility=facility).agency


@pytest.fixture
def officer(facility):
    return staff(facility, "officer", name="Budi Petugas")


@pytest.fixture
def head(facility):
    return staff(facility, "head", name="Kasi Giatja")


@pytest.fixture
def warden(facility):
    return staff(facility, "warden", name="Kalapas", nip="197001011990031001")


@pytest.fixture
def registrar(facility):
    return staff(facility, "registrar", name="Petugas Register")


@pytest.fixture
def secretariat(facility):
    return staff(facility, "secretariat", name="Tata Usaha")


@pytest.fixture
def liaison(agency):
    return liaison_of(agency, name="Narahubung BLK")


@pytest.fixture
def other_liaison(db):
    return liaison_of(AgencyFactory(name="BLK Lain"), name="Narahubung Lain")


@pytest.fixture
def outsider(db):
    """An officer of another prison."""
    return staff(FacilityFactory(code="SRG", name="Lapas Serang"), "officer", name="Petugas Lain")


@pytest.fixture
def login():
    """`login(user)` gives a client of who signed in; the form has tests of its own."""

    def sign_in(user):
        client = Client()
        assert user.is_active, "sign-in failed"
        assert user.check_password(PASSWORD), "sign-in failed"
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
