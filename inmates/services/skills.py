"""What a person can and wants, and what an assessment of it found (field notes 4.4, step 1)."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import NotAllowed, act
from inmates.models import AptitudeAssessment, SkillProfile
from inmates.rules import tidy
from inmates.services.people import because, held, need_reason

SCORES = range(101)


@act
def describe(*, inmate, by, interests=(), languages=(), earlier_work="", note=""):
    """Write down interests (names of trades), languages, earlier work: one profile a person.

    It replaces what stood there; the same again changes nothing.
    """
    inmate = held(inmate, by, "record_skills")
    said = {
        "interests": _names("interests", interests),
        "languages": _names("languages", languages),
        "earlier_work": earlier_work.strip(),
        "note": tidy(note),
    }
    profile = SkillProfile.objects.filter(inmate=inmate).first()
    if profile is None:
        return SkillProfile.objects.create(inmate=inmate, created_by=by, **said)
    changed = [name for name, value in said.items() if getattr(profile, name) != value]
    if changed:
        for name in changed:
            setattr(profile, name, said[name])
        profile.save(update_fields=changed)
    return profile


@act
def assess(*, inmate, assessed_on, assessor, by, scores=None, recommended=(), recommendation=""):
    """Record an assessment of interest and aptitude.

    `scores` maps what was assessed to 0..100, `recommended` names trades. Raises `NotAllowed`
    with field errors. The same assessment by the same person is returned.
    """
    inmate = held(inmate, by, "record_skills")
    found = _found(assessed_on, assessor, scores or {}, recommended, recommendation)
    known = AptitudeAssessment.objects.filter(inmate=inmate, created_by=by, **found).first()
    if known:
        return known
    return AptitudeAssessment.objects.create(
        inmate=inmate, facility_id=inmate.prison_id, created_by=by, **found
    )


@act
def correct(
    *,
    assessment,
    assessed_on,
    assessor,
    reason,
    by,
    scores=None,
    recommended=(),
    recommendation="",
):
    """Put right an assessment that was written down wrongly; the history keeps the reason."""
    held(assessment.inmate, by, "record_skills")
    assessment = _locked(assessment)
    found = _found(assessed_on, assessor, scores or {}, recommended, recommendation)
    changed = [name for name, value in found.items() if getattr(assessment, name) != value]
    if not changed:
        return assessment
    need_reason(reason)
    for name in changed:
        setattr(assessment, name, found[name])
    with because(reason):
        assessment.save(update_fields=changed)
    return assessment


@act
def remove(*, assessment, reason, by):
    """Take away an assessment of somebody else, or one written down twice."""
    held(assessment.inmate, by, "record_skills")
    need_reason(reason)
    with because(reason):
        _locked(assessment).delete()


def _locked(assessment):
    found = (
        AptitudeAssessment.objects.select_for_update(no_key=True, of=["self"])
        .filter(pk=assessment.pk)
        .first()
    )
    if found is None:
        raise NotAllowed(_("Asesmen ini sudah dihapus."))
    return found


def _found(assessed_on, assessor, scores, recommended, recommendation):
    problems = {}
    assessor, recommendation = tidy(assessor), tidy(recommendation)
    if assessed_on > timezone.localdate():
        problems["assessed_on"] = ValidationError(_("Tanggal asesmen belum lewat."))
    if not assessor:
        problems["assessor"] = ValidationError(_("Sebutkan siapa yang menilai."))
    scores = {tidy(name): value for name, value in scores.items() if tidy(name)}
    wrong = [name for name, value in scores.items() if value not in SCORES]
    if wrong:
        problems["scores"] = ValidationError(
            _("Nilai harus bilangan 0 sampai 100: %(names)s.") % {"names": ", ".join(wrong)}
        )
    if not (scores or recommended or recommendation):
        problems["recommendation"] = ValidationError(
            _("Isi paling sedikit satu nilai, kejuruan yang disarankan, atau saran.")
        )
    if problems:
        raise NotAllowed(problems)
    return {
        "assessed_on": assessed_on,
        "assessor": assessor,
        "scores": scores,
        "recommended": _names("recommended", recommended, AptitudeAssessment),
        "recommendation": recommendation,
    }


def _names(field, names, model=SkillProfile):
    """The names tidied, each once; `NotAllowed` for one that is too long."""
    names = list(dict.fromkeys(filter(None, map(tidy, names))))
    most = model._meta.get_field(field).base_field.max_length
    long = [name for name in names if len(name) > most]
    if long:
        raise NotAllowed(
            {
                field: ValidationError(
                    _("Terlalu panjang (paling banyak %(most)d huruf): %(name)s")
                    % {"most": most, "name": long[0]}
                )
            }
        )
    return names
