/**
 * One whole zlib stream (RFC 1950) and nothing after it, never more of it than a cap.
 *
 * @module
 */
import { Refusal, require } from "./refusals.js";

/**
 * @param {Uint8Array<ArrayBuffer>} compressed
 * @param {number} cap bytes
 * @param {{broken: string, tooLarge: string}} reasons
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {Refusal}
 */
export async function inflate(compressed, cap, reasons) {
  const bytes = await inflated(compressed, cap, reasons.tooLarge);
  require(bytes !== null, reasons.broken);
  // some platforms pass over what follows the stream: then its last byte is not needed
  require((await inflated(compressed.subarray(0, -1), cap, reasons.tooLarge)) === null, reasons.broken);
  return bytes;
}

/**
 * Null for what is no stream, or not the whole of one.
 *
 * @param {Uint8Array<ArrayBuffer>} compressed
 * @param {number} cap
 * @param {string} tooLarge
 */
async function inflated(compressed, cap, tooLarge) {
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const reader = stream.getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const chunks = [];
  let size = 0;
  for (;;) {
    const step = await reader.read().catch(() => null);
    if (step === null) return null;
    if (step.done) return new Uint8Array(await new Blob(chunks).arrayBuffer());
    size += step.value.length;
    if (size > cap) {
      await reader.cancel();
      throw new Refusal(tooLarge);
    }
    chunks.push(step.value);
  }
}
