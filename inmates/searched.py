"""Finding people by what somebody typed; merged records are found and lead to the person."""

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import In

from accounts.beforehand import is_any, keys_of
from accounts.prepared import among
from inmates import nik, sought

MOST_NUMBERED = 1_000  # people that one beginning of a register number leads to
MOST_ALIKE = 25


class SearchedQuerySet(models.QuerySet):
    """People whom a text finds. Scope comes first (`visible_to`, `in_prisons`), then the search."""

    def in_prisons(self, facility_ids):
        """People whose open custody is at one of the prisons, by `prison`.

        Its keys are cast to what they are: else no GIN index takes the condition.
        """
        keys = [Cast(Value(pk), models.BigIntegerField()) for pk in facility_ids]
        return self.filter(In(F("prison"), keys)) if keys else self.none()

    def been_at(self, facility_ids):
        """Who is or was at one of the prisons."""
        return self.filter(prisons__overlap=list(facility_ids))

    def canonical(self):
        """Without the records that were merged into another."""
        return self.filter(merged_into__isnull=True)

    def records_of(self, inmate):
        """Ids of all records of one person: the canonical one and those merged into it.

        The same for any of them, and in no scope: whoever shows something asks `visible_to`.
        """
        canonical = inmate.merged_into_id or inmate.pk
        return self.filter(Q(pk=canonical) | Q(merged_into=canonical)).values_list("pk", flat=True)

    def search(self, text, *, at=()):
        """Those of these people whom a typed text means; nobody for fewer than three letters.

        By name or alias (its words in any order, titles and blanks aside), person key, all digits
        of a NIK, and the register number of a stay at the prisons `at`. When no name fits, the
        most similar ones. Asks up to two queries at once; the answer can be filtered further.
        """
        typed = sought.read(text)
        found = self.matching(typed, self.led_to(typed, at=at))
        if typed.is_a_name and not is_any(found):
            return self.resembling(typed)
        return found

    def matching(self, typed, led_to=()):
        """Those of these people whom a `rules.Typed` names, and those of the ids of `led_to`."""
        if typed.is_too_short:
            return self.none()
        return self.filter(_names(typed) | among("pk", led_to) if led_to else _names(typed))

    def resembling(self, typed):
        """The people with the most similar names: one typing mistake in a word is forgiven."""
        likeness = TrigramWordSimilarity(typed.phrase, "search_text")
        alike = Q(*(Q(search_text__trigram_word_similar=piece) for piece in typed.pieces))
        best = self.order_by().filter(alike).order_by(likeness.desc(), "pk")
        return self.filter(pk__in=best.values("pk")[:MOST_ALIKE])

    def led_to(self, typed, *, at=()):
        """Ids of the people, of any scope, to whom a merged record or a register number leads.

        Asked at once: in one statement with the names no index would serve.
        """
        if typed.is_too_short:
            return []
        everybody = self.model.objects.order_by()
        merged = everybody.filter(_names(typed), merged_into__isnull=False)
        led_to = merged.values_list("merged_into", flat=True)
        if typed.number and at:
            stays = self.model._meta.get_field("custodies").related_model.objects
            numbered = (
                stays.filter(facility__in=at, register_bare__startswith=typed.number)
                .order_by("register_bare")
                .values_list(Coalesce("inmate__merged_into", "inmate"), flat=True)
            )
            led_to = led_to.union(numbered[:MOST_NUMBERED], all=True)
        return keys_of(led_to)


def _names(typed):
    if typed.nik:
        return Q(nik_digest=nik.digest(typed.nik))
    by_name = Q(*(Q(search_text__contains=pattern) for pattern in typed.patterns))
    by_key = Q(person_key=typed.key)
    return by_name | by_key if typed.patterns else by_key
