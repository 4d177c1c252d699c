"""The database with real locks that the delivery tests use too."""

from tests.delivery.conftest import shared_database

__all__ = ["shared_database"]
