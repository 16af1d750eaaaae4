"""What can go wrong with layers."""

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class LayerNotFoundError(FanwheelError):
    """There is no such layer."""

    kind = ErrorKind.NOT_FOUND


class LayerExistsError(FanwheelError):
    """There is a layer of this key already."""

    kind = ErrorKind.CONFLICT


class LayerBuiltInError(FanwheelError):
    """This layer is built in and stays as it is."""

    kind = ErrorKind.CONFLICT


class LayerMentionedError(FanwheelError):
    """Rules mention this layer, or a class that is to go."""

    kind = ErrorKind.CONFLICT


class BadLayerError(FanwheelError):
    """Two classes of the layer have the same key."""
