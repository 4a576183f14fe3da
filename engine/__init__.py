"""How it thinks: a log or words -> observations -> facts -> rules -> ranked causes -> a question. No screen, no database, no network."""
