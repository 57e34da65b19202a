"""What one types about reminders: put one off, a rule of the prison, the mails one wants."""

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper
from accounts.roles import HEAD, OFFICER, ROLE_LABELS, WARDEN
from correspondence import kinds, sources

STEPS = (OFFICER, HEAD, WARDEN)


class SnoozeForm(forms.Form):
    until = day(label=_("Ingatkan lagi pada"))
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=200,
        help_text=_("Tanpa nama Warga Binaan. Mis. “menunggu balasan surat Disnaker”."),
    )

    helper = helper("until", "reason")


class PolicyForm(forms.Form):
    offsets = SimpleArrayField(
        forms.IntegerField(),
        required=False,
        label=_("Berapa hari sebelum jatuh tempo"),
        help_text=_(
            "Dipisah koma, mis. 90, 30, 7, 0. Angka 0 berarti pada harinya, -1 sehari sesudahnya. "
            "Kosong: tanpa pengingat."
        ),
    )
    audience = forms.MultipleChoiceField(
        label=_("Yang diingatkan"), widget=forms.CheckboxSelectMultiple
    )
    escalate_after = forms.IntegerField(
        label=_("Teruskan ke atas sesudah (hari)"),
        required=False,
        min_value=1,
        max_value=180,
        help_text=_("Bila selama itu tidak ada petugas yang menandai “Saya tahu”. Kosong: tidak."),
    )
    escalation = forms.MultipleChoiceField(
        label=_("Urutan jabatan"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(role, ROLE_LABELS[role]) for role in STEPS],
        help_text=_("Dari bawah ke atas; jabatan yang kosong dilewati."),
    )

    helper = helper("offsets", "audience", "escalate_after", "escalation")

    def __init__(self, *args, policy=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = [
            (word, str(label)[:1].upper() + str(label)[1:])
            for word, label in sources.words().items()
        ]
        # An order that an admin wrote with other roles is kept as it is.
        others = [role for role in policy.escalation if role not in STEPS] if policy else []
        self.fields["escalation"].choices += [
            (role, ROLE_LABELS.get(role, role)) for role in others
        ]
        if policy and not self.is_bound:
            self.initial = {
                "offsets": policy.offsets,
                "audience": policy.audience,
                "escalate_after": policy.escalate_after,
                "escalation": policy.escalation,
            }

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("escalation") and not cleaned.get("escalate_after"):
            self.add_error("escalate_after", said("Isi sesudah berapa hari diteruskan."))
        return cleaned


class MailChoicesForm(forms.Form):
    """The kinds whose mails stay away."""

    silenced = forms.MultipleChoiceField(
        label=_("Jangan kirim surel tentang"), required=False, widget=forms.CheckboxSelectMultiple
    )

    helper = helper("silenced")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["silenced"].choices = [(kind.code, kind.label) for kind in kinds.silenceable()]
