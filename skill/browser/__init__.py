"""The local Alexa as a page in a browser, on loopback alone: `cramp-coach simulate`."""
