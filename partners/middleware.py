from contextlib import ExitStack

from django.http import FileResponse

from accounts import wall
from partners.sight import sight_of

# Pages about one's own account: they write it, and read nothing else.
OF_THE_ACCOUNT = ("allauth.", "accounts.views.")


class WallMiddleware:
    """Stands around view and rendering of every page for which a liaison has to sign in.

    Pages that everybody may open show what is public or what a link's key is for: they stay
    outside.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with ExitStack() as stack:
            request.around = stack
            response = self.get_response(request)
            sight = wall.stands()
        if sight and response.streaming and not isinstance(response, FileResponse):
            response.streaming_content = wall.streamed(response.streaming_content, sight)
        return response

    def process_view(self, request, view, args, kwargs):
        if not getattr(view, "login_required", True) or view.__module__.startswith(OF_THE_ACCOUNT):
            return
        if request.user.is_authenticated and request.user.is_liaison:
            request.around.enter_context(wall.inside(sight_of(request.user)))
