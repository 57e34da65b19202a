"""One person's page, and the forms that write on it; who was shown is written down."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.permissions import may
from accounts.services import access
from accounts.views.pages import done, find, perform, show
from inmates.models import AptitudeAssessment, Inmate
from inmates.services import people, skills
from placements.forms import person as forms
from placements.person import Person


def detail(request, public_id):
    """All that is held on a person, for who holds them; for a prison of the past, what it did."""
    inmate = find(Inmate.objects.select_related("sentence", "merged_into"), request.user, public_id)
    if inmate.merged_into and _sees(request.user, inmate.merged_into):
        return redirect(inmate.merged_into)
    access.record(request, access.VIEW, [inmate])
    person = Person(inmate, request.user)
    return show(
        request,
        "placements/person.html",
        {
            "person": person,
            "inmate": inmate,
            "restrictions": person.restrictions_listed,
        },
    )


def correct(request, public_id):
    inmate = held(request, public_id, "import_register")
    form = forms.CorrectForm(request.POST or None, instance=inmate)
    if form.is_valid() and perform(
        form,
        people.correct,
        inmate=inmate,
        changes=form.changes(),
        reason=form.cleaned_data["reason"],
        by=request.user,
    ):
        return done(request, _("Data diri dibetulkan."), inmate)
    return ask(
        request,
        inmate,
        form,
        title=_("Betulkan data diri"),
        button=_("Simpan pembetulan"),
        lead=_(
            "Riwayat mencatat siapa, kapan, alasan dan isian yang diubah, tanpa isi lamanya. Impor "
            "register berikutnya menunjukkan perbedaannya sebelum diterapkan."
        ),
    )


def describe(request, public_id):
    inmate = held(request, public_id, "record_skills")
    person = Person(inmate, request.user)
    form = forms.SkillsForm(request.POST or None, profile=person.skills)
    if form.is_valid() and perform(
        form, skills.describe, inmate=inmate, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Keterampilan disimpan."), inmate)
    return ask(request, inmate, form, title=_("Keterampilan dan minat"), button=_("Simpan"))


def assess(request, public_id):
    inmate = held(request, public_id, "record_skills")
    form = forms.AssessmentForm(request.POST or None)
    if form.is_valid() and perform(
        form, skills.assess, inmate=inmate, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Asesmen dicatat."), inmate)
    return ask(
        request, inmate, form, title=_("Catat asesmen minat bakat"), button=_("Simpan asesmen")
    )


def correct_assessment(request, public_id):
    assessment = _assessment(request, public_id)
    form = forms.AssessmentForm(request.POST or None, assessment=assessment)
    if form.is_valid() and perform(
        form, skills.correct, assessment=assessment, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Asesmen dibetulkan."), assessment.inmate)
    return ask(
        request,
        assessment.inmate,
        form,
        title=_("Betulkan asesmen minat bakat"),
        button=_("Simpan pembetulan"),
    )


def remove_assessment(request, public_id):
    assessment = _assessment(request, public_id)
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid():
        removed = {"assessment": assessment, "by": request.user, **form.cleaned_data}
        perform(form, skills.remove, **removed)
        if not form.errors:
            return done(request, _("Asesmen dihapus."), assessment.inmate)
    return ask(
        request,
        assessment.inmate,
        form,
        title=_("Hapus asesmen minat bakat"),
        lead=_("Untuk asesmen milik orang lain atau yang tercatat dua kali."),
        button=_("Hapus asesmen"),
        is_dangerous=True,
    )


def held(request, public_id, act):
    """The person in scope, if the reader may do the act at the prison that holds them (403)."""
    inmate = find(
        Inmate.objects.select_related("prison", "merged_into__prison"), request.user, public_id
    )
    inmate = inmate.merged_into or inmate
    need_act(request, inmate, act)
    return inmate


def need_act(request, inmate, act):
    prison = (inmate.merged_into or inmate).prison_id
    if prison is None or not may(request.user, act, prison):
        raise PermissionDenied


def ask(request, inmate, form, *, title, button, lead="", is_dangerous=False, back=""):
    """The page of one form about a person; `back` leads elsewhere than to the person's page."""
    access.record(request, access.VIEW, [inmate])
    return show(
        request,
        "placements/person_form.html",
        {
            "inmate": inmate,
            "title": title,
            "explanation": lead,
            "button": button,
            "is_dangerous": is_dangerous,
            "back": back,
        },
        form=form,
    )


def _assessment(request, public_id):
    assessment = find(
        AptitudeAssessment.objects.select_related("inmate__merged_into"), request.user, public_id
    )
    need_act(request, assessment.inmate, "record_skills")
    return assessment


def _sees(user, inmate):
    return Inmate.objects.visible_to(user).filter(pk=inmate.pk).exists()
