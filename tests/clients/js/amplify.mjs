// A user's account from sign-up to deletion, through Amplify's auth. Given: endpoint, userPoolId, clientId, a user that was
// invited, and the ids of further pools and their clients: demanding, which demands a second factor, mailing, which can also
// mail it, and where the same user was invited, and byAddress, whose users sign in with their mail address.
import * as auth from "@aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "@aws-amplify/auth/cognito";
import { Amplify } from "@aws-amplify/core";
import { NEW_PASSWORD, PASSWORD, failure, given, newestCode, operations, report, totp, wrong } from "./tools.mjs";

// Amplify names a device after its browser. Node has a navigator since version 21.
globalThis.navigator ??= { userAgent: "a browser" };

// What the package aws-amplify does when it is configured, with tokens and devices in memory.
const configure = ({ userPoolId, clientId } = given) => {
  const Auth = { Cognito: { userPoolId, userPoolClientId: clientId, userPoolEndpoint: given.endpoint } };
  cognitoUserPoolsTokenProvider.setAuthConfig(Auth);
  Amplify.configure({ Auth }, { Auth: { tokenProvider: cognitoUserPoolsTokenProvider } });
};

// A browser that was never here before; gives a way back to it.
const newBrowser = () => {
  const kept = new Map();
  const browser = {
    getItem: async (key) => kept.get(key) ?? null,
    setItem: async (key, value) => void kept.set(key, value),
    removeItem: async (key) => void kept.delete(key),
    clear: async () => kept.clear(),
  };
  cognitoUserPoolsTokenProvider.setKeyValueStorage(browser);
  return () => cognitoUserPoolsTokenProvider.setKeyValueStorage(browser);
};

const signUp = (username, others) => {
  const userAttributes = { email: `${username}@example.org`, ...others };
  return auth.signUp({ username, password: PASSWORD, options: { userAttributes } });
};

const signIn = async (username, password = PASSWORD, authFlowType = "USER_SRP_AUTH") =>
  (await auth.signIn({ username, password, options: { authFlowType } })).nextStep;

const confirm = (username, confirmationCode) => auth.confirmSignUp({ username, confirmationCode });

const member = async (username, others) => {
  newBrowser();
  await signUp(username, others);
  await confirm(username, await newestCode(username));
  return signIn(username);
};

const withTotp = async () => {
  const { sharedSecret } = await auth.setUpTOTP();
  const wrongCode = await failure(auth.verifyTOTPSetup({ code: "000000" }));
  await auth.verifyTOTPSetup({ code: await totp(sharedSecret), options: { friendlyDeviceName: "phone" } });
  await auth.updateMFAPreference({ totp: "PREFERRED" });
  return { sharedSecret, wrongCode };
};

const answer = async (challengeResponse, options) => (await auth.confirmSignIn({ challengeResponse, options })).nextStep;

const answerTotp = async (secret) => (await answer(await totp(secret))).signInStep;

const accessToken = async (options) => (await auth.fetchAuthSession(options)).tokens?.accessToken;

const signingUp = async () => {
  const username = "amalia";
  newBrowser();
  const { nextStep, isSignUpComplete } = await signUp(username);
  const again = await failure(signUp(username));
  const unconfirmed = await signIn(username);
  await auth.resendSignUpCode({ username });
  const code = await newestCode(username);
  const wrongCode = await failure(confirm(username, wrong(code)));
  const confirmed = await confirm(username, code);
  const wrongPassword = await failure(signIn(username, `${PASSWORD}x`));
  const signedIn = await signIn(username);
  const { sub, ...attributes } = await auth.fetchUserAttributes();
  const { userId } = await auth.getCurrentUser();
  return {
    isSignUpComplete,
    next: nextStep.signUpStep,
    sent: nextStep.codeDeliveryDetails,
    again,
    unconfirmed: unconfirmed.signInStep,
    wrongCode,
    confirmed: confirmed.isSignUpComplete,
    wrongPassword,
    signedIn: signedIn.signInStep,
    attributes,
    subject: userId === sub,
  };
};

const secondFactor = async () => {
  const username = "annika";
  await member(username);
  const { sharedSecret, wrongCode } = await withTotp();
  const preference = await auth.fetchMFAPreference();
  newBrowser();
  const { signInStep } = await signIn(username);
  const wrongAnswer = await failure(auth.confirmSignIn({ challengeResponse: "000000" }));
  const answered = await answerTotp(sharedSecret);
  const before = await accessToken();
  const after = await accessToken({ forceRefresh: true });
  return {
    wrongCode,
    preference,
    signInStep,
    wrongAnswer,
    answered,
    refreshed: after.toString() !== before.toString() && after.payload.origin_jti === before.payload.origin_jti,
  };
};

const elsewhere = async (pool, run) => {
  configure(pool);
  newBrowser();
  try {
    return await run();
  } finally {
    configure();
  }
};

// In a pool that demands a second factor, Amplify sets it up while it signs in.
const secondFactorAtFirstSignIn = () =>
  elsewhere(given.demanding, async () => {
    const username = "antje";
    await signUp(username);
    await confirm(username, await newestCode(username, given.demanding.userPoolId));
    const { signInStep, totpSetupDetails } = await signIn(username);
    const answered = await answerTotp(totpSetupDetails.sharedSecret);
    await auth.signOut();
    return { signInStep, answered, next: (await signIn(username)).signInStep };
  });

const mailAtFirstSignIn = () =>
  elsewhere(given.mailing, async () => {
    await signIn(given.invited);
    const offered = await answer(NEW_PASSWORD);
    const chosen = await answer("EMAIL");
    const sent = await answer("invited@example.org");
    const code = await newestCode(given.invited, given.mailing.userPoolId);
    const wrongCode = await failure(answer(wrong(code)));
    const answered = await answer(code);
    await auth.signOut();
    return {
      offered: [offered.signInStep, offered.allowedMFATypes.toSorted()],
      chosen: chosen.signInStep,
      sent,
      wrongCode,
      answered: answered.signInStep,
      next: (await signIn(given.invited, NEW_PASSWORD)).signInStep,
    };
  });

const signInByAddress = () =>
  elsewhere(given.byAddress, async () => {
    const username = "agnes@example.org";
    await auth.signUp({ username, password: PASSWORD, options: { userAttributes: { email: username } } });
    await confirm(username, await newestCode(username, given.byAddress.userPoolId));
    const first = await signIn(username);
    const [device] = await auth.fetchDevices();
    const user = await auth.getCurrentUser();
    await auth.signOut();
    operations();
    const { signInStep } = await signIn(username.toUpperCase());
    return {
      first: first.signInStep,
      username: user.username === user.userId,
      again: signInStep,
      operations: operations(),
      device: (await accessToken()).payload.device_key === device.id,
    };
  });

const automaticSignIn = async () => {
  const username = "amrei";
  newBrowser();
  await auth.signUp({
    username,
    password: PASSWORD,
    options: { userAttributes: { email: "amrei@example.org" }, autoSignIn: { authFlowType: "USER_SRP_AUTH" } },
  });
  const { nextStep } = await confirm(username, await newestCode(username));
  const signedIn = await auth.autoSignIn();
  return { next: nextStep.signUpStep, signedIn: signedIn.nextStep.signInStep };
};

const choiceOfFactors = async () => {
  const username = "ada";
  await member(username, { phone_number: "+12065550100" });
  const { sharedSecret } = await withTotp();
  await auth.updateMFAPreference({ sms: "ENABLED", totp: "NOT_PREFERRED" });
  const preference = await auth.fetchMFAPreference();
  newBrowser();
  const offered = await signIn(username);
  const sent = await answer("SMS");
  const wrongCode = await failure(answer(wrong(await newestCode(username))));
  const bySms = await answer(await newestCode(username));
  newBrowser();
  await signIn(username);
  const asked = await answer("TOTP");
  return {
    preference,
    offered: [offered.signInStep, offered.allowedMFATypes.toSorted()],
    sent,
    wrongCode,
    bySms: bySms.signInStep,
    asked: asked.signInStep,
    byTotp: await answerTotp(sharedSecret),
  };
};

const invitation = async () => {
  newBrowser();
  const asked = await signIn(given.invited);
  const weakPassword = await failure(answer("short", { userAttributes: { email: "invited@example.org" } }));
  const missing = await failure(answer(NEW_PASSWORD));
  const answered = await answer(NEW_PASSWORD, { userAttributes: { email: "invited@example.org" } });
  const { email } = await auth.fetchUserAttributes();
  return { asked, weakPassword, missing, answered: answered.signInStep, email };
};

const attributes = async () => {
  const username = "astrid";
  await member(username);
  const updated = await auth.updateUserAttributes({ userAttributes: { email: "astrid@example.net", name: "Astrid" } });
  const changed = await auth.fetchUserAttributes();
  const sent = await auth.sendUserAttributeVerificationCode({ userAttributeKey: "email" });
  const code = await newestCode(username);
  const verify = (confirmationCode) => auth.confirmUserAttribute({ userAttributeKey: "email", confirmationCode });
  const wrongCode = await failure(verify(wrong(code)));
  await verify(code);
  await auth.deleteUserAttributes({ userAttributeKeys: ["name"] });
  const { sub, ...left } = await auth.fetchUserAttributes();
  return {
    email: updated.email.nextStep.updateAttributeStep,
    name: updated.name.nextStep.updateAttributeStep,
    changed: [changed.email, changed.email_verified, changed.name],
    sent,
    wrongCode,
    left,
  };
};

const devices = async () => {
  const username = "agathe";
  const backHome = newBrowser();
  await signUp(username);
  await confirm(username, await newestCode(username));
  await signIn(username);
  const { sharedSecret } = await withTotp();
  const [device] = await auth.fetchDevices();
  const visit = async (flow) => {
    backHome();
    await auth.signOut();
    operations();
    const { signInStep } = await signIn(username, PASSWORD, flow);
    const asked = operations();
    const key = (await accessToken())?.payload.device_key;
    return { signInStep, device: signInStep === "DONE" ? key === device.id : null, operations: asked };
  };

  const unremembered = await visit();
  await answerTotp(sharedSecret);
  await auth.rememberDevice();
  const remembered = await visit();
  const refreshed = await accessToken({ forceRefresh: true });
  const byPassword = await visit("USER_PASSWORD_AUTH");
  newBrowser();
  const elsewhere = (await signIn(username)).signInStep;
  await answerTotp(sharedSecret);
  const both = await auth.fetchDevices();
  // Forgotten from elsewhere: this browser still has the device's key, and learns that the pool does not.
  await auth.forgetDevice({ device });
  const forgotten = await visit();
  await answerTotp(sharedSecret);
  await auth.forgetDevice();
  const last = await auth.fetchDevices();
  return {
    name: typeof device.name,
    created: device.createDate instanceof Date,
    unremembered,
    remembered,
    refreshed: refreshed.payload.device_key === device.id,
    byPassword,
    elsewhere,
    both: both.length,
    forgotten,
    last: last.length,
    unknown: await failure(auth.forgetDevice({ device })),
  };
};

const passwords = async () => {
  const username = "anke";
  await member(username);
  const { nextStep } = await auth.resetPassword({ username });
  const code = await newestCode(username);
  const reset = (confirmationCode, newPassword) => auth.confirmResetPassword({ username, confirmationCode, newPassword });
  const wrongCode = await failure(reset(wrong(code), NEW_PASSWORD));
  const weakPassword = await failure(reset(code, "short"));
  await reset(code, NEW_PASSWORD);
  newBrowser();
  const oldPassword = await failure(signIn(username, PASSWORD));
  const newPassword = (await signIn(username, NEW_PASSWORD)).signInStep;
  return {
    next: nextStep,
    wrongCode,
    weakPassword,
    oldPassword,
    newPassword,
    wrongChange: await failure(auth.updatePassword({ oldPassword: PASSWORD, newPassword: NEW_PASSWORD })),
    rightChange: await failure(auth.updatePassword({ oldPassword: NEW_PASSWORD, newPassword: PASSWORD })),
  };
};

const signingOut = async () => {
  const username = "alma";
  const first = newBrowser();
  await signUp(username);
  await confirm(username, await newestCode(username));
  await signIn(username);
  newBrowser();
  await signIn(username);
  await auth.signOut({ global: true });
  const here = await failure(auth.getCurrentUser());
  first();
  return {
    here,
    accessToken: await failure(auth.fetchUserAttributes()),
    // Amplify drops tokens that cannot be refreshed, and says that nobody is signed in.
    refreshToken: (await accessToken({ forceRefresh: true })) === undefined,
    again: (await signIn(username)).signInStep,
  };
};

const deletion = async () => {
  const username = "alwine";
  await member(username);
  await auth.deleteUser();
  return {
    afterwards: await failure(signIn(username)),
    nameIsFree: await failure(signUp(username)),
  };
};

configure();
await report({
  signingUp,
  secondFactor,
  secondFactorAtFirstSignIn,
  mailAtFirstSignIn,
  signInByAddress,
  automaticSignIn,
  choiceOfFactors,
  invitation,
  attributes,
  devices,
  passwords,
  signingOut,
  deletion,
});
