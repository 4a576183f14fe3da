"""Interview practice: cards from the knowledge base and the casebook, grading in words, scheduling, mock interviews. No screen."""
