"""Where the parts meet: surveys read against the argument, and the argument updated by them."""
