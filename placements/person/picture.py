"""What stands in the picture of a person's time. A further kind is one function and its line."""

from django.utils.translation import gettext as _

from inmates.states import KEEPS_OUT
from placements.timeline import Mark, Span

MOST_PLANNED = 12  # planned batches in the picture; the table beside it has all
SERVED = {"one_third": "1/3", "one_half": "1/2", "two_thirds": "2/3"}


def marks_of(person):
    """Days: the dates of the sentence, the expected release, those of papers."""
    return [*_sentence(person), *_release(person), *_certificates(person)]


def spans_of(person):
    """What lasted or lasts: stays, restrictions, trainings, and the batches to come."""
    return [
        *_stays(person),
        *_restrictions(person),
        *_training(person),
        *_work(person),
        *_planned(person),
    ]


def _sentence(person):
    labels = {"detained_since": _("Mulai ditahan"), **SERVED, "expires": _("Ekspirasi")}
    for name, label in labels.items():
        day = person.sentence and getattr(person.sentence, name)
        if day:
            yield Mark(day=day, label=label, tone="date")


def _release(person):
    release = person.release
    if release:
        label = _("Perkiraan bebas (%(way)s)") % {"way": release.label}
        yield Mark(day=release.day, label=label, tone="release")


def _certificates(person):
    for paper in reversed(person.certificates):
        is_own = paper.facility_id in person.prisons
        yield Mark(
            day=paper.issued_on,
            label=f"{paper.get_kind_display()}: {paper.title}",
            tone="paper",
            note=paper.number,
            url=paper.get_absolute_url() if is_own else "",
        )


def _stays(person):
    for custody in reversed(person.stays):
        name, number = custody.facility.name, custody.register_number
        yield Span(
            lane=_("Penempatan"),
            label=f"{name} ({number})" if number else name,
            starts=custody.starts,
            ends=custody.until,
            tone="stay",
            note=custody.get_ended_how_display(),
        )


def _restrictions(person):
    for row in person.restrictions:
        if row.kind in KEEPS_OUT:
            yield Span(
                lane=_("Pembatasan"),
                label=row.get_kind_display(),
                starts=row.starts,
                ends=row.until,
                tone="bad",
            )


def _training(person):
    for leg in person.training:
        yield Span(
            lane=_("Pelatihan"),
            label=leg.title,
            starts=leg.starts,
            ends=max(leg.starts, leg.ends),
            tone=leg.tone,
            note=leg.row.get_state_display(),
            url=leg.url,
        )


def _work(person):
    for row in reversed(person.work):
        yield Span(
            lane=_("Pekerjaan"),
            label=f"{row.job}, {row.employer}" if row.employer else row.job,
            starts=row.starts_on,
            ends=row.ended_on,
            tone="stay",
            note=row.get_kind_display(),
            url=row.get_absolute_url() if row.facility_id in person.prisons else "",
        )


def _planned(person):
    for each in person.planned[:MOST_PLANNED]:
        yield Span(
            lane=_("Angkatan mendatang"),
            label=f"{each.batch.name}: {each.days}" if each.days else each.batch.name,
            starts=each.batch.starts_on,
            ends=each.batch.ends_on,
            tone=each.tone,
            note=each.fit.verdict.label,
            url=each.batch.get_absolute_url(),
        )
