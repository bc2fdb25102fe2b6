// The configuration that runs: the configuration file, and laid over it what commands changed, which is kept in the
// state directory for the next start.
import { isDeepStrictEqual } from "node:util";
import type { ConfigurationDocument } from "../api/configuration-document.ts";
import { isDocument, valueIn, withValue } from "../api/configuration-document.ts";
import { SECTIONS } from "../api/configuration-file.ts";
import type { Problem } from "../api/file-problem.ts";
import { NEWEST } from "../api/key-identifier.ts";
import type { ConfigurationPath } from "../api/settings.ts";
import { forgetChanges, readChanges, setChangesAside, stageChanges } from "./changes-file.ts";
import type { Configuration } from "./configuration.ts";
import { isFileOpenToOthers } from "./file-access.ts";
import type { Loaded } from "./load-configuration.ts";
import { loadConfiguration } from "./load-configuration.ts";
import { hasSecrets, redacted, withSecretsOf } from "./redaction.ts";
import { SecretFiles } from "./secret-files.ts";

/** A value of the configuration as it is to be, as plain data; undefined: as the file says. */
export interface Change {
  readonly path: ConfigurationPath;
  readonly value: unknown;
}

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

/** A configuration file. */
export interface ConfigurationText {
  /** Its path; null: there is none, and the text is empty. */
  readonly file: string | null;
  readonly text: string;
}

/** A file's text, what it says alone, and the secrets that were read for it. */
interface Source extends ConfigurationText {
  readonly document: ConfigurationDocument;
  readonly configuration: Configuration;
  readonly secretFiles: SecretFiles;
}

const EXPOSED: Problem = {
  ...{ line: 1, column: 1, path: "" },
  message:
    "the file has secrets in it, and every user of this machine can read or change it: chmod 600, and choose other secrets if it was read",
};

/** What became of the configuration file that was loaded last. */
export interface LastLoad {
  /** It is in force. */
  readonly isTaken: boolean;
  /** When one was last taken, in seconds of Unix time. */
  readonly takenAtSeconds: number;
}

const takenNow = (): LastLoad => ({ isTaken: true, takenAtSeconds: Date.now() / 1_000 });

type Problems = Extract<Loaded, { kind: "problems" }>;

interface Sourced {
  readonly source: Source;
  readonly changes: ConfigurationDocument;
}

/** What a file that does not have a value says by that: no keys, the newest signs, and of a protocol that it is off. */
const isSaidByNothing = (value: unknown, path: ConfigurationPath): boolean =>
  value === NEWEST ||
  (Array.isArray(value) && value.length === 0) ||
  (value === false && isProtocol(path));

const isProtocol = ([top, , section, ...rest]: ConfigurationPath): boolean =>
  top === "interfaces" && (section === "hpim" || section === "igmp") && rest.length === 0;

/** Whether a change says the same as a file does: a protocol that is on may have settings there. */
const saysTheSame = ({ path, value }: Change, ofFile: unknown): boolean =>
  isDeepStrictEqual(value, ofFile) ||
  (value === true && isProtocol(path) && isDocument(ofFile)) ||
  (ofFile === undefined && isSaidByNothing(value, path));

/** A configuration file that runs and the changes that commands made to it. */
export class RunningConfiguration {
  readonly #stateDirectory: string;
  #source: Source;
  #changes: ConfigurationDocument = {};
  #whole: Whole;
  #lastLoad = takenNow();

  private constructor(stateDirectory: string, source: Source, ofFile: Whole) {
    this.#stateDirectory = stateDirectory;
    this.#source = source;
    this.#whole = ofFile;
  }

  /**
   * A file without changes, or its problems. It must not run before `takeUpKept`. Changes are kept in the state
   * directory.
   */
  static of(
    stateDirectory: string,
    text: ConfigurationText,
  ): RunningConfiguration | readonly Problem[] {
    const secretFiles = new SecretFiles();
    const ofFile = loadConfiguration(text.text, { secretFiles });
    if (ofFile.kind === "problems") return ofFile.problems;
    const { document, configuration } = ofFile;
    const source = { ...text, document, configuration, secretFiles };
    return new RunningConfiguration(stateDirectory, source, ofFile);
  }

  /** Path of the file; null: there is none. */
  get file(): string | null {
    return this.#source.file;
  }

  /** What runs, as plain data: a configuration file that says it. It has the secrets in it. */
  get document(): ConfigurationDocument {
    return this.#whole.document;
  }

  /** The same without secrets, to be shown; changes may have brought sections in any order. */
  get shown(): ConfigurationDocument {
    const document = redacted(this.#whole.document);
    const sections = SECTIONS.filter((section) => section in document);
    return Object.fromEntries(sections.map((section) => [section, document[section]]));
  }

  /** What runs. */
  get configuration(): Configuration {
    return this.#whole.configuration;
  }

  /** What the file alone configures. */
  get ofFile(): Configuration {
    return this.#source.configuration;
  }

  /** Whether commands changed what the file says. */
  get isChanged(): boolean {
    return Object.keys(this.#changes).length > 0;
  }

  /** Secrets that are redacted in the file and not among the changes: with any, nothing must run. */
  get lacking(): readonly Problem[] {
    return this.#whole.lacking;
  }

  /** What is to be said of the file: of one of the Python router, and of one with secrets that is open to others. */
  get remarks(): readonly Problem[] {
    const { file, document } = this.#source;
    const isExposed = file !== null && hasSecrets(document) && isFileOpenToOthers(file);
    return isExposed ? [EXPOSED, ...this.#whole.remarks] : this.#whole.remarks;
  }

  /** What became of the file that was loaded last, at the start or later. */
  get lastLoad(): LastLoad {
    return this.#lastLoad;
  }

  /** A file was to be loaded, and is not in force. */
  refusedLoad(): void {
    this.#lastLoad = { ...this.#lastLoad, isTaken: false };
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
    if (reading.kind === "damaged")
      return this.#setAside(`their file is damaged: ${reading.problem}`);
    const whole = this.#with(reading.changes);
    if (whole.kind === "problems") {
      const [first] = whole.problems;
      return this.#setAside(
        `with the configuration file they make a problem: ${first?.path}: ${first?.message}`,
      );
    }
    this.#changes = reading.changes;
    this.#whole = whole;
    return null;
  }

  #with(changes: ConfigurationDocument): Loaded {
    const { text, secretFiles } = this.#source;
    return loadConfiguration(text, { changes, secretFiles });
  }

  #setAside(why: string): string {
    const aside = setChangesAside(this.#stateDirectory);
    return `The changes that commands made are not in force, ${why}. They are now in ${aside}: make the changes again, or mend it and give it its old name before the next start.`;
  }

  /** Proposes changes, or says what problems they would make. What the file says anyway is no change, and is not kept. Throws HostError. */
  propose(...changes: readonly Change[]): Proposal | readonly Problem[] {
    const next = changes.reduce<ConfigurationDocument>(
      (document, change) => this.#withChange(document, change),
      this.#changes,
    );
    const whole = this.#with(next);
    if (whole.kind === "problems") return whole.problems;
    return whole.lacking.length > 0 ? whole.lacking : this.#proposal(this.#source, next, whole);
  }

  #withChange(changes: ConfigurationDocument, { path, value }: Change): ConfigurationDocument {
    const isInFile = (change: Change): boolean =>
      saysTheSame(change, valueIn(this.#source.document, change.path));
    const next = withValue(changes, path, isInFile({ path, value }) ? undefined : value);
    const protocol = path.slice(0, 3) as unknown as ConfigurationPath;
    const isOwnSetting = path.length > 3 && isProtocol(protocol);
    const goes = isDocument(valueIn(changes, protocol)) && valueIn(next, protocol) === undefined;
    // A protocol that a command switched on stays on when the last setting of its own goes.
    return isOwnSetting && goes && !isInFile({ path: protocol, value: true })
      ? withValue(next, protocol, true)
      : next;
  }

  /**
   * Proposes a file in place of the one that runs, and to forget the changes; or says what its problems are. Secrets that
   * are redacted in it are those of the same keys that run; they become changes. Throws HostError.
   */
  proposeFile(text: ConfigurationText): Proposal | readonly Problem[] {
    // Until it is: it may have problems, be discarded, or not be kept.
    this.refusedLoad();
    const loaded = this.#withOurSecrets(text);
    if (loaded.kind === "problems") return loaded.problems;
    const { source, changes, ...whole } = loaded;
    return whole.lacking.length > 0 ? whole.lacking : this.#proposal(source, changes, whole);
  }

  /**
   * What would keep a daemon from starting with this file and the changes that are kept. Redacted secrets that only this
   * daemon knows are lacking then.
   */
  startProblems({ text }: ConfigurationText): readonly Problem[] {
    const alone = loadConfiguration(text);
    if (alone.kind === "problems") return alone.problems;
    const whole = loadConfiguration(text, { changes: this.#changes });
    // Changes that make a problem with the file are set aside at the start.
    return whole.kind === "problems" ? alone.lacking : whole.lacking;
  }

  /** The file with our secrets as changes. */
  #withOurSecrets(text: ConfigurationText): Problems | (Whole & Sourced) {
    const secretFiles = new SecretFiles();
    const alone = loadConfiguration(text.text, { secretFiles });
    if (alone.kind === "problems") return alone;
    const { document, configuration } = alone;
    const source = { ...text, document, configuration, secretFiles };
    if (alone.lacking.length === 0) return { source, changes: {}, ...alone };
    const changes = withSecretsOf(document, this.#whole.document);
    const whole = loadConfiguration(text.text, { changes, secretFiles });
    return whole.kind === "problems" ? whole : { source, changes, ...whole };
  }

  #proposal(source: Source, changes: ConfigurationDocument, whole: Whole): Proposal {
    const staged = stageChanges(this.#stateDirectory, changes);
    return {
      configuration: whole.configuration,
      discard: staged.discard,
      commit: () => {
        staged.commit();
        if (source !== this.#source) this.#lastLoad = takenNow();
        this.#source = source;
        this.#changes = changes;
        this.#whole = whole;
      },
    };
  }
}
