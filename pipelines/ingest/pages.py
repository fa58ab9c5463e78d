"""Tell data from web pages: refuse content of another type than promised, and pages that block automated clients."""

import re

from pipelines import settings
from pipelines.errors import FetchFailed

HTML_TYPES = {"text/html", "application/xhtml+xml"}
#: Pages that block clients are small, so a long document is not searched to its end.
_SEARCHED = 200_000

_LOOKS_HTML = re.compile(rb"(\xef\xbb\xbf)?\s*+(<\?xml[^>]*>\s*+)?(?><!--.*?-->\s*+)*+<(!doctype\s+html|html)\b", re.I | re.S)
# Marks of pages that stand in front of data. Words alone would not do: a prospectus may well mention captchas.
_WALL = re.compile(
    (
        r"<title[^>]*>\s*(just a moment|attention required!|access denied|security check|checking your browser|captcha"
        r"|verify(ing)? (that )?you are (a )?human|are you (a )?(human|robot)|安全验证|人机验证)"
        r"|_cf_chl_opt|id=[\"']?challenge-form|class=[\"']?[\w\s-]*(g-recaptcha|h-captcha|cf-turnstile|px-captcha)"
        r"|captcha-delivery\.com|incapsula incident id|originates from an undeclared automated tool"
    ).encode(),
    re.I,
)


def check_type(address: str, content_type: str, content: bytes, accepted: tuple[str, ...]) -> None:
    """Raise FetchFailed for content that is not of an ``accepted`` type (empty: any), or that is a blocking page."""
    kind = content_type.partition(";")[0].strip().lower()
    is_html = kind in HTML_TYPES or _LOOKS_HTML.match(content) is not None
    if is_html and _WALL.search(content[:_SEARCHED]):
        raise blocked(address)
    promised = " or ".join(accepted)
    if is_html and accepted and not HTML_TYPES.intersection(accepted):
        raise FetchFailed(f"{address} is an HTML page, but {promised} was promised", "Open it in a browser to see what it shows")
    if accepted and kind not in accepted:
        problem = f"{address} came as {kind or 'no content type'}, but {promised} was promised"
        raise FetchFailed(problem, "Look at what it holds; if only its type changed, add that to what the source accepts")


def throttles(content: bytes) -> bool:
    """Return whether a page with HTTP 403 only asks for a pause, as the SEC's does, which sends no Retry-After."""
    return b"request rate threshold exceeded" in content.lower()


def check_refusal(address: str, content: bytes, agent: str) -> None:
    """Raise FetchFailed if a page with HTTP 403 refuses the User-Agent ``agent``."""
    if b"originates from an undeclared automated tool" in content.lower():
        problem = f"{address} refuses the User-Agent {agent} as undeclared"
        raise FetchFailed(problem, f"Set {settings.CONTACT} to an e-mail address of yours that exists")


def blocked(address: str) -> FetchFailed:
    """Return the error for a page that blocks automated clients, such as a captcha."""
    problem = f"{address} returned a page that blocks automated clients, not data"
    return FetchFailed(problem, "Try again later; if it stays, ask the publisher, or fetch by hand where the terms allow it")
