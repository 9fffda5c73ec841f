"""``python -m cognito_auth`` is the ``cognito-auth`` command."""

from __future__ import annotations

import sys

from .cli import main

sys.exit(main())
