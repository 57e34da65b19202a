from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper
from accounts.models import Facility
from accounts.permissions import may
from inmates.register.columns import bare
from inmates.register.files import limit_sentence
from inmates.services import columns

ASK, UNREAD = "", "-"


class RegisterUploadForm(forms.Form):
    """A register file of one of the prisons where `user` may import."""

    facility = forms.ModelChoiceField(label=_("Lapas"), queryset=Facility.objects.none())
    file = forms.FileField(
        label=_("Berkas register"),
        help_text=_("Hasil “Pencarian Kompleks” dari SDP, CSV atau XLSX."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
        allow_empty_file=True,
    )
    as_of = day(
        label=_("Data per tanggal"),
        required=False,
        help_text=_("Kosongkan bila tanggalnya tertulis di judul berkas, atau bila hari ini."),
    )
    is_complete = forms.BooleanField(
        label=_("Berkas ini memuat seluruh penghuni"),
        required=False,
        help_text=_(
            "Maka orang yang tidak tercantum lagi didaftar untuk diputuskan; tidak ada yang"
            " dihapus."
        ),
    )

    def __init__(self, *args, user, too_large="", **kwargs):
        super().__init__(*args, **kwargs)
        allowed = [pk for pk in user.facility_ids if may(user, "import_register", pk)]
        prisons = Facility.objects.visible_to(user).filter(pk__in=allowed)
        self.fields["facility"].queryset = prisons
        if len(allowed) == 1:
            self.fields["facility"].initial = allowed[0]
            self.fields["facility"].required = False
            self.fields["facility"].widget = forms.HiddenInput()
        if too_large:
            self.fields["file"].error_messages["required"] = too_large
        self.fields["file"].widget.attrs |= {
            "data-most-bytes": settings.IMPORT_MAX_BYTES,
            "data-too-large": limit_sentence(),
        }
        self.helper = helper("facility", "file", "as_of", "is_complete")

    def clean_facility(self):
        prisons = self.fields["facility"].queryset
        return self.cleaned_data["facility"] or prisons.get()


class ColumnsForm(forms.Form):
    """What the columns hold that the app does not know by their headers, one choice each.

    `answers` is what `columns.explain` takes.
    """

    def __init__(self, *args, run, **kwargs):
        super().__init__(*args, **kwargs)
        report = run.report
        fields = columns.choices_for(report)
        explained = report.get("explained_columns", {})
        asked = [label for label in report.get("unknown_columns", []) if bare(label)]
        self.labels = {}
        for label in dict.fromkeys([*asked, *explained]):
            name = f"column_{len(self.labels) + 1}"
            self.labels[name] = label
            self.fields[name] = forms.ChoiceField(
                label=label,
                required=False,
                choices=[
                    (ASK, _("Belum tahu: jangan dibaca, tanyakan lagi")),
                    (UNREAD, _("Tidak dipakai: jangan dibaca, jangan ditanyakan lagi")),
                    (_("Kolom ini berisi"), fields),
                ],
                initial=explained[label] or UNREAD if label in explained else ASK,
            )
        self.helper = helper(*self.labels)

    @property
    def answers(self):
        told = {ASK: None, UNREAD: ""}
        chosen = ((label, self.cleaned_data[name]) for name, label in self.labels.items())
        return {label: told.get(choice, choice) for label, choice in chosen}
