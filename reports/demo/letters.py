"""Letters of the first prison, one in each state, and a draft of an agreement's text."""

from datetime import timedelta

from correspondence import letter_kinds
from correspondence.services import letters as life
from partners.documents import letters as words
from partners.models import Agreement, Engagement
from partners.services import agreement_texts, letters
from partners.states import AgreementState
from reports.demo.acting import day, did
from reports.demo.scans import scan

STEPS = ("draft", "handed_on", "initialled", "awaiting", "numbered", "signed", "sent", "void")


def write(prison, agencies, agreements):
    """From the oldest to the newest, because the app's numbers follow each other in time."""
    facility = prison.facility
    visit = Engagement.objects.filter(facility=facility).order_by("-held_on").last()
    report = words.of_engagement("visit_report", visit)
    extension = words.of_agreement("extension", agreements["disnaker"])
    addendum = words.of_agreement("addendum", agreements["lpk"])
    _letter(prison, "sent", "addendum", agreements["lpk"], addendum, dated=-40)
    _audience(prison, "void", agencies["province"], dated=-30)
    _audience(prison, "sent", agencies["company"], dated=-20)
    _letter(prison, "signed", "visit_report", visit, report, dated=-5)
    _letter(prison, "numbered", "extension", agreements["disnaker"], extension, dated=-1)
    extension = words.of_agreement("extension", agreements["lsp"])
    _letter(prison, "awaiting", "extension", agreements["lsp"], extension)
    _audience(prison, "initialled", agencies["lsp"])
    _audience(prison, "handed_on", agencies["bapas"])
    _audience(prison, "draft", agencies["disnaker"])
    in_review = Agreement.objects.filter(facility=facility, state=AgreementState.REVIEW).first()
    did(
        agreement_texts.generate,
        by=prison.staff["officer"],
        agreement=in_review,
        signed_on=None,
        their_name="",
        our_decree="",
        their_decree="",
        **agreement_texts.suggested(in_review),
    )


def _audience(prison, until, agency, dated=0):
    content = words.of_agency("audience", agency, prison.facility)
    _letter(prison, until, "audience", agency, content, dated=dated)


def _letter(prison, until, kind, about, content, dated=0):
    """A letter taken step by step as far as `until`."""
    officer, head, warden, secretariat = (
        prison.staff[role] for role in ("officer", "head", "warden", "secretariat")
    )
    known = letter_kinds.get(kind)
    letter = did(
        letters.begin,
        by=officer,
        kind=kind,
        about=about,
        facility=prison.facility,
        subject=content["subject"],
        addressed_to=content["addressed_to"],
        data={
            "text": _filled(content["text"]),
            "place": content["place"],
            "nature": content.get("nature", "Biasa"),
            "attachments": content.get("attachments", ""),
            "classification": known.classification,
            "signed_by": known.signed_by,
            "copies": [],
        },
    )
    on = day(dated)
    signer = {"warden": warden, "head": head}[known.signed_by]
    steps = [
        (life.initial, officer, {}),
        (life.initial, head, {}),
        (life.request_number, officer, {}),
        (life.give_number, secretariat, {"dated": on}),
        (life.sign, signer, {}),
        (
            life.send,
            secretariat,
            {
                "sent_on": min(on + timedelta(days=1), day()),
                "sent_how": "Diantar langsung",
                "scan": scan(content["subject"], prison.facility.name),
            },
        ),
    ]
    if until == "void":
        steps[5:] = [(life.void, secretariat, {"reason": "Salah alamat tujuan"})]
    for service, by, facts in steps[: STEPS.index(until)]:
        letter = did(service, by=by, letter=letter, **facts)


def _filled(text):
    """The text with its dots written out."""
    meeting = f"Hari, tanggal : {words.weekday(day(7))}"
    return (
        text.replace(f"Hari, tanggal : {words.TO_FILL}", meeting)
        .replace("………… WIB", "09.00 WIB")
        .replace(words.TO_FILL, "penyesuaian jadwal dan jumlah kursi pelatihan")
    )
