"""A provider of OpenID Connect on this machine: discovery, tokens signed by RS256, codes that are good once.

It runs in the process of the test, over HTTP, and asks nobody for a password: whoever comes is the user it
was told. Told so, it does what a wrong or hostile provider would do (``fault``).
"""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

#: What it does wrong with the next tokens.
Fault = Literal[
    "", "expired", "future", "wrong_key", "no_signature", "wrong_nonce", "old_token", "wrong_audience",
    "wrong_issuer", "denied", "down",
]  # fmt: skip
CLIENT, SECRET = "dashboard", "between-the-two"


@dataclass
class Provider:
    """The provider's state. ``user`` is who comes next; ``tokens`` are those it gave, the latest last."""

    port: int
    user: dict[str, Any] = field(default_factory=dict)
    fault: Fault = ""
    seconds: int = 3600
    tokens: list[str] = field(default_factory=list)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "right"}))
    stranger: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "right"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The issuer."""
        return f"http://localhost:{self.port}"

    def discovery(self) -> dict[str, Any]:
        """What it says of itself (OpenID Connect Discovery 1.0)."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "end_session_endpoint": f"{self.url}/end",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def authorize(self, query: dict[str, str]) -> str:
        """Where a browser goes that came to sign in."""
        if query["client_id"] != CLIENT or query["response_type"] != "code":
            raise ValueError("no client of mine")
        if self.fault == "denied":
            answer = {"error": "access_denied", "error_description": "stopped", "state": query["state"]}
        else:
            code = secrets.token_urlsafe(16)
            self.codes[code] = query
            answer = {"code": code, "state": query["state"]}
        return f"{query['redirect_uri']}?{urlencode(answer)}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any]:
        """Tokens for a code, once, to the client that began with it."""
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if authorization != f"Basic {known}":
            raise ValueError("not my client")
        asked = self.codes.pop(form["code"])
        if create_s256_code_challenge(form["code_verifier"]) != asked["code_challenge"]:
            raise ValueError("not the browser that began")
        if self.fault != "old_token" or not self.tokens:
            self.tokens.append(self.id_token(asked["nonce"]))
        return {
            "access_token": secrets.token_urlsafe(16),
            "token_type": "Bearer",
            "id_token": self.tokens[-1],
        }

    def id_token(self, nonce: str) -> str:
        """A signed token for the user, wrong as the fault wants it."""
        now = int(time.time())
        shift = {"expired": -7200, "future": 7200}.get(self.fault, 0)
        claims = {
            "iss": "http://localhost:1" if self.fault == "wrong_issuer" else self.url,
            "aud": "another" if self.fault == "wrong_audience" else CLIENT,
            "nonce": "used" if self.fault == "wrong_nonce" else nonce,
            "iat": now + shift,
            "exp": now + shift + self.seconds,
            **self.user,
        }
        if self.fault == "no_signature":
            parts = ({"alg": "none", "typ": "JWT"}, claims)
            return (
                ".".join(
                    [base64.urlsafe_b64encode(json.dumps(x).encode()).decode().rstrip("=") for x in parts]
                )
                + "."
            )
        key = self.stranger if self.fault == "wrong_key" else self.key
        return jwt.encode({"alg": "RS256", "kid": "right"}, claims, key)


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Run a provider on a free port until the block ends."""
    server = ThreadingHTTPServer(("localhost", 0), _Handler)
    server.daemon_threads = True
    provider = server.provider = Provider(server.server_address[1])  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        provider: Provider = self.server.provider  # type: ignore[attr-defined]
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        if provider.fault == "down":
            self._send(503, {})
        elif parts.path == "/.well-known/openid-configuration":
            self._send(200, provider.discovery())
        elif parts.path == "/jwks":
            self._send(200, KeySet([provider.key]).as_dict(private=False))
        elif parts.path == "/authorize":
            self._go(provider.authorize(query))
        elif parts.path == "/end":
            self._go(query["post_logout_redirect_uri"])
        else:
            self._send(404, {})

    def do_POST(self) -> None:
        provider: Provider = self.server.provider  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {key: values[0] for key, values in parse_qs(body).items()}
        try:
            self._send(200, provider.token(form, self.headers.get("Authorization", "")))
        except (KeyError, ValueError):
            self._send(400, {"error": "invalid_grant"})

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _go(self, to: str) -> None:
        self.send_response(302)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
