"""Cases of the shipped service, without any process moving them."""

from tests.processes.conftest import open_case, publish_process, service_files, staff

__all__ = ["open_case", "publish_process", "service_files", "staff"]
