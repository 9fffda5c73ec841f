// A user's account from sign-up to deletion, through amazon-cognito-identity-js. Given: endpoint, userPoolId, clientId, a user
// that was invited, and the ids of further pools and their clients: demanding, which demands a second factor, and byAddress,
// whose users sign in with their mail address.
import cognito from "amazon-cognito-identity-js";
import { NEW_PASSWORD, PASSWORD, failure, given, newestCode, operations, report, totp, wrong } from "./tools.mjs";

const poolOf = ({ userPoolId, clientId }) =>
  new cognito.CognitoUserPool({ UserPoolId: userPoolId, ClientId: clientId, endpoint: given.endpoint });
const pool = poolOf(given);

// Turns both of the library's conventions, a callback and a set of them, into promises.
const called = (call) => new Promise((resolve, reject) => call((error, value) => (error ? reject(error) : resolve(value))));
const settled = (call, others = () => ({})) =>
  new Promise((resolve, reject) => call({ onSuccess: resolve, onFailure: reject, ...others(resolve) }));

const storage = () => {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  };
};

// A user on a device of its own, unless the storage of another is passed in.
const newUser = (username, Storage = storage(), Pool = pool) => new cognito.CognitoUser({ Username: username, Pool, Storage });

const signIn = (user, password = PASSWORD) =>
  settled(
    (callbacks) =>
      user.authenticateUser(
        new cognito.AuthenticationDetails({ Username: user.getUsername(), Password: password }),
        callbacks,
      ),
    (resolve) => ({
      onSuccess: (session, mustBeRemembered) => resolve({ session, mustBeRemembered: mustBeRemembered === true }),
      totpRequired: (challenge) => resolve({ challenge }),
      mfaSetup: (challenge) => resolve({ challenge }),
      selectMFAType: (challenge, parameters) => resolve({ challenge, parameters }),
      newPasswordRequired: (attributes, required) => resolve({ attributes, required }),
    }),
  );

const answerCode = (user, challenge, code) => settled((callbacks) => user.sendMFACode(code, callbacks, challenge));
const answerTotp = (user, code) => answerCode(user, "SOFTWARE_TOKEN_MFA", code);

const attribute = (Name, Value) => new cognito.CognitoUserAttribute({ Name, Value });
const named = (attributes) => Object.fromEntries(attributes.map(({ Name, Value }) => [Name, Value]));
const attributesOf = async (user) => named(await called((done) => user.getUserAttributes(done)));
const confirm = (user, code) => called((done) => user.confirmRegistration(code, false, done));

const signUp = (username, others = [], at = pool) => {
  const attributes = [attribute("email", `${username}@example.org`), ...others];
  return called((done) => at.signUp(username, PASSWORD, attributes, null, done));
};

const member = async (username, others) => {
  await signUp(username, others);
  await confirm(newUser(username), await newestCode(username));
  const user = newUser(username);
  const { session, mustBeRemembered } = await signIn(user);
  return { user, session, mustBeRemembered };
};

const newSecret = (user) =>
  settled(
    (callbacks) => user.associateSoftwareToken(callbacks),
    (resolve) => ({ associateSecretCode: resolve }),
  );

const withTotp = async (user) => {
  const secret = await newSecret(user);
  const verified = await settled(async (callbacks) => user.verifySoftwareToken(await totp(secret), "phone", callbacks));
  await called((done) => user.setUserMfaPreference(null, { Enabled: true, PreferredMfa: true }, done));
  return { secret, verified: verified.Status };
};

const deviceKey = (session) => session.getAccessToken().payload.device_key ?? null;

const signingUp = async () => {
  const username = "johanna";
  const { userConfirmed, codeDeliveryDetails } = await signUp(username);
  const again = await failure(signUp(username));
  const first = await newestCode(username);
  await called((done) => newUser(username).resendConfirmationCode(done));
  const code = await newestCode(username);
  return {
    userConfirmed,
    medium: codeDeliveryDetails.DeliveryMedium,
    again,
    unconfirmed: await failure(signIn(newUser(username))),
    wrongCode: await failure(confirm(newUser(username), wrong(code))),
    replacedCode: first === code ? "CodeMismatchException" : await failure(confirm(newUser(username), first)),
    rightCode: await confirm(newUser(username), code),
    wrongPassword: await failure(signIn(newUser(username), `${PASSWORD}x`)),
    unknownUser: await failure(signIn(newUser("nobody"))),
    signedIn: (await signIn(newUser(username))).session.isValid(),
  };
};

const secondFactor = async () => {
  const username = "judith";
  const { user } = await member(username);
  const { secret, verified } = await withTotp(user);
  const other = newUser(username);
  const { challenge } = await signIn(other);
  const wrongCode = await failure(answerTotp(other, "000000"));
  const session = await answerTotp(other, await totp(secret));
  const refreshed = await called((done) => other.refreshSession(session.getRefreshToken(), done));
  const { sub } = await attributesOf(other);
  return {
    verified,
    challenge,
    wrongCode,
    newAccessToken: refreshed.getAccessToken().getJwtToken() !== session.getAccessToken().getJwtToken(),
    subject: refreshed.getIdToken().payload.sub === sub,
  };
};

// In a pool that demands a second factor, it is set up during the first sign-in.
const secondFactorAtFirstSignIn = async () => {
  const username = "jasmin";
  const demanding = poolOf(given.demanding);
  const visitor = () => newUser(username, storage(), demanding);
  await signUp(username, [], demanding);
  await confirm(visitor(), await newestCode(username, given.demanding.userPoolId));
  const user = visitor();
  const { challenge } = await signIn(user);
  const secret = await newSecret(user);
  const verify = (code) => settled((callbacks) => user.verifySoftwareToken(code, "phone", callbacks));
  const wrongCode = await failure(verify("000000"));
  const session = await verify(await totp(secret));
  return { challenge, wrongCode, session: session.isValid(), next: (await signIn(visitor())).challenge };
};

const signInByAddress = async () => {
  const username = "jacoba@example.org";
  const place = poolOf(given.byAddress);
  const visitor = (name, kept = storage()) => newUser(name, kept, place);
  await called((done) => place.signUp(username, PASSWORD, [attribute("email", username)], null, done));
  await confirm(visitor(username), await newestCode(username, given.byAddress.userPoolId));
  const user = visitor(username);
  const { session, mustBeRemembered } = await signIn(user);
  const again = visitor(username.toUpperCase(), user.storage);
  operations();
  const { session: next } = await signIn(again);
  return {
    username: user.getUsername() === session.getIdToken().payload.sub,
    mustBeRemembered,
    operations: operations(),
    device: deviceKey(next) === user.deviceKey,
  };
};

const choiceOfFactors = async () => {
  const username = "jelena";
  const { user } = await member(username, [attribute("phone_number", "+12065550100")]);
  const { secret } = await withTotp(user);
  const enabled = { Enabled: true, PreferredMfa: false };
  await called((done) => user.setUserMfaPreference(enabled, enabled, done));
  const choose = async (visitor, factor) => {
    const { challenge, parameters } = await signIn(visitor);
    const asked = (resolve) => ({ mfaRequired: resolve, totpRequired: resolve });
    const next = await settled((callbacks) => visitor.sendMFASelectionAnswer(factor, callbacks), asked);
    return { challenge, offered: JSON.parse(parameters.MFAS_CAN_CHOOSE).toSorted(), next };
  };
  const visitor = newUser(username);
  const chosen = await choose(visitor, "SMS_MFA");
  const code = await newestCode(username);
  const wrongCode = await failure(answerCode(visitor, "SMS_MFA", wrong(code)));
  const bySms = await answerCode(visitor, "SMS_MFA", code);
  const other = newUser(username);
  const { next } = await choose(other, "SOFTWARE_TOKEN_MFA");
  const byTotp = await answerTotp(other, await totp(secret));
  return { chosen, wrongCode, bySms: bySms.isValid(), next, byTotp: byTotp.isValid() };
};

const invitation = async () => {
  const user = newUser(given.invited);
  const { required } = await signIn(user);
  const complete = (password, attributes) =>
    settled((callbacks) => user.completeNewPasswordChallenge(password, attributes, callbacks));
  const email = "invited@example.org";
  return {
    required,
    weakPassword: await failure(complete("short", { email })),
    missing: await failure(complete(NEW_PASSWORD, {})),
    answered: (await complete(NEW_PASSWORD, { email })).isValid(),
    email: (await attributesOf(user)).email,
  };
};

const attributes = async () => {
  const username = "jutta";
  const { user } = await member(username);
  await called((done) => user.updateAttributes([attribute("email", "jutta@example.net"), attribute("name", "Jutta")], done));
  const changed = await attributesOf(user);
  const verify = (code) => settled((callbacks) => user.verifyAttribute("email", code, callbacks));
  const sent = await settled(
    (callbacks) => user.getAttributeVerificationCode("email", callbacks),
    (resolve) => ({ inputVerificationCode: resolve }),
  );
  const code = await newestCode(username);
  const wrongCode = await failure(verify(wrong(code)));
  const rightCode = await verify(code);
  await called((done) => user.deleteAttributes(["name"], done));
  const { sub, ...left } = await attributesOf(user);
  return {
    changed: [changed.email, changed.email_verified, changed.name],
    sent: sent.CodeDeliveryDetails,
    wrongCode,
    rightCode,
    left,
  };
};

const devices = async () => {
  const username = "jule";
  const { user, mustBeRemembered } = await member(username);
  const device = user.deviceKey;
  const { secret } = await withTotp(user);
  const listed = await settled((callbacks) => user.listDevices(10, null, callbacks));
  // A new object reads the device from the storage of the first, as another visit of the same browser does.
  const visit = async (flow = "USER_SRP_AUTH") => {
    const visitor = newUser(username, user.storage);
    visitor.setAuthenticationFlowType(flow);
    operations();
    const { challenge = null, session } = await signIn(visitor);
    const isDevice = session ? deviceKey(session) === device : null;
    return { visitor, session, fact: { challenge, device: isDevice, operations: operations() } };
  };

  const unremembered = await visit();
  await settled((callbacks) => user.setDeviceStatusRemembered(callbacks));
  const remembered = await visit();
  const { visitor } = remembered;
  await called((done) => visitor.refreshSession(remembered.session.getRefreshToken(), done));
  const found = await settled((callbacks) => visitor.getDevice(callbacks));
  const byPassword = await visit("USER_PASSWORD_AUTH");
  const elsewhere = newUser(username);
  const { challenge } = await signIn(elsewhere);
  await answerTotp(elsewhere, await totp(secret));
  await settled((callbacks) => visitor.setDeviceStatusNotRemembered(callbacks));
  const noLonger = await visit();
  const both = await settled((callbacks) => elsewhere.listDevices(10, null, callbacks));
  // Forgotten from elsewhere: this browser still has the device's key, and learns that the pool does not.
  await settled((callbacks) => elsewhere.forgetSpecificDevice(device, callbacks));
  const forgotten = await visit();
  await settled((callbacks) => elsewhere.forgetDevice(callbacks));
  const none = await settled((callbacks) => elsewhere.listDevices(10, null, callbacks));
  return {
    mustBeRemembered,
    listed: listed.Devices.map(({ DeviceKey }) => DeviceKey === device),
    unremembered: unremembered.fact,
    remembered: remembered.fact,
    refreshed: deviceKey(visitor.getSignInUserSession()) === device,
    byPassword: byPassword.fact,
    found: found.Device.DeviceKey === device,
    name: typeof named(found.Device.DeviceAttributes).device_name,
    elsewhere: challenge,
    noLonger: noLonger.fact,
    both: both.Devices.length,
    forgotten: forgotten.fact,
    none: none.Devices.length,
    unknown: await failure(settled((callbacks) => elsewhere.forgetSpecificDevice(device, callbacks))),
  };
};

const passwords = async () => {
  const username = "jana";
  const { user } = await member(username);
  const forgotten = newUser(username);
  const sent = await settled(
    (callbacks) => forgotten.forgotPassword(callbacks),
    (resolve) => ({ inputVerificationCode: resolve }),
  );
  const code = await newestCode(username);
  const reset = (given, password) => settled((callbacks) => forgotten.confirmPassword(given, password, callbacks));
  return {
    sent: sent.CodeDeliveryDetails,
    wrongCode: await failure(reset(wrong(code), NEW_PASSWORD)),
    weakPassword: await failure(reset(code, "short")),
    rightCode: await reset(code, NEW_PASSWORD),
    oldPassword: await failure(signIn(newUser(username), PASSWORD)),
    newPassword: await failure(signIn(newUser(username), NEW_PASSWORD)),
    wrongChange: await failure(called((done) => user.changePassword(PASSWORD, NEW_PASSWORD, done))),
    rightChange: await called((done) => user.changePassword(NEW_PASSWORD, PASSWORD, done)),
  };
};

const signingOut = async () => {
  const username = "jette";
  const { user } = await member(username);
  const other = newUser(username);
  await signIn(other);
  const third = newUser(username);
  await signIn(third);
  // One session by its refresh token; then all of them.
  await called((done) => third.signOut(done));
  const others = await failure(attributesOf(other));
  await settled((callbacks) => user.globalSignOut(callbacks));
  return {
    others,
    accessToken: await failure(attributesOf(other)),
    again: await failure(signIn(newUser(username))),
  };
};

const deletion = async () => {
  const username = "jorinde";
  const { user } = await member(username);
  return {
    deleted: await called((done) => user.deleteUser(done)),
    afterwards: await failure(signIn(newUser(username))),
    nameIsFree: await failure(signUp(username)),
  };
};

await report({
  signingUp,
  secondFactor,
  secondFactorAtFirstSignIn,
  signInByAddress,
  choiceOfFactors,
  invitation,
  attributes,
  devices,
  passwords,
  signingOut,
  deletion,
});
