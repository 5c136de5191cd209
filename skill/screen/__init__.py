"""The screen beside the bed: what a turn shows, and what a touch may be."""
