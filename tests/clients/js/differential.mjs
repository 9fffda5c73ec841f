// What aws-jwt-verify says of many tokens. Given: `file`, with the key set `jwks`, the pool, the client, and `tokens`, pairs of a
// kind and a token. Printed: for each the subject, or the class of the error.
import { readFile } from "node:fs/promises";
import { CognitoJwtVerifier } from "aws-jwt-verify";
import { given, report } from "./tools.mjs";

const { jwks, userPoolId, clientId, graceSeconds, tokens } = JSON.parse(await readFile(given.file, "utf8"));

const verifier = (tokenUse) => {
  const made = CognitoJwtVerifier.create({ userPoolId, clientId, tokenUse, graceSeconds });
  made.cacheJwks(jwks);
  return made;
};

const judged = async () => {
  const verifiers = { access: verifier("access"), id: verifier("id") };
  const outcomes = tokens.map(([kind, token]) => {
    try {
      return { sub: verifiers[kind].verifySync(token).sub };
    } catch (error) {
      return { error: error.constructor.name };
    }
  });
  return { outcomes };
};

await report({ judged });
