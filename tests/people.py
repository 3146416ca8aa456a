"""The fixed cast of the tests: organisations that do not exist, one of each kind that a test needs."""

OWNER = "Halden Motors"
SUPPLIER = "Northwick Mouldings"
SUB_VENDOR = "霁川喷涂 Jichuan Coatings"  # engaged by the supplier
STRANGER = "Vellmar Kunststofftechnik"  # a supplier of other projects

RECIPIENTS = (SUPPLIER, SUB_VENDOR, STRANGER)
