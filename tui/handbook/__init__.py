"""The knowledge base to read: entries as pages, on a terminal, as Markdown, or as a static site that needs no network."""
