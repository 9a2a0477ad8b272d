"""Response headers that keep the browser strict, and let it keep what never changes."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: A file of our own whose name carries twelve digits of its content's SHA-256.
HASHED_FILE: Final = re.compile(r"/app/static/.+\.[0-9a-f]{12}\.[a-z0-9]+")
#: What browsers offer pages, and these have no use for.
_UNUSED: Final = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation", "gyroscope",
    "hid", "idle-detection", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "publickey-credentials-get", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
_INLINE_SCRIPT: Final = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def root_document() -> Path:
    """The page that the installed Streamlit serves to every browser."""
    import streamlit

    return Path(streamlit.__file__).parent / "static" / "index.html"


def script_hashes(document: bytes) -> list[str]:
    """Content-security-policy sources for the inline scripts of a document, in order."""
    bodies = _INLINE_SCRIPT.findall(document)
    return [f"'sha256-{base64.b64encode(hashlib.sha256(body).digest()).decode()}'" for body in bodies]


def content_security_policy(document: bytes) -> str:
    """The policy: nothing but what is named, from this server; scripts only from files or as hashed here.

    Styles may be inline because Streamlit's own are; WebAssembly may be compiled because deck.gl does so
    when it loads. Text is never run as a script, and nothing is shown in a frame.
    """
    scripts = " ".join(["'self'", "'wasm-unsafe-eval'", *script_hashes(document)])
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self'",
            "manifest-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


def permissions_policy() -> str:
    """No page may use any of the machine's devices; a chart may fill the screen."""
    return ", ".join([*(f"{feature}=()" for feature in _UNUSED), "fullscreen=(self)"])


class SecurityHeaders:
    """ASGI middleware that adds the headers to every HTTP response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.fixed = {
            "Content-Security-Policy": content_security_policy(root_document().read_bytes()),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "SAMEORIGIN",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": permissions_policy(),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; complete the answer's headers on the way back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self.fixed)
                if message["status"] in (200, 304) and HASHED_FILE.fullmatch(scope["path"]):
                    headers["Cache-Control"] = "public, max-age=31536000, immutable"
            await send(message)

        await self.app(scope, receive, send_with_headers)
