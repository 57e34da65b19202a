"""The field's numbers, words and papers that regulations or a prison may change.

They are settings like all others (`lapasprog.settings` takes them in), each from the environment
variable of its name.
"""

import environ

env = environ.Env()

# --- Agreements ------------------------------------------------------------------------------
# From so many days before its end an agreement counts as "expiring"; a draft counts as old after
# so many days without a signature.
AGREEMENT_EXPIRING_DAYS = env.int("AGREEMENT_EXPIRING_DAYS", default=90)
AGREEMENT_UNSIGNED_DAYS = env.int("AGREEMENT_UNSIGNED_DAYS", default=60)
# So long the other side's answer to a text is awaited, unless another day is named.
AGREEMENT_ANSWER_DAYS = env.int("AGREEMENT_ANSWER_DAYS", default=14)
# What the article on duties usually says, offered when duties are written down: whose it is
# (prison or agency), what, and how many months after the start it is due.
AGREEMENT_USUAL_DUTIES = env.json(
    "AGREEMENT_USUAL_DUTIES",
    default=[
        ["prison", "Menyediakan ruang praktik, listrik dan pengamanan", 1],
        ["prison", "Menyampaikan daftar calon peserta", 1],
        ["agency", "Menetapkan instruktur dan jadwal pelatihan", 1],
        ["agency", "Menyelenggarakan pelatihan menurut rencana kerja", 6],
        ["prison", "Menyampaikan laporan pelaksanaan tahun pertama", 12],
        ["agency", "Menerbitkan sertifikat peserta yang lulus", 12],
    ],
)

# --- Training --------------------------------------------------------------------------------
SEATS_MAX = env.int("SEATS_MAX", default=100)  # one batch; packages are 10 to 40 people
# From so many days before its start a batch with too few participants says so; so many days after
# its end a batch should be closed with its report.
MINIMUM_SEATS_WARNING_DAYS = env.int("MINIMUM_SEATS_WARNING_DAYS", default=14)
BATCH_CLOSING_DAYS = env.int("BATCH_CLOSING_DAYS", default=14)
JP_MINUTES = env.int("JP_MINUTES", default=45)
JP_A_DAY = env.int("JP_A_DAY", default=8)  # a full day of training, for estimates of the plan
# Attendance may be written down and corrected for so many days after a meeting; then only by the
# head, with a reason. Absences with an excused code do not count against a participant.
ATTENDANCE_EDIT_DAYS = env.int("ATTENDANCE_EDIT_DAYS", default=7)
ATTENDANCE_EXCUSED_CODES = env.list("ATTENDANCE_EXCUSED_CODES", default=["D", "K", "X"])
MINIMUM_ATTENDANCE_PERCENT = env.int("MINIMUM_ATTENDANCE_PERCENT", default=80)
REMAINING_TERM_BUFFER_DAYS = env.int("REMAINING_TERM_BUFFER_DAYS", default=30)
# Words that must not stand on what strangers read of a certificate.
PRISON_WORDS = env.list(
    "PRISON_WORDS",
    default=[
        "lapas",
        "rutan",
        "lp",
        "pas",
        "bapas",
        "penjara",
        "pemasyarakatan",
        "ditjenpas",
        "kanwil",
        "kemenkumham",
        "kemenimipas",
    ],
)
# Further words that must not stand in what somebody gives to employers; see PRISON_WORDS.
CONVICTION_WORDS = env.list(
    "CONVICTION_WORDS",
    default=[
        *("narapidana", "napi", "wbp", "warga binaan", "tahanan", "terpidana", "pidana", "vonis"),
        *("bui", "remisi", "asimilasi", "register f", "kalapas", "karutan", "imipas"),
        *("prison", "prisons", "prisoner", "inmate", "jail", "convict", "convicted"),
        *("parole", "correctional", "ex-offender", "offender"),
    ],
)
# Marks (of 100) that pass an evaluation; days to correct a slip, and until a further assessment.
EVALUATION_PASS_KNOWLEDGE = env.int("EVALUATION_PASS_KNOWLEDGE", default=60)
EVALUATION_PASS_SKILL = env.int("EVALUATION_PASS_SKILL", default=60)
RESULT_CORRECTION_DAYS = env.int("RESULT_CORRECTION_DAYS", default=7)
RETEST_DAYS = env.int("RETEST_DAYS", default=30)
# How long a competency certificate lasts unless its scheme says so, and from when it is expiring.
COMPETENCY_VALID_YEARS = env.int("COMPETENCY_VALID_YEARS", default=3)
CERTIFICATE_EXPIRING_DAYS = env.int("CERTIFICATE_EXPIRING_DAYS", default=180)
# A batch's reserves, as a share of its seats (rounded up).
RESERVES_PERCENT = env.int("RESERVES_PERCENT", default=25)
# A freed seat is offered to a reserve for so many days, and only while not more than this share of
# the meetings has passed.
SEAT_OFFER_DAYS = env.int("SEAT_OFFER_DAYS", default=3)
REPLACEMENT_SHARE_PERCENT = env.int("REPLACEMENT_SHARE_PERCENT", default=10)
# Who comes first among those who may join: points that are added up (`training.eligibility`).
# Waiting brings points a month up to a most; a release right after the training the most, less
# for each month that it comes later; earlier refusals points each up to a most.
PRIORITY_POINTS = (
    {"waiting_month": 1, "waiting_most": 24, "release_most": 12, "release_month": 1}
    | {"resident": 6, "refusal": 4, "refusals_most": 12, "interest": 4, "recommended": 4}
    | env.json("PRIORITY_POINTS", default={})
)
# Ways out before expiry (field notes 2.4): parole (PB) from 2/3 of the sentence and so many months
# served; conditional leave (CB) for sentences up to so many months, lasting at most so many.
PAROLE_SERVED_MONTHS = env.int("PAROLE_SERVED_MONTHS", default=9)
LEAVE_SENTENCE_MONTHS = env.int("LEAVE_SENTENCE_MONTHS", default=18)
LEAVE_LASTS_MONTHS = env.int("LEAVE_LASTS_MONTHS", default=6)
# A date that the app computes may differ from SDP's by so many days before it is remarked.
DATE_TOLERANCE_DAYS = env.int("DATE_TOLERANCE_DAYS", default=31)
# Personal data are anonymised so many months after the last custody (a prison may say otherwise).
RETENTION_MONTHS = env.int("RETENTION_MONTHS", default=60)
RETENTION_PREVIEW_DAYS = env.int("RETENTION_PREVIEW_DAYS", default=90)
# "Mengingat" of a decree, as a JSON list; the batch's agreement follows by itself.
DECREE_LEGAL_BASES = env.json(
    "DECREE_LEGAL_BASES", default=["Undang-Undang Nomor 22 Tahun 2022 tentang Pemasyarakatan"]
)
# What the draft of an agreement refers to, as a JSON list.
AGREEMENT_LEGAL_BASES = env.json(
    "AGREEMENT_LEGAL_BASES",
    default=[
        "Undang-Undang Nomor 22 Tahun 2022 tentang Pemasyarakatan",
        "Peraturan Pemerintah Nomor 57 Tahun 1999 tentang Kerja Sama Penyelenggaraan Pembinaan "
        "dan Pembimbingan Warga Binaan Pemasyarakatan",
        "Peraturan Pemerintah Nomor 28 Tahun 2018 tentang Kerja Sama Daerah",
    ],
)

# --- Work ------------------------------------------------------------------------------------
# From so many days before its last day a vacancy counts as closing soon.
VACANCY_CLOSING_DAYS = env.int("VACANCY_CLOSING_DAYS", default=14)
# A referral that its agency does not answer lapses after so many days, unless another day is named.
REFERRAL_ANSWER_DAYS = env.int("REFERRAL_ANSWER_DAYS", default=30)
# Months after release or the beginning of work at which it is asked what became of somebody.
FOLLOW_UP_MONTHS = env.list("FOLLOW_UP_MONTHS", cast=int, default=[1, 3, 6, 12])
# It may be answered so many days early, is shown so many days ahead, and is closed as not reached
# after so many vain tries. A probation officer's single-use form lasts so many days.
FOLLOW_UP_EARLY_DAYS = env.int("FOLLOW_UP_EARLY_DAYS", default=14)
FOLLOW_UP_SOON_DAYS = env.int("FOLLOW_UP_SOON_DAYS", default=30)
FOLLOW_UP_ATTEMPTS = env.int("FOLLOW_UP_ATTEMPTS", default=3)
FOLLOW_UP_LINK_DAYS = env.int("FOLLOW_UP_LINK_DAYS", default=21)
# The job-seeker card (AK-1) lasts so many years and asks for a report every so many months.
JOB_SEEKER_CARD_YEARS = env.int("JOB_SEEKER_CARD_YEARS", default=2)
JOB_SEEKER_REPORT_MONTHS = env.int("JOB_SEEKER_REPORT_MONTHS", default=6)
# From so many days before its day a report is due, or a card is expiring.
JOB_SEEKER_SOON_DAYS = env.int("JOB_SEEKER_SOON_DAYS", default=30)
# Work release while serving: at most so many hours a day from gate to gate (field notes 5.3).
WORK_RELEASE_HOURS = env.int("WORK_RELEASE_HOURS", default=9)
# Nobody goes out more than so many minutes before the hour of leaving.
WORK_RELEASE_EARLY_MINUTES = env.int("WORK_RELEASE_EARLY_MINUTES", default=30)
# The first day of work release may be written down so many days ahead.
WORK_RELEASE_AHEAD_DAYS = env.int("WORK_RELEASE_AHEAD_DAYS", default=60)
# From so many days before its decree or agreement ends, work release is to be renewed.
WORK_RELEASE_SOON_DAYS = env.int("WORK_RELEASE_SOON_DAYS", default=30)
# Referrals begin so many months before release, are sent and looked at again later on.
REFERRAL_BEGINS_MONTHS = env.int("REFERRAL_BEGINS_MONTHS", default=6)
REFERRAL_SENT_MONTHS = env.int("REFERRAL_SENT_MONTHS", default=3)
REFERRAL_CHECKED_MONTHS = env.int("REFERRAL_CHECKED_MONTHS", default=1)
# Who suits a vacancy, and which vacancy suits a person: points that are added up
# (`placements.matching`). The units asked bring the most when all are certified as competent; a
# unit that was only trained brings a share. Whoever is free late loses points a month; attendance
# brings points from a percentage on; each document that is there brings some.
MATCHING_POINTS = (
    {"units_most": 40, "unit_training_percent": 60}
    | {"trade_competency": 20, "trade_training": 14, "trade_finished": 8, "interest": 6}
    | {"same_district": 12, "same_city": 9, "same_province": 4}
    | {"available_most": 12, "available_month": 2}
    | {"attendance_most": 6, "attendance_from": 80, "card": 6, "document": 1}
    | env.json("MATCHING_POINTS", default={})
)

# --- Reports ---------------------------------------------------------------------------------
# The day of the next month by which a monthly report is sent (field notes 5.5).
MONTHLY_REPORT_DAY = env.int("MONTHLY_REPORT_DAY", default=5)
