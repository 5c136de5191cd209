"""The manifest: what Amazon's store shows of the skill, and where Alexa finds it.

Its words are lines of `responses/store.yaml`; what Amazon wants of them is in alexa.md 1, 2 and 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from skill.speech.catalogue import DEFAULT_LOCALE, LOCALES, store
from skill.speech.words import in_digits

COUNTRIES = {"en-AU": "AU", "en-CA": "CA", "en-GB": "GB", "en-IN": "IN", "en-US": "US"}
"""Where each locale is offered: only where the number that its words name is answered.

Not in Ireland, which has en-GB and whose number no line names yet, and not in New Zealand, which
has en-AU: triple zero is not answered there (clinical.md D).
"""

CATEGORY = "HEALTH_AND_FITNESS"
ICON = "file://assets/images/icon-{size}.png"
SCREENS: dict[str, Any] = {
    "type": "ALEXA_PRESENTATION_APL",
    "supportedViewports": [
        {
            "mode": "HUB",
            "shape": "ROUND",
            "minWidth": 480,
            "maxWidth": 480,
            "minHeight": 480,
            "maxHeight": 480,
        },
        {
            "mode": "HUB",
            "shape": "RECTANGLE",
            "minWidth": 960,
            "maxWidth": 1920,
            "minHeight": 480,
            "maxHeight": 1920,
        },
    ],
}
"""The screens that are drawn on: without it Amazon neither says of a screen nor takes a document.

The sizes are those that `tests/screen/renderer.py` draws, and what is between (alexa.md 7).
"""

PAGES = {"privacyPolicyUrl": "privacy", "termsOfUseUrl": "terms"}
PHRASES = ("first", "second", "third")

_READER = frozenset({"she", "pregnant", "emergency"})  # whom the store speaks to


class Certificate(Enum):
    """Whose certificate the endpoint has; Amazon's names."""

    TRUSTED = "Trusted"
    WILDCARD = "Wildcard"
    SELF_SIGNED = "SelfSigned"


@dataclass(frozen=True)
class Endpoint:
    """Where Alexa finds the skill: an address, or the ARN of a Lambda, which has no certificate."""

    uri: str
    certificate: Certificate | None = None

    def as_json(self) -> dict[str, str]:
        """As it stands in the manifest."""
        if self.certificate is None:
            return {"uri": self.uri}
        return {"uri": self.uri, "sslCertificateType": self.certificate.value}


def manifest(endpoint: Endpoint, pages: str | None, *, released: bool) -> dict[str, Any]:
    """The manifest, `skill.json`.

    `pages` is the address of a page, with {page} ("privacy" or "terms") and {locale}; without one,
    no page is linked. What is not released says that it is for testing.
    """
    return {
        "manifest": {
            "manifestVersion": "1.0",
            "publishingInformation": {
                "locales": {locale: _shown(locale, released) for locale in LOCALES},
                "category": CATEGORY,
                "isAvailableWorldwide": False,
                "distributionMode": "PUBLIC",
                "distributionCountries": [COUNTRIES[locale] for locale in LOCALES],
                "testingInstructions": written("testing", DEFAULT_LOCALE),
            },
            "privacyAndCompliance": _compliance(pages),
            "apis": {"custom": {"endpoint": endpoint.as_json(), "interfaces": [SCREENS]}},
        }
    }


def written(name: str, locale: str) -> str:
    """A line of the store, as it is read in a locale. MissingLine if there is none."""
    return in_digits(store(locale).pieces(f"store.{name}", "write", _READER))


def _shown(locale: str, released: bool) -> dict[str, Any]:
    description = written("description", locale)
    if not released:
        description = f"{written('for_testing', locale)}\n\n{description}"
    return {
        "name": written("name", locale),
        "summary": written("summary", locale),
        "description": description,
        "examplePhrases": [written(f"phrases.{name}", locale) for name in PHRASES],
        "keywords": written("keywords", locale).split(", "),
        "smallIconUri": ICON.format(size=108),
        "largeIconUri": ICON.format(size=512),
    }


def _compliance(pages: str | None) -> dict[str, Any]:
    """Nothing is sold, advertised or kept. No US covered entity runs it (alexa.md 1)."""
    compliance: dict[str, Any] = {
        "allowsPurchases": False,
        "usesPersonalInfo": False,
        "isChildDirected": False,
        "isExportCompliant": True,
        "containsAds": False,
        "usesHealthInfo": False,
    }
    if pages is not None:
        compliance["locales"] = {
            locale: {name: pages.format(page=page, locale=locale) for name, page in PAGES.items()}
            for locale in LOCALES
        }
    return compliance
