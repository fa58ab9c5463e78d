"""Say in a page's own Content-Security-Policy that it runs and loads nothing but what it carries."""

import base64
import hashlib
from collections.abc import Sequence


def policy(scripts: Sequence[str], style: str, pictures: str = "") -> str:
    """Return the policy of a page with these inline scripts and this style sheet; ``pictures`` are the schemes it may draw from.

    A hash allows exactly one text. Attributes of style draw the bars; they can load nothing, since everything else is forbidden.
    """
    allowed = {
        "default-src": "'none'",
        "script-src": " ".join(map(_hash, scripts)),
        "style-src-elem": _hash(style),
        "style-src-attr": "'unsafe-inline'",
        "img-src": pictures,
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in allowed.items() if sources)


def _hash(text: str) -> str:
    """Return the source expression of an inline text, which a browser takes between its tags, byte by byte."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
