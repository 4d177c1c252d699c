"""The quality check of FIM: the rules a data schema should keep, as a linter with FIM's own codes."""

from rathaus.standards.xdatenfelder.quality.catalogue import RULES, Grade, QualityRule
from rathaus.standards.xdatenfelder.quality.report import QualityFinding
from rathaus.standards.xdatenfelder.quality.structure import check

__all__ = ["RULES", "Grade", "QualityFinding", "QualityRule", "check"]
