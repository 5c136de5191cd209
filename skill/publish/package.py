"""What `ask deploy` takes to Amazon, written into a folder.

    ask-resources.json
    skill-package/skill.json
    skill-package/interactionModels/custom/<locale>.json
    skill-package/assets/images/icon-<size>.png
    pages/<page>-<locale>.html
    lambda/

The layout is ask-cli's, version 2 (alexa.md 5). The pages are for those who have no host: any that
serves the folder `pages/` will do. In `lambda/`, which is written for a Lambda alone, stands what
builds the zip of its function.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from skill import pages
from skill.publish import function, source
from skill.publish.icons import SIZES, icon
from skill.publish.manifest import Certificate, Endpoint, manifest
from skill.publish.signatures import release_blockers
from skill.speech.catalogue import LOCALES

OPERATOR, CONTACT = "CRAMP_COACH_OPERATOR", "CRAMP_COACH_CONTACT"
"""The settings that say who runs the skill, and where to write to."""

PAGES_URL = "CRAMP_COACH_PAGES_URL"
"""The setting with the address at which a static host serves the folder `pages/`."""

_RESOURCES = {
    "askcliResourcesVersion": "2020-03-31",
    "profiles": {"default": {"skillMetadata": {"src": "./skill-package"}}},
}


@dataclass(frozen=True)
class Package:
    """What is to be packaged: the endpoint, who runs it, and whether the public may have it.

    `pages` is as `manifest` takes it; `named` says whether there are a name and an address of
    whoever runs it.
    """

    endpoint: Endpoint
    pages: str | None = None
    named: bool = False
    released: bool = False


def pages_of(endpoint: Endpoint, settings: Mapping[str, str]) -> str | None:
    """The address of a page, as `manifest` takes it: of a static host, or of the webhook itself."""
    if settings.get(PAGES_URL):
        return settings[PAGES_URL].rstrip("/") + "/{page}-{locale}.html"
    parts = urlsplit(endpoint.uri)
    return f"https://{parts.netloc}/{{page}}/{{locale}}" if parts.scheme == "https" else None


def is_named(settings: Mapping[str, str]) -> bool:
    """Whether the settings say who runs the skill, and where to write to."""
    who = pages.operator(settings)
    return bool(who.name) and pages.is_address(who.contact)


def refusals(package: Package) -> list[str]:
    """Why the public may not have it yet, each with what to do; empty where it may."""
    found = []
    left = release_blockers()
    if left:
        found.append(
            f"{len(left)} things are not signed or not answered, the first is {left[0]}: "
            "cramp-coach review writes them out, cramp-coach review --release lists them"
        )
    if package.endpoint.certificate is Certificate.SELF_SIGNED:
        found.append("a certificate that is self-signed is for testing: have one that is Trusted")
    if package.pages is None:
        found.append(f"no address of a privacy policy and of terms: set {PAGES_URL}")
    elif not package.pages.startswith("https://"):
        address = package.pages.partition("/{")[0]
        found.append(f"{address} is not https: set {PAGES_URL} to an address that is")
    if not package.named:
        found.append(
            f"nobody is named who runs it and can be written to: set {OPERATOR}, and {CONTACT} "
            "to an address of mail or of the web"
        )
    return found


def write(folder: Path, package: Package) -> list[Path]:
    """Writes the package; returns its files. OSError if they cannot be written.

    What else lies in the folder is left alone: ask-cli keeps there which skill it is.
    """
    inside = folder / "skill-package"
    files: dict[Path, bytes] = {
        folder / "ask-resources.json": _json(_RESOURCES),
        inside / "skill.json": _json(
            manifest(package.endpoint, package.pages, released=package.released)
        ),
    }
    for locale in LOCALES:
        model = source.text(f"{locale}.json").encode()
        files[inside / "interactionModels" / "custom" / f"{locale}.json"] = model
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    icons = _write_icons(inside / "assets" / "images")
    read = pages.write(folder / "pages", LOCALES, pages.operator())
    on_lambda = package.endpoint.certificate is None
    return [*files, *icons, *read, *(function.write(folder / "lambda") if on_lambda else ())]


def _write_icons(folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"icon-{size}.png" for size in SIZES]
    for size, path in zip(SIZES, paths, strict=True):
        icon(size).save(path, optimize=True)
    return paths


def _json(content: Any) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
