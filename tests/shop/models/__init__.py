"""A shop: the app of the tour, on which the tests move orders, parcels, letters and more."""

from tests.shop.models.booking import Booking, BookingWorkflow, PaymentWorkflow
from tests.shop.models.charge import Charge, ChargeWorkflow
from tests.shop.models.claim import Claim, ClaimWorkflow, ExpressClaim, PressingClaim
from tests.shop.models.contract import AmendedContract, Contract, ContractWorkflow, UrgentContract
from tests.shop.models.document import Document, DocumentWorkflow
from tests.shop.models.invoice import Invoice, InvoiceLog, InvoiceWorkflow, Reminder, ReminderLog
from tests.shop.models.letter import Letter, LetterWorkflow
from tests.shop.models.loan import LastReminderLog, Loan, LoanLog
from tests.shop.models.machine import Machine, MachineWorkflow
from tests.shop.models.order import Order, OrderWorkflow, messages
from tests.shop.models.parcel import LabelWorkflow, Parcel, ParcelWorkflow
from tests.shop.models.reservation import GroupReservation, Reservation, ReservationWorkflow
from tests.shop.models.seat import Seat, SeatWorkflow
from tests.shop.models.ticket import Ticket, UrgentTicket

__all__ = [
    "AmendedContract",
    "Booking",
    "BookingWorkflow",
    "Charge",
    "ChargeWorkflow",
    "Claim",
    "ClaimWorkflow",
    "Contract",
    "ContractWorkflow",
    "Document",
    "DocumentWorkflow",
    "ExpressClaim",
    "GroupReservation",
    "Invoice",
    "InvoiceLog",
    "InvoiceWorkflow",
    "LabelWorkflow",
    "LastReminderLog",
    "Letter",
    "LetterWorkflow",
    "Loan",
    "LoanLog",
    "Machine",
    "MachineWorkflow",
    "Order",
    "OrderWorkflow",
    "Parcel",
    "ParcelWorkflow",
    "PaymentWorkflow",
    "PressingClaim",
    "Reminder",
    "ReminderLog",
    "Reservation",
    "ReservationWorkflow",
    "Seat",
    "SeatWorkflow",
    "Ticket",
    "UrgentContract",
    "UrgentTicket",
    "messages",
]
