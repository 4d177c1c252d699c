"""FIM rules: German sentences to conditions of the rule language ([the grammar](README.md)).

`read_rules` reads all rules of a schema, `from_condition_trees` the translations FITKO publishes. `truth_table` shows
what a condition means by example answers, `describe` says it as a sentence, `Coverage` tells what others do already.
What is not understood for certain stays open, with the reason.
"""

from rathaus.freetext.conditiontrees import from_condition_trees
from rathaus.freetext.covering import Coverage
from rathaus.freetext.describing import describe
from rathaus.freetext.effects import Effect
from rathaus.freetext.examples import TruthRow, truth_table
from rathaus.freetext.reading import RuleReading, read_rules

__all__ = [
    "Coverage",
    "Effect",
    "RuleReading",
    "TruthRow",
    "describe",
    "from_condition_trees",
    "read_rules",
    "truth_table",
]
