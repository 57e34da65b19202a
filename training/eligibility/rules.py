"""One pure function a rule: it takes `Facts` and `Terms` and gives a `Result`, whose sentences are
as they stand here and are translated when they are read: a page judges some three hundred times.

A new rule is one function here, in `RULES`, and its SQL in `training.ranking`; a property test
keeps the two equal. Whatever it needs to know is gathered by `training.services.eligible`.
"""

from dataclasses import replace

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from inmates.rules import age_on
from inmates.states import DocumentKind, RestrictionKind
from training.eligibility.results import Outcome, Result

PASS, WARN, FAIL, NO_DATA = Outcome.PASS, Outcome.WARN, Outcome.FAIL, Outcome.NO_DATA
REMARKS = WARN, NO_DATA
DOCUMENT_KINDS = tuple(DocumentKind.values)
SDP = _("Register SDP")
SDP_AS_OF = _("SDP per %(as_of)s")
EXPECTED = _("Perkiraan dari SDP per %(as_of)s: %(basis)s")
TRAINING = _("Data pelatihan")
COURSE = _("Syarat program")
DOCUMENTS = _("Dokumen yang dilihat petugas")
CLINIC = _("Klinik")
REGISTER_F = _("Register F")
REGISTER_OF_DATA = _("Permintaan pemilik data")


def register(facts, terms):
    """Only sentenced people (register B) are trained; a detainee is presumed innocent."""
    places = {"class": facts.register_class}
    if not facts.register_class:
        sentence = _("Golongan registrasi tidak diketahui; lengkapi dari SDP.")
        return Result("register", FAIL, sentence, SDP, places)
    if facts.register_class.startswith("B"):
        return Result("register", PASS, _("Narapidana (%(class)s)."), SDP, places)
    sentence = _("Masih tahanan (%(class)s); hanya register B yang dilatih.")
    return Result("register", FAIL, sentence, SDP, places)


def custody(facts, terms):
    if facts.is_merged:
        sentence = _("Data ini sudah digabungkan; pilih data utamanya.")
        return Result("custody", FAIL, sentence, SDP)
    if facts.limited_since is not None:
        sentence = _("Pemrosesan data orang ini dibatasi atas permintaannya sejak %(since)s.")
        return Result("custody", FAIL, sentence, REGISTER_OF_DATA, {"since": facts.limited_since})
    if facts.facility_id == terms.facility_id:
        return Result("custody", PASS, _("Berada di lapas ini."), SDP)
    return Result("custody", FAIL, _("Tidak lagi tercatat di lapas ini."), SDP)


def discipline(facts, terms):
    """Not in Register F, now or within the months that the course looks back."""
    since, until = facts.restrictions.get(RestrictionKind.DISCIPLINE), facts.disciplined_until
    if since is not None:
        sentence = _("Tercatat di Register F sejak %(since)s.")
        return Result("discipline", FAIL, sentence, REGISTER_F, {"since": since})
    if terms.discipline_free_months and until is not None and until >= terms.disciplined_since:
        sentence = _("Tercatat di Register F sampai %(until)s; diminta bersih %(months)s bulan.")
        places = {"until": until, "months": terms.discipline_free_months}
        return Result("discipline", FAIL, sentence, REGISTER_F, places)
    return Result("discipline", PASS, _("Tidak ada catatan Register F."), REGISTER_F)


def security(facts, terms):
    since, source = facts.restrictions.get(RestrictionKind.SECURITY), _("Kesatuan Pengamanan")
    if since is None:
        return Result("security", PASS, _("Tidak ada keberatan keamanan."), source)
    sentence = _("Keberatan keamanan sejak %(since)s.")
    return Result("security", FAIL, sentence, source, {"since": since})


def fitness(facts, terms):
    """Not called unfit; where the course asks for it, seen by the clinic not too long ago."""
    unfit = facts.restrictions.get(RestrictionKind.UNFIT)
    seen = facts.restrictions.get(RestrictionKind.FIT)
    if unfit is not None:
        sentence = _("Belum laik kesehatan sejak %(since)s.")
        return Result("fitness", FAIL, sentence, CLINIC, {"since": unfit})
    if terms.fitness_within_months is None:
        sentence = _("Tidak ada catatan belum laik kesehatan.")
        return Result("fitness", PASS, sentence, CLINIC)
    if seen is not None and seen >= terms.fit_since:
        return Result("fitness", PASS, _("Laik kesehatan pada %(day)s."), CLINIC, {"day": seen})
    sentence = _("Belum ada pemeriksaan klinik dalam %(months)s bulan terakhir.")
    return Result("fitness", NO_DATA, sentence, CLINIC, {"months": terms.fitness_within_months})


def clash(facts, terms):
    """Nobody takes part in two batches on the same day; a second candidature is only a warning."""
    for span in facts.enrolled_in:
        if _overlaps(span, terms):
            sentence = _("Peserta %(batch)s, %(starts)s s.d. %(ends)s.")
            if not span.name:
                sentence = _("Peserta angkatan di lapas lain, %(starts)s s.d. %(ends)s.")
            return Result("clash", FAIL, sentence, TRAINING, _places(span))
    for span in facts.proposed_for:
        if _overlaps(span, terms):
            sentence = _("Juga diusulkan untuk %(batch)s, %(starts)s s.d. %(ends)s.")
            if not span.name:
                sentence = _("Juga diusulkan di lapas lain, %(starts)s s.d. %(ends)s.")
            return Result("clash", WARN, sentence, TRAINING, _places(span))
    return Result("clash", PASS, _("Tidak bentrok dengan angkatan lain."), TRAINING)


def one_third(facts, terms):
    """A third of the sentence is served when the training starts."""
    places = {"day": facts.one_third, "as_of": facts.as_of}
    if not terms.needs_one_third:
        return Result("one_third", PASS, _("Program ini tidak meminta 1/3 pidana."), COURSE)
    if facts.one_third is None:
        return Result("one_third", NO_DATA, _("Tanggal 1/3 masa pidana tidak ada."), SDP, places)
    if facts.one_third <= terms.starts_on:
        return Result("one_third", PASS, _("1/3 masa pidana pada %(day)s."), SDP_AS_OF, places)
    sentence = _("1/3 masa pidana baru pada %(day)s, sesudah pelatihan mulai.")
    return Result("one_third", FAIL, sentence, SDP_AS_OF, places)


def remaining_term(facts, terms):
    """The person is still here when the training ends, with some days to spare."""
    return _stays("remaining_term", facts, terms.needed_until)


def long_term(facts, terms):
    """Production work: so many months are left when it begins."""
    if terms.stays_until is None:
        sentence = _("Program ini tidak meminta sisa pidana panjang.")
        return Result("long_term", PASS, sentence, COURSE)
    return _stays("long_term", facts, terms.stays_until)


def release_window(facts, terms):
    """Training for release: the expected release comes not too long after the end."""
    if terms.latest_release is None:
        sentence = _("Program ini tidak membatasi tanggal bebas.")
        return Result("release_window", PASS, sentence, COURSE)
    places = _expectation(facts) | {"latest": terms.latest_release}
    if facts.expected is None:
        sentence = _("Perkiraan bebas tidak diketahui.")
        return Result("release_window", NO_DATA, sentence, SDP, places)
    if facts.expected > terms.latest_release:
        sentence = _("Perkiraan bebas baru %(day)s; paling lambat %(latest)s.")
        return Result("release_window", FAIL, sentence, EXPECTED, places)
    sentence = _("Perkiraan bebas %(day)s, tidak terlalu lama sesudah pelatihan.")
    return Result("release_window", PASS, sentence, EXPECTED, places)


def age(facts, terms):
    """Within the course's age limits on the first day; both limits count."""
    if terms.minimum_age is None and terms.maximum_age is None:
        return Result("age", PASS, _("Program ini tidak membatasi usia."), COURSE)
    if facts.birth_date is None:
        return Result("age", NO_DATA, _("Tanggal lahir tidak ada."), SDP)
    years = age_on(facts.birth_date, terms.starts_on)
    places = {"age": years, "youngest": terms.minimum_age, "oldest": terms.maximum_age}
    if terms.born_by is not None and facts.birth_date > terms.born_by:
        sentence = _("Usia %(age)s tahun, paling muda %(youngest)s.")
        return Result("age", FAIL, sentence, SDP, places)
    if terms.born_after is not None and facts.birth_date <= terms.born_after:
        sentence = _("Usia %(age)s tahun, paling tua %(oldest)s.")
        return Result("age", FAIL, sentence, SDP, places)
    return Result("age", PASS, _("Usia %(age)s tahun."), SDP, places)


def trained_before(facts, terms):
    """Who completed this course lately leaves the seat to others."""
    latest = max(facts.completed, key=lambda span: span.ends_on, default=None)
    if latest is None:
        sentence = _("Belum pernah menyelesaikan program ini.")
        return Result("trained_before", PASS, sentence, TRAINING)
    places = _places(latest) | {"months": terms.retrain_after_months}
    if latest.ends_on > terms.trained_since:
        sentence = _("Menyelesaikan program ini %(ends)s; boleh lagi sesudah %(months)s bulan.")
        return Result("trained_before", FAIL, sentence, TRAINING, places)
    sentence = _("Menyelesaikan program ini %(ends)s; sudah boleh lagi.")
    return Result("trained_before", PASS, sentence, TRAINING, places)


def documents(facts, terms):
    """The papers that the course asks for; a NIK in the register counts as identity."""
    if not terms.documents:
        return Result("documents", PASS, _("Program ini tidak meminta dokumen."), COURSE)
    missing = [kind for kind in DOCUMENT_KINDS if kind in terms.documents]
    missing = tuple(kind for kind in missing if kind not in facts.documents)
    if missing:
        sentence = _("Belum ada: %(missing)s.")
        return Result("documents", FAIL, sentence, DOCUMENTS, {"missing": missing})
    return Result("documents", PASS, _("Dokumen lengkap."), DOCUMENTS)


def residency(facts, terms):
    """Part of the seats is kept for people of the city; the rest is open to all."""
    places = {"city": terms.city, "percent": terms.resident_percent, "open": terms.open_seats}
    if terms.open_seats is None:
        sentence = _("Program ini tidak menyisihkan kursi untuk warga kota.")
        return Result("residency", PASS, sentence, COURSE)
    if facts.is_resident:
        return Result("residency", PASS, _("Warga %(city)s."), SDP, places)
    if facts.is_resident is None:
        return Result("residency", NO_DATA, _("Kota asal tidak diketahui."), SDP, places)
    if terms.open_seats > 0:
        sentence = _("Bukan warga %(city)s; kursi terbuka masih %(open)s.")
        return Result("residency", PASS, sentence, SDP, places)
    sentence = _("Bukan warga %(city)s; kursi yang tersisa untuk warga kota (%(percent)s%%).")
    return Result("residency", FAIL, sentence, SDP, places)


RULES = (
    register,
    custody,
    discipline,
    security,
    fitness,
    clash,
    one_third,
    remaining_term,
    release_window,
    long_term,
    age,
    trained_before,
    documents,
    residency,
)
# No reason lifts these, and no course softens them: the decree itself would be refused.
NEVER_OVERRIDDEN = frozenset({"register", "custody", "clash"})
# Asked again when the warden issues the decree: what can change between hearing and decree.
ASKED_AGAIN = NEVER_OVERRIDDEN | {"discipline", "security", "fitness"}
# Rules that a course may soften, with their names for its page.
SOFTENED = {
    "discipline": gettext_lazy("Register F"),
    "security": gettext_lazy("Keberatan keamanan"),
    "fitness": gettext_lazy("Laik kesehatan"),
    "one_third": gettext_lazy("1/3 masa pidana"),
    "remaining_term": gettext_lazy("Masih di lapas sampai pelatihan selesai"),
    "release_window": gettext_lazy("Bebas tidak terlalu lama sesudah pelatihan"),
    "long_term": gettext_lazy("Sisa pidana cukup panjang"),
    "age": gettext_lazy("Usia"),
    "trained_before": gettext_lazy("Pernah mengikuti program ini"),
    "documents": gettext_lazy("Dokumen"),
    "residency": gettext_lazy("Bagian untuk warga kota"),
}
ONLY_WARNS, NOT_ASKED = "warn", "off"
SEVERITIES = (
    (ONLY_WARNS, gettext_lazy("Hanya peringatan")),
    (NOT_ASKED, gettext_lazy("Tidak ditanyakan")),
)


def severity_of(rule, terms):
    """How the course softens a rule: `ONLY_WARNS`, `NOT_ASKED`, or None for not at all."""
    return terms.severities.get(rule) if rule in SOFTENED else None


def asked(terms, only=None):
    """The rules that the course asks, in the order of `RULES`, each with its severity; of `only`
    those, if their names are given. For `check`, which may be asked for many people."""
    severities = [(rule, severity_of(rule.__name__, terms)) for rule in RULES]
    return [
        (rule, severity)
        for rule, severity in severities
        if severity != NOT_ASKED and (only is None or rule.__name__ in only)
    ]


def check(facts, terms, rules=None):
    """What every rule that is `asked` says of one person, in their order."""
    return [
        _softened(rule(facts, terms)) if severity else rule(facts, terms)
        for rule, severity in (asked(terms) if rules is None else rules)
    ]


def _softened(result):
    return replace(result, outcome=WARN) if result.outcome == FAIL else result


def failures(results):
    return [result for result in results if result.outcome == FAIL]


def remarks(results):
    """What is worth reading although it stops nobody: warnings and missing data."""
    return [result for result in results if result.outcome in REMARKS]


def outcome_of(results):
    """All of a person in one word: `FAIL`, `WARN` (anything to remark upon) or `PASS`."""
    if failures(results):
        return FAIL
    return WARN if remarks(results) else PASS


def may_be_overridden(results):
    """Whether all that fails can be lifted by a reasoned override."""
    return not any(result.rule in NEVER_OVERRIDDEN for result in failures(results))


def lifted_by(stored, override_reason):
    """The rules that a reasoned override lifted when the person was proposed (`stored` data)."""
    if not override_reason:
        return frozenset()
    failed = {data["rule"] for data in stored if data["outcome"] == FAIL}
    return failed - NEVER_OVERRIDDEN


def _stays(rule, facts, needed):
    """Fails when the person must be let go before a day, warns when that is only likely."""
    places = {"day": facts.term_ends, "needed": needed, "as_of": facts.as_of}
    if facts.term_ends is None:
        return Result(rule, NO_DATA, _("Tanggal ekspirasi tidak ada."), SDP, places)
    if facts.term_ends < needed:
        sentence = _("Bebas pada %(day)s; pelatihan perlu sampai %(needed)s.")
        return Result(rule, FAIL, sentence, SDP_AS_OF, places)
    if facts.expected is not None and facts.expected < needed:
        sentence = _("Mungkin bebas pada %(day)s; pelatihan perlu sampai %(needed)s.")
        return Result(rule, WARN, sentence, EXPECTED, _expectation(facts) | {"needed": needed})
    return Result(rule, PASS, _("Sisa pidana cukup, sampai %(day)s."), SDP_AS_OF, places)


def _expectation(facts):
    return {"day": facts.expected, "as_of": facts.as_of, "basis": (facts.expected_basis,)}


def _overlaps(span, terms):
    return span.starts_on <= terms.ends_on and span.ends_on >= terms.starts_on


def _places(span):
    return {"batch": span.name, "starts": span.starts_on, "ends": span.ends_on}
