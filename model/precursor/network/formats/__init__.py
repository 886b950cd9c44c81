"""File formats of discrete networks: BIF, XMLBIF and XDSL."""
