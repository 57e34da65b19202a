"""What an agency answers on a referral, and what the prison writes down for it."""

from crispy_forms.layout import Column, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper
from placements.employment import DeclineReason
from placements.models import Employer
from placements.services.referral_rows import Recorded
from training.states import Channel

RECEIVE, FORWARD, INTERVIEW, ACCEPT = "receive", "forward", "interview", "accept"
DECLINE, FALL_THROUGH = "decline", "fall_through"
LABELS = {
    RECEIVE: _("Rujukan diterima Disnaker"),
    FORWARD: _("Dirujuk ke pemberi kerja"),
    INTERVIEW: _("Wawancara dijadwalkan"),
    ACCEPT: _("Pemberi kerja menerima"),
    DECLINE: _("Ditolak"),
    FALL_THROUGH: _("Tidak jadi bekerja"),
}
REASON_LENGTH = 250
NUMBER_LENGTH = 80


def _moment(**kwargs):
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(widget=widget, **kwargs)


def _number(**kwargs):
    return forms.CharField(
        label=_("Nomor surat pengantar"), max_length=NUMBER_LENGTH, required=False, **kwargs
    )


def _reasons(label, **kwargs):
    return forms.ChoiceField(label=label, choices=[("", "—"), *DeclineReason.choices], **kwargs)


def _words(label, **kwargs):
    return forms.CharField(label=label, max_length=REASON_LENGTH, **kwargs)


class EmployerForm(forms.Form):
    """Who employs: as the vacancy says where there is one, else to be chosen from `employers`."""

    employer = forms.ModelChoiceField(
        label=_("Pemberi kerja"),
        queryset=Employer.objects.none(),
        to_field_name="public_id",
        empty_label=_("— pilih —"),
    )

    def __init__(self, *args, employers, referral, **kwargs):
        super().__init__(*args, **kwargs)
        if referral.vacancy_id:
            del self.fields["employer"]
            return
        field = self.fields["employer"]
        field.queryset = employers
        field.initial = referral.employer

    @property
    def helper(self):
        return helper(*self.layout())

    def layout(self):
        return ["employer"] if "employer" in self.fields else []


class ForwardForm(EmployerForm):
    """To whom, under which letter of introduction."""

    number = _number(help_text=_("Boleh menyusul."))
    introduced_on = day(
        label=_("Tanggal surat pengantar"), required=False, initial=timezone.localdate
    )

    def layout(self):
        return [*super().layout(), Row(Column("number"), Column("introduced_on"))]


class PlainForm(forms.Form):
    """Nothing to type: it carries the refusal, when there is one."""

    helper = helper()


class InterviewForm(forms.Form):
    at = _moment(label=_("Hari dan jam wawancara"))
    helper = helper("at")


class AcceptForm(EmployerForm):
    """Which employer takes the person."""


class DeclineForm(forms.Form):
    decline_reason = _reasons(_("Sebab"))
    reason = _words(_("Keterangan"), required=False)
    helper = helper("decline_reason", "reason")


class FallThroughForm(forms.Form):
    reason = _words(_("Mengapa tidak jadi"))
    helper = helper("reason")


class ObjectForm(forms.Form):
    """To an answer that the prison wrote down for the agency."""

    objection = _words(_("Apa yang keliru"))
    helper = helper("objection")


class IntroduceForm(forms.Form):
    """Number and date of the letter of introduction that followed."""

    number = _number()
    introduced_on = day(label=_("Tanggal surat pengantar"), required=False)
    helper = helper(Row(Column("number"), Column("introduced_on")))


class RecordForm(EmployerForm):
    """An answer of the agency that came by letter, call or WhatsApp. `answers` are possible now."""

    answer = forms.ChoiceField(label=_("Jawaban"), widget=forms.RadioSelect)
    channel = forms.ChoiceField(label=_("Lewat"), choices=Channel.choices)
    said_by = forms.CharField(
        label=_("Disampaikan oleh"), max_length=120, help_text=_("Nama dan jabatan.")
    )
    number = _number()
    introduced_on = day(label=_("Tanggal surat pengantar"), required=False)
    at = _moment(label=_("Hari dan jam wawancara"), required=False)
    decline_reason = _reasons(_("Sebab ditolak"), required=False)
    reason = _words(_("Keterangan"), required=False)

    # How the answer came; what each says besides; what of it has to be there.
    HOW = ("answer", "channel", "said_by")
    SAID = {
        RECEIVE: (),
        FORWARD: ("employer", "number", "introduced_on"),
        INTERVIEW: ("at",),
        ACCEPT: ("employer",),
        DECLINE: ("decline_reason", "reason"),
        FALL_THROUGH: ("reason",),
    }
    NEEDED = {
        FORWARD: ("employer",),
        INTERVIEW: ("at",),
        ACCEPT: ("employer",),
        DECLINE: ("decline_reason",),
        FALL_THROUGH: ("reason",),
    }

    def __init__(self, *args, referral, answers, **kwargs):
        super().__init__(*args, referral=referral, **kwargs)
        if "employer" in self.fields:
            self.fields["employer"].required = False
        self.fields["answer"].choices = [
            (answer, label) for answer, label in LABELS.items() if answer in answers
        ]
        asked = {name for answer in answers for name in self.SAID[answer]}
        for name in [*self.fields]:
            if name not in (*self.HOW, *asked):
                del self.fields[name]

    def layout(self):
        rows = (
            ("answer",),
            ("channel", "said_by"),
            ("employer",),
            ("number", "introduced_on"),
            ("at",),
            ("decline_reason", "reason"),
        )
        kept = ([name for name in row if name in self.fields] for row in rows)
        return [Row(*(Column(name) for name in row)) for row in kept if row]

    def clean(self):
        cleaned = super().clean()
        for name in self.NEEDED.get(cleaned.get("answer"), ()):
            if name in self.fields and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Wajib diisi untuk jawaban ini."))
        return cleaned

    def said(self):
        """The arguments of the chosen answer."""
        names = self.SAID[self.cleaned_data["answer"]]
        return {name: self.cleaned_data[name] for name in names if name in self.fields}

    def recorded(self):
        return Recorded(channel=self.cleaned_data["channel"], said_by=self.cleaned_data["said_by"])
