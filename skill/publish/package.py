"""What `ask deploy` takes to Amazon, written into a folder.

    ask-resources.json
    skill-package/skill.json
    skill-package/interactionModels/custom/<locale>.json
    skill-package/assets/images/icon-<size>.png
    pages/<name>/index.html

The layout is ask-cli's, version 2 (alexa.md 5). The pages are for those who have no host: any that
serves the folder `pages/` will do.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from skill.publish import source
from skill.publish.icons import SIZES, icon
from skill.publish.manifest import Endpoint, manifest
from skill.publish.review import unsigned
from skill.speech.catalogue import LOCALES

OPERATOR = "CRAMP_COACH_OPERATOR"
"""The setting that names who runs the skill."""

PAGES_URL = "CRAMP_COACH_PAGES_URL"
"""The setting with the address of a static host, before `/privacy` and `/terms`."""

PAGES: Mapping[str, Callable[[str], str]] = {}
"""What writes each page, `privacy` and `terms`: from the operator's name to HTML."""

_RESOURCES = {
    "askcliResourcesVersion": "2020-03-31",
    "profiles": {"default": {"skillMetadata": {"src": "./skill-package"}}},
}


@dataclass(frozen=True)
class Package:
    """What is to be packaged: the endpoint, who runs it, and whether the public may have it.

    `pages` is the address before `/privacy` and `/terms`; None where no page can be linked.
    """

    endpoint: Endpoint
    pages: str | None = None
    operator: str = ""
    released: bool = False


def pages_of(endpoint: Endpoint, settings: Mapping[str, str]) -> str | None:
    """The address before `/privacy` and `/terms`: as set, or the webhook's own host."""
    if settings.get(PAGES_URL):
        return settings[PAGES_URL].rstrip("/")
    parts = urlsplit(endpoint.uri)
    return f"https://{parts.netloc}" if parts.scheme == "https" else None


def refusals(package: Package) -> list[str]:
    """Why the public may not have it yet, each with what to do; empty where it may."""
    found = []
    left = unsigned()
    if left:
        found.append(
            f"{len(left)} lines are not signed, the first is {left[0][0]}: "
            "cramp-coach review writes them out, cramp-coach review --check lists them"
        )
    if package.pages is None:
        found.append(f"no address of a privacy policy and of terms: set {PAGES_URL}")
    elif not package.pages.startswith("https://"):
        found.append(f"{package.pages} is not https: set {PAGES_URL} to an address that is")
    if not package.operator.strip():
        found.append(f"nobody is named who runs the skill: set {OPERATOR}")
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
    for name, page in PAGES.items():
        files[folder / "pages" / name / "index.html"] = page(package.operator).encode()
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return [*files, *_write_icons(inside / "assets" / "images")]


def _write_icons(folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"icon-{size}.png" for size in SIZES]
    for size, path in zip(SIZES, paths, strict=True):
        icon(size).save(path, optimize=True)
    return paths


def _json(content: Any) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
