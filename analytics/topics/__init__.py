"""Topics: embed, cluster, name, remember; and the fixed taxonomy of touchpoints."""
