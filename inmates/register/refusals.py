from accounts.refusals import NotAllowed


class NotARegister(NotAllowed):
    """The file cannot be read as a register; the sentence says why and where."""
