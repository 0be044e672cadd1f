"""arXiv asked, politely, until the listing is whole."""
