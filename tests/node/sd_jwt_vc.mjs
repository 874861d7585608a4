// One question on standard input, one answer on standard output, both JSON: the npm reference implementation of
// SD-JWT VC verifies what the hub issued, presents it as a wallet would, and issues what the hub's verifier reads.
import { createHash, createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SDJwtVcInstance, TypeMetadataFormatSchema } from '@sd-jwt/sd-jwt-vc';

const raw = { dsaEncoding: 'ieee-p1363' };
const hash = (jwk) => (jwk.kty === 'OKP' ? null : 'sha256');
const hasher = (data, alg) => {
  if (alg.toLowerCase() !== 'sha-256') throw new Error(`hash ${alg}`);
  return createHash('sha256').update(data).digest();
};
const verifierOf = (jwk) => (data, signature) =>
  verify(hash(jwk), Buffer.from(data), { key: createPublicKey({ key: jwk, format: 'jwk' }), ...raw },
    Buffer.from(signature, 'base64url'));
const signerOf = (jwk) => (data) =>
  sign(hash(jwk), Buffer.from(data), { key: createPrivateKey({ key: jwk, format: 'jwk' }), ...raw }).toString('base64url');

const acts = {
  async verify({ text, issuer, status, now, nonce }) {
    const instance = new SDJwtVcInstance({
      hasher,
      hashAlg: 'sha-256',
      verifier: verifierOf(issuer),
      kbVerifier: (data, signature, payload) => verifierOf(payload.cnf.jwk)(data, signature),
      statusListFetcher: async () => status.token,
      statusVerifier: status && verifierOf(status.key),
    });
    const options = { currentDate: now, ...(nonce === undefined ? {} : { keyBindingNonce: nonce }) };
    const { payload, kb } = await instance.verify(text, options);
    return { payload, kb: kb?.payload ?? null };
  },
  async present({ text, names, holder, alg, aud, nonce, now }) {
    const instance = new SDJwtVcInstance({ hasher, hashAlg: 'sha-256', kbSigner: signerOf(holder), kbSignAlg: alg });
    const frame = Object.fromEntries(names.map((name) => [name, true]));
    return { text: await instance.present(text, frame, { kb: { payload: { aud, nonce, iat: now } } }) };
  },
  async issue({ claims, frame, key, kid }) {
    const instance = new SDJwtVcInstance({
      hasher,
      hashAlg: 'sha-256',
      saltGenerator: (length) => randomBytes(length).toString('base64url'),
      signer: signerOf(key),
      signAlg: 'ES256',
    });
    return { text: await instance.issue(claims, frame, { header: { kid } }) };
  },
  async type({ document }) {
    return { name: TypeMetadataFormatSchema.parse(document).vct };
  },
};

const { act, ...question } = JSON.parse(readFileSync(0, 'utf8'));
try {
  process.stdout.write(JSON.stringify(await acts[act](question)));
} catch (error) {
  process.stdout.write(JSON.stringify({ refused: String(error.message ?? error) }));
}
