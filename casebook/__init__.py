"""The casebook: what was seen, what it turned out to be, and what that teaches."""
