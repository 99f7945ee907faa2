"""The few kinds of failure. Each message is a sentence that says what to do."""


class AssistantError(Exception):
    """Anything that goes wrong in a way the person can act on."""


class NotReady(AssistantError):
    """Questions cannot be answered yet: no index, or a model still loading."""


class IndexMismatch(NotReady):
    """The index was made with another embedding model."""


class IndexBusy(AssistantError):
    """Another ingest is at work on the same index."""


class MaterialInvalid(AssistantError):
    """A document breaks the rules; the message names file and line."""


class Unreadable(AssistantError):
    """A file or page whose text cannot be read; the message says why."""


class Unreachable(AssistantError):
    """An address that does not give its page; the message says why."""


class StorageFailed(AssistantError):
    """A folder cannot be read or written."""


class ModelUnavailable(AssistantError):
    """A model cannot be loaded or does not answer."""


class NotFound(AssistantError):
    """No such document or answer."""


class WrongUse(AssistantError):
    """A setting or a command line that makes no sense."""
