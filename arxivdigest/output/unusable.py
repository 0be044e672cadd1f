"""What of a configuration no digest and no paper can be made with."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from arxivdigest.config import Config
from arxivdigest.errors import UsageError
from arxivdigest.output import check_format, sample
from arxivdigest.output.pdf_name import pdf_name
from arxivdigest.output.templating import render_line


def unusable(
    config: Config, user_templates: Path | Sequence[Path]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """The keys of a configuration whose values no digest and no paper can be made with, and why."""

    def check_subject() -> None:
        for _, words in sample.samples():
            render_line(config.email.subject, words, "[email] subject")

    checks: dict[tuple[str, ...], Callable[[], object]] = {
        ("email", "subject"): check_subject,
        ("papers", "name"): lambda: pdf_name(config.papers.name, "2507.00001", None),
    }
    if config.output.format:
        name = config.output.format
        checks["output", "format"] = lambda: check_format(name, user_templates)
    for key, check in checks.items():
        try:
            check()
        except UsageError as error:
            yield key, str(error)
