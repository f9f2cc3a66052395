/*
 * What a sender's facts survive: a power cut, or a crash of the process only.
 */
#ifndef PORT_LEDGER_LEDGER_DURABILITY_H
#define PORT_LEDGER_LEDGER_DURABILITY_H

enum ledger_durability { LEDGER_POWER, LEDGER_PROCESS };

#endif
