"""The conversation. Pure Python: no Alexa, no Flask, no files, no clock, no text."""
