"""What `kesheng rules list` prints: every category in use."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from analytics.names import SEVERITY_NAMES
from analytics.rules.load import PROJECT_RULES, load_rules, words_of
from analytics.settings import Settings
from jobs.progress import console

KIND_LABELS = {"strong": "强情绪", "category": "类别"}


def print_categories(settings: Settings) -> None:
    """Print every category in use to stdout."""
    table = Table("名称", "标签", "类型", "级别", "词数", "例句", "说明", box=None)
    rules = load_rules(settings.rules_folder, settings.lexicons)
    for one in rules.categories:
        n_words = sum(len(words) for words in words_of([one.when]))
        cells = (one.name, one.label, KIND_LABELS[one.kind], SEVERITY_NAMES[one.severity], str(n_words))
        table.add_row(*cells, str(len(one.hits) + len(one.misses)), one.description)
    Console(highlight=False).print(table)
    console.print(f"规则 {PROJECT_RULES} 与 {settings.rules_folder}；指纹 {rules.digest}")
