"""What can be wrong with the formula of a trait."""

from fanwheel.kernel.errors import FanwheelError


class BadFormulaError(FanwheelError):
    """That is not a formula of a trait."""

    def __init__(self, message: str | None = None, *, hint: str | None = None, path: str = "$") -> None:
        super().__init__(message, hint=hint, path=path)
        self.path = path
