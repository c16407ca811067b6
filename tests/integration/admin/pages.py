"""What the tests of the admin ask of its pages."""

from html.parser import HTMLParser
from typing import Any

from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def admin_url(page: str, *args: Any) -> str:
    """Return the address of a page of the admin."""
    return reverse(f"admin:{page}", args=args)


def text_of(client: Client, url: str, **query: Any) -> str:
    """Return a page that must be there."""
    response = client.get(url, query)
    assert response.status_code == 200, (url, response.status_code)
    return response.content.decode()


def staff(client: Client, *permissions: str) -> User:
    """Log in a member of the staff with permissions, each as "app_label.codename"."""
    user = User.objects.create_user("sue", is_staff=True)
    for permission in permissions:
        label, _, codename = permission.partition(".")
        user.user_permissions.add(Permission.objects.get(codename=codename, content_type__app_label=label))
    client.force_login(user)
    return user


class Inline(HTMLParser):
    """Notes what a strict content security policy would refuse in a page, or what a screen reader would miss."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.labelled: set[str] = set()
        self.named: set[str] = set()
        self.controls: list[str] = []
        self.headings: list[int] = []
        self.in_label = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at an element."""
        given = dict(attrs)
        self.faults += [f"<{tag} {name}>" for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") != "application/json"):
            self.faults.append(f"<{tag}>")
        if (given.get("href") or "").startswith("javascript:"):
            self.faults.append("javascript:")
        self.named |= {str(given["id"])} if "id" in given else set()
        self.labelled |= set((given.get("aria-labelledby") or "").split())
        if tag == "label":
            self.in_label += 1
            self.labelled.add(given.get("for") or "")
        if tag == "th" and "scope" not in given:
            self.faults.append("<th> without scope")
        is_hidden = given.get("type") in ("hidden", "submit")
        if tag in ("input", "select", "textarea") and not is_hidden and not self.in_label:
            self.controls.append(given.get("id") or "" if "aria-label" not in given else "*")
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        self.in_label -= tag == "label"

    @property
    def unlabelled(self) -> list[str]:
        """The controls that have no label."""
        return [control for control in self.controls if control != "*" and control not in self.labelled]

    @property
    def dangling(self) -> set[str]:
        """What says that it is labelled by something that is not there."""
        return {name for name in self.labelled if name and name not in self.named}
