/*
 * The words about damage, on their way from recovery to the program.
 */
#ifndef PORT_LEDGER_RECOVERY_NOTES_H
#define PORT_LEDGER_RECOVERY_NOTES_H

struct recovery_notes {
	/* Is told each damage that was found: one sentence for stderr. */
	void (*note)(void *ctx, const char *text);
	void *ctx;
};

#endif
