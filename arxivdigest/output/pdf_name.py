"""The name that a paper's PDF is to have, of a template of one line."""

from arxivdigest.model import Entry
from arxivdigest.output import bibtex
from arxivdigest.output.templating import render_values
from arxivdigest.text.readable import readable


def pdf_name(template: str, arxiv_id: str, entry: Entry | None) -> str:
    """The name as the template has it; of a paper that is not stored, only what its id tells.

    A UsageError says what is wrong with the template.
    """
    values = {
        "arxiv_id": arxiv_id,
        "title": readable(entry.title) if entry else "",
        "first_author": entry.authors[0] if entry and entry.authors else "",
        "year": bibtex.year(arxiv_id),
        "primary_category": entry.primary_category if entry else "",
    }
    return render_values(template, values, "[papers] name")
