"""Properties that hold for every contract, found by generated ones."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from contracts_runtime.container_paths import is_at_or_below, names_a_file, normalise
from contracts_runtime.contract_checks import CONTRACT_FIELDS, ERROR, UNRESOLVED, check_contract, infer_kind
from contracts_runtime.platform_facts import KINDS, find_platform_variable, is_platform_path, path_of_variable

KIND = st.sampled_from(KINDS)
COMPONENT = st.text(string.ascii_letters + string.digits + "_-.", min_size=1, max_size=12).filter(
    lambda name: name.strip(".")
)
PATH = st.lists(COMPONENT, max_size=5).map("/".join)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(UNRESOLVED),
    lambda children: st.lists(children) | st.dictionaries(st.text() | st.integers() | st.none(), children),
    max_leaves=12,
)
FIELDS = st.dictionaries(st.sampled_from(CONTRACT_FIELDS) | st.text(max_size=20), JSON)
CONTAINER_PATHS = st.sampled_from(
    [
        "/opt/ml",
        "/opt/ml/processing",
        "/opt/ml/processing/input/code",
        "/opt/ml/input/data",
        "/opt/ml/model",
        "",
        "/",
    ]
).flatmap(lambda root: PATH.map(lambda rest: f"{root}/{rest}"))
PATH_FIELDS = st.dictionaries(st.text(max_size=5), CONTAINER_PATHS | st.text(max_size=20), max_size=12)


@given(FIELDS, KIND)
def test_whatever_the_fields_hold_becomes_problems(fields: dict[str, object], kind: str) -> None:
    problems = check_contract(fields, kind)
    assert check_contract(fields, kind) == problems
    assert all("\n" not in problem.text for problem in problems)
    assert infer_kind(fields) in KINDS


@given(PATH_FIELDS, PATH_FIELDS, KIND)
def test_every_remedied_path_passes(inputs: dict[str, str], outputs: dict[str, str], kind: str) -> None:
    fields = {"entry_point": "a.py", "expected_input_paths": inputs, "expected_output_paths": outputs}
    problems = check_contract(fields, kind)
    assert len({(problem.rule, problem.field, problem.key, problem.message) for problem in problems}) == len(
        problems
    )
    for problem in problems:
        start = "use a path such as '"
        if problem.remedy.startswith(start):
            remedied = {problem.field: {problem.key: problem.remedy[len(start) :].split("'")[0]}}
            again = check_contract({"entry_point": "a.py", **remedied}, kind)
            assert "path-outside-container" not in [each.rule for each in again]


@given(PATH, st.sampled_from(["expected_input_paths", "expected_output_paths"]))
def test_below_the_processing_root_nothing_is_outside(rest: str, field: str) -> None:
    path = f"/opt/ml/processing/{rest}"
    problems = check_contract({"entry_point": "a.py", field: {"x": path}}, "processing")
    outside = [problem for problem in problems if problem.rule == "path-outside-container"]
    assert not outside or is_at_or_below(path, "/opt/ml/processing/input")


@given(PATH)
def test_below_a_channel_nothing_is_outside(rest: str) -> None:
    fields = {"entry_point": "a.py", "expected_input_paths": {"x": f"/opt/ml/input/data/{rest}"}}
    assert check_contract(fields, "training") == []


@given(PATH, st.sampled_from(["/opt/ml/model", "/opt/ml/output/data", "/opt/ml/checkpoints"]))
def test_below_what_is_uploaded_nothing_is_outside(rest: str, root: str) -> None:
    fields = {"entry_point": "a.py", "expected_output_paths": {"x": f"{root}/{rest}"}}
    assert not [problem for problem in check_contract(fields, "training") if problem.severity == ERROR]


@given(FIELDS, KIND, st.data())
def test_knowing_less_never_adds_a_problem_to_what_is_known(
    fields: dict[str, object], kind: str, data: st.DataObject
) -> None:
    before = {
        (problem.rule, problem.field, problem.key)
        for problem in check_contract(fields, kind)
        if _hashable(problem)
    }
    hidden = data.draw(st.sets(st.sampled_from(sorted(fields)))) if fields else set()
    less = {name: UNRESOLVED if name in hidden else value for name, value in fields.items()}
    after = {
        (problem.rule, problem.field, problem.key)
        for problem in check_contract(less, kind)
        if _hashable(problem)
    }
    assert after <= before


def _hashable(problem: object) -> bool:
    return not isinstance(getattr(problem, "key", None), (list, dict))


@given(PATH, st.sampled_from(["", "/", "//", "/."]))
def test_the_spelling_of_a_path_does_not_matter(rest: str, end: str) -> None:
    path = f"/opt/ml/{rest}"
    assert normalise(path + end) == normalise(path) == normalise(normalise(path))
    assert is_platform_path(path + end) == is_platform_path(path)


@given(PATH, PATH)
def test_what_lies_below_a_platform_directory_is_the_platforms(rest: str, deeper: str) -> None:
    path = f"/opt/ml/code/{rest}"
    assert is_platform_path(path)
    assert is_at_or_below(f"{path}/{deeper}", path)


@given(st.text(string.digits, min_size=1), st.text(string.digits, min_size=1))
def test_version_numbers_make_no_file(major: str, minor: str) -> None:
    assert not names_a_file(f"/opt/ml/processing/output/v{major}.{minor}")


@given(st.text(string.ascii_uppercase + "_", max_size=15))
def test_a_variable_with_a_path_is_a_platform_variable(name: str) -> None:
    for candidate in (name, f"SM_{name}", f"SM_CHANNEL_{name}"):
        assert path_of_variable(candidate) is None or find_platform_variable(candidate) is not None
