"""Lineage of each job that ran, as OpenLineage events: what it read and wrote, and which columns came from which.

Events are kept as lines of JSON, one file a day, under `{home}/lineage`. Where OPENLINEAGE_URL is set they are also
sent there; else nothing leaves the machine.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import RunFacet, documentation_dataset, nominal_time_run, schema_dataset
from openlineage.client.facet_v2 import column_lineage_dataset as column_lineage
from openlineage.client.serde import Serde

from analytics.lineage import Touched, watched
from analytics.schema import TABLES
from jobs.sources.durable import append_line
from jobs.window import Window

NAMESPACE = "kesheng"
PRODUCER = "https://openlineage.io/spec/kesheng"
_log = logging.getLogger(__name__)


@contextmanager
def traced(job: str, run_id: str, window: Window | None, folder: Path) -> Iterator[None]:
    """Write what the block reads and writes as a START and a COMPLETE or FAIL event into `folder`."""
    with watched() as touched:
        _emit(_event(job, run_id, window, RunState.START, Touched()), folder)
        state = RunState.FAIL
        try:
            yield
            state = RunState.COMPLETE
        finally:
            _emit(_event(job, run_id, window, state, touched), folder)


def _event(job: str, run_id: str, window: Window | None, state: RunState, touched: Touched) -> RunEvent:
    facets: dict[str, RunFacet] = {}
    if window is not None:
        first, after = window.first, window.last + dt.timedelta(days=1)
        facets["nominalTime"] = nominal_time_run.NominalTimeRunFacet(f"{first}T00:00:00Z", f"{after}T00:00:00Z")
    return RunEvent(
        eventTime=dt.datetime.now(dt.UTC).isoformat(),
        eventType=state,
        producer=PRODUCER,
        run=Run(run_id, facets),
        job=Job(NAMESPACE, job),
        inputs=[InputDataset(NAMESPACE, name) for name in sorted(touched.reads)],
        outputs=[_output(name, touched) for name in sorted(touched.writes)],
    )


def _output(name: str, touched: Touched) -> OutputDataset:
    columns = touched.writes[name]
    facets: dict[str, object] = {}
    if name in TABLES:
        table = TABLES[name]
        kinds = {field.name: str(field.type) for field in table.arrow(later=True)}
        fields = [
            schema_dataset.SchemaDatasetFacetFields(column.name, kinds[column.name], column.doc)
            for column in table.columns
        ]
        facets["schema"] = schema_dataset.SchemaDatasetFacet(fields)
        facets["documentation"] = documentation_dataset.DocumentationDatasetFacet(table.grain)
    known = {
        column: column_lineage.Fields([column_lineage.InputField(NAMESPACE, *source) for source in sorted(sources)])
        for column, sources in columns.items()
        if sources
    }
    if known:
        facets["columnLineage"] = column_lineage.ColumnLineageDatasetFacet(known)
    return OutputDataset(NAMESPACE, name, facets=facets)  # type: ignore[arg-type]


def _emit(event: RunEvent, folder: Path) -> None:
    """Keep the event, and send it on where an address is given. A job does not fail because nobody listens."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        append_line(folder / f"{event.eventTime[:10]}.ndjson", Serde.to_json(event))
    except OSError as error:
        _log.warning("lineage: an event of job %s was not kept: %s", event.job.name, error.strerror)
    if os.environ.get("OPENLINEAGE_URL"):
        try:
            OpenLineageClient().emit(event)
        except (OSError, ValueError, RuntimeError) as error:
            _log.warning("lineage: an event of job %s was not sent: %s", event.job.name, type(error).__name__)
