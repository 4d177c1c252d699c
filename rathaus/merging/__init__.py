"""Three versions of a service package become one: what only one side changed is taken from it.

Pure. Where both changed the same place, the result is a `Conflict` that names it and holds all three texts; until
somebody chooses, our side stands.
"""

from rathaus.merging.conflict import Conflict, Merged, Side
from rathaus.merging.package import merge

__all__ = ["Conflict", "Merged", "Side", "merge"]
