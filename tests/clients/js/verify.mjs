// Verifies tokens with aws-jwt-verify. Given: `cached`, cases for a CognitoJwtVerifier that has the key set of `jwks`, and
// `fetched`, cases for a JwtVerifier that finds the key set where the issuer's discovery document says.
import { CognitoJwtVerifier, JwtVerifier } from "aws-jwt-verify";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { given, report } from "./tools.mjs";

// The subject of a token that was accepted, or the class of the error.
const outcome = (verified) => verified.then(({ sub }) => sub, (error) => error.constructor.name);

const cached = async () => {
  const outcomes = {};
  for (const [name, { token, ...properties }] of Object.entries(given.cached)) {
    const verifier = CognitoJwtVerifier.create(properties);
    verifier.cacheJwks(given.jwks);
    outcomes[name] = await outcome((async () => verifier.verifySync(token))());
  }
  return outcomes;
};

// The library's own fetcher speaks HTTPS only.
const fetcher = { fetch: async (uri) => (await fetch(uri)).arrayBuffer() };

const fetched = async () => {
  const outcomes = {};
  for (const [name, { token, issuer, ...properties }] of Object.entries(given.fetched)) {
    const document = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
    const source = { issuer: document.issuer, jwksUri: document.jwks_uri };
    const verifier = JwtVerifier.create({ ...source, ...properties }, { jwksCache: new SimpleJwksCache({ fetcher }) });
    outcomes[name] = await outcome(verifier.verify(token));
  }
  return outcomes;
};

await report({ cached, fetched });
