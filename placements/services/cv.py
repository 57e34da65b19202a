"""The CV of a person: written down in their own words, approved by them, taken away again.

What an employer reads of it is `placements.services.cv_paper`.
"""

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.refusals import AlreadyDone, NotAllowed, act
from inmates.models import Inmate
from inmates.services.people import because, need_reason
from placements.employment import CVPart
from placements.models import CurriculumVitae
from placements.services import branding, in_charge

OWN_WORDS = ("summary", "experience", "abilities", "wishes", "phone")
NOT_WRITTEN = "new"
WRITTEN = (*OWN_WORDS, "email", "shares")


@act
def write(*, inmate, language, by, shares=(), seen="", **words):
    """Write down what the person says in one language, and which parts they agree to share.

    `words` are those of OWN_WORDS and `email`. Whatever changes is to be approved anew. `seen` is
    `version_of` the text that the writer saw: written by another meanwhile is `AlreadyDone`.
    Raises `NotAllowed` with field errors for what may not go to employers.
    """
    inmate, prison = in_charge.locked(inmate, by, "record_readiness")
    content = _content(words, shares)
    row = _locked(inmate, language)
    if row and all(getattr(row, name) == value for name, value in content.items()):
        return row
    if row and seen and seen != version_of(row):
        raise AlreadyDone(
            _(
                "Sementara itu ditulis oleh %(who)s pada %(when)s. Lihat naskah itu dulu; simpan "
                "lagi bila isian ini yang benar."
            )
            % {"who": row.written_by or _("orang lain"), "when": _clock(row.written_at)}
        )
    _check(inmate, content)
    values = content | {
        "written_at": timezone.now(),
        "written_by": by,
        "approved_on": None,
        "approved_by": None,
    }
    if row is None:
        row = CurriculumVitae.objects.create(
            facility_id=prison, inmate=inmate, language=language, created_by=by, **values
        )
        row.refresh_from_db(fields=["public_id"])
        return row
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    return row


@act
def approve(*, cv, on, by, seen=""):
    """The person has read the text and approves it; `seen` is `version_of` what they read."""
    inmate, _prison = in_charge.locked(cv.inmate, by, "record_readiness")
    row = _locked(inmate, cv.language)
    if row is None:
        raise NotAllowed(_("Riwayat hidup ini sudah dihapus."))
    if seen and seen != version_of(row):
        raise AlreadyDone(
            _("Sementara itu naskahnya diubah oleh %(who)s pada %(when)s; bacakan lagi.")
            % {"who": row.written_by or _("orang lain"), "when": _clock(row.written_at)}
        )
    if row.approved_on:
        if (row.approved_on, row.approved_by_id) == (on, by.pk):
            return row
        raise AlreadyDone(
            _("Sudah disetujui pada %(day)s, dicatat oleh %(who)s.")
            % {"day": formats.date_format(row.approved_on), "who": row.approved_by or _("sistem")}
        )
    if not timezone.localdate(row.written_at) <= on <= timezone.localdate():
        told = _("Tanggal antara hari naskah ditulis dan hari ini.")
        raise NotAllowed({"on": ValidationError(told)})
    _check(inmate, {name: getattr(row, name) for name in WRITTEN}, field_errors=False)
    row.approved_on, row.approved_by = on, by
    row.save(update_fields=["approved_on", "approved_by"])
    return row


@act
def remove(*, cv, reason, by):
    """Take the text away: the person does not want it any more, or it was another's."""
    inmate, _prison = in_charge.locked(cv.inmate, by, "record_readiness")
    need_reason(reason)
    row = _locked(inmate, cv.language)
    if row is None:
        raise NotAllowed(_("Riwayat hidup ini sudah dihapus."))
    with because(reason):
        row.delete()


def version_of(cv):
    """Which text this is (None: not written yet), to be sent back with what is done to it."""
    return cv.written_at.isoformat() if cv else NOT_WRITTEN


def _content(words, shares):
    """The text as it is stored: one kind of line end, no blank lines at its ends."""
    if unknown := set(words) - set(WRITTEN):
        raise ValueError(f"a CV has no {unknown}")
    content = {
        name: "\n".join(line.strip() for line in words.get(name, "").strip().splitlines())
        for name in (*OWN_WORDS, "email")
    }
    return content | {"shares": [part.value for part in CVPart if part in shares]}


def _locked(inmate, language):
    rows = CurriculumVitae.objects.filter(
        inmate__in=Inmate.objects.records_of(inmate), language=language
    )
    return (
        rows.select_for_update(no_key=True, of=["self"])
        .select_related("inmate", "written_by", "approved_by")
        .order_by("pk")
        .last()
    )


def _check(inmate, content, *, field_errors=True):
    problems = {
        name: told for name in OWN_WORDS if (told := branding.problem_of(content[name], inmate))
    }
    if told := branding.problem_of(content["email"], inmate):
        problems["email"] = told
    if not any(content[name] for name in ("summary", "experience", "abilities")):
        problems.setdefault("summary", _("Isi sedikitnya diri, pengalaman atau keahlian."))
    if CVPart.CONTACT in content["shares"] and not (content["phone"] or content["email"]):
        problems.setdefault("phone", _("Isi kontaknya, atau jangan bagikan kontak."))
    if problems and not field_errors:
        raise NotAllowed(list(problems.values()))
    if problems:
        raise NotAllowed({name: ValidationError(told) for name, told in problems.items()})


def _clock(moment):
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
