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
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    modules = {str(path.relative_to(PROJECT)) for path in (PROJECT / "arxivdigest").rglob("*.py")}
    templates = {f"arxivdigest/templates/{path.name}" for path in (PROJECT / "templates").iterdir()}
    assert held == modules | templates | {"arxivdigest/py.typed", "arxivdigest/CONFIGURATION.md"}
