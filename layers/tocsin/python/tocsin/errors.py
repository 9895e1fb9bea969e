"""Everything Tocsin raises on purpose. Adapters translate vendor errors into these at the call."""


class TocsinError(Exception):
    """The root of the tree."""


class NotFoundError(TocsinError):
    """What was asked for does not exist."""


class ConflictError(TocsinError):
    """Somebody else changed the same state first. Reading again and retrying is safe."""


class RefusedError(TocsinError):
    """The caller is wrong; trying again with the same input will fail again."""


class DeliveryError(TocsinError):
    """A channel did not take a message. `permanent` says that trying again cannot help."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent
