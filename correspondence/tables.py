import django_tables2 as tables
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.columns import DayColumn, MomentColumn, StateColumn, Table
from correspondence import letter_kinds
from correspondence.models import Letter, Notice
from correspondence.states import NoticeState

WIDE = {"td": {"class": "wide"}}


class LetterTable(Table):
    caption = _("Surat keluar")

    subject = tables.Column(_("Perihal"), linkify=True, attrs=WIDE)
    number = tables.Column(_("Nomor"))
    kind = tables.Column(_("Jenis"))
    addressed_to = tables.Column(_("Kepada"), attrs=WIDE)
    dated = DayColumn(verbose_name=_("Tanggal"))
    sent_on = DayColumn(verbose_name=_("Dikirim"))
    state = StateColumn(verbose_name=_("Keadaan"))

    class Meta:
        model = Letter
        fields = ("subject", "number", "kind", "addressed_to", "dated", "sent_on", "state")

    def render_kind(self, value):
        return letter_kinds.label_of(value)

    def value_kind(self, value):
        return str(self.render_kind(value))


class ForeseenTable(Table):
    caption = _("Pengingat yang akan dikirim, menurut hari")

    day = DayColumn(verbose_name=_("Hari"))
    recipient = tables.Column(_("Penerima"), accessor="recipient__name")
    told_as = tables.Column(_("Sebagai"))
    label = tables.Column(_("Jenis"))
    sentence = tables.TemplateColumn(
        '<a href="{{ record.link }}">{{ record.sentence }}</a>',
        verbose_name=_("Isi"),
        attrs=WIDE,
        order_by="due",
    )
    due = DayColumn(verbose_name=_("Jatuh tempo"))
    if_unmarked = tables.Column(_("Dikirim"))
    by_mail = tables.Column(_("Surel"))

    def render_if_unmarked(self, value):
        return _("bila belum ditandai") if value else _("pasti")

    def value_sentence(self, record):
        return record.sentence

    def render_by_mail(self, value):
        return _("ya") if value else _("hanya di aplikasi")


class SentTable(Table):
    caption = _("Apa yang diberitahukan, yang terbaru dulu")

    created_at = MomentColumn(verbose_name=_("Kapan"))
    recipient = tables.Column(_("Penerima"), accessor="recipient__name")
    sentence = tables.Column(_("Isi"), attrs=WIDE, orderable=False)
    due = DayColumn(verbose_name=_("Jatuh tempo"))
    answer = tables.Column(_("Tanggapan"), empty_values=(), orderable=False)
    mail = tables.Column(_("Surel"), empty_values=(), order_by="mail__sent_at")

    class Meta:
        model = Notice
        fields = ("created_at", "recipient", "sentence", "due", "answer", "mail")
        order_by = ("-created_at",)

    def render_answer(self, record):
        if record.state != NoticeState.LIVE:
            return record.get_state_display()
        if record.acknowledged_at:
            return _("sudah diketahui")
        if record.snoozed_until:
            return _("ditunda sampai %(day)s") % {"day": formats.date_format(record.snoozed_until)}
        return _("sudah dibaca") if record.read_at else _("belum dibaca")

    def render_mail(self, record):
        mail = record.mail
        if mail is None:
            return _("tanpa surel")
        if mail.sent_at:
            return _("terkirim %(at)s") % {
                "at": formats.date_format(timezone.localtime(mail.sent_at), "d/m/Y H.i")
            }
        if mail.last_error:
            words = ngettext(
                "%(state)s, %(n)s kali dicoba: %(error)s",
                "%(state)s, %(n)s kali dicoba: %(error)s",
                mail.attempts,
            )
            return words % {
                "state": mail.get_state_display(),
                "n": mail.attempts,
                "error": mail.last_error,
            }
        return mail.get_state_display()
