"""What a transaction that was not carried out raises."""

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from tests.support.builders import a_person
from tests.support.tables import DIRECTORY, REGION
from tocsin.errors import ConflictError
from tocsin.stores import keys
from tocsin.stores.table import Table, Write, dynamodb


@pytest.mark.parametrize(
    ("code", "raises"),
    [
        pytest.param("ConditionalCheckFailed", ConflictError, id="somebody was first"),
        pytest.param("TransactionConflict", ConflictError, id="somebody is at it"),
        pytest.param("ThrottlingError", ConflictError, id="throttled"),
        pytest.param("ProvisionedThroughputExceeded", ConflictError, id="throttled by capacity"),
        pytest.param("ItemCollectionSizeLimitExceeded", ClientError, id="trying again will not help"),
    ],
)
def test_what_may_be_tried_again_is_a_conflict(code: str, raises: type[Exception]) -> None:
    with Stubber(dynamodb(REGION)) as stub:
        stub.add_client_error(
            "transact_write_items",
            "TransactionCanceledException",
            modeled_fields={"CancellationReasons": [{"Code": "None"}, {"Code": code}]},
        )
        with pytest.raises(raises):
            Table(DIRECTORY, REGION).save([Write.put(keys.entity("person", "alice"), a_person())])
