/** Shards by their digests, in base64. */
const sourceOf = (shards) => (digest) =>
  Object.hasOwn(shards, digest) ? Uint8Array.from(atob(shards[digest]), (each) => each.charCodeAt(0)) : null;

/**
 * Shows many texts to a verifier and tells what became of each: "OK", the reason, or the verdict in one line.
 *
 * `work` is `{verifiers: {name: {jwks, ...}}, cases: [{ask, by, text, now, ...}]}`; the same function runs in Node and
 * in a browser.
 */
export async function judge(library, work) {
  const verifiers = new Map();
  for (const [name, { jwks, bundle, shards, ...policy }] of Object.entries(work.verifiers)) {
    const online = new library.Verifier(await library.KeySet.fromJwks(jwks), policy);
    const offline = bundle && new library.OfflineVerifier(await library.readBundle(bundle, { shards: shards && sourceOf(shards) }), policy);
    verifiers.set(name, { online, offline });
  }
  const line = ({ state, kind, reasons, status, needsAttention, enterprise }) =>
    [state, kind ?? "", ...reasons, status ?? "", needsAttention, enterprise?.licenses[1].number ?? ""].join(" ");
  const asks = {
    code: ({ online }, text, rest) => online.verifyCode(text, rest),
    token: ({ online }, text, rest) => online.verifyToken(text, rest),
    typed: async (_verifier, text) => library.normalisePlateId(text),
    credential: ({ online }, text, rest) => online.verifyCredential(text, rest),
    holder: (_verifier, text) => library.HolderKey.fromJwk(text),
    receipt: ({ online }, text, rest) => online.verifyReceipt(text, rest),
    status: ({ online }, text, rest) => online.verifyStatusList(text, rest),
    bundle: (_verifier, text, { now, isNow, root, atLeast }) =>
      library.readBundle(text, { root, atLeast: Number(atLeast ?? 0), now: isNow && now }),
    offlineCode: async ({ offline }, text, rest) => line(await offline.verifyCode(text, rest)),
    scanned: async ({ offline }, text, rest) => {
      const { isGenuine, reasons } = await offline.verify(text, rest);
      return isGenuine ? "OK" : reasons[0];
    },
    offlineCredential: async ({ offline }, text, rest) => line(await offline.verifyCredential(text, rest)),
    offlineReceipt: async ({ offline }, text, rest) => line(await offline.verifyReceipt(text, rest)),
  };
  const outcomes = [];
  for (const { ask, by, text, now, ...rest } of work.cases) {
    try {
      const said = await asks[ask](verifiers.get(by), text, { ...rest, now: new Date(now) });
      outcomes.push(ask.startsWith("offline") || ask === "scanned" ? said : "OK");
    } catch (error) {
      if (!(error instanceof library.Refusal || error instanceof library.CannotTell)) throw error;
      outcomes.push(error.reason);
    }
  }
  return outcomes;
}
