"""Backup and restore: the whole of an installation as one archive (docs/backup.md).

`take` makes one while people work, `restore` puts one into an empty machine, `keeping` looks after
the nightly ones and knows whether the last is too old.
"""


class BackupFailed(Exception):
    """It could not be done; the text says why and what to do."""
