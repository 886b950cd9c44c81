"""Two runs compared: who moved the headline, and by how much, along the path from one to the other."""
