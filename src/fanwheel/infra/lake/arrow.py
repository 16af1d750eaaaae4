"""Arrow's functions on columns, which it makes at run time where no type checker sees them."""

from typing import Any, Final

import pyarrow.compute

compute: Final[Any] = pyarrow.compute
