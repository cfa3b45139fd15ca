"""An asset register as a municipality keeps it: found in any table, mapped, checked, and made into objects."""

from intake.asset_register.layout import RegisterColumn, RegisterTable, ScaleHint, find_register_tables
from intake.asset_register.mapping import (
    Mapping,
    NotAProfile,
    Profile,
    fingerprint,
    profile_of,
    read_profile,
    suggest,
    suggested_scale,
)
from intake.asset_register.register import (
    Question,
    RegisterReading,
    not_used,
    read_register,
    suggested_base_year,
    to_workbook,
)
from intake.asset_register.roles import IGNORE, ROLES, Role

__all__ = [
    "IGNORE",
    "ROLES",
    "Mapping",
    "NotAProfile",
    "Profile",
    "Question",
    "RegisterColumn",
    "RegisterReading",
    "RegisterTable",
    "Role",
    "ScaleHint",
    "find_register_tables",
    "fingerprint",
    "not_used",
    "profile_of",
    "read_profile",
    "read_register",
    "suggest",
    "suggested_base_year",
    "suggested_scale",
    "to_workbook",
]
