"""flask-ask as published, saying one sentence. It checks no chain, so nothing is replaced."""

from flask import Flask
from flask_ask import Ask, question

app = Flask("flask_ask_app")
app.config["ASK_APPLICATION_ID"] = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"
ask = Ask(app, "/alexa")


@ask.intent("CrampIntent")
def cramp():
    return question("Pull your toes up towards you.").reprompt("Has it let go?")
