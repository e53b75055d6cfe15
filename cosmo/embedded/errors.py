"""What can go wrong around the embedded servers, said in one sentence each."""


class EmbeddedError(Exception):
    """The servers cannot run here.

    Attributes:
        code: Stable code, for scripts and tests.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{message} ({code})")
        self.code = code
