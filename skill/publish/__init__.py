"""What is handed to Amazon, built from its sources."""
