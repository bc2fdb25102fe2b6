// An engine that is recorded: what it takes in and what it does, in order, as lines that a replay follows.
import type { Millis } from "../../base/units.ts";
import type { EngineOptions } from "../engine-options.ts";
import type { EngineReading } from "../engine-view.ts";
import type { EngineEvent } from "../events.ts";
import { HostError } from "../host.ts";
import type { Answer, HostCall } from "../host-call.ts";
import { AnsweredHost } from "../host-call.ts";
import { NO_SECURITY } from "../security.ts";
import type { Heading, Line, RecordedCall, RecordedInput } from "./lines.ts";
import { lineOf, RECORDING_VERSION } from "./lines.ts";
import { base64, unsignedDatagram, unsignedMessage } from "./unsigned.ts";

/** A call as it is written. */
export function recordedCall(call: HostCall): RecordedCall {
  if (call.kind !== "send") return call;
  const { protocol, payload } = call;
  return { ...call, payload: protocol === "hpim" ? unsignedMessage(payload) : base64(payload) };
}

function recordedInput(event: EngineEvent, before: Pick<EngineReading, "port">): RecordedInput {
  if (event.kind !== "datagram") return event;
  const { kind, interface: index, bytes } = event;
  const security = before.port(index)?.security ?? NO_SECURITY;
  return { kind, interface: index, ...unsignedDatagram(bytes, security) };
}

/** What a recording begins with, besides what the engine is made of: who writes it, and the time of day by ISO 8601. */
export type About = Pick<Heading, "program" | "time">;

/** What an engine is made of, so that it is recorded: `take` gets each line as it comes about. */
export function recorded(
  options: EngineOptions,
  about: About,
  take: (line: string) => void,
): EngineOptions {
  const { host, report, seed } = options;
  const format = { recording: "hpim-dm", version: RECORDING_VERSION, family: 4 } as const;
  let heading: Heading | null = { ...format, ...about, at: host.now(), seed };
  const write = (line: Line): void => {
    if (heading !== null) take(lineOf(heading));
    heading = null;
    take(lineOf(line));
  };
  const answer: Answer = (call, onMachine) => {
    try {
      const returned = onMachine(host);
      write({ call: recordedCall(call), returned });
      return returned;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      const { syscall, errno, message } = error;
      write({ call: recordedCall(call), failed: { syscall, errno, message } });
      throw error;
    }
  };
  return {
    ...options,
    host: new AnsweredHost(host, answer),
    report: (notice) => {
      write({ notice });
      report(notice);
    },
    onInput: (event: EngineEvent, at: Millis, before: Pick<EngineReading, "port">) =>
      write({ at, input: recordedInput(event, before) }),
  };
}
