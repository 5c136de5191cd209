"""What she hears: the lines of each locale, as data."""
