"""Histories of things that belong together, as one timeline."""

from accounts.history import timeline_of
from partners.models import ActionItem, Agency, Attachment, Contact, Engagement


def history_of_engagement(engagement, reader):
    """The engagement, its promises and its files, also those that were removed."""
    entries = timeline_of(Engagement, engagement.events.all(), reader)
    for model in (ActionItem, Attachment):
        rows = model.pgh_event_model.objects.filter(engagement=engagement)
        entries += _about(model, timeline_of(model, rows, reader))
    return _newest_first(entries)


def history_of_agency(agency, reader):
    """The agency's facts, and the people there whom one calls or called."""
    entries = timeline_of(Agency, agency.events.all(), reader)
    rows = Contact.pgh_event_model.objects.filter(agency=agency)
    return _newest_first(entries + _about(Contact, timeline_of(Contact, rows, reader)))


def _about(model, entries):
    for entry in entries:
        entry.about = str(model._meta.verbose_name)
    return entries


def _newest_first(entries):
    return sorted(entries, key=lambda entry: entry.at, reverse=True)
