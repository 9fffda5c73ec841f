"""Where sessions can be kept on the server: in this process, in a file, in Redis.

| store | for | outlives the process | shared by processes |
| --- | --- | --- | --- |
| `MemoryStore` | development, and a single process | no | no |
| `SqliteStore` | one machine | yes | yes |
| `RedisStore` (extra ``redis``) | many machines; Redis or Valkey | yes | yes |

`RateLimits` (extra ``limits``) counts requests, and keeps no sessions.
"""

from .memory import MemoryStore as MemoryStore
from .rate_limits import Allowed as Allowed
from .rate_limits import RateLimits as RateLimits
from .redis import RedisStore as RedisStore
from .sqlite import SqliteStore as SqliteStore
