PLAIN: frozenset[str] = frozenset()
