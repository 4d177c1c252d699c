"""Addresses of the designer, below `/amt/leistungen/`: each area brings its own."""

from __future__ import annotations

from rathaus.designer.views import (
    adopting,
    catalogue,
    code_lists,
    conditions,
    decisions,
    details,
    examples,
    fee,
    findings,
    flow,
    history,
    new_question,
    overview,
    pages,
    publishing,
    question,
    rules,
    service_texts,
    start,
    trial,
    updating,
    versions,
)

app_name = "designer"
urlpatterns = [
    *catalogue.urls,
    *adopting.urls,
    *start.urls,
    *versions.urls,
    *updating.urls,
    *overview.urls,
    *pages.urls,
    *new_question.urls,
    *question.urls,
    *conditions.urls,
    *rules.urls,
    *code_lists.urls,
    *service_texts.urls,
    *flow.urls,
    *decisions.urls,
    *fee.urls,
    *details.urls,
    *trial.urls,
    *examples.urls,
    *findings.urls,
    *history.urls,
    *publishing.urls,
]
