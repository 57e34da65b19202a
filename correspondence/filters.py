import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.filters import FilterSet, TextFilter
from accounts.roles import HEAD, WARDEN
from correspondence import kinds, letter_kinds
from correspondence.models import Letter, Notice
from correspondence.states import LetterState, MailState

# What a letter needs next: its words, and the rows of which it is true.
NEEDS = {
    "finish": (_("Diselesaikan penyusun"), lambda rows: rows.to_finish()),
    "initial": (_("Diparaf Kepala Seksi"), lambda rows: rows.to_initial()),
    "number": (_("Diberi nomor atau dikirim"), lambda rows: rows.to_number_or_send()),
    "send": (_("Dikirim"), lambda rows: rows.to_send()),
    "sign_head": (_("Ditandatangani Kepala Seksi"), lambda rows: rows.to_sign(HEAD)),
    "sign_warden": (_("Ditandatangani Kepala Lapas"), lambda rows: rows.to_sign(WARDEN)),
}


class LetterFilter(FilterSet):
    q = TextFilter(label=_("Cari nomor, perihal atau tujuan"), method="search")
    state = filters.ChoiceFilter(label=_("Keadaan"), choices=LetterState.choices)
    needs = filters.ChoiceFilter(
        label=_("Langkah berikutnya"),
        method="needing",
        choices=[(code, label) for code, (label, _rows) in NEEDS.items()],
    )
    kind = filters.ChoiceFilter(label=_("Jenis"), choices=letter_kinds.choices)
    about = filters.ChoiceFilter(
        label=_("Mengenai"),
        field_name="object_type",
        choices=[
            ("partners.agreement", _("Perjanjian")),
            ("partners.engagement", _("Kunjungan")),
            ("partners.agency", _("Instansi")),
        ],
    )
    year = filters.NumberFilter(label=_("Tahun"), field_name="year")

    class Meta:
        model = Letter
        fields = ("q", "state", "needs", "kind", "about", "year")

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(number__icontains=value)
            | Q(subject__icontains=value)
            | Q(addressed_to__icontains=value)
        )

    def needing(self, queryset, name, value):
        _label, rows = NEEDS[value]
        return rows(queryset)


class InboxForm(forms.Form):
    """One of the kinds that one's notices have; `numbers` says how many there are of each."""

    kind = forms.ChoiceField(label=_("Jenis"), required=False)

    def __init__(self, data, numbers):
        super().__init__(data)
        found = [(code, f"{kinds.get(code).label} ({count})") for code, count in numbers.items()]
        found.sort(key=lambda choice: choice[1])
        self.fields["kind"].choices = [("", _("Semua")), *found]

    @property
    def chosen(self):
        return self.cleaned_data["kind"] if self.is_valid() else ""


class SentFilter(FilterSet):
    q = TextFilter(label=_("Cari penerima"), method="search")
    kind = filters.ChoiceFilter(label=_("Jenis"), choices=kinds.choices)
    mail = filters.ChoiceFilter(
        label=_("Surel"),
        choices=[*MailState.choices, ("none", _("Tanpa surel"))],
        method="of_mail",
    )
    told_from = filters.DateFilter(
        label=_("Sejak"),
        field_name="created_at__date",
        lookup_expr="gte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = Notice
        fields = ("q", "kind", "mail", "told_from")

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(recipient__name__icontains=value) | Q(recipient__email__icontains=value)
        )

    def of_mail(self, queryset, name, value):
        return queryset.filter(mail=None) if value == "none" else queryset.filter(mail__state=value)


class _ForeseenForm(forms.Form):
    kind = forms.ChoiceField(label=_("Jenis"), required=False)
    person = forms.ChoiceField(label=_("Penerima"), required=False)
    sure = forms.ChoiceField(
        label=_("Dikirim"),
        required=False,
        choices=[
            ("", _("Semua")),
            ("yes", _("pasti")),
            ("no", _("bila belum ditandai")),
        ],
    )


class ForeseenFilter:
    """Narrows foreseen notices, which are no rows of a table: `form`, and the `rows` left."""

    def __init__(self, data, rows):
        self.form = _ForeseenForm(data)
        people = {str(row.recipient.public_id): row.recipient.name for row in rows}
        self._choose("kind", {row.kind: row.label for row in rows})
        self._choose("person", people)
        asked = self.form.cleaned_data if self.form.is_valid() else {}
        self.rows = [
            row
            for row in rows
            if asked.get("kind", "") in ("", row.kind)
            and asked.get("person", "") in ("", str(row.recipient.public_id))
            and asked.get("sure", "") in ("", "no" if row.if_unmarked else "yes")
        ]

    def _choose(self, name, labels):
        choices = sorted(labels.items(), key=lambda pair: str(pair[1]))
        self.form.fields[name].choices = [("", _("Semua")), *choices]
