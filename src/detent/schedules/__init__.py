"""When something is due: ISO-8601 periods, cron with time zones, and what becomes of missed slots. No Django."""

from detent.schedules.cron import Cron
from detent.schedules.errors import InvalidSchedule, NaiveMoment
from detent.schedules.misfire import Misfire, Tick
from detent.schedules.period import Period
from detent.schedules.slots import Schedule, Slots

__all__ = ["Cron", "InvalidSchedule", "Misfire", "NaiveMoment", "Period", "Schedule", "Slots", "Tick"]
