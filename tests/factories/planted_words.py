"""What tells who the planted person is, each text to be recognised by itself."""

from inmates import nik

NIK = "3672015508900002"
NAME, EARLIER_NAME = "ZULAIKHAH PRANINGRUM", "ZULEHA PRANINGRUM"
KEY = "ZK4471902"
TWIN_NAME, TWIN_KEY = "SULAIKAH PRANINGRUM", "ZK4471999"
REGISTER, EARLIER_REGISTER, NEXT_REGISTER = "BI.N. 4471/2019", "A.III 4470/2018", "BI 4472/2020"
TEXTS = {
    name: f"Rahasia {name} 4471"
    for name in (
        *("aliases", "birth_place", "address", "return_address"),
        *("circumstance", "withdrawn", "restriction", "work", "skill_note", "assessor", "advice"),
        *(
            "transfer",
            "override",
            "candidate_note",
            "hearing_note",
            "dropped",
            "waiting",
            "correction",
            "seat",
            "attendance",
            "judge",
            "verdict",
            "exception",
            "revoked",
            *("card", "readiness", "message", "answered", "referral", "job", "decree", "placement"),
            *("eligible", "gate"),
            *("summary", "experience", "abilities", "wishes", "phone"),
            *("limit", "unlimited"),
            *("contact", "asked_by", "employer", "help", "follow_up", "probation"),
        ),
    )
}
WORDS = {
    *(NIK, nik.digest(NIK), NAME, NAME.lower(), EARLIER_NAME, EARLIER_NAME.lower(), KEY),
    *(TWIN_NAME, TWIN_NAME.lower(), TWIN_KEY, REGISTER, EARLIER_REGISTER, NEXT_REGISTER),
    *TEXTS.values(),
}
SCAN = b"%PDF-1.7 pindaian rahasia"
