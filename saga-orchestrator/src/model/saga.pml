/*
 * The saga protocol, for an exhaustive search: N orders, three participants, a network that loses, repeats and overtakes,
 * processes that die at every durable boundary, deadlines that pass at any moment.
 *
 * What is left out, and why nothing hides behind it:
 *  - Time. A deadline may pass whenever a saga waits: sooner than any answer, or much later.
 *  - Queues. A message is a bit, "one or more copies are on their way". Its content needs no other: a command is the same command
 *    whenever it is sent, a reply is what the inbox has on record. That gives every order of arrival; the log of Kafka gives fewer.
 *  - The step that is given and those after the pivot: they have no alternative.
 *
 * FAULTS bounds how often something goes wrong in one run: a loss, a death, a repetition, a deadline that passes while a message is
 * on its way. Without it there is no bound.
 * Mutants: NO_TOMBSTONE, FORGETS_UNDO. LIVE adds the liveness claim, and takes the operator away.
 *
 * Rules are those of the saga protocol.
 */

#ifndef N
#define N 2
#endif

/* Two orders want the last piece. */
#define STOCK 1

/* How often a command is sent again before the saga gives up, or its undo is stuck. */
#define RESENDS 1

#define RESERVE 0
#define CHARGE 1
#define ARRANGE 2
#define STEPS 3

/* Where a saga stands. */
#define RUNNING 0
#define UNDOING 1
#define STUCK 2
#define COMPLETED 3
#define COMPENSATED 4

/* What an inbox has on record of an action. */
#define UNSEEN 0
#define YES 1
#define NO 2
#define REFUSED 3

#ifdef FAULTS
byte faults = 0;
#define FAULT_LEFT (faults < FAULTS)
#define COUNT_FAULT faults++
#else
#define FAULT_LEFT true
#define COUNT_FAULT skip
#endif

typedef Order {
    /* The orchestrator's row. */
    unsigned phase : 3;
    unsigned step : 2;
    unsigned tries : 2;
    bit rejected;
    /* On their way. */
    bit asked[STEPS];
    bit askedBack[STEPS];
    bit answered[STEPS];
    bit answeredBack[STEPS];
    /* The participants' rows: the inbox, and what stands of the action. */
    byte done[STEPS];
    bit undone[STEPS];
    bit stands[STEPS];
};

Order order[N];
byte onHand = STOCK;

#define O order[o]
/* Nothing of it is on its way: only a deadline gets it on. */
#define QUIET !(O.asked[0] || O.asked[1] || O.asked[2] || O.askedBack[0] || O.askedBack[1] || O.askedBack[2] || \
    O.answered[0] || O.answered[1] || O.answered[2] || O.answeredBack[0] || O.answeredBack[1] || O.answeredBack[2])
#define OVER(i) (order[i].phase >= STUCK)

/* What must hold after every transition of this order, wherever it was made. */
inline check() {
    /* All of it. Shipped and refunded never go together. */
    assert(O.phase != COMPLETED || (O.stands[RESERVE] && O.stands[CHARGE] && O.stands[ARRANGE]));
    /* Or nothing. */
    assert(O.phase != COMPENSATED || !(O.stands[RESERVE] || O.stands[CHARGE] || O.stands[ARRANGE]));
    /* What was undone does not stand, and does not come after. */
    assert(!(O.undone[RESERVE] && O.stands[RESERVE]));
    assert(!(O.undone[CHARGE] && O.stands[CHARGE]));
    assert(!(O.undone[ARRANGE] && O.stands[ARRANGE]));
    /* Rule 5: in reverse order. */
    assert(!(O.undone[RESERVE] && (O.stands[CHARGE] || O.stands[ARRANGE])));
    assert(!(O.undone[CHARGE] && O.stands[ARRANGE]));
    /* Nobody is undone who was not given up. */
    assert(O.phase != RUNNING || !(O.undone[RESERVE] || O.undone[CHARGE] || O.undone[ARRANGE]));
}

/* ---- the participants: one transaction for a command, inbox and rows ---- */

/* Rule 2: what is on record is not done again. An action that finds its undo's tombstone is on record as refused (rule 3). */
inline act(p) {
    if
    :: O.done[p] != UNSEEN -> skip
    :: else ->
        if
        :: p == RESERVE && onHand > 0 -> onHand--; O.done[p] = YES; O.stands[p] = 1
        :: p == RESERVE && onHand == 0 -> O.done[p] = NO
        :: p != RESERVE -> O.done[p] = YES; O.stands[p] = 1
        :: p != RESERVE -> O.done[p] = NO
        fi
    fi
}

inline undo(p) {
    if
    :: O.undone[p] -> skip
    :: else ->
        O.undone[p] = 1;
        if
        :: O.stands[p] ->
            O.stands[p] = 0;
            if
            :: p == RESERVE -> onHand++; assert(onHand <= STOCK)
            :: else -> skip
            fi
#ifndef NO_TOMBSTONE
        :: !O.stands[p] && O.done[p] == UNSEEN -> O.done[p] = REFUSED
#endif
        :: else -> skip
        fi
    fi
}

/*
 * Handled, then answered, then the offset is committed. Dying in between, the command comes again: answered or not, it is still on
 * its way.
 */
inline handled(request, reply) {
    if
    :: request = 0; reply = 1
    :: FAULT_LEFT -> COUNT_FAULT; reply = 1
    :: FAULT_LEFT -> COUNT_FAULT
    fi;
    check()
}

active [STEPS] proctype Participant() {
    byte o;
    byte p = _pid;
endIdle:
    do
    :: atomic { order[0].asked[p] -> o = 0; act(p); handled(O.asked[p], O.answered[p]); o = 0 }
    :: atomic { order[0].askedBack[p] -> o = 0; undo(p); handled(O.askedBack[p], O.answeredBack[p]); o = 0 }
#if N > 1
    :: atomic { order[1].asked[p] -> o = 1; act(p); handled(O.asked[p], O.answered[p]); o = 0 }
    :: atomic { order[1].askedBack[p] -> o = 1; undo(p); handled(O.askedBack[p], O.answeredBack[p]); o = 0 }
#endif
    od
}

/* ---- the orchestrator: one transition function under the lock of the saga's row ---- */

/* Sends what the saga waits for; the same command under the same id, whenever it is sent. */
inline send() {
    if
    :: O.phase == RUNNING -> O.asked[O.step] = 1
    :: O.phase == UNDOING -> O.askedBack[O.step] = 1
    :: else -> skip
    fi
}

inline undoFrom(here) {
    O.phase = UNDOING;
    O.step = here;
    O.tries = 0
}

/* Nothing stands before the first step but what is given: the order, which is rejected. */
inline undoBefore(here) {
    if
    :: here == RESERVE -> O.phase = COMPENSATED; O.step = 0; O.tries = 0
    :: else -> O.phase = UNDOING; O.step = here - 1; O.tries = 0
    fi
}

/* A reply is applied, or sends again what it had caused (rule 2), or is ignored (rule 8). */
inline applied(s) {
    if
    :: O.phase == RUNNING && O.step == s && O.done[s] == YES ->
        O.tries = 0;
        if
        :: s == ARRANGE -> O.phase = COMPLETED; O.step = 0
        :: else -> O.step = s + 1
        fi;
        sends = true
    :: O.phase == RUNNING && O.step == s && O.done[s] == NO -> O.rejected = 1; undoBefore(s); sends = true
    :: O.phase == RUNNING && O.step == s + 1 && O.done[s] == YES -> sends = true
    :: O.phase == UNDOING && O.step + 1 == s && O.done[s] == NO && O.rejected -> sends = true
    :: else -> skip
    fi
}

inline appliedBack(s) {
    if
    :: (O.phase == UNDOING || O.phase == STUCK) && O.step == s -> undoBefore(s); sends = true
    :: O.phase == UNDOING && O.step + 1 == s -> sends = true
    :: else -> skip
    fi
}

/* The deadline has passed (rule 4): asked again, or unknown, and then the step itself is undone too. */
inline silence() {
    if
    :: O.phase == RUNNING && O.tries < RESENDS -> O.tries++
    :: O.phase == RUNNING && O.tries == RESENDS ->
        s = O.step;
#ifdef FORGETS_UNDO
        undoBefore(s);
#else
        undoFrom(s);
#endif
        s = 0
    :: O.phase == UNDOING && O.tries < RESENDS -> O.tries++
    :: O.phase == UNDOING && O.tries == RESENDS -> O.phase = STUCK; O.tries = 0
    fi;
    send();
    check()
}

/* Committed, then sent, then the offset is committed; what dies in between gets the reply again. */
inline taken(reply) {
    if
    :: reply = 0; if :: sends -> send() :: else -> skip fi
    :: FAULT_LEFT -> COUNT_FAULT; if :: sends -> send() :: else -> skip fi
    :: FAULT_LEFT && sends -> COUNT_FAULT
    fi;
    sends = false;
    check()
}

proctype Saga(byte o) {
    bool sends = false;
    byte s;
    atomic { send() }
endIdle:
    do
    :: atomic { O.answered[RESERVE] -> applied(RESERVE); taken(O.answered[RESERVE]) }
    :: atomic { O.answered[CHARGE] -> applied(CHARGE); taken(O.answered[CHARGE]) }
    :: atomic { O.answered[ARRANGE] -> applied(ARRANGE); taken(O.answered[ARRANGE]) }
    :: atomic { O.answeredBack[RESERVE] -> appliedBack(RESERVE); taken(O.answeredBack[RESERVE]) }
    :: atomic { O.answeredBack[CHARGE] -> appliedBack(CHARGE); taken(O.answeredBack[CHARGE]) }
    :: atomic { O.answeredBack[ARRANGE] -> appliedBack(ARRANGE); taken(O.answeredBack[ARRANGE]) }
    od
}

/* The sweeper, with its outbox: what a deadline causes is sent in any case. */
proctype Sweeper(byte o) {
    byte s = 0;
endIdle:
    do
    :: atomic {
        (O.phase == RUNNING || O.phase == UNDOING) && (QUIET || FAULT_LEFT) ->
        if
        :: QUIET -> skip
        :: else -> COUNT_FAULT
        fi;
        silence()
    }
#ifndef LIVE
    /* An operator resumes it. */
    :: atomic { O.phase == STUCK -> O.phase = UNDOING; O.tries = 0; send(); check() }
#endif
    od
}

/* ---- the network ---- */

proctype Network(byte o) {
endIdle:
    do
    :: atomic { FAULT_LEFT && O.asked[RESERVE] -> COUNT_FAULT; O.asked[RESERVE] = 0 }
    :: atomic { FAULT_LEFT && O.asked[CHARGE] -> COUNT_FAULT; O.asked[CHARGE] = 0 }
    :: atomic { FAULT_LEFT && O.asked[ARRANGE] -> COUNT_FAULT; O.asked[ARRANGE] = 0 }
    :: atomic { FAULT_LEFT && O.askedBack[RESERVE] -> COUNT_FAULT; O.askedBack[RESERVE] = 0 }
    :: atomic { FAULT_LEFT && O.askedBack[CHARGE] -> COUNT_FAULT; O.askedBack[CHARGE] = 0 }
    :: atomic { FAULT_LEFT && O.askedBack[ARRANGE] -> COUNT_FAULT; O.askedBack[ARRANGE] = 0 }
    :: atomic { FAULT_LEFT && O.answered[RESERVE] -> COUNT_FAULT; O.answered[RESERVE] = 0 }
    :: atomic { FAULT_LEFT && O.answered[CHARGE] -> COUNT_FAULT; O.answered[CHARGE] = 0 }
    :: atomic { FAULT_LEFT && O.answered[ARRANGE] -> COUNT_FAULT; O.answered[ARRANGE] = 0 }
    :: atomic { FAULT_LEFT && O.answeredBack[RESERVE] -> COUNT_FAULT; O.answeredBack[RESERVE] = 0 }
    :: atomic { FAULT_LEFT && O.answeredBack[CHARGE] -> COUNT_FAULT; O.answeredBack[CHARGE] = 0 }
    :: atomic { FAULT_LEFT && O.answeredBack[ARRANGE] -> COUNT_FAULT; O.answeredBack[ARRANGE] = 0 }
    od
}

init {
    atomic {
        run Saga(0);
        run Sweeper(0);
        run Network(0);
#if N > 1
        run Saga(1);
        run Sweeper(1);
        run Network(1)
#endif
    }
}

#ifdef LIVE
/* No zombies: whatever is lost, every saga ends or is stuck, where somebody sees it. */
#if N > 1
ltl ends { <> (OVER(0) && OVER(1)) }
#else
ltl ends { <> OVER(0) }
#endif
#endif
