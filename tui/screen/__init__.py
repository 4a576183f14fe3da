"""The full-screen faces of the clinic, made with Textual. Nothing here is imported before somebody asks for a screen."""
