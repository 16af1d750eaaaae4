"""What uplift refuses beside bad data."""

from fanwheel.measure.errors import MeasureError


class MissingLibraryError(MeasureError):
    """Learning whom to touch needs scikit-learn, which is not installed."""
