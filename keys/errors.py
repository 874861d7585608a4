"""Facts about keys that stop a command; every leaf says one thing and its message says what to do."""


class KeysError(Exception):
    """Base of everything this package raises on purpose."""


class EmptyPassphraseError(KeysError):
    """The key folder may not be protected by an empty passphrase."""


class FolderModeError(KeysError):
    """The folder or a private file in it can be read by others than its owner."""


class WrongPassphraseError(KeysError):
    """The passphrase does not open this folder."""


class RingMissingError(KeysError):
    """There is no key ring where one was expected."""


class RingDamagedError(KeysError):
    """The ring's own files are not what this software wrote."""


class KeyFileMissingError(KeysError):
    """The ring names a key that signs, and its envelope is not there."""


class KeyFileDamagedError(KeysError):
    """An envelope does not open, or holds another key than the ring says."""


class SourceNotSupportedError(KeysError):
    """The key source's URI names a scheme this installation cannot use."""


class NoActiveKeyError(KeysError):
    """No key is active for the purpose asked for."""


class MalformedKeySetError(KeysError):
    """A published key set does not follow the profile."""
