"""Another project's fuzzer reads the description of the API and tries every door, with what fits it and what does not.

It finds what our own examples do not think of: an answer that is not described, a body that is not as described, a
request the description forbids and the door takes, a fault.
"""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings

from complaints.api.api import api
from tests.fixtures import City

pytestmark = [pytest.mark.django_db]
EXAMPLES = 15
# Rules refuse more than a schema can say: a place outside the city, a withdrawal nobody is sure of, an empty tip.
BEYOND = schemathesis.checks.positive_data_acceptance


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Keep the connection of the test, which a real request gives back when it ends."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
schema.app = get_wsgi_application()


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)
def test_every_door_answers_as_described(case: schemathesis.Case, city: City) -> None:
    case.call_and_validate(headers={"Host": "localhost"}, excluded_checks=[BEYOND])
