"""The top floor: pages, maps, command line, settings, words."""
