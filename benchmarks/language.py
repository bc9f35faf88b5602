"""All that is claimed of words and mood, on real text, in one run: ``make bench-language``.

``python -m benchmarks.language [--corpora DIR] [--rows N]`` prints Markdown. Each part is a module that runs alone too.
"""

from __future__ import annotations

from benchmarks import language_mood, language_speed, language_words, new_words, rules, site_mood
from benchmarks.command_line import options_of


def main() -> None:
    """Print the tables of every part."""
    given = options_of(language_mood.mood_parser(__doc__))
    print("## Mood\n", flush=True)
    language_mood.run(given.corpora, given.rows)
    parts = {
        "Learning from a site": site_mood.run,
        "Cutting words": language_words.run,
        "New words": new_words.run,
        "Rules": rules.run,
        "The jobs in Spark": language_speed.run,
    }
    for title, run in parts.items():
        print(f"\n## {title}\n", flush=True)
        run(given.corpora)


if __name__ == "__main__":
    main()
