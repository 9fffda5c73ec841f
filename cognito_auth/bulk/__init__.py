"""Bringing users, groups and memberships into a user pool and out of it, through the API that everybody has.

A file holds one record on each line (`records`, `formats`). An import carries out for each what a flow says (`steps`), within
Cognito's rates (`pace`), and notes in a journal what is done, so that it can be stopped at any moment and started again
(`journal`, `importing`). An export reads the pool's listings (`exporting`). ``cognito-auth users`` is the command (`command`).
"""

from .exporting import ExportOptions as ExportOptions
from .exporting import export_users as export_users
from .exporting import run_export as run_export
from .formats import Format as Format
from .importing import ImportOptions as ImportOptions
from .importing import Report as Report
from .importing import import_users as import_users
from .importing import run_import as run_import
from .pace import DEFAULT_RATES as DEFAULT_RATES
from .pace import Category as Category
from .progress import Failure as Failure
from .progress import Progress as Progress
from .records import GroupRecord as GroupRecord
from .records import UserRecord as UserRecord
from .steps import Existing as Existing
