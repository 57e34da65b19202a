"""What partners have to tell: visits, promises kept, agreements step by step, letters."""

from django.db.models import Count, F, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from correspondence.models import Letter
from partners import rules, story
from partners.models import ActionItem, Agreement, Engagement, Extension, Review
from partners.states import SIGNED_ONCE, AgreementState
from partners.story import Chapter, Event, Step

History = Agreement.pgh_event_model
# Steps before the signing are told from history; those after it have dates of their own.
TOLD_STATES = {
    AgreementState.EXPLORING: gettext_lazy("Penjajakan perjanjian dimulai"),
    AgreementState.DRAFT: gettext_lazy("Naskah perjanjian disusun"),
    AgreementState.REVIEW: gettext_lazy("Naskah dikirim untuk ditelaah"),
    AgreementState.READY: gettext_lazy("Naskah siap ditandatangani"),
    AgreementState.CANCELLED: gettext_lazy("Penyusunan perjanjian dibatalkan"),
}
EARLY = (AgreementState.EXPLORING, AgreementState.DRAFT)


def _engagements(agency, user):
    return Engagement.objects.visible_to(user).filter(agency=agency)


def _agreements(agency, user):
    return Agreement.objects.visible_to(user).filter(agency=agency)


def _kept(agency, user):
    return ActionItem.objects.visible_to(user).filter(agency=agency, done_at__isnull=False)


def _drafting(agency, user):
    """History rows in which an agreement came into a state before its signing."""
    before = (
        History.objects.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id"))
        .order_by("-pgh_id")
        .values("state")[:1]
    )
    rows = History.objects.filter(
        pgh_obj__in=_agreements(agency, user).values("pk"),
        entered_afterwards=False,
        state__in=TOLD_STATES,
    )
    if user.is_liaison:
        rows = rows.exclude(state__in=EARLY)
    rows = rows.annotate(before=Subquery(before))
    return rows.filter(Q(before=None) | ~Q(before=F("state")))


def _signed(agency, user):
    return _agreements(agency, user).filter(state__in=SIGNED_ONCE)


def _terminated(agency, user):
    return _agreements(agency, user).filter(
        state=AgreementState.TERMINATED, terminated_on__lte=timezone.localdate()
    )


def _ended(agency, user):
    return _agreements(agency, user).filter(
        state=AgreementState.SIGNED, ends_on__lt=timezone.localdate()
    )


def _of_agreements(model):
    def rows(agency, user):
        return model.objects.filter(agreement__in=_signed(agency, user).values("pk"))

    return rows


def _letters(agency, user):
    """Letters that left the prison, about the agency, its agreements or the visits to it."""
    about = Q(object_type=agency._meta.label_lower, object_id=agency.pk)
    for rows in (_agreements(agency, user), _engagements(agency, user)):
        about |= Q(object_type=rows.model._meta.label_lower, object_id__in=rows.values("pk"))
    return Letter.objects.visible_to(user).filter(about, dated__isnull=False, void_reason="")


def _tell_visit(row):
    return Event(
        what=row.get_kind_display(), about=row.purpose, url=row.get_absolute_url(), note=row.result
    )


def _tell_kept(row):
    return Event(
        what=_("Tindak lanjut selesai"),
        about=row.what,
        url=row.engagement.get_absolute_url(),
        tone="good",
    )


def _tell_drafting(row):
    tone = "bad" if row.state == AgreementState.CANCELLED else "quiet"
    agreement = row.pgh_obj
    return Event(
        what=str(TOLD_STATES[row.state]),
        about=agreement.title,
        url=agreement.get_absolute_url(),
        tone=tone,
    )


def _tell_signed(row):
    note = _("Berlaku %(starts)s sampai %(ends)s.") % {
        "starts": formats.date_format(row.starts_on),
        "ends": formats.date_format(row.ends_on),
    }
    if row.renews:
        note += " " + _("Melanjutkan “%(title)s”.") % {"title": row.renews.title}
    what = _("Perjanjian dilanjutkan") if row.renews else _("Perjanjian ditandatangani")
    return Event(what=what, about=row.title, url=row.get_absolute_url(), note=note, tone="good")


def _tell_terminated(row):
    return Event(
        what=_("Perjanjian dihentikan"),
        about=row.title,
        url=row.get_absolute_url(),
        note=row.reason,
        tone="bad",
    )


def _tell_ended(row):
    return Event(what=_("Perjanjian berakhir"), about=row.title, url=row.get_absolute_url())


def _tell_extended(row):
    moved = _("%(old)s menjadi %(new)s") % {
        "old": formats.date_format(row.old_end),
        "new": formats.date_format(row.new_end),
    }
    what, tone = _("Perjanjian diperpanjang"), "good"
    if row.voided_at:
        what, tone = _("Perjanjian diperpanjang (kemudian dibatalkan)"), "quiet"
    return Event(
        what=what,
        about=row.agreement.title,
        url=row.agreement.get_absolute_url(),
        note=moved,
        tone=tone,
    )


def _tell_review(row):
    return Event(
        what=_("Monev"),
        about=row.agreement.title,
        url=row.agreement.get_absolute_url(),
        note=row.result,
    )


def _tell_letter(row):
    return Event(
        what=_("Surat %(number)s") % {"number": row.number},
        about=row.subject,
        url=row.get_absolute_url(),
    )


story.register(
    Chapter(
        kind="visit",
        of_prison=True,
        order=1,
        label=gettext_lazy("Kunjungan"),
        steps=(Step(code="visit", rows=_engagements, day=F("held_on"), tell=_tell_visit),),
    )
)
story.register(
    Chapter(
        kind="promise",
        of_prison=True,
        order=2,
        label=gettext_lazy("Tindak lanjut"),
        steps=(
            Step(
                code="kept",
                rows=_kept,
                day=TruncDate("done_at"),
                tell=_tell_kept,
                related=("engagement",),
            ),
        ),
    )
)
story.register(
    Chapter(
        kind="agreement",
        order=3,
        label=gettext_lazy("Perjanjian"),
        steps=(
            Step(
                code="drafting",
                rows=_drafting,
                day=TruncDate("pgh_created_at"),
                tell=_tell_drafting,
                related=("pgh_obj",),
            ),
            Step(
                code="signed",
                rows=_signed,
                day=F("signed_on"),
                tell=_tell_signed,
                related=("renews",),
            ),
            Step(
                code="extended",
                rows=_of_agreements(Extension),
                day=F("signed_on"),
                tell=_tell_extended,
                related=("agreement",),
            ),
            Step(
                code="monev",
                rows=_of_agreements(Review),
                day=F("held_on"),
                tell=_tell_review,
                related=("agreement",),
            ),
            Step(
                code="terminated", rows=_terminated, day=F("terminated_on"), tell=_tell_terminated
            ),
            Step(code="ended", rows=_ended, day=F("ends_on"), tell=_tell_ended),
        ),
    )
)
story.register(
    Chapter(
        kind="letter",
        of_prison=True,
        order=6,
        label=gettext_lazy("Surat"),
        steps=(
            Step(
                code="letter",
                rows=_letters,
                day=Coalesce("sent_on", "dated"),
                tell=_tell_letter,
            ),
        ),
    )
)


@story.fact(order=1)
def since_when(agency, user):
    """Since when there is a relationship, and when the two last met."""
    met = _engagements(agency, user).aggregate(
        first=Min("held_on"), last=Max("held_on"), number=Count("pk")
    )
    signed = _signed(agency, user).aggregate(first=Min("signed_on"))["first"]
    days = [day for day in (met["first"], signed) if day]
    if not days:
        return "" if user.is_liaison else _("Belum ada kunjungan atau perjanjian yang tercatat.")
    said = _("Bermitra sejak %(day)s.") % {"day": formats.date_format(min(days))}
    if met["number"]:
        said += " " + ngettext(
            "%(number)d kunjungan atau pertemuan tercatat, terakhir %(day)s.",
            "%(number)d kunjungan atau pertemuan tercatat, terakhir %(day)s.",
            met["number"],
        ) % {"number": met["number"], "day": formats.date_format(met["last"])}
    return said


@story.fact(order=2)
def in_force_until(agency, user):
    """Which agreements hold, and the first day that one of them is missed."""
    standing = sorted(_agreements(agency, user).in_force(), key=rules.last_day)
    if standing:
        first = standing[0]
        return ngettext(
            "%(number)d perjanjian berlaku; “%(title)s” berlaku sampai %(day)s.",
            "%(number)d perjanjian berlaku; yang berakhir paling dulu “%(title)s”, %(day)s.",
            len(standing),
        ) % {
            "number": len(standing),
            "title": first.title,
            "day": formats.date_format(rules.last_day(first)),
        }
    ended = _signed(agency, user).filter(starts_on__lte=timezone.localdate())
    last = max((rules.last_day(row) for row in ended), default=None)
    if last is None:
        return _("Belum ada perjanjian yang berlaku.")
    return _("Tidak ada perjanjian yang berlaku; yang terakhir berakhir %(day)s.") % {
        "day": formats.date_format(last)
    }


@story.waits
def promises_and_drafts(agency, user):
    today = timezone.localdate()
    open_items = ActionItem.objects.visible_to(user).filter(agency=agency).open()
    count = open_items.aggregate(number=Count("pk"), late=Count("pk", filter=Q(due__lt=today)))
    ours, theirs = [], []
    if count["number"]:
        words = ngettext(
            "%(number)d tindak lanjut", "%(number)d tindak lanjut", count["number"]
        ) % {"number": count["number"]}
        if count["late"]:
            words += " " + _("(%(late)d lewat batas)") % {"late": count["late"]}
        ours.append(words)
    states = dict(
        _agreements(agency, user)
        .filter(state__in=[AgreementState.READY, AgreementState.REVIEW])
        .order_by()
        .values_list("state")
        .annotate(number=Count("pk"))
    )
    if number := states.get(AgreementState.READY):
        words = ngettext(
            "%(number)d perjanjian siap ditandatangani",
            "%(number)d perjanjian siap ditandatangani",
            number,
        )
        ours.append(words % {"number": number})
    if number := states.get(AgreementState.REVIEW):
        words = ngettext(
            "%(number)d naskah perjanjian untuk ditelaah",
            "%(number)d naskah perjanjian untuk ditelaah",
            number,
        )
        theirs.append(words % {"number": number})
    return ours, theirs
