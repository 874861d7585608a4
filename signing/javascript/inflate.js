/**
 * One whole zlib stream (RFC 1950), never more of it than a cap.
 *
 * @module
 */
import { Refusal, require } from "./refusals.js";

const ADLER = 65521;
const CHECK_BYTES = 4;
const CHUNK = 5552; // bytes that can be summed before 32 bits overflow (RFC 1950, section 9)

/**
 * @param {Uint8Array<ArrayBuffer>} compressed
 * @param {number} cap bytes
 * @param {{broken: string, tooLarge: string}} reasons
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {Refusal}
 */
export async function inflate(compressed, cap, reasons) {
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const reader = stream.getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const chunks = [];
  let size = 0;
  for (;;) {
    const { done, value } = await read(reader, reasons.broken);
    if (done) break;
    size += value.length;
    if (size > cap) {
      await reader.cancel();
      throw new Refusal(reasons.tooLarge);
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(await new Blob(chunks).arrayBuffer());
  const check = new DataView(compressed.buffer, compressed.byteOffset, compressed.length);
  // some platforms pass over what follows the stream; its last four bytes are the sum of what was packed
  require(check.getUint32(compressed.length - CHECK_BYTES) === adler(bytes), reasons.broken);
  return bytes;
}

/**
 * @param {ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>} reader
 * @param {string} reason
 */
async function read(reader, reason) {
  try {
    return await reader.read();
  } catch {
    throw new Refusal(reason);
  }
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
function adler(bytes) {
  let low = 1;
  let high = 0;
  for (let start = 0; start < bytes.length; start += CHUNK) {
    const end = Math.min(start + CHUNK, bytes.length);
    for (let at = start; at < end; at += 1) {
      low += bytes[at];
      high += low;
    }
    low %= ADLER;
    high %= ADLER;
  }
  return ((high << 16) | low) >>> 0;
}
