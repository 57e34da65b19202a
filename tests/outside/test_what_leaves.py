"""What stands inside must not get out: not to an agency, not to the public, not by a link or mail.

Every field of people is planted with a mark (`marks.py`); a visitor then reads everything that the
site gives (`walk.py`). What an agency may read of its own participants is the list `MAY_READ`.
"""

from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core import mail as sent_mails
from django.test import Client, override_settings
from django.urls import reverse

from accounts.services import action_links
from correspondence import kinds, sources
from correspondence.models import Verification
from correspondence.services import feeds, mail, sweep
from inmates.models import Sentence
from partners.models import Agency
from partners.services import liaisons
from partners.states import AgencyKind
from placements.models import Vacancy
from placements.services import follow_up_links, referral_links
from tests.factories.accounts import FacilityFactory, PostingFactory
from tests.factories.partners import AgencyFactory, liaison_of, today
from tests.outside.deadlines import of_further_kinds
from tests.outside.marks import NUMBERED, OF_PEOPLE, found_in, plant
from tests.outside.texts import text_of, text_of_mail
from tests.outside.walk import PLAUSIBLY, Walk, name_of
from tests.placements.followed import free_follow_up
from tests.test_access_matrix import (  # noqa: F401 - fixtures
    EXPECTED,
    ROUTES,
    address_of,
    objects,
    partner,
    prison,
    users,
)
from tests.test_access_records import signed_in
from tests.test_exports import OFFERED, is_list, views
from tests.test_forms_fuzzed import STAFF, every_post  # noqa: F401
from training.services import slot_links

pytestmark = pytest.mark.django_db

ANYWHERE = frozenset()
# What an agency reads of its own participants, and on which pages if not on all.
ENROLLING = {"training:participant-list-xlsx", "training:participant-list-pdf"}
OF_OWN_PEOPLE = {
    "inmates.Inmate.name": ANYWHERE,
    "inmates.Inmate.birth_date": ENROLLING,
    "inmates.Inmate.birth_place": ENROLLING,
    "inmates.Inmate.nik": ENROLLING,
    "inmates.SkillProfile.earlier_work": {"placements:referral-detail"},
}
# What it wrote itself, or what was written to it: forms say so beside these (`READ_OUTSIDE`).
OF_ITS_OWN = {
    *("placements.FollowUp.contact", "placements.Referral.message"),
    *("training.Instructor.identity_number", "training.Instructor.name"),
    *("training.Instructor.phone", "training.Meeting.companions"),
    *("training.SlotProposal.instructor", "training.SlotProposal.message"),
    *("training.SlotProposal.answer_reason", "training.Batch.reason", "training.Meeting.reason"),
    *("partners.Agreement.reason", "partners.AgreementDocument.note"),
    *("partners.Extension.reason", "partners.Obligation.note", "partners.Review.result"),
}
MAY_READ = OF_OWN_PEOPLE | dict.fromkeys(OF_ITS_OWN, ANYWHERE)
REFERRED = {
    *("referral-detail", "referral-receive", "referral-forward", "referral-decline"),
    *("referral-interview", "referral-accept", "referral-introduce"),
}
# Kinds of files that `texts.text_in` takes apart, and how addresses of files end.
READ = {
    *("text/csv", "text/plain", "text/calendar", "application/json", "application/pdf"),
    *("application/zip", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
LIKE_A_FILE = (".pdf", ".xlsx", ".csv", ".json", ".ics", ".zip", "scan/", "evidence/", "proof/")
APPEND_ONLY = {"reports.Handover.note", "inmates.RegisterEntry.register_number"}
NUMBERS = {"page", "year", "from", "to", "first", "ending", "unsigned", "months", "closing"}


@pytest.fixture(scope="module")
def links(objects, prison, users):  # noqa: F811
    """The addresses that are keys: whoever holds one needs no account."""
    officer, liaison = users["officer"], users["liaison"]
    slot = action_links.create(
        user=liaison, act=slot_links.ACT, obj=objects["slot"], days=9, by=officer
    )
    referral = action_links.create(
        user=liaison, act=referral_links.ACT, obj=objects["referral"], days=9, by=officer
    )
    newcomer = liaisons.invite(
        agency=objects["agency"], name="Narahubung Baru", email="baru@uji.test", by=users["head"]
    )
    invited = action_links.create(
        user=newcomer.user, act=liaisons.ACCEPT, obj=newcomer, days=9, by=officer
    )
    reply = follow_up_links.create(follow_up=free_follow_up(prison), sent_to="Ibu PK", by=officer)
    of_further_kinds(prison, objects["agency"])
    return [
        reverse("training:slot-link", args=[slot]),
        reverse("placements:referral-link", args=[referral]),
        reverse("partners:invitation", args=[invited]),
        reply.partition("://")[2].partition("/")[2].join(["/", ""]),
        f"{reverse('correspondence:calendar-feed')}?token={feeds.create(by=liaison)}",
        *(reverse("correspondence:verify", args=[row.code]) for row in Verification.objects.all()),
    ]


@pytest.fixture(scope="module")
def planted(links):
    """Whatever can be changed is planted; then all that waited to be sent is sent."""
    left = plant()
    assert left <= APPEND_ONLY, "a mark that was refused watches nothing"
    with override_settings(DIGEST_AT="now"):
        sweep.sweep()
        mail.deliver()
    return list(sent_mails.outbox)


@pytest.fixture(scope="module")
def agencys(planted, objects, users):  # noqa: F811
    """A liaison of a training centre, in all that the site has for them."""
    return Walk(signed_in(users["liaison"]), ["/", *open_to("liaison", objects)])


# Of one's own account; and figures of the machine, whose numbers may look like any mark.
PASSED_BY = ("account", "mfa", "metrics")


def open_to(role, objects):  # noqa: F811
    """Every address that the role may read, and as each file that its view offers."""
    return [
        f"{address_of(name, objects)}{query}"
        for name, methods in EXPECTED.items()
        if methods["GET"][role] in (200, 422) and not name.startswith(PASSED_BY)
        for query in ("", *(f"?format={wanted}" for wanted in OFFERED.get(name, ())))
    ]


def leaks(walk, allowed):
    """`{field: places}` beyond what may be read there."""
    found = {}
    for place, text in walk.told.items():
        page = name_of(place)
        for field, hit in found_in(text).items():
            if field not in allowed or (allowed[field] and page not in allowed[field]):
                found.setdefault(field, []).append((place, hit))
    for place, message in walk.mails:
        for field, hit in found_in(text_of_mail(message)).items():
            found.setdefault(field, []).append((f"mail after {place} to {message.to}", hit))
    for place, kind, said in walk.notices:
        for field, hit in found_in(said).items():
            found.setdefault(field, []).append((f"{kind} after {place}", hit))
    return found


def test_an_agency_reads_of_its_own_people_what_it_may(agencys):
    assert leaks(agencys, MAY_READ) == {}
    assert len(agencys.told) > 150
    assert len(agencys.forms) > 25


def test_a_labour_office_reads_more_of_whom_it_is_to_place(planted, objects, users):  # noqa: F811
    Agency.objects.filter(pk=objects["agency"].pk).update(kind=AgencyKind.DISNAKER)
    Vacancy.objects.update(report_number="KH-1")  # by law for all to read, but not why it closed
    rooms = ("/referrals/", "/follow-ups/", "/vacancies/", "/employers/")
    starts = [each for each in open_to("liaison", objects) if each.startswith(rooms)]
    starts.append(objects["referral"].get_absolute_url())
    walk = Walk(signed_in(users["liaison"]), starts, within=rooms)
    nik = {"inmates.Inmate.nik": {f"placements:{name}" for name in REFERRED}}
    assert leaks(walk, MAY_READ | nik) == {}
    assert any("inmates.Inmate.nik" in found_in(text) for text in walk.told.values())


def test_of_all_kinds_only_a_labour_office_reads_a_nik(planted, objects, users):  # noqa: F811
    client = signed_in(users["liaison"])
    for kind in AgencyKind.values:
        Agency.objects.filter(pk=objects["agency"].pk).update(kind=kind)
        is_office = kind == AgencyKind.DISNAKER
        page = client.get(objects["referral"].get_absolute_url())
        assert ("inmates.Inmate.nik" in found_in(page.text)) == is_office, kind
        keeping = client.get(reverse("placements:vacancy-add")).status_code
        assert keeping == (200 if is_office else 403), kind
    above = AgencyFactory(name="Dinas di atas", kind=AgencyKind.DISNAKER)
    Agency.objects.filter(pk=objects["agency"].pk).update(parent=above, kind=AgencyKind.DISNAKER)
    page = signed_in(liaison_of(above)).get(objects["referral"].get_absolute_url())
    assert "inmates.Inmate.name" in found_in(page.text)
    assert "inmates.Inmate.nik" not in found_in(page.text)


def test_another_agency_and_the_public_read_nothing(planted, links, objects, users):  # noqa: F811
    for client, role in (
        (signed_in(users["other_liaison"]), "other_liaison"),
        (Client(), "anonymous"),
    ):
        walk = Walk(client, ["/", *open_to(role, objects), *links])
        assert leaks(walk, {}) == {}, role


def test_mails_say_nothing_of_people(planted):
    """Not even to staff: a mail box stands outside of the building."""
    found = {
        (field, message.subject, tuple(message.to))
        for message in planted
        for field in found_in(text_of_mail(message))
    }
    assert len(planted) >= 4
    assert found == set()


def test_a_calendar_names_nobody_to_whoever_holds_its_address(planted, users, every_post):  # noqa: F811
    """Of every kind of deadline, without a session, of staff as well: telephones lie about."""
    readers = [every_post, *(user for user in users.values() if user and user.is_active)]
    addresses = [
        f"{reverse('correspondence:calendar-feed')}?token={feeds.create(by=user)}"
        for user in readers
    ]
    said = [text_of(Client().get(address)) for address in addresses]
    Sentence.objects.update(two_thirds=today(-200), expires=today(150))  # some leave soon
    said += [text_of(Client().get(address)) for address in addresses]
    assert [found_in(text) for text in said] == [{}] * 2 * len(readers)
    labels = {str(kinds.get(source.kind).label) for source in sources.all_sources()}
    assert {label for label in labels if f"SUMMARY: {label}" not in " ".join(said)} == set()


def test_no_file_is_left_unread_that_an_agency_may_take(agencys):
    """None is of a kind that `texts` does not read, and whichever a view offers came."""
    assert set(agencys.files) <= READ
    came = set().union(*agencys.files.values())
    lists = {name for name, view in views().items() if is_list(view)}
    files = lists | {name for name, route in ROUTES.items() if route.endswith(LIKE_A_FILE)}
    assert {name for name in files if EXPECTED[name]["GET"]["liaison"] == 200} - came == set()


def test_what_staff_do_tells_nobody_of_people(planted, objects, every_post):  # noqa: F811
    """Each form of each of their pages is sent: whatever mail or notice follows, to whomever."""
    pages = {page for role in STAFF for page in open_to(role, objects)}
    walk = Walk(signed_in(every_post), sorted(pages), within=(), sends=(PLAUSIBLY,))
    walk.told = {}
    assert leaks(walk, {}) == {}
    assert len({kind for _place, kind, _said in walk.notices}) > 15
    assert len(walk.mails) > 15


class TestWhoOnlyCounts:
    """Whoever may see people nowhere, or elsewhere only, reads nothing that is about one."""

    def leaks(self, walk):
        found = leaks(walk, dict.fromkeys(set(NUMBERED.values()) - OF_PEOPLE, ANYWHERE))
        found.pop("inmates.Custody.register_class", None)  # a column of figures
        return found

    def test_of_several_prisons(self, planted, objects, users):  # noqa: F811
        observer = users["observer"]
        elsewhere = FacilityFactory(code="TGR", name="Lapas Tangerang")
        PostingFactory(user=observer, facility=elsewhere, role_id="observer")
        walk = Walk(signed_in(observer), ["/", *open_to("observer", objects)], sends=())
        assert self.leaks(walk) == {}
        assert len(walk.told) > 100

    def test_whose_posts_are_at_another_prison(self, planted, objects, users, prison):  # noqa: F811
        user = users["outsider"]
        for role in set(STAFF) - user.roles:
            PostingFactory(user=user, facility=user.facility, role_id=role)
        PostingFactory(user=user, facility=prison, role_id="secretariat")
        pages = {page for role in STAFF for page in open_to(role, objects)}
        walk = Walk(signed_in(user), sorted(pages), within=(), sends=())
        assert self.leaks(walk) == {}


def test_no_address_counts(agencys):
    assert [route for route in ROUTES.values() if "<int" in route] == []
    counting = set()
    for link in agencys.links:
        parts = urlsplit(link)
        said = [(part, part) for part in parts.path.split("/")] + parse_qsl(parts.query)
        counting |= {link for key, value in said if value.isdecimal() and key not in NUMBERS}
    assert counting == set()


def test_errors_say_nothing(planted, objects, users, settings):  # noqa: F811
    person = objects["person"].get_absolute_url()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(users["officer"])
    settings.ROOT_URLCONF = "tests.outside.broken"
    answers = {
        400: Client().get("/", headers={"Host": "evil.test"}),
        403: strict.post(person, {"reason": "x"}),
        404: signed_in(users["liaison"]).get(person),
        500: signed_in(users["officer"]).get("/broken/"),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert found_in(f"{answer.headers} {answer.content.decode()}") == {}
