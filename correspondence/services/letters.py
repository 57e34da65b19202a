"""The life of a letter: konsep, paraf, nomor, tanda tangan, kirim.

A decree is numbered and signed at once by `issue`. Any other letter is drafted about an object
(an agreement, a visit), initialled, given its number, signed and sent, each by its own post.
"""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.files import checked_scan
from accounts.inserts import insert, update
from accounts.permissions import may, require
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed, act
from correspondence import letter_kinds, paragraphs
from correspondence.enqueue import after_commit
from correspondence.models import Letter
from correspondence.services import letter_numbers, letter_papers
from correspondence.services.letter_numbers import signatory_of
from correspondence.states import LETTER_TRANSITIONS, LETTER_UNNUMBERED, LetterState


@act
def issue(
    *,
    facility,
    kind,
    subject,
    template,
    data,
    signatory,
    by,
    people=(),
    dated=None,
    addressed_to="",
):
    """Number and sign a letter of the prison's own series; call it last in the issuing act.

    `template` names the Typst file with its version; it is frozen with the `data` and with whom
    the letter names (`people`). The permission is the caller's business. Raises `NotAllowed` when
    the prison has no series for the kind.
    """
    letter = Letter(
        facility=facility,
        kind=kind,
        subject=subject,
        data={**data, "template": template, "subjects": [str(p.public_id) for p in people]},
        signatory=signatory,
        addressed_to=addressed_to[:200],
        dated=dated or timezone.localdate(),
        state_by=by,
        created_by=by,
    )
    insert([letter], told=("public_id", "created_at"))
    letter_numbers.take(letter)
    _write(letter, by, state=LetterState.SIGNED, signed_at=timezone.now(), signed_by=by)
    after_commit("correspondence.render_letter", letter.pk)
    return letter


@act
def draft(*, facility, kind, subject, data, template, addressed_to, by, about=None, people=()):
    """Begin an ordinary letter; `about` is the object that it belongs to, `people` whom it names.

    `data` holds `text` (see `correspondence.paragraphs`), `place` (of the addressee), `nature`,
    `attachments`, `classification`, `copies` (a list) and `signed_by` (a role); `addressed_to` has
    a line for each of its lines. Raises `NotAllowed` with field errors.
    """
    require(by, "write_letters", facility.pk)
    letter = Letter(facility=facility, kind=kind, state_by=by, created_by=by)
    if about is not None:
        letter.object_type, letter.object_id = about._meta.label_lower, about.pk
    subjects = [str(person.public_id) for person in people]
    _fill(letter, subject, addressed_to, {**data, "template": template, "subjects": subjects})
    letter.save()
    return letter


@act
def rewrite(*, letter, subject, data, addressed_to, by, seen=""):
    """Change what a letter without a number says: a draft again, its initials are gone.

    `seen` is the `content_mark` of what the writer began with; `AlreadyDone` if it has changed.
    """
    require(by, "write_letters", letter.facility_id)
    letter = _locked(letter)
    _check_written(letter)
    _need_seen(letter, seen)
    _need_unnumbered(letter)
    _fill(letter, subject, addressed_to, {**letter.data, **data})
    return _write(
        letter,
        by,
        state=LetterState.DRAFT,
        subject=letter.subject,
        data=letter.data,
        signatory=letter.signatory,
        addressed_to=letter.addressed_to,
        initials=[],
    )


@act
def discard(*, letter, by):
    """Throw away a letter that never had a number; its history stays.

    Refused while something else needs it, such as a closed batch its report.
    """
    require(by, "write_letters", letter.facility_id)
    letter = _locked(letter)
    _check_written(letter)
    _need_unnumbered(letter)
    try:
        letter.delete()
    except ProtectedError as error:
        raise NotAllowed(
            _(
                "Surat ini bagian dari hal lain, misalnya laporan angkatan yang sudah ditutup. "
                "Batalkan dahulu di sana; suratnya ikut dibuang."
            )
        ) from error


@act
def initial(*, letter, by, seen=""):
    """Paraf. Whoever may write hands the draft on; with the head's the number may be asked for.

    `seen` is the `content_mark` of what was read; `AlreadyDone` if somebody changed it since.
    """
    if not any(may(by, name, letter.facility_id) for name in ("write_letters", "initial_letters")):
        raise Forbidden(_("Tugas ini bukan wewenang jabatan Anda."))
    letter = _locked(letter)
    is_mine = any(entry["user"] == str(by.public_id) for entry in letter.initials)
    if is_mine and letter.state in (LetterState.DRAFT, LetterState.INITIALLED):
        return letter
    if letter.state != LetterState.DRAFT:
        raise _already(letter)
    _need_seen(letter, seen)
    who = signatory_of(by, letter.facility_id)
    mine = {
        "user": str(by.public_id),
        "name": who["name"],
        "title": f"{who['acting']} {who['title']}".strip(),
        "at": timezone.now().isoformat(timespec="seconds"),
    }
    is_last = may(by, "initial_letters", letter.facility_id)
    return _write(
        letter,
        by,
        state=LetterState.INITIALLED if is_last else LetterState.DRAFT,
        initials=[*letter.initials, mine],
    )


@act
def request_number(*, letter, by):
    """Hand an initialled letter to the secretariat."""
    require(by, "write_letters", letter.facility_id)
    return _moved(_locked(letter), "request_number", by)


@act
def give_number(*, letter, dated, by, number=""):
    """Number and date the letter; from here on its content and signatory are frozen.

    An `own` series counts by itself, for a `book` series `number` is that of the register.
    Raises `NotAllowed` with field errors, `AlreadyDone` to whoever comes second.
    """
    require(by, "number_letters", letter.facility_id)
    letter = _locked(letter)
    if letter.state == LetterState.NUMBERED:
        is_same = letter.sequence is not None or letter.number == number.strip()
        if is_same and letter.dated == dated and letter.state_by_id == by.pk:
            return letter
        raise _already(letter)
    if letter.state != LetterState.AWAITING:
        raise _not_now(letter)
    if dated > timezone.localdate():
        raise NotAllowed({"dated": _("Tanggal surat di masa depan.")})
    letter.dated = dated
    role = letter.data["signed_by"]
    letter.signatory = letter_numbers.holder_of(letter.facility_id, role, dated)
    letter.data = letter_papers.frozen(letter)
    letter.state_at, letter.state_by = timezone.now(), by
    letter.save(update_fields=["dated", "signatory", "data", "state_at", "state_by"])
    letter_numbers.take(letter, typed=number)
    after_commit("correspondence.render_letter", letter.pk)
    return letter


@act
def sign(*, letter, by, scan=None):
    """Record that the letter is signed.

    By its signatory with a click, or with the scan of the paper by whoever numbers or signs.
    """
    acts = ("sign_letters", "number_letters") if scan else ("sign_letters",)
    if not any(may(by, name, letter.facility_id) for name in acts):
        raise Forbidden(_("Tugas ini bukan wewenang jabatan Anda."))
    _check_ordinary(letter)
    letter = _locked(letter)
    facts = {"signed_at": timezone.now(), "signed_by": by}
    if scan:
        facts["scan"] = _checked(scan)
    elif letter.state == LetterState.NUMBERED and letter.signatory["user"] != str(by.public_id):
        raise NotAllowed(
            _("Surat ini untuk ditandatangani %(name)s. Bila sudah, unggah pindaiannya.")
            % {"name": letter.signatory["name"]}
        )
    return _moved(letter, "sign", by, **facts)


@act
def send(*, letter, sent_on, sent_how, by, scan=None):
    """Record when and how the signed letter left; the scan of the signed paper may come along."""
    require(by, "number_letters", letter.facility_id)
    letter = _locked(letter)
    if letter.state == LetterState.SIGNED:
        if sent_on > timezone.localdate():
            raise NotAllowed({"sent_on": _("Tanggal kirim di masa depan.")})
        if sent_on < letter.dated:
            raise NotAllowed(
                {
                    "sent_on": _("Surat ini bertanggal %(day)s; dikirim sebelum itu tidak bisa.")
                    % {"day": formats.date_format(letter.dated)}
                }
            )
    facts = {"sent_on": sent_on, "sent_how": sent_how.strip()}
    return _moved(letter, "send", by, facts, **({"scan": _checked(scan)} if scan else {}))


@act
def void(*, letter, reason, by):
    """The letter is worth nothing any more; its number is never used again."""
    require(by, "number_letters", letter.facility_id)
    _check_ordinary(letter)
    reason = reason.strip()
    if not reason:
        raise NotAllowed({"reason": _("Sebutkan alasan pembatalan.")})
    return _moved(_locked(letter), "void", by, {"void_reason": reason})


@act
def annul(*, letter, reason, by):
    """As `void`, for a paper with a life of its own: the act that ends it has asked who may."""
    return _moved(_locked(letter), "void", by, {"void_reason": reason})


@act
def add_scan(*, letter, scan, by):
    """Keep the scan of the signed paper; a better one takes its place, the history names both."""
    require(by, "number_letters", letter.facility_id)
    letter = _locked(letter)
    if letter.state not in (LetterState.SIGNED, LetterState.SENT):
        raise _not_now(letter)
    letter.scan = _checked(scan)
    letter.save(update_fields=["scan"])
    return letter


def about(obj, user):
    """The letters that belong to an object which the reader may see, newest first.

    A liaison gets those that were sent to agencies.
    """
    rows = Letter.objects.about(obj)
    return rows.sent_outside() if user.is_liaison else rows.visible_to(user)


def object_of(letter):
    """What the letter is about, or None."""
    if not letter.object_type:
        return None
    return apps.get_model(letter.object_type).objects.filter(pk=letter.object_id).first()


def _fill(letter, subject, addressed_to, data):
    problems = {}
    if not subject.strip():
        problems["subject"] = _("Perihal belum diisi.")
    to = paragraphs.lines(addressed_to)
    if not to:
        problems["addressed_to"] = _("Tulis kepada siapa surat ini.")
    if not data.get("text", "").strip():
        problems["text"] = _("Isi surat belum ditulis.")
    if problems:
        raise NotAllowed(problems)
    letter.subject = subject.strip()[:200]
    letter.addressed_to = ", ".join(to)[:200]
    letter.data = {**data, "to": to}
    letter.signatory = {"role": data["signed_by"]}


def _locked(letter):
    rows = Letter.objects.select_for_update(no_key=True, of=["self"]).select_related("facility")
    found = rows.filter(pk=letter.pk).first()
    if found is None:
        raise AlreadyDone(_("Konsep surat ini sudah dibuang."))
    return found


def _moved(letter, name, by, facts=None, **more):
    """Do the act of `LETTER_TRANSITIONS` to a locked letter.

    `facts` are the content of the act: the same person with the same facts gets the letter as it
    is, anybody else learns who was faster. `more` is written with them.
    """
    facts = facts or {}
    moves = [move for move in LETTER_TRANSITIONS if move.act == name]
    if letter.state == moves[0].end:
        same = all(getattr(letter, field) == value for field, value in facts.items())
        if same and letter.state_by_id == by.pk:
            return letter
        raise _already(letter)
    if letter.state not in {move.start for move in moves}:
        raise _not_now(letter)
    return _write(letter, by, state=moves[0].end, **facts, **more)


def _write(letter, by, **fields):
    fields |= {"state_at": timezone.now(), "state_by": by}
    for field, value in fields.items():
        setattr(letter, field, value)
    update(letter, *fields)
    return letter


def _need_unnumbered(letter):
    if letter.state not in LETTER_UNNUMBERED:
        raise NotAllowed(
            _("Surat ini sudah bernomor %(number)s; isinya tidak bisa diubah lagi.")
            % {"number": letter.number}
        )


def _check_ordinary(letter):
    if letter_kinds.get(letter.kind) is None:
        raise NotAllowed(_("Surat ini diurus di halaman asalnya, tidak di sini."))


def _check_written(letter):
    known = letter_kinds.get(letter.kind)
    if known is None or not known.is_written:
        raise NotAllowed(_("Isi surat ini berasal dari halaman asalnya dan tidak diubah di sini."))


def _checked(scan):
    try:
        checked_scan(scan)
    except ValidationError as error:
        raise NotAllowed({"scan": error}) from error
    return scan


def _not_now(letter):
    return NotAllowed(
        _("Tidak bisa: keadaan surat ini %(state)s.")
        % {"state": letter.get_state_display().lower()}
    )


def _need_seen(letter, seen):
    if seen and seen != letter.content_mark:
        raise AlreadyDone(
            _("Isi surat ini sudah diubah oleh %(who)s sesudah Anda membukanya; baca lagi dulu.")
            % {"who": letter.state_by or _("sistem")}
        )


def _already(letter):
    return AlreadyDone(
        _("Surat ini sudah %(state)s: dicatat oleh %(who)s pada %(when)s.")
        % {
            "state": letter.get_state_display().lower(),
            "who": letter.state_by or _("sistem"),
            "when": formats.date_format(
                timezone.localtime(letter.state_at), "SHORT_DATETIME_FORMAT"
            ),
        }
    )
