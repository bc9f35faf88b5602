# Kesheng (客声). `make help` lists what there is; everything is kept inside this folder.
SHELL := bash
.DEFAULT_GOAL := help

PY := .venv/bin/python
INSTALLED := .venv/.installed
SERVE ?= 1
ARGS ?=
UNMARKED := not spark and not airflow and not web and not slow and not corpora

.PHONY: help demo serve install java browser screenshots test test-fast lint airflow clean \
	bench-language bench-masking bench-topics bench-signals bench-forecast bench-kpis bench-mood bench-dashboards bench-startup class-archive bench-fuzz audit bench-increment

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

demo: install java ## install all, simulate five weeks, analyse them, serve the dashboard (SERVE=0: do not serve)
	@$(PY) -m jobs.cli demo
	@if [ "$(SERVE)" != 0 ]; then $(PY) -m jobs.cli serve; fi

serve: install ## serve the dashboard on what was published last
	@$(PY) -m jobs.cli serve

install: $(INSTALLED) ## make .venv with what requirements.lock pins

$(INSTALLED): requirements.lock pyproject.toml scripts/install.sh
	@bash scripts/install.sh
	@touch $(INSTALLED)

java: install
	@$(PY) -m jobs.java >/dev/null 2>&1 \
	|| bash scripts/apt.sh "Spark needs Java 17 or later" "openjdk-17-jre-headless|default-jre-headless"
	@$(PY) -m jobs.java >/dev/null

browser:
	@bash scripts/browser.sh

test: install java browser ## run every test: unit, Spark, Airflow, browser (ARGS="-k topic" for some)
	@PYTEST="$(PY) -m pytest" bash scripts/test.sh $(ARGS)

test-fast: install ## run the tests that need neither Spark, Airflow nor a browser, without the slow ones (a minute)
	@$(PY) -m pytest -n 2 --dist loadfile -m "$(UNMARKED)" $(ARGS)

lint: install ## check style, types and who imports whom
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -c "from importlinter.cli import lint_imports_command as lint; lint()"

bench-language: install java ## measure words and mood on real text (a quarter of an hour)
	@$(PY) -m benchmarks.language $(ARGS)

bench-masking: install ## measure masking on made-up sentences and real text
	@$(PY) -m benchmarks.masking $(ARGS)

bench-topics: install java ## measure the topics on real text: quality, identity over refits, speed, touchpoints
	@$(PY) -m benchmarks.topics $(ARGS)
	@$(PY) -m benchmarks.topic_identity
	@$(PY) -m benchmarks.topic_scale
	@$(PY) -m benchmarks.touchpoints

bench-signals: install ## measure spikes and series against planted truth
	@$(PY) -m benchmarks.signals $(ARGS)
	@$(PY) -m benchmarks.signals_real

bench-kpis: install ## measure the speed of the indicators, and that their parts add up
	@$(PY) -m benchmarks.kpis $(ARGS)

bench-mood: install ## measure whether the reason of a fall of mood is told rightly (planted falls; three minutes)
	@$(PY) -m benchmarks.mood_falls $(ARGS)

bench-forecast: install ## measure the forecast of volume on simulated weeks and the tweet series
	@$(PY) -m benchmarks.forecast $(ARGS)

screenshots: install browser ## picture every page at three widths, light and dark, into var/screenshots
	@$(PY) -m scripts.screenshots $(ARGS)

bench-startup: install java ## measure how long each command takes to say something (ARGS="--rows 5000": and analyze)
	@$(PY) -m benchmarks.startup $(ARGS)

class-archive: install java ## keep the classes that Spark loads, so that its next starts cost half (185 MB; a minute)
	@$(PY) -m jobs.class_archive

bench-scale: install java ## measure a day of 10k, 100k and 1.2M contacts, and the plain stack on 10k (ARGS="100000": one size)
	@$(PY) -m benchmarks.scale --plain $(ARGS)

bench-cluster: install java ## a master and two workers with networks and files of their own: same tables, whoever is killed (root, Linux)
	@$(PY) -m benchmarks.cluster $(ARGS)

bench-skew: install java ## days that are far from usual, against an even day of the same size
	@$(PY) -m benchmarks.skew $(ARGS)

bench-faults: install java ## kill every job at random moments, run it again, compare (ARGS="--jobs conform": some)
	@$(PY) -m benchmarks.faults $(ARGS)

.PHONY: bench-upgrades
bench-upgrades: install java ## PostgreSQL away for five minutes, and a site brought back on another machine
	@$(PY) -m benchmarks.postgres_away --airflow $(ARGS)
	@$(PY) -m benchmarks.restored_elsewhere

bench-fuzz: install ## send the API and the pages what no program or browser would (ARGS="50": fewer each)
	@$(PY) -m benchmarks.fuzz_api $(ARGS)
	@$(PY) -m benchmarks.fuzz_pages $(ARGS)

audit: install ## look for known faults in the packages of requirements.lock (asks the network), and for unused ones
	@PYTHONPATH="$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" \
		.venv/bin/uvx deptry@0.25.1 .
	@.venv/bin/uvx pip-audit@2.10.1 --strict --no-deps --disable-pip --requirement requirements.lock $(ARGS)

bench-increment: install java ## measure an hour's contacts with 7, 30 and 60 days of history (ARGS="--day 20000 --hour 5000")
	@$(PY) -m benchmarks.increment $(ARGS)

airflow: install java ## start Airflow with its pages at http://127.0.0.1:8080 (Ctrl-C ends it)
	@exec $(PY) -m dags.standalone

clean: ## remove caches and build products (data in var/ and .venv/ stay)
	@rm -rf build ./*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +

MART ?= /tmp/kesheng-mart
bench-dashboards: install ## measure the dashboards on a year at 20,000 contacts a day with twenty people clicking (4 GB in MART)
	@$(PY) -m benchmarks.dashboards_mart $(MART)
	@$(PY) -m benchmarks.dashboards_load $(MART) $(ARGS)
	@$(PY) -m benchmarks.dashboards_load $(MART) --publish $(ARGS)
