"""arXiv's daily announcement, through your own rules."""

__version__ = "0.1.0"
PROJECT_URL = "https://github.com/arxivdigest/arxivdigest"
