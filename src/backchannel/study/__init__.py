"""One crisis, many analyses, one seed."""
