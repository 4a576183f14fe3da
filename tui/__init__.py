"""The faces: the command line and the reports. Everything below can do without this room."""
