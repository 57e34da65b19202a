"""The language a person reads in: pages by cookie, mails by the user's own setting."""

from django.conf import settings

from accounts.refusals import act


@act
def choose(*, language, by):
    """Remember the language for the person's mails; an unknown one changes nothing."""
    if language in dict(settings.LANGUAGES) and by.language != language:
        by.language = language
        by.save(update_fields=["language"])
    return by
