package caravan.order;

import caravan.common.sql.WalPosition;

/** A verdict, and a place in the log that is not before what it says: a read that has it sees the order. */
record Decided(Verdict verdict, WalPosition at) {}
