"""What belongs to no app: figures of the site, sessions, signing in, signs of life."""

#                                              ano off hea war reg sec obs lia oth out sus
ROWS = """
health                                   GET  302 403 200 200 403 403 403 403 403 403 302
health                                   POST 302 405 405 405 405 405 405 405 405 405 302
metrics                                  GET  200 200 200 200 200 200 200 200 200 200 200
metrics                                  POST 405 405 405 405 405 405 405 405 405 405 405
sessions                                 GET  302 200 200 200 200 200 200 200 200 200 302
sessions                                 POST 302 405 405 405 405 405 405 405 405 405 302
sessions_end                             GET  302 405 405 405 405 405 405 405 405 405 302
sessions_end                             POST 302 302 302 302 302 302 302 302 302 302 302
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
healthz_page                             GET  302 200 200 200 200 200 200 200 200 200 302
healthz_page                             POST 302 405 405 405 405 405 405 405 405 405 302
readyz                                   GET  200 200 200 200 200 200 200 200 200 200 200
readyz                                   POST 200 200 200 200 200 200 200 200 200 200 200
favicon.ico                              GET  302 302 302 302 302 302 302 302 302 302 302
favicon.ico                              POST 302 302 302 302 302 302 302 302 302 302 302
"""
