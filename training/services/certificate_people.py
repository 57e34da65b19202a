"""Whom the rows of a whole prison's sheet mean: by key or register number, checked by the name."""

import re

from django.utils.translation import gettext as _

from inmates.models import Custody, Inmate
from inmates.rules import search_name
from inmates.rules.cells import person_key_of
from training.services.certificate_lines import SKIP
from training.sheet import matching


class People:
    """Those whom the rows name by a number, of those who are or were at the prison.

    Two queries for any number of rows. A merged record leads to the person it stands for.
    """

    def __init__(self, facility, rows):
        keys = {_key(values) for values in rows} - {""}
        numbers = {_bare(values) for values in rows} - {""}
        here = Inmate.objects.been_at([facility.pk]).select_related("merged_into")
        self.by_key = {row.person_key: _root(row) for row in here.filter(person_key__in=keys)}
        self.by_number = {}
        stays = Custody.objects.filter(facility=facility, register_bare__in=numbers)
        for stay in stays.select_related("inmate__merged_into"):
            self.by_number.setdefault(stay.register_bare, {})[_root(stay.inmate)] = None

    def find(self, line, answer):
        """Set whom the line means, how sure that is, and what contradicts it."""
        values, problems = line.row.values, line.row.problems
        key, number, name = _key(values), _bare(values), values["name"]
        keyed = self.by_key.get(key)
        numbered = list(self.by_number.get(number, ()))
        line.near = list(dict.fromkeys([*([keyed] if keyed else []), *numbered]))
        if answer == SKIP:
            line.answer = answer
            return
        chosen = next((each for each in line.near if str(each.public_id) == answer), None)
        if chosen:
            line.answer, line.person = answer, chosen
            return
        if not line.near:
            if key or number:
                field = "key" if key else "register_number"
                problems.setdefault(field, _("Nomor ini tidak ada di lapas ini."))
            return
        if key and not keyed:
            line.row.remarks.append(
                _("Nomor Induk %(key)s tidak ada di lapas ini.") % {"key": values["key"]}
            )
        alike = [each for each in line.near if _is_named(each, name)]
        if len(alike) == 1:
            line.person = alike[0]
            agrees = line.near == alike and (keyed or not key)
            line.sureness = matching.SURE if agrees else matching.LIKELY
            if search_name(line.person.name) != search_name(name or ""):
                line.row.remarks.append(_named_in_register([line.person]))
        else:
            line.sureness = matching.UNCLEAR
            line.row.remarks.append(_named_in_register(line.near))


def _is_named(person, name):
    return matching.are_alike(name, person.name) or any(
        matching.are_alike(name, alias) for alias in re.split(r"[,;/]", person.aliases) if alias
    )


def _named_in_register(people):
    names = "; ".join(person.name for person in people)
    return _("Di register: %(names)s.") % {"names": names}


def _root(inmate):
    return inmate.merged_into or inmate


def _key(values):
    return person_key_of(values["key"] or "")


def _bare(values):
    return re.sub(r"[^a-z0-9]+", "", (values["register_number"] or "").lower())
