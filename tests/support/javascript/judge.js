/**
 * Shows many texts to a verifier and tells what became of each: "OK" or the reason.
 *
 * `work` is `{jwks, cases: [{ask, text, now, ...}]}`; the same function runs in Node and in a browser.
 */
export async function judge(library, work) {
  const verifiers = new Map();
  for (const [name, { jwks, ...policy }] of Object.entries(work.verifiers)) {
    verifiers.set(name, new library.Verifier(await library.KeySet.fromJwks(jwks), policy));
  }
  const asks = {
    code: (verifier, text, rest) => verifier.verifyCode(text, rest),
    token: (verifier, text, rest) => verifier.verifyToken(text, rest),
    typed: async (_verifier, text) => library.normalisePlateId(text),
  };
  const outcomes = [];
  for (const { ask, by, text, now, ...rest } of work.cases) {
    try {
      await asks[ask](verifiers.get(by), text, { ...rest, now: new Date(now) });
      outcomes.push("OK");
    } catch (error) {
      if (!(error instanceof library.Refusal || error instanceof library.CannotTell)) throw error;
      outcomes.push(error.reason);
    }
  }
  return outcomes;
}
