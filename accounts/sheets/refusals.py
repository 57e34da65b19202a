from accounts.refusals import NotAllowed


class NotASheet(NotAllowed):
    """The file cannot be read as a table; the sentence says why and where."""
