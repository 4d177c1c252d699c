"""Operations of machine steps; importing this package registers them all."""

from rathaus.processes.operations import deciding, finding_out, informing, transmitting
from rathaus.processes.operations.registry import (
    Operation,
    OperationError,
    Parameter,
    operation,
    operation_named,
    operation_names,
)

__all__ = [
    "Operation",
    "OperationError",
    "Parameter",
    "deciding",
    "finding_out",
    "informing",
    "operation",
    "operation_named",
    "operation_names",
    "transmitting",
]
