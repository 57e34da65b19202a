"""The yearly plan: what is planned, asked for and granted of each course. What was run is counted.

Numbers are typed in place, by several people at once: each change says what stood there before,
and is refused when somebody else changed the same number meanwhile.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from training.models import Batch, PlanLine

NUMBERS = tuple(
    f"{unit}_{stage}"
    for stage in ("planned", "requested", "granted")
    for unit in ("packages", "seats")
)
MOST = 9999
FIRST_YEAR, LAST_YEAR = 2000, 2100


@act
def add(*, facility, year, course, fund, by, agency=None, note="", **numbers):
    """Put a course on the plan of a year, with an agency (or none yet) and a source of money.

    Seats left at 0 follow from the packages. Raises `NotAllowed` with field errors.
    """
    require(by, "plan_year", facility.pk)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotAllowed(_("Tahun tidak masuk akal."))
    line = PlanLine(
        facility=facility, year=year, course=course, agency=agency, fund=fund, created_by=by
    )
    _check_numbers({name: numbers.get(name, 0) for name in NUMBERS})
    for name, number in numbers.items():
        setattr(line, name, number)
    line.note = note.strip()
    _fill_seats(line, numbers)
    known = PlanLine.objects.filter(
        facility=facility, year=year, course=course, agency=agency, fund=fund
    ).first()
    if known:
        if known.created_by_id == by.pk and all(
            getattr(known, name) == getattr(line, name) for name in (*NUMBERS, "note")
        ):
            return known
        raise NotAllowed(
            {"course": ValidationError(PlanLine._meta.constraints[0].violation_error_message)}
        )
    line.save()
    return line


@act
def fill(*, facility, year, changes, by):
    """Write the numbers that were typed: `{line: {field: (seen, typed)}}`.

    All or none. Raises `NotAllowed` with a dict by `<public id>-<field>`. Returns how many lines
    changed.
    """
    require(by, "plan_year", facility.pk)
    rows = (
        PlanLine.objects.filter(facility=facility, year=year, pk__in=[line.pk for line in changes])
        .select_related("course")
        .order_by("pk")
        .select_for_update(no_key=True, of=["self"])
    )
    problems, changed = {}, []
    for line in rows:
        typed = changes[line]
        for name, (seen, number) in typed.items():
            problem = _problem_of(number) or _overtaken(line, name, seen, number)
            if problem:
                problems[f"{line.public_id}-{name}"] = ValidationError(problem)
            setattr(line, name, number)
        seats = _fill_seats(line, {name: number for name, (_seen, number) in typed.items()})
        changed.append((line, [*typed, *seats]))
    if problems:
        raise NotAllowed(problems)
    for line, names in changed:
        line.save(update_fields=names)
    return len(changed)


@act
def change(*, line, agency, fund, note, by):
    """Say which agency is asked, whose money it is, and what is to be remembered.

    The agency stays that of the batches that count for the line.
    """
    require(by, "plan_year", line.facility_id)
    line = _locked(line)
    if agency not in (None, line.agency):
        _check_agency_of_batches(line, agency)
    new = {"agency": agency, "fund": fund, "note": note.strip()}
    names = [name for name, value in new.items() if getattr(line, name) != value]
    for name in names:
        setattr(line, name, new[name])
    if names:
        line.save(update_fields=names)
    return line


@act
def remove(*, line, by):
    """Take a line off the plan; not once a batch was planned for it. Its history stays."""
    require(by, "plan_year", line.facility_id)
    line = PlanLine.objects.select_for_update().filter(pk=line.pk).first()
    if line is None:
        raise AlreadyDone(_("Baris ini sudah dihapus."))
    if line.batches.exists():
        raise NotAllowed(_("Baris ini sudah punya angkatan; keluarkan angkatannya dulu."))
    line.delete()


@act
def attach(*, line, batches, by):
    """Count these batches for the line: of its course, year and agency, and of no other line."""
    require(by, "plan_year", line.facility_id)
    rows = list(
        Batch.objects.filter(pk__in=[batch.pk for batch in batches], facility=line.facility_id)
        .order_by("pk")
        .select_for_update(no_key=True, of=["self"])
    )
    line = _locked(line)
    for batch in rows:
        if batch.course_id != line.course_id:
            raise NotAllowed(_("Angkatan %(batch)s program lain.") % {"batch": batch})
        if line.agency_id not in (None, batch.agency_id):
            raise NotAllowed(_("Angkatan %(batch)s dengan instansi lain.") % {"batch": batch})
        if batch.starts_on.year != line.year:
            raise NotAllowed(
                _("Angkatan %(batch)s mulai pada tahun %(year)s.")
                % {"batch": batch, "year": batch.starts_on.year}
            )
        if batch.plan_line_id not in (None, line.pk):
            raise AlreadyDone(_("Angkatan %(batch)s sudah masuk baris lain.") % {"batch": batch})
        batch.plan_line = line
        batch.fund = batch.fund or line.fund
        batch.save(update_fields=["plan_line", "fund"])
    return line


@act
def copy(*, facility, year, by):
    """Begin the year with the courses of last year's plan that it lacks; returns how many.

    What was planned is taken over; nothing has been asked for or granted yet. Courses that are
    retired stay behind.
    """
    require(by, "plan_year", facility.pk)
    there = PlanLine.objects.filter(facility=facility)
    known = set(there.filter(year=year).values_list("course", "agency", "fund"))
    before = there.filter(year=year - 1, course__is_offered=True).order_by("pk")
    lines = [
        PlanLine(
            facility=facility,
            year=year,
            course_id=line.course_id,
            agency_id=line.agency_id,
            fund=line.fund,
            packages_planned=line.packages_planned,
            seats_planned=line.seats_planned,
            created_by=by,
        )
        for line in before
        if (line.course_id, line.agency_id, line.fund) not in known
    ]
    return len(PlanLine.objects.bulk_create(lines))


def _locked(line):
    return PlanLine.objects.select_for_update(no_key=True, of=["self"]).get(pk=line.pk)


def _check_agency_of_batches(line, agency):
    other = line.batches.exclude(agency=agency).select_related("agency").first()
    if other:
        sentence = _("Angkatan %(batch)s pada baris ini dengan %(agency)s.")
        said = {"batch": other, "agency": other.agency}
        raise NotAllowed({"agency": ValidationError(sentence % said)})


def _fill_seats(line, typed):
    """Seats that nobody typed follow from the packages; returns the fields that were filled."""
    filled = []
    for stage in ("planned", "requested", "granted"):
        packages, seats = f"packages_{stage}", f"seats_{stage}"
        if typed.get(packages) and not getattr(line, seats):
            setattr(line, seats, min(typed[packages] * line.course.package_seats, MOST))
            filled.append(seats)
    return filled


def _check_numbers(numbers):
    problems = {name: _problem_of(number) for name, number in numbers.items()}
    problems = {name: ValidationError(text) for name, text in problems.items() if text}
    if problems:
        raise NotAllowed(problems)


def _problem_of(number):
    if 0 <= number <= MOST:
        return None
    return _("Isi antara 0 dan %(most)s.") % {"most": MOST}


def _overtaken(line, name, seen, typed):
    now = getattr(line, name)
    if now in (seen, typed):
        return None
    return _("Orang lain baru saja menulis %(now)s di sini.") % {"now": now}
