"""`kesheng backup`, `kesheng restore`, `kesheng upgrade`: what a site made itself, kept over machines and versions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The .tar.gz to write; only its owner may read it.")]) -> None:
    """Keep what the site made itself in one file: settings, words, rules, users, keys, models, topics and the inbox."""
    from analytics.settings import load_settings
    from jobs.backup import back_up

    kept = back_up(load_settings(), file)
    typer.echo(f"{file}: {kept.n_files} 个文件，收件箱 {kept.n_rows} 行，{kept.n_bytes / 1e6:.1f} MB", err=True)
    for place in kept.outside:
        typer.echo(f"不在其中（在 home 之外，请另行保存）：{place}", err=True)


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="What kesheng backup wrote.")]) -> None:
    """Put a backup in its place: into a home without these files and an inbox without rows."""
    from analytics.settings import load_settings
    from jobs.backup import bring_back

    kept = bring_back(load_settings(), file)
    typer.echo(f"已恢复 {kept.n_files} 个文件、收件箱 {kept.n_rows} 行（备份于 {kept.made_at}）", err=True)
    typer.echo("联络与报表由 landing 重算：kesheng run", err=True)


@app.command()
def upgrade(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say of which version everything is.")] = False,
) -> None:
    """Bring the inbox, the lake and the warehouse of an earlier version to this one; name the days to run again."""
    from analytics.settings import load_settings
    from jobs.upgrade import upgrade as bring_up

    bring_up(load_settings(), dry_run=dry_run)
