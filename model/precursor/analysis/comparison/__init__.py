"""Two runs compared, or an update previewed, as documents and in words."""
