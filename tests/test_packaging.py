"""What is shipped and how it is built: the wheel, the lock, the make targets, and nothing of anybody's machine."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "handlers", "reporting_core", "templates")
PUBLIC_TARGETS = {"demo", "test", "check", "bench", "chaos"}
# Labels that occur in the host names of package registries and of their mirrors, not in those of documentation.
REGISTRY_LABELS = {"pypi", "pythonhosted", "npmjs", "registry", "mirror", "mirrors", "deb", "simple"}
URL = re.compile(r"[a-z][a-z+]*://(?:[^/@\s]*@)?([\w.-]+)", re.IGNORECASE)
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:home|root|work|Users|opt)/\w+")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel as an operator would build it."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("usagebot-*.whl")
    return zipfile.ZipFile(path)


def tracked() -> list[Path]:
    """Files that are, or are about to be, part of the repository."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in names.split("\0") if name and (path := ROOT / name).is_file()]


def texts() -> dict[str, str]:
    """Tracked files that hold text, by their path in the repository."""
    found = {}
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content:
            found[path.relative_to(ROOT).as_posix()] = content.decode("utf-8", "replace")
    return found


def test_the_wheel_holds_every_file_of_the_packages(wheel: zipfile.ZipFile) -> None:
    ours = {name for path in tracked() if (name := path.relative_to(ROOT).as_posix()).split("/")[0] in PACKAGES}
    assert ours - set(wheel.namelist()) == set()


@pytest.mark.parametrize(
    "pattern",
    [
        r"templates/.+\.j2",
        r"bot/playground/page/index\.html",
        r"bot/playground/page/.+\.js",
        r"bot/playground/page/.+\.css",
        r"reporting_core/storage/migrations/versions/.+\.py",
    ],
)
def test_the_wheel_holds_what_is_no_module(wheel: zipfile.ZipFile, pattern: str) -> None:
    assert [name for name in wheel.namelist() if re.fullmatch(pattern, name)]


def test_the_wheel_holds_nothing_but_the_packages(wheel: zipfile.ZipFile) -> None:
    assert {name.split("/")[0] for name in wheel.namelist()} == {*PACKAGES, "usagebot-0.1.0.dist-info"}


def test_the_wheel_cannot_be_published_by_mistake(wheel: zipfile.ZipFile) -> None:
    assert "Classifier: Private :: Do Not Upload" in wheel.read("usagebot-0.1.0.dist-info/METADATA").decode()


def locked() -> list[str]:
    """Entries of the lock, each with its hashes on one line."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / "requirements.lock").read_text())
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def test_every_package_of_the_lock_is_pinned_and_hashed() -> None:
    pinned = re.compile(r"[a-z0-9._-]+==\S+( ; [^#]+?)?( --hash=sha256:[0-9a-f]{64})+")
    assert [line for line in locked() if not pinned.fullmatch(re.sub(" +", " ", line))] == []


def test_the_lock_names_no_host() -> None:
    assert URL.findall((ROOT / "requirements.lock").read_text()) == []


def test_the_lock_holds_everything_that_is_declared() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = [*declared["project"]["dependencies"], *declared["dependency-groups"]["dev"]]
    names = {normal(entry.split("==")[0]) for entry in locked()}
    assert {normal(re.split(r"[\[><=;]", entry)[0]) for entry in asked} - names == set()


def normal(name: str) -> str:
    """Spell a distribution's name in the one way that indexes do."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def test_every_make_target_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = set(re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[0].split())
    described = set(re.findall(r"^([a-z]+):[^#\n]*## \S.{10,}$", makefile, re.MULTILINE))
    assert phony - {"environment"} == described == PUBLIC_TARGETS


def test_the_readme_tells_of_every_make_target() -> None:
    readme = (ROOT / "README.md").read_text()
    assert {target for target in PUBLIC_TARGETS if f"make {target}" not in readme} == set()


def test_no_file_names_a_package_registry() -> None:
    found = {
        name: sorted({h for h in URL.findall(text) if REGISTRY_LABELS & set(h.split("."))})
        for name, text in texts().items()
    }
    assert {name: hosts for name, hosts in found.items() if hosts} == {}


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    found = {name: MACHINE_PATH.findall(text) for name, text in texts().items()}
    assert {name: paths for name, paths in found.items() if paths} == {}
