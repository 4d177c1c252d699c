"""A design as a page shows it: its newest revision, read once per request."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rathaus.catalogue.packing import unpack
from rathaus.design.models import Design, Revision
from rathaus.design.service import newest
from rathaus.editing import Files
from rathaus.editing.form import FormFiles


@dataclass
class Opened:
    """A design somebody looks at. What they change next, they change seeing `revision`."""

    design: Design
    revision: Revision

    @classmethod
    def of(cls, design: Design) -> Opened:
        """The design as it is now."""
        return cls(design, newest(design))

    @cached_property
    def files(self) -> Files:
        """The package."""
        return unpack(bytes(self.revision.package))

    @cached_property
    def form(self) -> FormFiles:
        """Pages and fields. Raises `EditError` on use if the package has none that can be read."""
        return FormFiles(self.files)

    @property
    def is_closed(self) -> bool:
        """Whether the design was put away."""
        return self.design.closed_at is not None
