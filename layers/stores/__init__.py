"""Where layers are kept when it is not a folder."""
