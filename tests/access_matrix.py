"""What every address answers to whom. Read a row aloud: "the warden who posts here gets 403".

200 shown, 302 on (done, refused in a sentence, or to the sign-in page), 403 seen but not theirs,
404 unknown to them, 405 only posted, 422 a form with a message. A POST carries nothing useful, so
422 and 302 mean "may, and would have to fill in the form". All objects belong to the prison and
the agency of the first roles; `outsider` is an officer of another prison, `suspended` a head who
may no longer sign in.
"""

ROLES = (
    "anonymous",
    "officer",
    "head",
    "warden",
    "registrar",
    "secretariat",
    "observer",
    "liaison",
    "other_liaison",
    "outsider",
    "suspended",
)

#                                              ano off hea war reg sec obs lia oth out sus
MATRIX = """
reports:home                             GET  302 200 200 200 200 200 200 200 200 200 302
reports:home                             POST 302 200 200 200 200 200 200 200 200 200 302
reports:search                           GET  302 200 200 200 200 200 200 200 200 200 302
reports:search                           POST 302 302 302 302 302 302 302 302 302 302 302
inmates:inmate-list                      GET  302 200 200 200 200 403 403 403 403 200 302
inmates:inmate-list                      POST 302 405 405 405 405 403 403 403 403 405 302
inmates:import-list                      GET  302 403 403 403 200 403 403 403 403 403 302
inmates:import-list                      POST 302 403 403 403 422 403 403 403 403 403 302
inmates:import-detail                    GET  302 404 404 404 200 404 404 404 404 404 302
inmates:import-detail                    POST 302 404 404 404 200 404 404 404 404 404 302
inmates:import-apply                     GET  302 405 405 405 405 405 405 405 405 405 302
inmates:import-apply                     POST 302 404 404 404 302 404 404 404 404 404 302
inmates:import-cancel                    GET  302 405 405 405 405 405 405 405 405 405 302
inmates:import-cancel                    POST 302 404 404 404 302 404 404 404 404 404 302
inmates:import-explain                   GET  302 405 405 405 405 405 405 405 405 405 302
inmates:import-explain                   POST 302 404 404 404 422 404 404 404 404 404 302
inmates:import-report                    GET  302 404 404 404 404 404 404 404 404 404 302
inmates:import-report                    POST 302 405 405 405 405 405 405 405 405 405 302
placements:person-detail                 GET  302 200 200 200 200 404 404 404 404 404 302
placements:person-detail                 POST 302 200 200 200 200 404 404 404 404 404 302
placements:person-correct                GET  302 403 403 403 200 404 404 404 404 404 302
placements:person-correct                POST 302 403 403 403 422 404 404 404 404 404 302
placements:person-skills                 GET  302 200 200 403 403 404 404 404 404 404 302
placements:person-skills                 POST 302 302 302 403 403 404 404 404 404 404 302
placements:person-assess                 GET  302 200 200 403 403 404 404 404 404 404 302
placements:person-assess                 POST 302 422 422 403 403 404 404 404 404 404 302
placements:person-consent                GET  302 200 200 403 200 404 404 404 404 404 302
placements:person-consent                POST 302 422 422 403 422 404 404 404 404 404 302
placements:person-document               GET  302 200 200 403 403 404 404 404 404 404 302
placements:person-document               POST 302 422 422 403 403 404 404 404 404 404 302
placements:assessment-correct            GET  302 200 200 403 403 404 404 404 404 404 302
placements:assessment-correct            POST 302 422 422 403 403 404 404 404 404 404 302
placements:assessment-remove             GET  302 200 200 403 403 404 404 404 404 404 302
placements:assessment-remove             POST 302 422 422 403 403 404 404 404 404 404 302
placements:consent-scan                  GET  302 200 200 200 200 404 404 404 404 404 302
placements:consent-scan                  POST 302 405 405 405 405 405 405 405 405 405 302
placements:consent-withdraw              GET  302 200 200 403 200 404 404 404 404 404 302
placements:consent-withdraw              POST 302 422 422 403 422 404 404 404 404 404 302
placements:document-scan                 GET  302 200 200 200 200 404 404 404 404 404 302
placements:document-scan                 POST 302 405 405 405 405 405 405 405 405 405 302
placements:document-remove               GET  302 200 200 403 403 404 404 404 404 404 302
placements:document-remove               POST 302 422 422 403 403 404 404 404 404 404 302
placements:departure                     GET  302 403 403 403 200 404 404 404 404 404 302
placements:departure                     POST 302 403 403 403 422 404 404 404 404 404 302
placements:departure-reopen              GET  302 405 405 405 405 405 405 405 405 405 302
placements:departure-reopen              POST 302 403 422 403 422 404 404 404 404 404 302
placements:departure-return              GET  302 405 405 405 405 405 405 405 405 405 302
placements:departure-return              POST 302 403 403 403 422 404 404 404 404 404 302
placements:departure-send                GET  302 403 403 403 200 404 404 404 404 404 302
placements:departure-send                POST 302 403 403 403 422 404 404 404 404 404 302
placements:absence-list                  GET  302 403 403 403 200 403 403 403 403 403 302
placements:absence-list                  POST 302 403 403 403 302 403 403 403 403 403 302
placements:circumstance-list             GET  302 200 200 200 200 403 403 403 403 200 302
placements:circumstance-list             POST 302 405 405 405 405 403 403 403 403 405 302
placements:circumstance-detail           GET  302 200 200 200 200 404 404 404 404 404 302
placements:circumstance-detail           POST 302 200 200 200 200 404 404 404 404 404 302
placements:circumstance-decide           GET  302 405 405 405 405 405 405 405 405 405 302
placements:circumstance-decide           POST 302 422 422 403 403 404 404 404 404 404 302
placements:circumstance-undo             GET  302 405 405 405 405 405 405 405 405 405 302
placements:circumstance-undo             POST 302 403 422 403 403 404 404 404 404 404 302
placements:restriction-new               GET  302 403 403 403 403 404 404 404 404 404 302
placements:restriction-new               POST 302 403 403 403 403 404 404 404 404 404 302
placements:restriction-lift              GET  302 405 405 405 405 405 405 405 405 405 302
placements:restriction-lift              POST 302 403 403 403 403 404 404 404 404 404 302
placements:restriction-void              GET  302 405 405 405 405 405 405 405 405 405 302
placements:restriction-void              POST 302 403 403 403 403 404 404 404 404 404 302
placements:transfer-list                 GET  302 200 200 200 200 403 403 403 403 200 302
placements:transfer-list                 POST 302 405 405 405 405 403 403 403 403 405 302
placements:transfer-propose              GET  302 403 403 403 200 403 403 403 403 403 302
placements:transfer-propose              POST 302 403 403 403 422 403 403 403 403 403 302
placements:transfer-detail               GET  302 200 200 200 200 404 404 404 404 404 302
placements:transfer-detail               POST 302 200 200 200 200 404 404 404 404 404 302
placements:transfer-accept               GET  302 405 405 405 405 405 405 405 405 405 302
placements:transfer-accept               POST 302 403 422 403 422 404 404 404 404 404 302
placements:transfer-refuse               GET  302 405 405 405 405 405 405 405 405 405 302
placements:transfer-refuse               POST 302 403 422 403 422 404 404 404 404 404 302
placements:transfer-withdraw             GET  302 405 405 405 405 405 405 405 405 405 302
placements:transfer-withdraw             POST 302 403 403 403 403 404 404 404 404 404 302
placements:subject-file                  GET  302 403 200 403 200 404 404 404 404 404 302
placements:subject-file                  POST 302 405 405 405 405 405 405 405 405 405 302
placements:subject-file-pdf              GET  302 403 200 403 200 404 404 404 404 404 302
placements:subject-file-pdf              POST 302 405 405 405 405 405 405 405 405 405 302
placements:subject-file-json             GET  302 403 200 403 200 404 404 404 404 404 302
placements:subject-file-json             POST 302 405 405 405 405 405 405 405 405 405 302
placements:access-list                   GET  302 403 200 403 200 404 404 404 404 404 302
placements:access-list                   POST 302 403 405 403 405 404 404 404 404 404 302
placements:retention-list                GET  302 403 200 403 200 403 403 403 403 403 302
placements:retention-list                POST 302 403 405 403 405 403 403 403 403 403 302
inmates:inmate-nik                       GET  302 403 403 403 200 404 404 404 404 404 302
inmates:inmate-nik                       POST 302 403 403 403 422 404 404 404 404 404 302
partners:agency-list                     GET  302 200 200 200 200 200 200 200 200 200 302
partners:agency-list                     POST 302 405 405 405 405 405 405 405 405 405 302
partners:agency-detail                   GET  302 200 200 200 200 200 200 200 404 404 302
partners:agency-detail                   POST 302 200 200 200 200 200 200 200 404 404 302
partners:engagement-list                 GET  302 200 200 200 200 200 200 200 200 200 302
partners:engagement-list                 POST 302 405 405 405 405 405 405 405 405 405 302
partners:engagement-record               GET  302 200 200 403 403 403 403 403 403 200 302
partners:engagement-record               POST 302 422 422 403 403 403 403 403 403 422 302
partners:engagement-detail               GET  302 200 200 200 200 200 200 404 404 404 302
partners:engagement-detail               POST 302 200 200 200 200 200 200 404 404 404 302
partners:action-item-finish              GET  302 405 405 405 405 405 405 405 405 405 302
partners:action-item-finish              POST 302 302 302 403 403 403 403 404 404 404 302
partners:agreement-list                  GET  302 200 200 200 200 200 200 200 200 200 302
partners:agreement-list                  POST 302 405 405 405 405 405 405 405 405 405 302
partners:agreement-draft                 GET  302 200 200 403 403 403 403 403 403 200 302
partners:agreement-draft                 POST 302 422 422 403 403 403 403 403 403 422 302
partners:agreement-record-existing       GET  302 403 200 403 403 403 403 403 403 403 302
partners:agreement-record-existing       POST 302 403 422 403 403 403 403 403 403 403 302
partners:agreement-calendar              GET  302 200 200 200 200 200 200 200 200 200 302
partners:agreement-calendar              POST 302 405 405 405 405 405 405 405 405 405 302
partners:agreement-detail                GET  302 200 200 200 200 200 200 200 404 404 302
partners:agreement-detail                POST 302 405 405 405 405 405 405 405 405 405 302
partners:agreement-edit                  GET  302 302 302 403 403 403 403 403 404 404 302
partners:agreement-edit                  POST 302 302 302 403 403 403 403 403 404 404 302
partners:agreement-begin-draft           GET  302 405 405 405 405 405 405 405 405 405 302
partners:agreement-begin-draft           POST 302 302 302 403 403 403 403 403 404 404 302
partners:agreement-send-for-review       GET  302 405 405 405 405 405 405 405 405 405 302
partners:agreement-send-for-review       POST 302 302 302 403 403 403 403 403 404 404 302
partners:agreement-revise                GET  302 405 405 405 405 405 405 405 405 405 302
partners:agreement-revise                POST 302 302 302 403 403 403 403 403 404 404 302
partners:agreement-mark-ready            GET  302 405 405 405 405 405 405 405 405 405 302
partners:agreement-mark-ready            POST 302 302 302 403 403 403 403 403 404 404 302
partners:agreement-reopen                GET  302 405 405 405 405 405 405 405 405 405 302
partners:agreement-reopen                POST 302 302 302 403 403 403 403 403 404 404 302
partners:agreement-sign                  GET  302 403 302 302 403 403 403 403 404 404 302
partners:agreement-sign                  POST 302 403 422 422 403 403 403 403 404 404 302
partners:agreement-undo-signing          GET  302 405 405 405 405 405 405 405 405 405 302
partners:agreement-undo-signing          POST 302 403 422 403 403 403 403 403 404 404 302
partners:agreement-terminate             GET  302 405 405 405 405 405 405 405 405 405 302
partners:agreement-terminate             POST 302 403 422 422 403 403 403 403 404 404 302
partners:agreement-undo-termination      GET  302 405 405 405 405 405 405 405 405 405 302
partners:agreement-undo-termination      POST 302 403 422 403 403 403 403 403 404 404 302
partners:agreement-cancel                GET  302 405 405 405 405 405 405 405 405 405 302
partners:agreement-cancel                POST 302 422 422 403 403 403 403 403 404 404 302
partners:agreement-undo-cancellation     GET  302 405 405 405 405 405 405 405 405 405 302
partners:agreement-undo-cancellation     POST 302 403 422 403 403 403 403 403 404 404 302
partners:agreement-scan                  GET  302 200 200 200 200 200 200 200 404 404 302
partners:agreement-scan                  POST 302 405 405 405 405 405 405 405 405 405 302
training:batch-list                      GET  302 200 200 200 200 200 200 200 200 200 302
training:batch-list                      POST 302 405 405 405 405 405 405 405 405 405 302
training:batch-plan                      GET  302 200 200 403 403 403 403 403 403 200 302
training:batch-plan                      POST 302 422 422 403 403 403 403 403 403 422 302
training:batch-detail                    GET  302 200 200 200 200 200 200 302 404 404 302
training:batch-detail                    POST 302 200 200 200 200 200 200 302 404 404 302
training:batch-start                     GET  302 405 405 405 405 405 405 405 405 405 302
training:batch-start                     POST 302 302 302 403 403 403 403 403 404 404 302
training:batch-finish                    GET  302 405 405 405 405 405 405 405 405 405 302
training:batch-finish                    POST 302 302 302 403 403 403 403 403 404 404 302
training:batch-cancel                    GET  302 405 405 405 405 405 405 405 405 405 302
training:batch-cancel                    POST 302 422 422 403 403 403 403 403 404 404 302
training:slot-propose                    GET  302 200 200 403 403 403 403 403 404 404 302
training:slot-propose                    POST 302 422 422 403 403 403 403 403 404 404 302
training:slot-inbox                      GET  302 200 200 200 200 200 200 200 200 200 302
training:slot-inbox                      POST 302 200 200 200 200 200 200 200 200 200 302
training:slot-answer                     GET  302 200 200 200 200 200 200 200 404 404 302
training:slot-answer                     POST 302 200 200 200 200 200 200 200 404 404 302
training:slot-accept                     GET  302 405 405 405 405 405 405 405 405 405 302
training:slot-accept                     POST 302 302 302 403 403 403 403 302 404 404 302
training:slot-counter                    GET  302 405 405 405 405 405 405 405 405 405 302
training:slot-counter                    POST 302 422 422 403 403 403 403 422 404 404 302
training:slot-decline                    GET  302 405 405 405 405 405 405 405 405 405 302
training:slot-decline                    POST 302 422 422 403 403 403 403 422 404 404 302
training:slot-withdraw                   GET  302 405 405 405 405 405 405 405 405 405 302
training:slot-withdraw                   POST 302 302 302 403 403 403 403 403 404 404 302
training:slot-extend                     GET  302 405 405 405 405 405 405 405 405 405 302
training:slot-extend                     POST 302 422 422 403 403 403 403 403 404 404 302
training:slot-record                     GET  302 200 200 403 403 403 403 403 404 404 302
training:slot-record                     POST 302 422 422 403 403 403 403 403 404 404 302
training:slot-object                     GET  302 405 405 405 405 405 405 405 405 405 302
training:slot-object                     POST 302 403 403 403 403 403 403 422 404 404 302
training:candidate-propose               GET  302 200 200 403 403 403 403 403 404 404 302
training:candidate-propose               POST 302 422 422 403 403 403 403 403 404 404 302
training:candidate-withdraw              GET  302 200 200 403 403 403 403 404 404 404 302
training:candidate-withdraw              POST 302 422 422 403 403 403 403 404 404 404 302
training:participant-list                GET  302 200 200 200 200 403 403 200 404 404 302
training:participant-list                POST 302 200 200 200 200 403 403 200 404 404 302
training:hearing-list                    GET  302 200 200 200 200 200 200 200 200 200 302
training:hearing-list                    POST 302 405 405 405 405 405 405 405 405 405 302
training:hearing-schedule                GET  302 200 200 403 403 403 403 403 404 404 302
training:hearing-schedule                POST 302 422 422 403 403 403 403 403 404 404 302
training:hearing-record                  GET  302 200 200 200 200 403 403 404 404 404 302
training:hearing-record                  POST 302 403 422 403 422 403 403 404 404 404 302
training:hearing-undo                    GET  302 405 405 405 405 405 405 405 405 405 302
training:hearing-undo                    POST 302 403 422 403 403 403 403 404 404 404 302
training:hearing-agenda                  GET  302 200 200 200 200 403 403 404 404 404 302
training:hearing-agenda                  POST 302 200 200 200 200 403 403 404 404 404 302
training:hearing-minutes                 GET  302 404 404 404 404 403 403 404 404 404 302
training:hearing-minutes                 POST 302 404 404 404 404 403 403 404 404 404 302
training:decree-prepare                  GET  302 403 200 403 403 403 403 403 404 404 302
training:decree-prepare                  POST 302 403 422 403 403 403 403 403 404 404 302
training:decree-detail                   GET  302 200 200 200 200 403 403 404 404 404 302
training:decree-detail                   POST 302 200 200 200 200 403 403 404 404 404 302
training:decree-issue                    GET  302 405 405 405 405 405 405 405 405 405 302
training:decree-issue                    POST 302 403 403 422 403 403 403 404 404 404 302
training:decree-send-back                GET  302 405 405 405 405 405 405 405 405 405 302
training:decree-send-back                POST 302 403 403 422 403 403 403 404 404 404 302
training:course-list                     GET  302 200 200 200 200 200 200 200 200 200 302
training:course-list                     POST 302 405 405 405 405 405 405 405 405 405 302
correspondence:notice-list               GET  302 200 200 200 200 200 200 200 200 200 302
correspondence:notice-list               POST 302 405 405 405 405 405 405 405 405 405 302
correspondence:notice-read-all           GET  302 405 405 405 405 405 405 405 405 405 302
correspondence:notice-read-all           POST 302 302 302 302 302 302 302 302 302 302 302
correspondence:notice-open               GET  302 405 405 405 405 405 405 405 405 405 302
correspondence:notice-open               POST 302 302 404 404 404 404 404 404 404 404 302
correspondence:notice-acknowledge        GET  302 405 405 405 405 405 405 405 405 405 302
correspondence:notice-acknowledge        POST 302 302 404 404 404 404 404 404 404 404 302
correspondence:letter-list               GET  302 200 200 200 200 200 200 200 200 200 302
correspondence:letter-list               POST 302 405 405 405 405 405 405 405 405 405 302
correspondence:letter-pdf                GET  302 404 404 404 404 404 403 404 404 404 302
correspondence:letter-pdf                POST 302 404 404 404 404 404 403 404 404 404 302
account_login                            GET  200 302 302 302 302 302 302 302 302 302 200
account_login                            POST 200 302 302 302 302 302 302 302 302 302 200
account_logout                           GET  302 200 200 200 200 200 200 200 200 200 302
account_logout                           POST 302 302 302 302 302 302 302 302 302 302 302
account_signup                           GET  200 302 302 302 302 302 302 302 302 302 200
account_signup                           POST 200 302 302 302 302 302 302 302 302 302 200
account_email                            GET  302 200 200 200 200 200 200 200 200 200 302
account_email                            POST 302 302 302 302 302 302 302 302 302 302 302
account_change_password                  GET  302 200 200 200 200 200 200 200 200 200 302
account_change_password                  POST 302 200 200 200 200 200 200 200 200 200 302
account_reset_password                   GET  200 200 200 200 200 200 200 200 200 200 200
account_reset_password                   POST 200 200 200 200 200 200 200 200 200 200 200
mfa_index                                GET  302 200 200 200 200 200 200 200 200 200 302
mfa_index                                POST 302 405 405 405 405 405 405 405 405 405 302
mfa_activate_totp                        GET  302 302 302 302 302 302 302 302 302 302 302
mfa_activate_totp                        POST 302 302 302 302 302 302 302 302 302 302 302
set_language                             GET  302 302 302 302 302 302 302 302 302 302 302
set_language                             POST 302 302 302 302 302 302 302 302 302 302 302
healthz                                  GET  200 200 200 200 200 200 200 200 200 200 200
healthz                                  POST 200 200 200 200 200 200 200 200 200 200 200
readyz                                   GET  200 200 200 200 200 200 200 200 200 200 200
readyz                                   POST 200 200 200 200 200 200 200 200 200 200 200
favicon.ico                              GET  302 302 302 302 302 302 302 302 302 302 302
favicon.ico                              POST 302 302 302 302 302 302 302 302 302 302 302
"""
