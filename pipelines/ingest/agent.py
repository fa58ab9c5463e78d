"""Say who asks: the project, its version, and the contact that the user names."""

import re

from pipelines import __version__, settings
from pipelines.errors import FetchFailed
from pipelines.ingest.request import Politeness

#: The name that robots.txt may address.
NAME = "nextvalley"

_MAIL_FORM = re.compile(r"[!-~]+@[!-~]+\.[!-~]+")
_PAGE_FORM = re.compile(r"https?://[!-~]+")


def user_agent(politeness: Politeness) -> str:
    """Return the User-Agent, with the contact in the form that the source asks for."""
    contact = settings.CONTACT.value()
    if not contact and politeness.contact != "optional":
        kinds = "an e-mail address" if politeness.contact == "e-mail" else "an e-mail address or a web page"
        raise FetchFailed("the publisher requires a contact", f"Set {settings.CONTACT} to {kinds}")
    is_mail = _MAIL_FORM.fullmatch(contact)
    if contact and not (is_mail or _PAGE_FORM.fullmatch(contact)):
        raise FetchFailed(f"{settings.CONTACT} is neither an e-mail address nor a web page", "Correct it, or unset it")
    if politeness.contact == "e-mail":
        if not is_mail:
            remedy = f"Set {settings.CONTACT} to an e-mail address"
            raise FetchFailed("the publisher refuses a contact that is a web page", remedy)
        return f"{NAME}/{__version__} {contact}"
    return f"{NAME}/{__version__}" + (f" ({contact})" if contact else "")
