"""Who may look, at what, and who looked: users, roles, limits, and the record of opened verbatims."""

from analytics.access.limits import Limits
from analytics.access.looks import Look, LookLog
from analytics.access.users import User, Users

__all__ = ["Limits", "Look", "LookLog", "User", "Users"]
