"""Measurements and endurance: `make bench`, `make fuzz`, `make soak`."""
