"""What people install: the package, the templates, the reference, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

PROJECT = Path(__file__).parent.parent


def test_the_wheel_holds_the_package_the_templates_and_the_reference(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=PROJECT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    manual = {name.partition(".data/data/")[2] for name in names if ".data/" in name}
    assert manual == {"share/man/man1/digest.1", "share/man/man5/digest-config.5"}
    held = {name for name in names if ".dist-info/" not in name and ".data/" not in name}
    modules = {str(path.relative_to(PROJECT)) for path in (PROJECT / "arxivdigest").rglob("*.py")}
    templates = {f"arxivdigest/templates/{path.name}" for path in (PROJECT / "templates").iterdir()}
    assert held == modules | templates | {"arxivdigest/py.typed", "arxivdigest/CONFIGURATION.md"}
