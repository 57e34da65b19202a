"""The whole history of one thing: its own rows, and those of what belongs to it.

Every kind of thing with a page and a history is here by itself (`KINDS`), and so is every table
without a page of its own that leads to it: a new one needs no line. Who may open the page of a
thing may read its history; of what is about people only what those people's page would show.
"""

from dataclasses import dataclass
from operator import attrgetter

from django.db.models import Q

from accounts import privacy
from accounts.history import timeline_of
from accounts.models import Facility
from accounts.permissions import may
from correspondence.models import Letter
from inmates.models import Inmate
from partners.models import Agency
from placements.models import CurriculumVitae, FollowUp
from training.models import Course, Decree, Hearing, ToolCheck

# Pages that besides ask for one of these acts.
NEEDS = {
    Decree: ("see_people",),
    Hearing: ("see_people",),
    ToolCheck: ("check_tools", "release_gate", "keep_attendance"),
    Letter: ("see_people", "number_letters"),
    FollowUp: ("follow_up",),
    Facility: ("set_policies", "edit_texts", "end_posting"),
}
# Without an address of their own: one is shown under that of the person, the other is all over.
PAGELESS = (CurriculumVitae, Facility)


@dataclass(frozen=True)
class History:
    """`entries` newest first; `people` are those whom they may name."""

    entries: list
    people: list


def _has_page(model):
    rows = model._default_manager.all()
    return hasattr(model, "get_absolute_url") and hasattr(rows, "visible_to")


TRACKED = privacy.tracked()
KINDS = {
    model._meta.model_name: model for model in TRACKED if _has_page(model) or model in PAGELESS
}
PARTS = [
    model for model in TRACKED if model._meta.model_name not in KINDS or model is CurriculumVitae
]
OF_MANY = (Agency, Course, Facility)
ABOUT_PEOPLE = privacy.hanging_on(Inmate) | {Inmate: ("",)}


def parts_of(model):
    """`[(model, look-up)]` of the tables without a page that belong to a kind of thing.

    To somebody all that is about them; to a prison its settings and posts; to what many people
    come by (an agency, a course) nothing of theirs.
    """
    if model is Inmate:
        return [(part, path) for part in PARTS for path in ABOUT_PEOPLE.get(part, ())]
    found = _leading_to(model)
    if model in OF_MANY:
        found = [(part, key) for part, key in found if part not in ABOUT_PEOPLE]
    if model is Facility:
        taken = {
            part
            for other in KINDS.values()
            if other not in (Facility, Inmate)
            for part, _key in _leading_to(other)
        }
        found = [(part, key) for part, key in found if part not in taken]
    return found


def _leading_to(model):
    return [
        (part, field.name)
        for part in PARTS
        for field in part._meta.concrete_fields
        if field.is_relation and field.related_model is model
    ]


def may_read(thing, reader):
    """Whether somebody who finds the thing by `visible_to` may read its history, too."""
    needed, prison = NEEDS.get(type(thing), ()), _prison_of(thing)
    if reader.is_liaison or (needed and not any(may(reader, act, prison) for act in needed)):
        return False
    return type(thing) not in ABOUT_PEOPLE or bool(_seen(_people_of(type(thing), [thing]), reader))


def history_of(thing, reader):
    """The `History` of a thing that the reader may read; some queries for each table of it."""
    model = type(thing)
    people = _people_of(model, [thing])
    is_former = model is Inmate and not _holds(people, reader)
    names = model in ABOUT_PEOPLE or may(reader, "see_people", _prison_of(thing))
    ids = list(Inmate.objects.records_of(thing)) if model is Inmate else [thing.pk]
    entries = []
    if not is_former:
        own = privacy.history_of(model)._base_manager.filter(pgh_obj__in=ids)
        entries += timeline_of(model, own, reader)
    for part, look_up in parts_of(model):
        if part in ABOUT_PEOPLE and not names:
            continue
        about = {f"{look_up}__in": ids}
        rows = _rows(part, about, reader, is_former)
        if rows is None:
            continue
        events = privacy.history_of(part)._base_manager.filter(**about)
        if is_former:
            events = events.filter(pgh_obj__in=[row.pk for row in rows])
        told = timeline_of(part, events, reader)
        of_row = _names_of(part, rows) if told and model is not Inmate else {}
        for entry in told:
            entry.about = " ".join([str(part._meta.verbose_name), *of_row.get(entry.row, ())])
        entries += told
        if told:
            people |= _people_of(part, rows)
    return History(sorted(entries, key=attrgetter("at"), reverse=True), list(people.values()))


def _rows(part, about, reader, is_former):
    """Rows of a part that the reader may see; None where the whole part is none of theirs."""
    rows = part._default_manager.filter(**about)
    if hasattr(rows, "visible_to"):
        return list(rows.visible_to(reader))
    if is_former:
        return None
    return list(rows)


def _people_of(model, things):
    """`{id: person}` of whom rows of a model are about."""
    ids = {thing.pk for thing in things}
    named = Q(pk__in=[])
    for path in ABOUT_PEOPLE.get(model, ()):
        named |= Q(pk__in=model._base_manager.filter(pk__in=ids).values(path or "pk"))
    return {person.pk: person for person in Inmate.objects.filter(named)} if ids else {}


def _names_of(model, rows):
    """`{id of a row: [name of the person whom it is about]}`."""
    paths = ABOUT_PEOPLE.get(model, ())[:1]
    ids = [row.pk for row in rows]
    return {
        pk: [name]
        for path in paths
        for pk, name in model._base_manager.filter(pk__in=ids).values_list("pk", f"{path}__name")
    }


def _prison_of(thing):
    """The id of the prison whose thing it is, None of what is nobody's own."""
    return thing.pk if isinstance(thing, Facility) else getattr(thing, "facility_id", None)


def _seen(people, reader):
    return Inmate.objects.visible_to(reader).filter(pk__in=people).exists()


def _holds(people, reader):
    return any(
        person.prison_id in reader.facility_ids and may(reader, "see_people", person.prison_id)
        for person in people.values()
    )
