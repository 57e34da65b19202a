"""What the report about a closed batch says: counted facts for its tables, and words to edit.

Papers are always in Indonesian, whoever asks for them.
"""

from django.utils import formats, translation

from training.states import EnrolmentState, LeaveCause
from training.teaching import CertificateKind

NOTHING = "–"
SHORT = {
    CertificateKind.TRAINING: "Pelatihan",
    CertificateKind.COMPETENCY: "Kompetensi",
    CertificateKind.PARTICIPATION: "Keterangan",
}


def subject(batch):
    return f"Laporan pelaksanaan pelatihan {batch.course.name} – {batch.name}"[:200]


def text(obstacles):
    """The words below the tables, as a letter's text is typed; whoever writes changes them."""
    lines = [line.strip(" -") for line in obstacles.splitlines() if line.strip(" -")]
    listed = "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
    return (
        "# Kendala dan saran\n\n"
        f"{listed or 'Tidak ada kendala yang berarti.'}\n\n"
        "Demikian laporan ini kami sampaikan. Mohon arahan Bapak/Ibu lebih lanjut."
    )


def report(figures):
    """The tables of the report, from `training.figures.of`."""
    with translation.override("id"):
        return {
            "facts": _facts(figures),
            "results": _results(figures),
            "participants": [_participant(outcome) for outcome in figures.outcomes],
        }


def _facts(figures):
    batch = figures.batch
    return [
        ["Program", batch.course.name],
        ["Angkatan", batch.name],
        ["Penyelenggara", batch.agency.name],
        ["Dasar", _ground(batch)],
        ["Tempat", batch.place or NOTHING],
        ["Rencana tanggal", _span(batch.starts_on, batch.ends_on)],
        ["Pelaksanaan", _span(figures.first_held, figures.last_held)],
        ["Pertemuan", f"{figures.held} terlaksana, {figures.cancelled} batal"],
        ["Jam pelajaran", f"{batch.course.jp} JP direncanakan, {figures.jp_held} JP terlaksana"],
        ["Kuota", _seats(batch)],
        ["Sumber dana", batch.get_fund_display() if batch.fund else NOTHING],
        ["Biaya", _rupiah(batch.cost)],
    ]


def _results(figures):
    by_state, papers = figures.by_state, figures.by_certificate
    left = by_state[EnrolmentState.DROPPED] + by_state[EnrolmentState.NOT_COMPLETED]
    causes = ", ".join(
        f"{LeaveCause(cause).label.lower()} {number}"
        for cause, number in sorted(figures.by_cause.items())
        if cause
    )
    percent = figures.attended_percent
    return [
        ["Peserta menurut SK", f"{len(figures.outcomes)} orang"],
        ["Menyelesaikan pelatihan", f"{by_state[EnrolmentState.COMPLETED]} orang"],
        ["Tidak menyelesaikan", f"{left} orang" + (f" ({causes})" if causes else "")],
        ["Kehadiran seluruh peserta", NOTHING if percent is None else f"{percent}% JP"],
        ["Sertifikat pelatihan", f"{papers[CertificateKind.TRAINING]} orang"],
        ["Sertifikat kompetensi", f"{papers[CertificateKind.COMPETENCY]} orang"],
        ["Surat keterangan", f"{papers[CertificateKind.PARTICIPATION]} orang"],
    ]


def _participant(outcome):
    enrolment, percent = outcome.enrolment, outcome.attended.percent
    units = [f"{outcome.competent} K"] if outcome.competent else []
    units += [f"{outcome.not_yet} BK"] if outcome.not_yet else []
    papers = [SHORT[kind] for kind in CertificateKind if kind in outcome.certificates]
    return {
        "code": enrolment.participant_code,
        "name": enrolment.inmate.name,
        "attended": NOTHING if percent is None else f"{percent}%",
        "state": str(enrolment.get_state_display()),
        "units": ", ".join(units) or NOTHING,
        "certificates": ", ".join(papers) or NOTHING,
    }


def _ground(batch):
    agreement = batch.agreement
    if agreement is None:
        return batch.exception
    numbers = " dan ".join(n for n in (agreement.our_number, agreement.their_number) if n)
    return f"{agreement.title}" + (f", Nomor {numbers}" if numbers else "")


def _seats(batch):
    extra = f" dan {batch.seats_extra} tambahan" if batch.seats_extra else ""
    return f"{batch.seats_confirmed} kursi dikonfirmasi{extra}"


def _span(first, last):
    if first is None:
        return NOTHING
    return f"{formats.date_format(first, 'j F Y')} s.d. {formats.date_format(last, 'j F Y')}"


def _rupiah(amount):
    if amount is None:
        return NOTHING
    return f"Rp{formats.number_format(amount, use_l10n=True, force_grouping=True)}"
