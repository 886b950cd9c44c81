"""The command line: one file a command, which reads its arguments, calls one function, and says what came of it."""
