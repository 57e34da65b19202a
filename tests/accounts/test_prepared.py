from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pghistory
import pytest
import time_machine
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, F, Func, Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Facility, Posting
from accounts.prepared import ForStandIns, Prepared, among, asked_often, fetch_planned, written_out
from tests.factories.accounts import FacilityFactory, PostingFactory

pytestmark = pytest.mark.django_db


def test_a_plan_is_made_and_used_while_history_adds_its_values():
    statement = "SELECT %s::date + 1, %s::text LIKE 'ab%%', %s::bigint[]"
    with pghistory.context(user=1):
        for day, text in ((date(2026, 11, 3), "abc"), (date(2026, 11, 4), "b")):
            (row,) = fetch_planned(statement, [day, text, [1, 2]])
            assert row == (day.replace(day=day.day + 1), text == "abc", [1, 2])


def test_other_kinds_of_values_are_another_plan():
    assert fetch_planned("SELECT coalesce(%s, %s)::text", [None, 7]) == [("7",)]
    assert fetch_planned("SELECT coalesce(%s, %s)::text", [None, "x"]) == [("x",)]


def test_a_statement_without_values_is_planned_too():
    assert fetch_planned("SELECT 7", []) == [(7,)]


def test_the_sql_made_once_is_asked_for_each_value():
    rows = Prepared(lambda key: Facility.objects.filter(pk=key).values_list("name"), ids=["key"])
    first, second = FacilityFactory(), FacilityFactory()
    assert [rows.rows(key=one.pk) for one in (first, second)] == [[(first.name,)], [(second.name,)]]


def test_what_is_no_parameter_of_the_statement_is_an_error():
    with pytest.raises(ValueError, match="key"):
        Prepared(lambda key: Facility.objects.values_list("name"), ids=["key"]).rows(key=1)


class TestForStandIns:
    READER, PRISON = -8_000_000_000, -8_000_000_001

    def asked(self, queryset):
        return ForStandIns(
            queryset, lambda value: isinstance(value, int) and value < -7_000_000_000
        )

    def test_the_real_ids_come_into_their_places(self):
        first, second = FacilityFactory(), FacilityFactory()
        asked = self.asked(Facility.objects.filter(pk=self.PRISON).values_list("name"))
        for prison in (first, second):
            assert asked.rows({self.PRISON: prison.pk}) == [(prison.name,)]

    def test_a_list_of_stand_ins_and_one_that_is_replaced_as_a_whole(self):
        first, second, third = FacilityFactory(), FacilityFactory(), FacilityFactory()
        fakes = [self.PRISON, self.PRISON - 1]
        some = self.asked(Facility.objects.filter(pk__in=fakes).order_by("pk").values_list("pk"))
        assert some.rows(dict(zip(fakes, (first.pk, third.pk), strict=True))) == [
            (first.pk,),
            (third.pk,),
        ]
        one_of = Func(
            F("pk"),
            Value([self.PRISON], ArrayField(BigIntegerField())),
            template="%(expressions)s)",
            arg_joiner=" = ANY (",
            output_field=BooleanField(),
        )
        every = self.asked(Facility.objects.filter(one_of).order_by("pk").values_list("pk"))
        assert every.rows({self.PRISON: [second.pk, third.pk]}) == [(second.pk,), (third.pk,)]
        assert every.rows({self.PRISON: []}) == []

    def test_only_stand_ins_are_parameters_of_the_plan(self):
        prison = FacilityFactory(name="100% a 'quoted' %s name")
        rows = Facility.objects.filter(pk=self.PRISON, name=prison.name).values_list("pk")
        with CaptureQueriesContext(connection) as seen:
            assert self.asked(rows).rows({self.PRISON: prison.pk}) == [(prison.pk,)]
        assert seen.captured_queries[-1]["sql"].endswith(f"({prison.pk}) /* accounts.facility */")

    def test_an_id_may_be_larger_than_an_integer(self):
        asked = self.asked(Facility.objects.filter(pk=self.PRISON).values_list("pk"))
        assert asked.rows({self.PRISON: 2**40}) == []

    def test_nothing_is_asked_where_there_can_be_no_row(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert self.asked(Facility.objects.none().values_list("pk")).rows({}) == []


class TestAskedOften:
    """Rows of querysets whose SQL is made once for all arguments of a shape."""

    def test_each_argument_has_its_own_rows_and_their_related_ones(self):
        asked = asked_often(
            lambda prison: Posting.objects.filter(facility=prison).select_related("user")
        )
        for posting in (PostingFactory(), PostingFactory()):
            (found,) = asked(posting.facility_id)
            assert found == posting
            assert found.user.name == posting.user.name

    def test_related_rows_come_without_a_statement_of_their_own(self, django_assert_num_queries):
        posting = PostingFactory()
        asked = asked_often(
            lambda prison: Posting.objects.filter(facility=prison).select_related("user")
        )
        asked(posting.facility_id)
        with django_assert_num_queries(1):
            assert asked(posting.facility_id)[0].user.name == posting.user.name

    def test_lists_of_any_length_are_one_statement(self):
        prisons = [FacilityFactory() for _n in range(3)]
        built = []

        @asked_often
        def named(keys):
            built.append(keys)
            return Facility.objects.filter(among("pk", keys)).order_by("pk")

        for some in ([], prisons[:1], prisons):
            assert named({prison.pk for prison in some}) == some
        assert len(built) == 1

    def test_days_public_ids_and_annotations(self):
        posting = PostingFactory(starts=date(2026, 3, 4))

        @asked_often
        def on(day, public_id):
            rows = Posting.objects.filter(starts__lte=day, facility__public_id=public_id)
            return rows.annotate(said=Concat("user__name", Value("!")))

        public_id = posting.facility.public_id
        assert on(date(2026, 3, 3), public_id) == []
        (found,) = on(date(2026, 3, 4), public_id)
        assert found.said == f"{posting.user.name}!"

    def test_none_and_yes_or_no_are_other_shapes(self):
        posting = PostingFactory()

        @asked_often
        def of(user, is_current):
            rows = Posting.objects.filter(user=user)
            return rows.filter(until=None) if is_current else rows.exclude(until=None)

        assert of(posting.user_id, True) == [posting]
        assert of(posting.user_id, False) == []
        assert of(None, True) == []

    def test_values_lists_and_what_is_fetched_beside(self):
        posting = PostingFactory()
        names = asked_often(
            lambda key: Facility.objects.filter(pk=key).values_list("name", flat=True)
        )
        beside = asked_often(
            lambda key: Facility.objects.filter(pk=key).prefetch_related("postings")
        )
        assert names(posting.facility_id) == [posting.facility.name]
        assert list(beside(posting.facility_id)[0].postings.all()) == [posting]

    def test_what_depends_on_the_day_is_made_anew_the_next_day(self):
        posting = PostingFactory(until=timezone.localdate())
        asked = asked_often(lambda user: Posting.objects.current().filter(user=user))
        assert asked(posting.user_id) == [posting]
        with time_machine.travel(timezone.now() + timedelta(days=1)):
            assert asked(posting.user_id) == []

    def test_what_is_reckoned_with_instead_of_used_is_an_error(self):
        later = asked_often(lambda day: Posting.objects.filter(starts=day + timedelta(days=400)))
        with pytest.raises(ValueError, match="nothing is put in for"):
            later(date(2026, 3, 4))

    def test_another_thread_asks_on_its_own_connection(self):
        asked = asked_often(lambda key: Facility.objects.filter(pk=key))
        asked(1)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(lambda: (asked(1), connection.close())[0]).result() == []


class TestSeveralInOneStatement:
    """A tuple of querysets: asked together, read as each alone."""

    def test_each_has_its_own_rows_in_its_own_order(self, django_assert_num_queries):
        prison = FacilityFactory()
        posts = [PostingFactory(facility=prison) for _n in range(3)]

        @asked_often
        def of(prison):
            rows = Posting.objects.filter(facility=prison).order_by("-pk")
            named = Facility.objects.filter(pk=prison).values_list("name", flat=True)
            return rows.select_related("user"), named, rows.filter(pk=None), rows[:2]

        assert of(0) == ([], [], [], [])
        with django_assert_num_queries(1):
            every, names, nobody, two = of(prison.pk)
            assert [post.user.name for post in every] == [post.user.name for post in posts[::-1]]
        assert (names, nobody, two) == ([prison.name], [], every[:2])

    def test_a_row_of_nothing_is_a_row_still(self):
        posting = PostingFactory(until=None)
        asked = asked_often(
            lambda key: (
                Posting.objects.filter(pk=key).values_list("until"),
                Posting.objects.filter(pk=key).values_list("until", "pk"),
            )
        )
        assert asked(posting.pk) == ([(None,)], [(None, posting.pk)])

    def test_what_can_have_no_row_is_left_out_of_it(self, django_assert_num_queries):
        posting = PostingFactory()
        nobody = Posting.objects.none()
        asked = asked_often(lambda key: (nobody, Posting.objects.filter(pk=key), nobody))
        assert asked(posting.pk) == ([], [posting], [])
        with django_assert_num_queries(0):
            assert asked_often(lambda key: (nobody, nobody))(1) == ([], [])

    def test_columns_that_django_does_not_tell_of_are_an_error(self):
        posting = PostingFactory()
        rows = Posting.objects.order_by("user__name").distinct().values_list("pk")
        asked = asked_often(lambda key: (rows.filter(pk=key), rows))
        with pytest.raises(ValueError, match="other columns"):
            asked(posting.pk)


def test_a_moment_is_put_in_as_a_moment():
    asked = asked_often(lambda moment: Facility.objects.filter(created_at__gt=moment))
    prison, now = FacilityFactory(), timezone.now()
    assert asked(now - timedelta(hours=1)) == [prison]
    assert asked(now + timedelta(hours=1)) == []


def test_what_is_not_kept_is_written_into_the_text():
    asked = "SELECT %s::text, %s::int, 'a%%'"
    sql, kept = written_out(asked, ["50% of 'it'", 7], lambda value: value == 7)
    assert (sql, kept) == ("SELECT '50%% of ''it'''::text, %s::int, 'a%%'", [7])
    assert fetch_planned(sql, kept) == [("50% of 'it'", 7, "a%")]
