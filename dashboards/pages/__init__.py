"""The pages, in the order of the navigation."""

from dashboards.context import Page
from dashboards.pages.data import PAGE as DATA
from dashboards.pages.operations import PAGE as OPERATIONS
from dashboards.pages.overview import PAGE as OVERVIEW
from dashboards.pages.topics import PAGE as TOPICS
from dashboards.pages.voices import PAGE as VOICES

PAGES: tuple[Page, ...] = (OVERVIEW, TOPICS, OPERATIONS, VOICES, DATA)
