// Signs up, confirms, signs in with SRP, sets up TOTP, signs in with SRP and TOTP, refreshes, through
// amazon-cognito-identity-js. Reads {endpoint, userPoolId, clientId, username, password} from its argument and writes what
// happened as one line of JSON.
import { createHmac } from "node:crypto";
import cognito from "amazon-cognito-identity-js";

const { endpoint, userPoolId, clientId, username, password } = JSON.parse(process.argv[2]);
const pool = new cognito.CognitoUserPool({ UserPoolId: userPoolId, ClientId: clientId, endpoint });
const newUser = () => new cognito.CognitoUser({ Username: username, Pool: pool });

const tool = async (path, body) => {
  const headers = { "Content-Type": "application/json" };
  const reply = await fetch(`${endpoint}/_local/${path}`, body && { method: "POST", headers, body: JSON.stringify(body) });
  return reply.json();
};

const newestCode = async () => {
  const { messages } = await tool(`outbox?username=${encodeURIComponent(username)}`);
  return messages.at(-1).code;
};

const called = (call) => new Promise((resolve, reject) => call((error, value) => (error ? reject(error) : resolve(value))));

const signIn = (user, secret) =>
  new Promise((resolve, reject) =>
    user.authenticateUser(new cognito.AuthenticationDetails({ Username: username, Password: secret }), {
      onSuccess: (session) => resolve({ session }),
      onFailure: reject,
      totpRequired: (challenge) => resolve({ challenge }),
    }),
  );

const associate = (user) =>
  new Promise((resolve, reject) => user.associateSoftwareToken({ associateSecretCode: resolve, onFailure: reject }));

const verify = (user, code) =>
  new Promise((resolve, reject) => user.verifySoftwareToken(code, "phone", { onSuccess: resolve, onFailure: reject }));

const answerTotp = (user, code) =>
  new Promise((resolve, reject) => user.sendMFACode(code, { onSuccess: resolve, onFailure: reject }, "SOFTWARE_TOKEN_MFA"));

const base32 = (text) => {
  const bits = [...text].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"));
  return Buffer.from(bits.join("").match(/.{8}/g).map((octet) => parseInt(octet, 2)));
};

// RFC 6238, for the next period of the pool's clock, so that the pool has not seen the code.
const totp = async (secret) => {
  const { now } = await tool("clock", { move: 30 });
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30)));
  const digest = createHmac("sha1", base32(secret)).update(counter).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
};

const failure = (attempt) => attempt.then(() => "none", (error) => error.code);

const attribute = new cognito.CognitoUserAttribute({ Name: "email", Value: `${username}@example.org` });
const signedUp = await called((done) => pool.signUp(username, password, [attribute], null, done));
const unconfirmed = await failure(signIn(newUser(), password));
const wrongCode = await failure(called((done) => newUser().confirmRegistration("000000", false, done)));
const code = await newestCode();
await called((done) => newUser().confirmRegistration(code, false, done));
const wrongPassword = await failure(signIn(newUser(), `${password}x`));

const user = newUser();
const first = await signIn(user, password);
const secret = await associate(user);
const verified = await verify(user, await totp(secret));
await called((done) => user.setUserMfaPreference(null, { Enabled: true, PreferredMfa: true }, done));

const again = newUser();
const second = await signIn(again, password);
const wrongTotp = await failure(answerTotp(again, "000000"));
const session = await answerTotp(again, await totp(secret));
const refreshed = await called((done) => again.refreshSession(session.getRefreshToken(), done));
const attributes = await called((done) => again.getUserAttributes(done));

console.log(
  JSON.stringify({
    confirmedAtSignUp: signedUp.userConfirmed,
    unconfirmed,
    wrongCode,
    wrongPassword,
    first: first.session.isValid(),
    verified: verified.Status,
    second: second.challenge,
    wrongTotp,
    session: session.isValid(),
    newAccessToken: refreshed.getAccessToken().getJwtToken() !== session.getAccessToken().getJwtToken(),
    subject: refreshed.getIdToken().payload.sub,
    attributes: Object.fromEntries(attributes.map(({ Name, Value }) => [Name, Value])),
  }),
);
