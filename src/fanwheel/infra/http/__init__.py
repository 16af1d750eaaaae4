"""What HTTP routes share: the database of a request, errors in one shape, paging."""

from fanwheel.infra.http.docs import install_docs
from fanwheel.infra.http.errors import PROBLEMS, install_error_handlers
from fanwheel.infra.http.paging import Page
from fanwheel.infra.http.state import DatabaseDep, SettingsDep, one_per_server

__all__ = [
    "PROBLEMS",
    "DatabaseDep",
    "Page",
    "SettingsDep",
    "install_docs",
    "install_error_handlers",
    "one_per_server",
]
