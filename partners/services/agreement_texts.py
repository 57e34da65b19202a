"""The articles that drafts start with, and drafts made from them as versions of an agreement."""

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import roles
from accounts.permissions import require
from accounts.refusals import NotAllowed, act
from correspondence import typesetting
from correspondence.services import letter_numbers, notices
from partners.documents import articles as standard
from partners.documents import contract
from partners.models import AgreementText
from partners.services import agreement_documents, liaisons
from partners.states import AgreementKind, DocumentKind

TEMPLATE = "agreement_v1"


def create_missing(using, **kwargs):
    """After migrate: the country's articles of each kind that has none yet."""
    if using != "owner":
        return
    for kind in AgreementKind:
        AgreementText.objects.using(using).get_or_create(
            facility=None, kind=kind, defaults={"articles": standard.standard(kind)}
        )


def text_for(facility, kind):
    """The prison's own text of a kind, else the country's; None when there is neither."""
    rows = AgreementText.objects.filter(kind=kind)
    return rows.filter(facility=facility).first() or rows.filter(facility=None).first()


@act
def write(*, facility, kind, text, by):
    """The prison's own articles, as typed (`partners.documents.articles`)."""
    require(by, "edit_texts", facility.pk)
    articles = standard.parsed(text)
    problems = _problems(articles)
    if problems:
        raise NotAllowed({"text": problems})
    own, _made = AgreementText.objects.get_or_create(
        facility=facility, kind=kind, defaults={"created_by": by}
    )
    own = AgreementText.objects.select_for_update(no_key=True).get(pk=own.pk)
    if own.articles != articles:
        own.articles = articles
        own.save(update_fields=["articles"])
    return own


@act
def reset(*, facility, kind, by):
    """Do as the country does again: the prison's own text goes, its history stays."""
    require(by, "edit_texts", facility.pk)
    AgreementText.objects.filter(facility=facility, kind=kind).delete()


def suggested(agreement):
    """What the form of a draft begins with: who holds the posts today, the usual bases and plan."""
    try:
        today = timezone.localdate()
        ours = letter_numbers.holder_of(agreement.facility_id, roles.WARDEN, today)
    except NotAllowed:
        ours = {"name": "", "title": "", "acting": ""}
    return {
        "place": agreement.facility.city,
        "our_name": ours["name"],
        "our_title": f"{ours['acting']} {ours['title']}".strip(),
        "their_title": f"Kepala {agreement.agency.name}",
        "legal_bases": contract.legal_bases(),
        "plan": contract.suggested_plan(agreement),
    }


def compose(*, agreement, by, **terms):
    """The draft as PDF bytes, kept nowhere. `terms` are those of `contract.text_of`."""
    require(by, "draft_agreement", agreement.facility_id)
    text = text_for(agreement.facility, agreement.kind)
    if text is None:
        raise NotAllowed(_("Belum ada naskah baku untuk jenis perjanjian ini."))
    problems = _problems(text.articles)
    if problems:
        raise NotAllowed([_("Naskah baku perlu dibetulkan dulu."), *problems])
    values = contract.places(
        agreement,
        our_liaison=_named(notices.holders(agreement.facility_id, roles.OFFICER)),
        their_liaison=_named(row.user for row in liaisons.open_of(agreement.agency_id)),
    )
    data = contract.text_of(agreement, articles=text.articles, values=values, terms=terms)
    return typesetting.pdf(TEMPLATE, data, made_at=timezone.now())


@act
def generate(*, agreement, by, note="", **terms):
    """Compose the draft and keep it as the agreement's next version."""
    content = compose(agreement=agreement, by=by, **terms)
    name = f"{slugify(agreement.title)[:60] or 'naskah'}.pdf"
    return agreement_documents.add(
        agreement=agreement,
        kind=DocumentKind.DRAFT,
        file=ContentFile(content, name=name),
        note=note,
        by=by,
    )


def _problems(articles):
    if not articles:
        return [_("Tulis paling sedikit satu pasal.")]
    problems = []
    if not articles[0]["title"]:
        problems.append(_("Mulai dengan judul pasal: baris yang diawali “# ”."))
    problems += [
        _("Pasal “%(title)s” belum berisi.") % {"title": article["title"]}
        for article in articles
        if not article["body"].strip()
    ]
    unknown = [
        place
        for article in articles
        for place in standard.unknown_places(article["title"] + article["body"])
    ]
    if unknown:
        problems.append(
            _("Isian ini tidak dikenal: %(places)s. Yang dikenal: %(known)s.")
            % {
                "places": ", ".join(dict.fromkeys(unknown)),
                "known": ", ".join(f"{{{name}}}" for name in standard.PLACES),
            }
        )
    return problems


def _named(people):
    return ", ".join(person.name for person in people)
