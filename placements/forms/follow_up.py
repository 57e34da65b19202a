from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper
from accounts.stand_ins import asked_often
from partners.models import Agency
from partners.states import AgencyKind
from placements import asking
from placements.employment import (
    WE_CONTACT,
    ContactChannel,
    FollowUpOutcome,
    FollowUpOwner,
    PayBand,
)

EMPTY = ("", "—")
SAME_JOB = [EMPTY, ("yes", _("Ya, masih sama")), ("no", _("Tidak, pekerjaan lain"))]
TOLD = ("outcome", "channel", "done_on", "employer", "pay_band", "is_same_job", "help_needed")


def same_job(text):
    return {"yes": True, "no": False}.get(text)


class ToldForm(forms.Form):
    """What was learned. `restricted` offers, too, that somebody is detained again."""

    outcome = forms.ChoiceField(label=_("Hasil"), choices=[EMPTY, *FollowUpOutcome.choices])
    channel = forms.ChoiceField(
        label=_("Cara menghubungi"), choices=[EMPTY, *ContactChannel.choices]
    )
    done_on = day(label=_("Tanggal"), initial=timezone.localdate)
    employer = forms.CharField(
        label=_("Tempat bekerja"),
        max_length=150,
        required=False,
        help_text=_("Empat isian ini hanya bila orangnya bekerja."),
    )
    pay_band = forms.ChoiceField(label=_("Upah"), choices=[EMPTY, *PayBand.choices], required=False)
    is_same_job = forms.ChoiceField(
        label=_("Pekerjaan sama dengan kabar lalu"), choices=SAME_JOB, required=False
    )
    help_needed = forms.CharField(
        label=_("Bantuan yang diperlukan"), max_length=250, required=False
    )

    def __init__(self, *args, restricted=True, has_leave=True, vain=True, **kwargs):
        super().__init__(*args, **kwargs)
        left_out = set()
        if not restricted:
            left_out.add(asking.RESTRICTED)
        if not vain:
            left_out.add(FollowUpOutcome.NOT_REACHED)
        self.fields["outcome"].choices = _without(FollowUpOutcome, left_out)
        if not has_leave:
            self.fields["channel"].choices = _without(ContactChannel, set(WE_CONTACT))
            self.fields["channel"].help_text = _(
                "Tanpa persetujuan pemantauan hanya kabar yang dibawa PK Bapas, keluarga atau "
                "orangnya sendiri."
            )

    @property
    def helper(self):
        return helper(*self.fields)

    def clean_is_same_job(self):
        return same_job(self.cleaned_data["is_same_job"])


class RecordForm(ToldForm):
    is_last = forms.BooleanField(
        label=_("Tutup: tidak akan dicoba lagi"),
        required=False,
        help_text=_("Hanya untuk yang tidak dapat dihubungi sesudah beberapa kali dicoba."),
    )


class CorrectForm(ToldForm):
    reason = forms.CharField(label=_("Alasan pembetulan"), max_length=250)

    def __init__(self, *args, follow_up, **kwargs):
        told = {name: getattr(follow_up, name) for name in TOLD}
        told["is_same_job"] = {True: "yes", False: "no"}.get(follow_up.is_same_job, "")
        super().__init__(*args, initial=told, vain=False, **kwargs)


class NewsForm(ToldForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, vain=False, **kwargs)


class UndoForm(forms.Form):
    reason = forms.CharField(label=_("Apa yang keliru"), max_length=250)
    helper = helper("reason")


def _offices(reader):
    rows = Agency.objects.visible_to(reader).filter(kind=AgencyKind.DISNAKER)
    return rows.order_by("name")


_read_offices = asked_often(_offices)


class OwnerForm(forms.Form):
    """Who asks; agencies are the labour offices that the reader's prisons work with.

    With `form_id` its fields may stand outside of the form of that id. `agencies` are those that
    the user sees, in order of their names, where they were read already.
    """

    owner = forms.ChoiceField(label=_("Pelaksana"), choices=FollowUpOwner.choices)
    agency = forms.ModelChoiceField(
        label=_("Instansi"),
        queryset=Agency.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label="—",
        help_text=_("Hanya bila pelaksananya instansi, dan hanya dengan persetujuan orangnya."),
    )

    def __init__(self, *args, user, form_id="", agencies=None, **kwargs):
        super().__init__(*args, **kwargs)
        if form_id:
            self.auto_id = f"{form_id}_%s"
            for field in self.fields.values():
                field.widget.attrs["form"] = form_id
        self.fields["owner"].choices = [
            (code, _("Instansi (Disnaker)") if code == FollowUpOwner.AGENCY else label)
            for code, label in FollowUpOwner.choices
        ]
        field = self.fields["agency"]
        if self.is_bound:
            field.queryset = _offices(user)
        rows = _read_offices(user) if agencies is None else agencies
        offices = [row for row in rows if row.kind == AgencyKind.DISNAKER]
        field.choices = [("", field.empty_label), *((row.public_id, str(row)) for row in offices)]

    @property
    def helper(self):
        return helper(*self.fields)


class AssignForm(OwnerForm):
    contact = forms.CharField(
        label=_("Cara menghubungi orangnya"),
        max_length=150,
        required=False,
        help_text=_("Misalnya nomor telepon, atau lewat keluarga."),
    )
    with_rest = forms.BooleanField(
        label=_("Juga bulan-bulan berikutnya"), required=False, initial=True
    )

    def __init__(self, *args, follow_up, **kwargs):
        given = {
            "owner": follow_up.owner,
            "agency": follow_up.agency and follow_up.agency.public_id,
            "contact": follow_up.contact,
            "with_rest": True,
        }
        super().__init__(*args, initial=given, **kwargs)


class LinkForm(forms.Form):
    sent_to = forms.CharField(label=_("Nama PK Bapas"), max_length=150)
    address = forms.EmailField(
        label=_("Alamat e-mail"),
        required=False,
        help_text=_("Kosongkan untuk menyalin tautannya sendiri, misalnya ke WhatsApp."),
    )
    helper = helper("sent_to", "address")


class ReplyForm(ToldForm):
    """What a probation officer writes; the channel is their own."""

    name = forms.CharField(label=_("Nama Anda"), max_length=120)
    field_order = ("outcome", "done_on", "employer", "pay_band", "is_same_job", "help_needed")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["channel"]
        self.fields["done_on"].label = _("Kabar terakhir pada")
        self.fields["help_needed"].help_text = _("Jangan menulis nama orangnya.")


def _without(choices, left_out):
    return [EMPTY, *((code, label) for code, label in choices.choices if code not in left_out)]
