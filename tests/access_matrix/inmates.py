"""The register and its import."""

#                                              ano off hea war reg sec obs lia oth out sus
ROWS = """
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
inmates:inmate-nik                       GET  302 403 403 403 200 404 404 404 404 404 302
inmates:inmate-nik                       POST 302 403 403 403 422 404 404 404 404 404 302
"""
