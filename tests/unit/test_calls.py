"""What code may call is followed by name, from file to file."""

from pathlib import Path

from tests.support.calls import called_from

HANDLER = """
from tocsin.domain.{module} import {name}

def handler(event, context):
    return {name}(event)
"""


def called(folder: Path, module: str, name: str) -> set[str | None]:
    handler = folder / f"{name}.py"
    handler.write_text(HANDLER.format(module=module, name=name))
    return {found.name for found in called_from(handler) if found.file.name == "events.py"}


def test_a_call_is_found_behind_other_functions_and_files(tmp_path: Path) -> None:
    assert called(tmp_path, "incident", "acknowledge") == {"IncidentAcknowledged"}


def test_what_lies_in_the_same_file_and_is_not_used_is_not_called(tmp_path: Path) -> None:
    assert called(tmp_path, "monitor", "unjudged") == set()


def test_methods_of_a_class_are_called_with_it(tmp_path: Path) -> None:
    assert called(tmp_path, "shard_run", "ShardRun") == {"ObservationChanged"}
