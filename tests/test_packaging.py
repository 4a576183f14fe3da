"""What is installed is what is in the checkout, and what outside programs call stays as promised."""

from __future__ import annotations

import inspect
import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lossclinic
import pytest

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SETUPTOOLS: dict[str, Any] = PROJECT["tool"]["setuptools"]
LOG = ROOT / "examples" / "spike.tsv"

DIAGNOSIS = {
    "healthy": bool,
    "symptoms": list,
    "causes": list,
    "facts": dict,
    "asked": list,
    "next_questions": list,
}
"""What programs rely on in a diagnosis: field and JSON type. The same in the tables below."""
FINDING = {
    "id": str,
    "metric": str | None,
    "first_step": float | int | None,
    "last_step": float | int | None,
    "strength": float | int,
    "summary": str,
}
CAUSE = {"id": str, "probability": float | int, "evidence": list, "fixes": list}
ASKED = {"fact": str, "answer": bool | int | float | str | None}
QUESTION = {"fact": str, "gain": float | int}

ORIGINS = {"metric", "answer", "told", "text", "rule", "prior", "casebook"}


def packages(folder: Path = ROOT, name: str = "lossclinic") -> Iterator[tuple[str, Path]]:
    """Every package of the checkout with its folder, found by `__init__.py`."""
    yield name, folder
    for sub in sorted(folder.iterdir()):
        if (sub / "__init__.py").is_file():
            yield from packages(sub, f"{name}.{sub.name}")


def test_every_package_is_listed() -> None:
    """A package that is not in the list works in the checkout and is missing from the wheel."""
    assert sorted(SETUPTOOLS["packages"]) == sorted(name for name, _ in packages())


def test_every_module_lies_in_a_package() -> None:
    """A folder of modules without `__init__.py` would be left out in silence."""
    rooms = [folder for name, folder in packages() if name.count(".") == 1]
    stray = [path for room in rooms for path in room.rglob("*.py") if not (path.parent / "__init__.py").is_file()]
    assert stray == []


def test_every_file_beside_the_modules_is_package_data() -> None:
    """The knowledge, and whatever else a room needs at run time, is installed with it."""
    listed = {
        path
        for name, folder in packages()
        for pattern in SETUPTOOLS["package-data"].get(name, ())
        for path in folder.glob(pattern)
    }  # fmt: skip
    needed = {
        path
        for name, folder in packages()
        if name.count(".") == 1
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts
    }
    assert sorted(needed - listed) == []
    assert ROOT / "py.typed" in listed
    assert len([path for path in listed if path.match("knowledge/causes/*.yaml")]) > 40


@pytest.mark.skipif(shutil.which("uv") is None, reason="uv builds the wheel")
def test_the_wheel_holds_every_file(tmp_path: Path) -> None:
    """What `pip install` brings is the checkout: every module, every file of knowledge and every reference case."""
    subprocess.run(["uv", "build", "--quiet", "--out-dir", str(tmp_path), str(ROOT)], check=True, capture_output=True)  # noqa: S607
    assert list(tmp_path.glob("*.tar.gz"))
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if name.startswith("lossclinic/")}
    wanted = {"lossclinic/py.typed"}
    for name, folder in packages():
        inside = name.replace(".", "/")
        wanted |= {f"{inside}/{path.name}" for path in folder.glob("*.py")}
    wanted |= {f"lossclinic/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "kb" / "knowledge").rglob("*.yaml")}
    wanted |= {f"lossclinic/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "casebook" / "cases").glob("*.md")}
    wanted |= {f"lossclinic/examples/{path.name}" for path in (ROOT / "examples").iterdir()}
    assert held == wanted


@pytest.mark.parametrize(
    "code",
    [
        "import lossclinic",
        "from lossclinic import InputError, diagnose",
        "import contextlib, io\nfrom lossclinic.tui.cli import main\nwith contextlib.redirect_stdout(io.StringIO()): main(['--help'])",
    ],
)
def test_importing_costs_nothing(code: str) -> None:
    """`import lossclinic` and `lossclinic --help` load no numpy, no pydantic, no screens."""
    probe = code + "\nimport sys\nprint(*{name.partition('.')[0] for name in sys.modules} & {'numpy', 'pydantic', 'textual', 'yaml'})"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_folder_with_its_own_engine_is_no_trouble(tmp_path: Path) -> None:
    """The command and the import work in a training repository with an `engine.py` and `PYTHONPATH=.`."""
    for name in ("engine.py", "kb.py", "tui.py", "messages.py", "errors.py"):
        (tmp_path / name).write_text("raise SystemExit('the wrong module was imported')\n")
    command = str(Path(sys.executable).with_name("diagnose"))
    for arguments in ([command, "--metrics", str(LOG)], [sys.executable, "-c", f"import lossclinic; lossclinic.diagnose({str(LOG)!r})"]):
        done = subprocess.run(arguments, cwd=tmp_path, env={"PYTHONPATH": ".", "HOME": str(tmp_path)}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_one_version() -> None:
    """pyproject.toml, the package and the newest entry of the changelog agree."""
    newest = re.search(r"^## \[(\S+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest is not None
    assert PROJECT["project"]["version"] == lossclinic.__version__ == newest[1]


def test_the_signature_of_diagnose() -> None:
    """Scripts call it by these names, in this order, with these defaults."""
    parameters = inspect.signature(lossclinic.diagnose).parameters
    assert {name: p.default for name, p in parameters.items()} == {
        "metrics": None,
        "text": None,
        "facts": None,
        "answers": None,
        "max_questions": 0,
        "lang": None,
    }
    assert [name for name, p in parameters.items() if p.kind is not p.KEYWORD_ONLY] == ["metrics"]


def check_contract(diagnosis: dict[str, Any]) -> None:
    """Every promised field is there and of its type, and the values mean what they should."""

    def holds(entry: dict[str, Any], fields: dict[str, Any]) -> None:
        for field, kind in fields.items():
            assert isinstance(entry[field], kind), field

    holds(diagnosis, DIAGNOSIS)
    for finding in diagnosis["symptoms"]:
        holds(finding, FINDING)
        assert 0 <= finding["strength"] <= 1
    for cause in diagnosis["causes"]:
        holds(cause, CAUSE)
    for answer in diagnosis["asked"]:
        holds(answer, ASKED)
    for question in diagnosis["next_questions"]:
        holds(question, QUESTION)
    origins = [entry["origin"]["kind"] for cause in diagnosis["causes"] for entry in cause["evidence"]]
    origins += [fact["origin"]["kind"] for fact in diagnosis["facts"].values()]
    assert set(origins) <= ORIGINS
    chances = [cause["probability"] for cause in diagnosis["causes"]]
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) + diagnosis["something_else"] == pytest.approx(1, abs=1e-9)
    gains = [question["gain"] for question in diagnosis["next_questions"]]
    assert all(gain >= 0 for gain in gains)


@pytest.mark.parametrize("log", sorted(ROOT.glob("examples/*.*[!d]")), ids=lambda path: path.name)
def test_a_diagnosis_has_every_promised_field(log: Path) -> None:
    """`model_dump` follows the contract, with questions asked and without."""
    for most in (0, 2):
        diagnosis = lossclinic.diagnose(log, answers={}, max_questions=most, lang="en").model_dump(mode="json")
        check_contract(diagnosis)
        assert len(diagnosis["asked"]) <= most
        assert diagnosis["healthy"] or (diagnosis["symptoms"] and diagnosis["causes"])


def test_json_is_the_diagnosis_itself() -> None:
    """`--format json` prints what `model_dump` gives, one object a line when there are several logs."""
    command = str(Path(sys.executable).with_name("diagnose"))
    logs = [str(LOG), str(ROOT / "examples" / "healthy_nanogpt.txt")]
    arguments = [command, "--metrics", *logs, "--format", "json", "--lang", "en"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True, encoding="utf-8")
    printed = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(printed) == 2
    for log, diagnosis in zip(logs, printed, strict=True):
        check_contract(diagnosis)
        assert diagnosis == lossclinic.diagnose(log, lang="en").model_dump(mode="json")


@pytest.mark.parametrize("content", ["", "step,loss\n", "hello\n", "step,name\n1,a\n2,b\n", '{"loss": [1, 2'])
def test_what_cannot_be_read_raises_input_error(tmp_path: Path, content: str) -> None:
    """`lossclinic.InputError` names the file, in one line."""
    path = tmp_path / "metrics.csv"
    path.write_text(content)
    with pytest.raises(lossclinic.InputError, match=r"metrics\.csv") as caught:
        lossclinic.diagnose(path)
    assert "\n" not in str(caught.value)
