"""Results to text, Markdown and HTML."""
