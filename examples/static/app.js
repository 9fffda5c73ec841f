/* The sign-in page. It shows one view at a time and talks to the endpoints below /auth.

The session is in cookies that no script can read. What this file holds, and forgets when the page is left, is the name that was
typed and the sealed state of a sign-in that stands at a challenge. Nothing is kept in storage or in an address. */

import * as passkeys from "/auth/passkeys.js";

const AUTH = "/auth";
const BROWSER = { delivery: "cookie" };
const WAYS = {
  SOFTWARE_TOKEN_MFA: "Authenticator app",
  SMS_MFA: "Text message",
  SMS_OTP: "Text message",
  EMAIL_OTP: "Email",
  WEB_AUTHN: "Passkey",
  PASSWORD_SRP: "Password",
  PASSWORD: "Password, sent to Cognito as it is",
};

let username = "";
let state = null; // where the sign-in stands; only the server can open it
let busy = false;

const byId = (id) => document.getElementById(id);
const viewNamed = (name) => document.querySelector(`[data-view="${name}"]`);

class Refusal extends Error {
  constructor(status, { code = "", message = "Something went wrong." } = {}) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

async function call(method, path, members) {
  const body = members && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(members) };
  const reply = await fetch(path, { method, ...body });
  const content = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new Refusal(reply.status, content.error);
  return content;
}

const auth = (path, members = {}) => call("POST", `${AUTH}/${path}`, members);

// What is shown.

function show(name, notice = "") {
  passkeys.cancel();
  for (const view of document.querySelectorAll("[data-view]")) view.hidden = view.dataset.view !== name;
  for (const form of document.forms) form.reset();
  for (const input of document.querySelectorAll("[name=username]")) input.value = username;
  if (name !== "set-up") putSecret("", "");
  if (name === "sign-in") state = null;
  const view = viewNamed(name);
  byId("error").textContent = "";
  byId("notice").textContent = notice;
  document.title = view.querySelector("h1").textContent;
  const inputs = [...view.querySelectorAll("input:not([readonly])")];
  (inputs.find((input) => !input.value || input.type === "radio") ?? view.querySelector("h1")).focus();
  offerPasskey();
}

function showSecret({ secret_code: secret, otpauth_uri: address }) {
  putSecret(secret.match(/.{1,4}/g).join(" "), address);
  show("set-up");
}

function putSecret(secret, address) {
  byId("secret").textContent = secret;
  byId("address").textContent = address;
  byId("otpauth").href = address;
}

function showChoices(names, title = "Choose a second factor") {
  viewNamed("choose").querySelector("h1").textContent = title;
  const choices = names.map((name, index) => {
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "choice", value: name, required: true });
    input.defaultChecked = index === 0;
    return labelled(WAYS[name] ?? name, input);
  });
  byId("choices").replaceChildren(...choices);
  show("choose");
}

function showFactors(names) {
  showChoices(names);
  if (!names.includes("EMAIL_OTP")) return;
  const input = Object.assign(document.createElement("input"), { type: "email", name: "email", autocomplete: "email" });
  byId("choices").append(labelled("Email address, if you choose email", input));
}

function showNewPassword({ required_attributes: names }) {
  const inputs = names.map((name) =>
    labelled(name, Object.assign(document.createElement("input"), { name: `attribute:${name}`, required: true })),
  );
  byId("attributes").replaceChildren(...inputs);
  show("new-password");
}

function showCode(hint, resendable = false) {
  byId("code-hint").textContent = hint;
  byId("resend-code").hidden = !resendable;
  show("code");
}

function showQuestion(parameters) {
  byId("question").textContent = Object.entries(parameters).map(([name, value]) => `${name}: ${value}`).join(", ");
  show("answer");
}

async function showPasskeys(notice = "") {
  const held = await passkeys.list();
  const items = held.map((passkey) => {
    const item = document.createElement("li");
    const added = new Date(passkey.created_at * 1000).toLocaleDateString();
    const button = Object.assign(document.createElement("button"), { type: "button", className: "link", passkey });
    button.dataset.do = "remove-passkey";
    button.append(`Delete ${passkey.name}`);
    item.append(`${passkey.name}, of ${added} `, button);
    return item;
  });
  byId("passkeys").replaceChildren(...items);
  show("passkeys", notice);
}

function labelled(text, input) {
  const label = document.createElement("label");
  label.append(...(input.type === "radio" ? [input, ` ${text}`] : [`${text} `, input]));
  return label;
}

async function showSignedIn(notice = "") {
  const me = await call("GET", `${AUTH}/me`);
  state = null;
  byId("who").textContent = me.username;
  byId("groups").textContent = me.groups.join(", ") || "none";
  byId("sub").textContent = me.sub;
  byId("expires").textContent = new Date(me.expires_at * 1000).toLocaleTimeString();
  byId("result").textContent = "";
  show("signed-in", notice);
}

// The steps of a sign-in: each reply either ends it or names the challenge to answer next.

const sentBy = (way) => ({ destination }) => `It went to ${destination ?? "you"} ${way}.`;
const byText = sentBy("as a text message");
const byMail = sentBy("by email");

const challenges = {
  SOFTWARE_TOKEN_MFA: () => showCode("It is in your authenticator app."),
  SMS_MFA: (challenge) => showCode(byText(challenge)),
  SMS_OTP: (challenge) => showCode(byText(challenge), true),
  EMAIL_OTP: (challenge) => showCode(byMail(challenge), true),
  PASSWORD: () => show("password"),
  PASSWORD_SRP: () => show("password"),
  WEB_AUTHN: async (_, reply) => goOn(await passkeys.answer(reply)),
  CUSTOM_CHALLENGE: ({ parameters }) => showQuestion(parameters),
  NEW_PASSWORD_REQUIRED: showNewPassword,
  SELECT_CHALLENGE: ({ choices }) => showChoices(choices, "Choose how to sign in"),
  SELECT_MFA_TYPE: ({ choices }) => showChoices(choices),
  MFA_SETUP: (challenge) => (challenge.secret_code ? showSecret(challenge) : showFactors(challenge.choices)),
};

async function goOn(reply) {
  if (reply.status === "signed_in") return showSignedIn();
  const answer = challenges[reply.challenge.name];
  if (!answer) throw new Error(`This page has no form for the challenge ${reply.challenge.name}.`);
  state = reply.state;
  return answer(reply.challenge, reply);
}

const answer = async (members) => goOn(await auth("challenge", { state, answer: members }));

/** Offer the passkey of whoever is named where the browser completes the fields of the form. */
async function offerPasskey() {
  const view = viewNamed("sign-in");
  const name = view.elements.username.value.trim();
  if (view.hidden || !name) return;
  try {
    const reply = await passkeys.autofill(name, BROWSER);
    if (reply) await goOn(reply);
  } catch (error) {
    fail(error, view);
  }
}

// What the forms do, by the name of their view.

const forms = {
  "sign-in": async ({ password }) => goOn(await auth("login", { username, password, ...BROWSER })),
  "sign-up": async ({ email, password }) => {
    const reply = await auth("signup", { username, password, attributes: { email } });
    if (reply.status === "confirmed") return show("sign-in", "Your account is ready. Sign in.");
    return show("confirm", reply.delivery ? `A code is on its way to ${reply.delivery.destination}.` : "");
  },
  confirm: async ({ code }) => {
    await auth("signup/confirm", { username, code });
    show("sign-in", "Your account is confirmed. Sign in.");
  },
  forgot: async () => {
    await auth("password/forgot", { username });
    show("reset", "If there is such an account, a code is on its way.");
  },
  reset: async ({ code, new_password }) => {
    await auth("password/reset", { username, code, new_password });
    show("sign-in", "Your password is set. Sign in with it.");
  },
  code: ({ code }) => answer({ code }),
  choose: ({ choice, email }) => answer(email && choice === "EMAIL_OTP" ? { choice, email } : { choice }),
  password: ({ password }) => answer({ password }),
  answer: (fields) => answer(fields),
  "new-password": ({ new_password, ...fields }) => {
    const named = Object.entries(fields).filter(([name]) => name.startsWith("attribute:"));
    const attributes = Object.fromEntries(named.map(([name, value]) => [name.slice("attribute:".length), value]));
    return answer({ new_password, attributes });
  },
  "set-up": async ({ code }) => {
    if (state) return answer({ code });
    await auth("mfa/totp/verify", { code });
    return showSignedIn("Your authenticator app is registered. You will be asked for a code when you sign in.");
  },
};

// What the other buttons do.

const actions = {
  hello: () => probe("/hello"),
  admin: () => probe("/admin"),
  resend: async () => {
    username = viewNamed("confirm").elements.username.value;
    await auth("signup/resend", { username });
    byId("notice").textContent = "If the account waits for a code, a new one is on its way.";
  },
  passkey: async (form) => named(form) && goOn(await passkeys.signIn(username, BROWSER)),
  "other-way": async (form) => named(form) && goOn(await auth("login", { username, ...BROWSER })),
  "resend-code": async () => goOn(await auth("challenge", { state, wish: "resend_code" })),
  "set-up": async () => showSecret(await auth("mfa/totp/setup")),
  passkeys: () => showPasskeys(),
  "register-passkey": async () => {
    await passkeys.register();
    await showPasskeys("Your passkey is registered. You can sign in with it.");
  },
  "remove-passkey": async (_, { passkey }) => {
    await passkeys.remove(passkey);
    await showPasskeys(`${passkey.name} is deleted. It opens nothing here any more.`);
  },
  leave: () => (state ? show("sign-in") : showSignedIn()),
  refresh: async () => {
    await auth("refresh");
    await showSignedIn("The session has new tokens.");
  },
  "sign-out": () => signOut(false),
  "sign-out-everywhere": () => signOut(true),
};

/** Take the name that was typed; without one, the browser asks for it. */
function named(form) {
  username = form.elements.username.value.trim();
  return form.elements.username.reportValidity();
}

async function probe(path) {
  const reply = await fetch(path);
  byId("result").textContent = `${reply.status} ${JSON.stringify(await reply.json(), null, 2)}`;
}

async function signOut(everywhere) {
  await auth("logout", { everywhere });
  show("sign-in", everywhere ? "You are signed out everywhere." : "You are signed out.");
}

// What a refusal leads to, besides being shown.

const detours = {
  user_not_confirmed: () => show("confirm"),
  password_reset_required: () => show("forgot"),
};

function fail(error, view) {
  if (error.code === "aborted") return; // by this page, which shows something else by now
  const ofPasskey = error instanceof passkeys.PasskeyError;
  const over = error.status === 401 || error.code?.endsWith("_state") || (ofPasskey && state);
  if (detours[error.code]) detours[error.code]();
  else if (over && view.dataset.view !== "sign-in") show("sign-in");
  else {
    if (!ofPasskey) point(error, view);
    if (!ofPasskey || !error.status) offerPasskey(); // of one that was refused there is no hope
  }
  const unreachable = error instanceof TypeError; // fetch has no other word for it
  byId("error").textContent = unreachable ? "The server cannot be reached. Try again in a moment." : error.message;
}

/** Put the cursor where the wrong answer is. */
function point(error, view) {
  const inputs = [...view.querySelectorAll("input:not([readonly])")];
  const input = (error.code?.startsWith("code_") && inputs.find(({ name }) => name === "code")) || inputs.at(-1);
  if (!input) return;
  input.setAttribute("aria-invalid", "true");
  input.focus();
  input.select();
}

async function attempt(view, work) {
  if (busy) return;
  busy = true;
  view.setAttribute("aria-busy", "true");
  for (const input of view.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  byId("error").textContent = byId("notice").textContent = "";
  try {
    await work();
  } catch (error) {
    fail(error, view);
  } finally {
    view.removeAttribute("aria-busy");
    busy = false;
  }
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  passkeys.cancel();
  const fields = Object.fromEntries(new FormData(event.target));
  username = fields.username?.trim() ?? username;
  if (fields.code) fields.code = fields.code.replace(/\s/g, "");
  attempt(event.target, () => forms[event.target.dataset.view](fields));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-show], [data-do]");
  if (!button) return;
  const view = button.closest("[data-view]");
  if (button.dataset.show) show(button.dataset.show);
  else attempt(view, () => actions[button.dataset.do](view, button));
});

viewNamed("sign-in").elements.username.addEventListener("change", offerPasskey);
for (const element of document.querySelectorAll("[data-passkeys]")) element.hidden = !passkeys.supported();
showSignedIn().catch((error) => (error.status === 401 ? show("sign-in") : (show("sign-in"), fail(error, viewNamed("sign-in")))));
