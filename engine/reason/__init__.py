"""How it thinks: facts -> rules -> ranked causes -> the next question."""
