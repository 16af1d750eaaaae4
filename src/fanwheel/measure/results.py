"""What every estimate is: frozen, printable, a dataframe, and a chart where matplotlib is installed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError


@dataclass(frozen=True, kw_only=True)
class Result:
    """One estimate or a table of them.

    ``not_identified`` says in plain sentences what the data cannot tell, and why; it is empty where they can.
    """

    not_identified: tuple[str, ...] = ()
    backend: str = field(default="pyarrow", repr=False)

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        """The columns of ``to_frame``, all of one length."""
        raise TypeError(f"{type(self).__name__} has no table.")

    def _draw(self, axes: Any) -> None:
        """Draw on matplotlib axes."""
        raise BadDataError(f"{type(self).__name__} has no chart.", hint="Use to_frame().")

    def _title(self) -> str:
        return type(self).__name__

    def to_frame(self) -> Any:
        """The estimates as a dataframe of the library that the data came in."""
        return frames.build(self._columns(), backend=self.backend)

    def summary(self) -> str:
        """The estimates as text, at most 20 rows, and what is not identified."""
        columns = {name: list(values)[:20] for name, values in self._columns().items()}
        cells = [[name, *(_text(value) for value in values)] for name, values in columns.items()]
        widths = [max(len(cell) for cell in column) for column in cells]
        lines = [
            "  ".join(cell.rjust(w) for cell, w in zip(row, widths, strict=True)) for row in zip(*cells, strict=True)
        ]
        notes = [f"not identified: {why}" for why in self.not_identified]
        return "\n".join([self._title(), *lines, *notes])

    def plot(self, axes: Any = None) -> Any:
        """Draw the estimates on matplotlib axes (new ones by default) and return the axes."""
        if axes is None:
            try:
                from matplotlib import pyplot as plt
            except ImportError as error:
                raise BadDataError("plot() needs matplotlib.", hint="pip install 'fanwheel[plot]'") from error
            _, axes = plt.subplots()
        self._draw(axes)
        axes.set_title(self._title())
        return axes


def _text(value: Any) -> str:
    return f"{value:,.4g}" if isinstance(value, float) else str(value)
