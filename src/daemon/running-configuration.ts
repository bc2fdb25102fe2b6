// The configuration that runs: the configuration file, and laid over it what commands changed, which is kept in the
// state directory for the next start.
import type { ConfigurationDocument } from "../api/configuration-document.ts";
import { withValue } from "../api/configuration-document.ts";
import type { Problem } from "../api/read-configuration-file.ts";
import { invariant } from "../base/invariant.ts";
import { forgetChanges, readChanges, setChangesAside, stageChanges } from "./changes-file.ts";
import type { Configuration, Protocol } from "./configuration.ts";
import { configurationOf } from "./configuration.ts";
import type { Loaded } from "./load-configuration.ts";
import { loadConfiguration } from "./load-configuration.ts";

/** Something that commands switch on and off. */
export type Switch =
  | { readonly kind: "protocol"; readonly interface: string; readonly protocol: Protocol }
  | { readonly kind: "floodInitialData" | "holdForwarding" };

/** A change that is on disk beside the changes that are kept. Exactly one of its two calls is made. */
export interface Proposal {
  /** What would run. */
  readonly configuration: Configuration;
  /** From now on, it is what runs. Throws HostError: then it is not. */
  readonly commit: () => void;
  /** Nothing has changed. */
  readonly discard: () => void;
}

type Whole = Extract<Loaded, { kind: "configuration" }>;

function pathOf(what: Switch): readonly [string, ...string[]] {
  return what.kind === "protocol"
    ? ["interfaces", what.interface, what.protocol]
    : ["hpim", what.kind];
}

/** Whether it is on under a configuration, on the router as a whole unless it names an interface. */
export function isOn(configuration: Configuration, what: Switch): boolean {
  switch (what.kind) {
    case "protocol":
      return configurationOf(configuration, what.interface)[what.protocol] !== null;
    case "floodInitialData":
      return configuration.router.floodInitialData;
    case "holdForwarding":
      return configuration.defaults.hpim.holdForwarding;
  }
}

/** A configuration file. */
export interface ConfigurationText {
  /** Its path; null: there is none, and the text is empty. */
  readonly file: string | null;
  readonly text: string;
}

/** A configuration file that runs and the changes that commands made to it. */
export class RunningConfiguration {
  readonly #stateDirectory: string;
  #source: ConfigurationText;
  #ofFile: Configuration;
  #changes: ConfigurationDocument = {};
  #whole: Whole;

  private constructor(stateDirectory: string, source: ConfigurationText, ofFile: Whole) {
    this.#stateDirectory = stateDirectory;
    this.#source = source;
    this.#ofFile = ofFile.configuration;
    this.#whole = ofFile;
  }

  /** A file that runs as it is, without changes; or its problems. Changes are kept in the state directory. */
  static of(
    stateDirectory: string,
    source: ConfigurationText,
  ): RunningConfiguration | readonly Problem[] {
    const ofFile = loadConfiguration(source.text);
    if (ofFile.kind === "problems") return ofFile.problems;
    return new RunningConfiguration(stateDirectory, source, ofFile);
  }

  /** Path of the file; null: there is none. */
  get file(): string | null {
    return this.#source.file;
  }

  /** What runs, as plain data: a configuration file that says it. */
  get document(): ConfigurationDocument {
    return this.#whole.document;
  }

  /** What runs. */
  get configuration(): Configuration {
    return this.#whole.configuration;
  }

  /** Forgets the changes that an earlier daemon kept. Throws HostError. */
  forgetKept(): void {
    forgetChanges(this.#stateDirectory);
  }

  /**
   * Takes up the changes that an earlier daemon kept. A sentence if they cannot be used: they are then out of the way,
   * for a damaged file must not stop a router. Throws HostError if the file cannot be read.
   */
  takeUpKept(): string | null {
    const reading = readChanges(this.#stateDirectory);
    if (reading.kind === "damaged") return this.#setAside(reading.problem);
    this.#changes = reading.changes;
    this.#whole = this.#with(reading.changes);
    return null;
  }

  /** What is switched on has the settings of the file, which are right. */
  #with(changes: ConfigurationDocument): Whole {
    const whole = loadConfiguration(this.#source.text, changes);
    invariant(whole.kind === "configuration", "a switch makes a configuration wrong");
    return whole;
  }

  #setAside(problem: string): string {
    const aside = setChangesAside(this.#stateDirectory);
    return `The changes that commands made are not in force, their file is damaged: ${problem}. It is now ${aside}: make the changes again, or mend it and give it its old name before the next start.`;
  }

  /** Proposes to switch something on or off. What the file says anyway is no change, and is not kept. Throws HostError. */
  propose(what: Switch, on: boolean): Proposal {
    const isAsInFile = isOn(this.#ofFile, what) === on;
    const changes = withValue(this.#changes, pathOf(what), isAsInFile ? undefined : on);
    return this.#proposal(this.#source, changes, this.#with(changes));
  }

  /** Proposes a file without problems in place of the one that runs, and to forget the changes. Throws HostError. */
  proposeFile(source: ConfigurationText): Proposal {
    const whole = loadConfiguration(source.text);
    invariant(whole.kind === "configuration", "a configuration file with problems is to run");
    return this.#proposal(source, {}, whole);
  }

  #proposal(source: ConfigurationText, changes: ConfigurationDocument, whole: Whole): Proposal {
    const staged = stageChanges(this.#stateDirectory, changes);
    return {
      configuration: whole.configuration,
      discard: staged.discard,
      commit: () => {
        staged.commit();
        if (source !== this.#source) this.#ofFile = whole.configuration;
        this.#source = source;
        this.#changes = changes;
        this.#whole = whole;
      },
    };
  }
}
