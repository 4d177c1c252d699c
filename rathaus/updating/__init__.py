"""A new release of a FIM schema taken into a service that was drafted from an earlier one.

Pure. What the town made of the service stays: its wording, pages, questions, decisions over rules. What FIM changed is
drafted as at an import and put into it; what loses its place is named, never dropped in silence. `update` is the door.
"""

from rathaus.updating.loss import Loss
from rathaus.updating.update import NotFromFimError, NothingNewError, OtherSchemaError, Update, update

__all__ = ["Loss", "NotFromFimError", "NothingNewError", "OtherSchemaError", "Update", "update"]
