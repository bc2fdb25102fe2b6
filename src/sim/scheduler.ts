// The virtual clock: what is to happen next, in order of time, then in the order in which it was asked for.
import { TimerTable } from "../base/timer-table.ts";
import type { Millis } from "../base/units.ts";
import { after, millis } from "../base/units.ts";

interface Appointment {
  readonly key: string;
  readonly run: () => void;
}

const KEY_DIGITS = 15;

/** A clock that jumps from one appointment to the next. */
export class Scheduler {
  #now: Millis = millis(0);
  #count = 0;
  readonly #appointments = new TimerTable<Appointment>(({ key }) => key);

  get now(): Millis {
    return this.#now;
  }

  /** Has `run` called at `due`, or now if that has passed. Returns what takes the appointment back. */
  at(due: Millis, run: () => void): () => void {
    const appointment = { key: String(this.#count++).padStart(KEY_DIGITS, "0"), run };
    this.#appointments.set(millis(Math.max(due, this.#now)), appointment);
    return () => this.#appointments.cancel(appointment);
  }

  /** Has `run` called `span` from now. Returns what takes the appointment back. */
  in(span: Millis, run: () => void): () => void {
    return this.at(after(this.#now, span), run);
  }

  /** Goes on to the next appointment, if there is one until `end`. Returns whether there was. */
  step(end: Millis): boolean {
    const due = this.#appointments.nextDeadline();
    if (due === undefined || due > end) return false;
    this.#now = due;
    this.#appointments.takeDue(due)?.event.run();
    return true;
  }

  /** Goes on until `end`, or until `isDone`, which is asked after each appointment. Returns what it said last. */
  run(end: Millis, isDone: () => boolean = () => false): boolean {
    for (;;) {
      if (isDone()) return true;
      if (!this.step(end)) break;
    }
    this.#now = millis(Math.max(this.#now, end));
    return isDone();
  }
}
