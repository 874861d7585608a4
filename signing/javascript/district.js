/**
 * What an officer takes along: the enterprises of one district with their premises and licenses.
 *
 * @module
 */
import { inflate } from "./inflate.js";
import { require } from "./refusals.js";
import { decodeBase64url, isObject, readObject } from "./strict.js";
import { orRefuse } from "./tokens.js";

const MAX_DISTRICT_BYTES = 32 * 1024 * 1024;

/**
 * @typedef {{id: string, address: string}} CarriedPremises
 * @typedef {{type: string, number: string, validTo: string, colour: string, reason: string}} CarriedLicense
 * @typedef {{uscc: string, name: string, status: string, premises: CarriedPremises[], licenses: CarriedLicense[]}}
 *   CarriedEnterprise
 * @typedef {{region: string, enterprises: ReadonlyMap<string, CarriedEnterprise>}} District
 */

/**
 * @param {unknown} claim
 * @returns {Promise<Readonly<District>>}
 * @throws {Refusal} BUNDLE_DISTRICT
 */
export async function readDistrict(claim) {
  const reason = "BUNDLE_DISTRICT";
  require(isObject(claim) && typeof claim.region === "string" && typeof claim.zip === "string", reason);
  const { region, zip } = claim;
  const packed = orRefuse(reason, () => decodeBase64url(/** @type {string} */ (zip)));
  const raw = await inflate(packed, MAX_DISTRICT_BYTES, { broken: reason, tooLarge: reason });
  const { enterprises } = orRefuse(reason, () => readObject(raw));
  const rows = listOf(enterprises, readEnterprise);
  return Object.freeze({ region, enterprises: new Map(rows.map((each) => [each.uscc, each])) });
}

/** @param {unknown} row */
function readEnterprise(row) {
  require(Array.isArray(row) && row.length === 5, "BUNDLE_DISTRICT");
  const [uscc, name, status] = texts(row.slice(0, 3), 3);
  return { uscc, name, status, premises: listOf(row[3], readPremises), licenses: listOf(row[4], readLicense) };
}

/** @param {unknown} row */
function readPremises(row) {
  const [id, address] = texts(row, 2);
  return { id, address };
}

/** @param {unknown} row */
function readLicense(row) {
  const [type, number, validTo, colour, reason] = texts(row, 5);
  return { type, number, validTo, colour, reason };
}

/**
 * @param {unknown} row
 * @param {number} count
 * @returns {string[]}
 */
function texts(row, count) {
  const isRow = Array.isArray(row) && row.length === count && row.every((each) => typeof each === "string");
  require(isRow, "BUNDLE_DISTRICT");
  return /** @type {string[]} */ (row);
}

/**
 * @template T
 * @param {unknown} rows
 * @param {(row: unknown) => T} read
 * @returns {T[]}
 */
function listOf(rows, read) {
  require(Array.isArray(rows), "BUNDLE_DISTRICT");
  return rows.map(read);
}
