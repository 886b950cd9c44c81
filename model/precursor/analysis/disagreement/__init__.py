"""Why two sides differ, and what would follow if one gave way in part."""
