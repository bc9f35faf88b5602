"""Categories of contacts as operators know them: rules in TOML, compiled to one matcher, run over every contact.

`load_rules` reads the files, `categorise` finds the places where contacts meet them, `tried` tries a rule's own
examples. How to write a rule: docs/rules.md.
"""

from analytics.rules.categorise import categorise
from analytics.rules.examples import tried
from analytics.rules.load import PROJECT_LISTS, PROJECT_RULES, Ruleset, load_rules
from analytics.rules.model import Category

__all__ = ["PROJECT_LISTS", "PROJECT_RULES", "Category", "Ruleset", "categorise", "load_rules", "tried"]
