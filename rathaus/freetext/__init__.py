"""FIM rules: German sentences to conditions of the rule language ([the grammar](README.md)).

`read_rules` reads all rules of a schema. What is not understood for certain stays open, with the reason.
"""

from rathaus.freetext.reading import Effect, RuleReading, read_rules

__all__ = ["Effect", "RuleReading", "read_rules"]
