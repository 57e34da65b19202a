"""Access where the table of addresses does not look: parts of pages, the open door, the admin."""

import inspect
import sys
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.urls import resolve, reverse

from accounts.states import UserKind
from partners.models import Agency
from tests.factories.accounts import UserFactory
from tests.factories.partners import AgencyFactory, liaison_of
from tests.test_access_matrix import (  # noqa: F401 - fixtures
    EXPECTED,
    ROUTES,
    address_of,
    ask,
    heads,
    objects,
    partner,
    prison,
    session_of,
    sessions,
    users,
)
from tests.test_access_records import signed_in

pytestmark = pytest.mark.django_db

# All that answers without signing in: the door, what is public by law, and addresses that are keys.
OPEN = {
    *("account_login", "account_logout", "account_signup", "account_reset_password"),
    *("correspondence:calendar-feed", "correspondence:verify", "correspondence:verify-ask"),
    *("partners:invitation", "placements:referral-link", "placements:reply", "training:slot-link"),
    *("reports:impact", "healthz", "readyz", "metrics", "favicon.ico", "set_language"),
}
DOOR = {302, 405}


def test_without_signing_in_only_these_answer():
    answering = {
        name
        for name, methods in EXPECTED.items()
        if {by_role["anonymous"] for by_role in methods.values()} - DOOR
    }
    assert answering <= OPEN


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_part_of_a_page_is_refused_like_the_page(method, sessions, objects, heads):  # noqa: F811
    """A page that knows HTMX asks for the same rights when the header says it is only a part."""
    opened = {}
    for name, methods in EXPECTED.items():
        if not _knows_parts(name):
            continue
        for role, status in methods[method].items():
            if status in (403, 404):
                part = ask(method, address_of(name, objects), sessions[role], HX_Request="true")
                if part != status:
                    opened[name, role] = part
    assert opened == {}


def _knows_parts(name):
    address = f"/{ROUTES[name]}".replace("<uuid:public_id>", str(uuid4()))
    view = inspect.unwrap(resolve(address.replace("<str:", "").replace(">", "")).func)
    module = sys.modules[getattr(view, "view_class", view).__module__]
    return "htmx" in inspect.getsource(module)


@pytest.fixture(scope="module")
def pages(objects):  # noqa: F811
    found = [reverse("admin:index"), reverse("admin:password_change")]
    for model in admin.site._registry:
        place = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found += [reverse(f"{place}_{page}") for page in ("changelist", "add")]
        row = model._base_manager.order_by("pk").first()
        for page in ("change", "delete", "history") if row else ():
            found.append(reverse(f"{place}_{page}", args=[row.pk]))
    return found


class TestAdmin:
    """Every page of every table in it: for admins only, and with their second factor."""

    @pytest.mark.parametrize("role", ["anonymous", "officer", "warden", "liaison"])
    def test_others_meet_the_door(self, role, pages, sessions, heads):  # noqa: F811
        opened = {
            (method, page, status)
            for page in pages
            for method in ("GET", "POST")
            if (status := ask(method, page, sessions[role])) != 302
        }
        assert opened == set()

    def test_who_may_enter_but_holds_no_right_sees_no_table(self, pages, heads):  # noqa: F811
        session = session_of(UserFactory(kind=UserKind.STAFF, is_staff=True))
        own = {reverse("admin:index"), reverse("admin:password_change")}
        answers = {page: ask("GET", page, session) for page in pages if page not in own}
        assert set(answers.values()) <= {302, 403, 404}, answers

    def test_an_admin_without_a_second_factor_gets_no_further(self, pages, settings, heads):  # noqa: F811
        settings.MFA_REQUIRED_FOR = [UserKind.ADMIN]
        admins = UserFactory(kind=UserKind.ADMIN, is_staff=True, is_superuser=True)
        session = session_of(admins)
        assert {ask("GET", page, session) for page in pages} == {302}
        settings.MFA_REQUIRED_FOR = []
        assert ask("GET", reverse("admin:accounts_user_changelist"), session) == 200

    def test_no_admin_reads_the_secret_of_a_second_factor(self, users):  # noqa: F811
        row = Authenticator.objects.create(
            user=users["officer"], type=Authenticator.Type.TOTP, data={"secret": "RAHASIA4471"}
        )
        client = signed_in(UserFactory(kind=UserKind.ADMIN, is_staff=True, is_superuser=True))
        place = "admin:mfa_authenticator"
        for page, args in (("changelist", ()), ("change", [row.pk]), ("delete", [row.pk])):
            answer = client.get(reverse(f"{place}_{page}", args=args))
            assert answer.status_code == 200
            assert "RAHASIA4471" not in answer.text
        assert (
            client.post(reverse(f"{place}_delete", args=[row.pk]), {"post": "yes"}).status_code
            == 302
        )
        assert not Authenticator.objects.exists()

    def test_it_adds_and_deletes_nothing_that_has_a_state(self, objects, rf):  # noqa: F811
        request = rf.get("/")
        request.user = UserFactory(kind=UserKind.ADMIN, is_staff=True, is_superuser=True)
        loose = {
            model._meta.label
            for model, page in admin.site._registry.items()
            if any(field.name == "state" for field in model._meta.fields)
            and (page.has_add_permission(request) or page.has_delete_permission(request))
        }
        assert loose == set()


class TestOtherAgencies:
    """The agency above the one that all is about, and one below."""

    def test_one_above_reads_and_does_nothing(self, objects, heads):  # noqa: F811
        above = AgencyFactory(name="Dinas di atas")
        Agency.objects.filter(pk=objects["agency"].pk).update(parent=above)
        session = session_of(liaison_of(above))
        done, read = {}, set()
        for name, methods in EXPECTED.items():
            address, posts, gets = address_of(name, objects), methods["POST"], methods["GET"]
            if posts["other_liaison"] in (403, 404) and posts["liaison"] in (302, 422):
                status = ask("POST", address, session)
                if status not in (403, 404):
                    done[name] = status
            is_theirs = gets["other_liaison"] == 404 and gets["liaison"] == 200
            if is_theirs and ask("GET", address, session) == 200:
                read.add(name)
        assert done == {}
        assert {"training:participant-list", "placements:referral-detail"} <= read
        assert not {"training:participant-list-xlsx", "training:participant-list-pdf"} & read

    def test_one_below_knows_nothing_of_it(self, objects, heads):  # noqa: F811
        below = AgencyFactory(name="UPT di bawah", parent=objects["agency"])
        session = session_of(liaison_of(below))
        for name, methods in EXPECTED.items():
            for method, by_role in methods.items():
                if by_role["other_liaison"] != by_role["liaison"]:
                    status = ask(method, address_of(name, objects), session)
                    assert status == by_role["other_liaison"], f"{method} {name}"
