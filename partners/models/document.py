import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import PublicRecord, Record
from accounts.privacy import words
from accounts.reads import listed, through
from partners.querysets import AgreementDocumentQuerySet, AttachmentQuerySet
from partners.states import SHARED_DOCUMENTS, AgreementKind, DocumentKind


@pghistory.track()
class AgreementDocument(PublicRecord):
    """One version of a text of an agreement; versions are counted per kind, from 1."""

    agreement = models.ForeignKey("partners.Agreement", models.PROTECT, related_name="documents")
    kind = models.CharField(_("jenis"), max_length=10, choices=DocumentKind)
    version = models.PositiveSmallIntegerField(_("versi"))
    file = models.FileField(_("berkas"), upload_to="agreements/%Y/")
    note = models.CharField(_("keterangan"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("dikirim untuk ditelaah pada"), null=True, editable=False)
    signed_at = models.DateTimeField(
        _("ditandatangani sebagai versi ini"), null=True, editable=False
    )

    objects = AgreementDocumentQuerySet.as_manager()
    privacy = words(keep="agreement kind version file note sent_at signed_at")
    liaison_reads = through("agreement").only(f"kind IN ({listed(SHARED_DOCUMENTS)})")

    class Meta:
        verbose_name = _("naskah")
        verbose_name_plural = _("naskah")
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "kind", "version"], name="agreement_document_version_once"
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} v{self.version}"


@pghistory.track()
class Attachment(PublicRecord):
    """A file that belongs to a visit: a letter, a photo, a list of those present."""

    engagement = models.ForeignKey(
        "partners.Engagement", models.CASCADE, related_name="attachments"
    )
    name = models.CharField(_("nama berkas"), max_length=120)
    file = models.FileField(_("berkas"), upload_to="visits/%Y/%m/")

    objects = AttachmentQuerySet.as_manager()
    privacy = words(keep="engagement name file")

    class Meta:
        verbose_name = _("lampiran kunjungan")
        verbose_name_plural = _("lampiran kunjungan")
        ordering = ["id"]

    def __str__(self):
        return self.name


@pghistory.track()
class AgreementText(Record):
    """The articles that a draft of a kind of agreement starts with; the prison's own go first.

    `articles` is `[{"title": ..., "body": ...}, ...]`; a body may hold the places that
    `partners.documents` fills, such as {agency}, {starts} and {ends}.
    """

    facility = models.ForeignKey(
        "accounts.Facility",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lapas"),
    )
    kind = models.CharField(_("jenis perjanjian"), max_length=10, choices=AgreementKind)
    articles = models.JSONField(_("pasal"), default=list)

    privacy = words(keep="facility kind articles")

    class Meta:
        verbose_name = _("naskah baku perjanjian")
        verbose_name_plural = _("naskah baku perjanjian")
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "kind"], nulls_distinct=False, name="agreement_text_once"
            )
        ]

    def __str__(self):
        return self.get_kind_display()
