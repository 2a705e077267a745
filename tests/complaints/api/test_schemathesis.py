"""Another project's fuzzer reads the description of the API and tries every door, with what fits it and what does not.

It finds what our own examples do not think of: an answer that is not described, a body that is not as described, a
request the description forbids and the door takes, a fault.
"""

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, settings

from complaints.api.api import api
from tests.fixtures import City

pytestmark = [pytest.mark.django_db]
EXAMPLES = 25


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
    case.call_and_validate(headers={"Host": "localhost"})
