"""Commands about the tokens by which agencies hand files in over HTTP: create, list, revoke."""

from __future__ import annotations

import argparse
from typing import Any

from equity.config import Config
from equity.release.publish import actor
from equity.store.engine import open_store
from equity.store.tokens import LONGEST_DAYS, SCOPES, USUAL_DAYS, create_token, list_tokens, revoke_token
from equity.store.write import now


def add_token_commands(commands: Any) -> None:
    """Add ``token`` and its own commands to a parser's subcommands."""
    token = commands.add_parser("token", help="let an agency hand files in over HTTP, or no longer")
    acts = token.add_subparsers(required=True, metavar="create|list|revoke")
    new = acts.add_parser("create", help="make a token; its text is printed once and kept nowhere")
    new.add_argument("sender", help="name of the agency; its files are kept under it")
    new.add_argument(
        "--scope", action="append", choices=SCOPES, help="what it may do; repeat for several; default: all"
    )
    new.add_argument(
        "--days", type=int, default=USUAL_DAYS, help=f"days until it ends, 1 to {LONGEST_DAYS}; default: 365"
    )
    new.set_defaults(run=_create)
    listing = acts.add_parser("list", help="list tokens, newest first, without their secrets")
    listing.set_defaults(run=_list)
    end = acts.add_parser("revoke", help="end a token at once and for good")
    end.add_argument("id", help="the id of the token")
    end.set_defaults(run=_revoke)


def _create(options: argparse.Namespace, config: Config) -> int:
    scopes = tuple(scope for scope in SCOPES if scope in (options.scope or SCOPES))
    token, text = create_token(open_store(config.database_url), options.sender, scopes, options.days, actor())
    print(f"Token {token.id} for {token.sender}, valid until {token.expires_at[:10]}: {', '.join(scopes)}.")
    print("Hand this over by a safe way. It is not shown again:")
    print(text)
    return 0


def _list(_options: argparse.Namespace, config: Config) -> int:
    tokens = list_tokens(open_store(config.database_url))
    if not tokens:
        print("No token yet. Make one with: python -m equity token create AGENCY")
    for token in tokens:
        used = token.last_used_at[:10] if token.last_used_at else "never"
        state = token.state(now())
        scopes = ",".join(token.scopes)
        until = f"{state:<8} until {token.expires_at[:10]}"
        print(f"{token.id}  {until}  used {used:<10}  {scopes:<14}  {token.sender}")
    return 0


def _revoke(options: argparse.Namespace, config: Config) -> int:
    token = revoke_token(open_store(config.database_url), options.id, actor())
    print(f"Token {token.id} of {token.sender} is revoked.")
    return 0
