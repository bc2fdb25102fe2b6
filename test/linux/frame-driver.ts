// Sends Ethernet frames out of a device in the namespace it runs in, each `times` times. Argument: the device's index.
import { PacketSocket } from "../support/packet-socket.ts";
import { serve } from "./driver-process.ts";

const [index = "0"] = process.argv.slice(2);
const socket = new PacketSocket(Number(index));

serve(
  (_, [frames, times = 1]) => {
    for (const frame of frames as readonly Uint8Array[]) {
      for (let n = 0; n < (times as number); n++) socket.send(frame);
    }
  },
  () => socket.close(),
);
