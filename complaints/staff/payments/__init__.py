"""The payer's desk: what waits to be paid, paying, the budget, the ledger, the reconciliation."""
