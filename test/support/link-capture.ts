// A capture of one device while a test runs: tcpdump, whose count tells when all that the kernel saw has been read.
import assert from "node:assert/strict";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { CaptureReader } from "../../src/capture/capture-reader.ts";
import { type Frame, nextFrames } from "./pcap.ts";

/** A device, and what of its traffic counts (pcap-filter(7)). */
export interface CaptureOptions {
  /** Of the device. */
  readonly namespace: string;
  readonly device: string;
  readonly filter: string;
}

/** Nothing on a link is longer. The kernel keeps so much room for each frame until tcpdump has read it. */
const LONGEST_FRAME = 2_000;

// tcpdump(8), at SIGUSR1.
const COUNTS = /(\d+) packets? received by filter, (\d+) packets? dropped by kernel/;

/** A capture that runs. */
export class LinkCapture {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #title: string;
  readonly #frames: Frame[] = [];
  readonly #reader = new CaptureReader();
  #words = "";
  #isOver = false;
  /** Looks whether what is waited for has come; at every output and at the end. */
  #look: () => void = () => undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor({ namespace, device, filter }: CaptureOptions) {
    this.#title = `The capture at ${device} in ${namespace}`;
    const output = ["-s", `${LONGEST_FRAME}`, "-U", "--immediate-mode", "-w", "-"];
    const tcpdump = ["tcpdump", "-i", device, "-n", ...output, filter];
    this.#child = spawn("ip", ["netns", "exec", namespace, ...tcpdump], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stdout.on("data", (bytes: Buffer) => this.#take(bytes));
    createInterface({ input: this.#child.stderr }).on("line", (line) => {
      this.#words += `${line}\n`;
      this.#look();
    });
    this.#child.on("error", (error) => {
      this.#words += `${error.message}\n`;
    });
    this.#child.on("close", () => {
      this.#isOver = true;
      this.#look();
    });
  }

  /** Starts to capture. Throws if that is not possible. */
  static async start(options: CaptureOptions): Promise<LinkCapture> {
    const capture = new LinkCapture(options);
    await capture.#until(() => (capture.#words.includes("listening on") ? true : undefined));
    return capture;
  }

  #take(bytes: Buffer): void {
    this.#frames.push(...nextFrames(this.#reader, bytes));
    this.#look();
  }

  #until<T>(find: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#look = () => {
        const found = find();
        if (found !== undefined) resolve(found);
        else if (this.#isOver) reject(new Error(`${this.#title} has ended: ${this.#words}`));
      };
      this.#look();
    });
  }

  async #readAll(): Promise<readonly Frame[]> {
    this.#words = "";
    this.#child.kill("SIGUSR1");
    const [, seen, dropped] = await this.#until(() => COUNTS.exec(this.#words) ?? undefined);
    assert.equal(dropped, "0", `${this.#title}: frames that the kernel dropped`);
    await this.#until(() => (this.#frames.length >= Number(seen) ? true : undefined));
    return this.#frames;
  }

  /** All frames that have passed the device since the start. Throws if the capture has ended or has missed one. */
  frames(): Promise<readonly Frame[]> {
    const frames = this.#last.then(() => this.#readAll());
    this.#last = frames.catch(() => undefined);
    return frames;
  }
}
