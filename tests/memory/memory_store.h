/*
 * A store in memory, for tests: it proves that the interfaces of a store name
 * none, and with a fault planted in it that the cases would find the fault.
 */
#ifndef MEMORY_STORE_H
#define MEMORY_STORE_H

#include "port/ledger/ledger.h"
#include "port/store/store.h"

enum memory_fault {
	MEMORY_FAULT_NONE,
	/* Of all parts. */
	MEMORY_FAULT_EARLY,    /* seen by others before the commit */
	MEMORY_FAULT_PRIVATE,  /* never seen by others */
	MEMORY_FAULT_KEPT,     /* a rollback changes nothing */
	MEMORY_FAULT_CROWDED,  /* two write transactions at a time */
	MEMORY_FAULT_RESTLESS, /* a read transaction sees what others commit */
	/* Of the register. */
	MEMORY_FAULT_NO_KEY, /* an opt-out by key is not seen */
	MEMORY_FAULT_NO_ALL, /* an opt-out of all mail is not seen */
	MEMORY_FAULT_FIRST,  /* the first row of a name counts */
	MEMORY_FAULT_UNTOLD, /* hidden keys are not told */
	MEMORY_FAULT_OWN,    /* an operator's opt-out is the person's own */
	/* Of the register of bounces. */
	MEMORY_FAULT_BESIDE,     /* a bounce is put beside the one before */
	MEMORY_FAULT_UNCLEARED,  /* a bounce that is cleared counts */
	MEMORY_FAULT_CLEAR_ALL,  /* a clear does not regard the person */
	MEMORY_FAULT_SUBDOMAIN,  /* a domain has those that end as it does */
	MEMORY_FAULT_RETURNED,   /* a message that came back is a success */
	MEMORY_FAULT_REFUSED,    /* what SMTP refused has come back */
	MEMORY_FAULT_TAKEN_BACK, /* a refusal counts that was taken back */
	MEMORY_FAULT_UNCOUNTED,  /* a look does not tell of changes */
	/* Of rates. */
	MEMORY_FAULT_TWICE,    /* a grant is given twice */
	MEMORY_FAULT_WINDOW,   /* grants of the windows are not kept */
	MEMORY_FAULT_FACTOR,   /* a complaint is not kept */
	MEMORY_FAULT_ACCOUNTS, /* accounts share their grants */
	/* Of the memory of a relay. */
	MEMORY_FAULT_EMPTY,  /* an empty text is kept */
	MEMORY_FAULT_CLEAR,  /* losses are cleared with the answers */
	MEMORY_FAULT_TOPICS, /* the topics of a relay are one */
	/* Of stops. */
	MEMORY_FAULT_SECOND,   /* a stop is put beside the one before */
	MEMORY_FAULT_ENDLESS,  /* a stop has no end */
	MEMORY_FAULT_LIFT_ALL, /* the key of a stop does not matter */
	MEMORY_FAULT_WIDE,     /* a relay's stop concerns its account only */
	/* Of the ledger. */
	MEMORY_FAULT_OWNERLESS,    /* a claim asks for no owner */
	MEMORY_FAULT_UNFENCED,     /* an intent asks for no owner */
	MEMORY_FAULT_LOST_REFUSAL, /* a sync does not tell whom it refused */
	MEMORY_FAULT_SETTLE_FIRST, /* a sync settles before it intends */
	MEMORY_FAULT_LATE_INTENT,  /* an intent is durable with its outcome */
	MEMORY_FAULT_FORGETS,      /* recovery gives back what was intended */
	MEMORY_FAULT_LATE_STATE,   /* a look knows the state of the claim */
	MEMORY_FAULT_LATE_OPTOUT,  /* a look knows the opt-outs of the claim */
	MEMORY_FAULT_NO_OPTOUT,    /* the ledger does not see the register */
	MEMORY_FAULT_UNCLAIMED,    /* a state is not looked at in a claim */
	MEMORY_FAULTS
};

/* What stands behind the stores of all "processes". */
struct memory_place;

struct memory_place *memory_place_new(enum memory_fault);
void memory_place_free(struct memory_place *);

/* The store as a process of its own opens it. */
struct store *memory_store_open(struct memory_place *);

/*
 * The sender's process is taken for dead from now on, as after a lost network
 * or a long stop, but goes on. kill: it is dead, and the ledger is freed.
 */
void memory_sender_expire(struct ledger *);
void memory_sender_kill(struct ledger *);

#endif
