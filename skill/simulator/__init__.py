"""A local Alexa: hears, asks the webhook, speaks. The webhook knows nothing of it."""
