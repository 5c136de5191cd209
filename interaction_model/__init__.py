"""What Alexa listens for: `en.yaml` is the source, `en-US.json` and its like are built from it."""
