/**
 * The browser's part of passkeys: `import { register, signIn } from "/auth/passkeys.js"`. It asks the endpoints beside which it
 * is served, and the browser (https://www.w3.org/TR/webauthn-3/). One request to the browser waits at a time: the next ends it.
 * @typedef {{credential_id: string, name: string, relying_party_id: string, attachment: string | null, transports: string[],
 *   created_at: number}} Passkey  as `GET passkeys` lists it
 * @typedef {{status: string, challenge?: any, state?: string, [member: string]: any}} Reply  of `login` and `challenge`
 * @typedef {{delivery?: "cookie" | "tokens", device?: string}} LoginOptions  members of `POST login`
 */

const REASONS = {
  NotAllowedError: ["cancelled", "No passkey was used: there is none here, it was cancelled, or it took too long."],
  AbortError: ["aborted", "The passkey is not asked for any more."],
  InvalidStateError: ["already_registered", "There is a passkey for this account here already."],
  SecurityError: ["wrong_site", "This site's passkeys do not work at this address."],
  NotSupportedError: ["not_supported", "There are no passkeys in this browser, or not for this page."],
};
let pending = new AbortController();

/** Where the endpoints are, and what goes with each request, such as `{ headers: { Authorization: "Bearer ..." } }`. */
export const config = { prefix: new URL(".", import.meta.url).href.slice(0, -1), request: /** @type {RequestInit} */ ({}) };

/** Why no passkey was registered, used or removed. The code is the server's, as `status` is, or a reason of the browser's. */
export class PasskeyError extends Error {
  /** @param {string} code  @param {string} message  @param {{status?: number, cause?: unknown}} [more] */
  constructor(code, message, more = {}) {
    super(message, more);
    this.code = code;
    this.status = more.status;
  }
}

/** Whether there are passkeys in this browser, for this page. */
export const supported = () => Boolean(globalThis.PublicKeyCredential && navigator.credentials);

/** Whether the browser offers them in the autofill of fields as well. */
export const autofillSupported = async () => supported() && !!(await PublicKeyCredential.isConditionalMediationAvailable?.());

/** End the request that waits, if one does: somebody signs in by other means, or leaves the form. */
export const cancel = () => pending.abort();

/** Make a passkey for whoever is signed in, and register it. @returns {Promise<{status: "registered"}>} */
export async function register() {
  const signal = begin();
  const { options } = await call("POST", "passkeys/options", {}, signal);
  return call("POST", "passkeys", { credential: await ask("create", options, { signal }) });
}

/** The passkeys of whoever is signed in. @returns {Promise<Passkey[]>} */
export const list = async () => (await call("GET", "passkeys")).passkeys;

/** Remove a passkey, and tell the browser, which may hide it from then on. @param {Passkey} passkey */
export async function remove({ credential_id: credentialId, relying_party_id: rpId }) {
  await call("POST", "passkeys/delete", { credential_id: credentialId });
  await globalThis.PublicKeyCredential?.signalUnknownCredential?.({ rpId, credentialId }).catch(() => {});
}

/**
 * Sign in with a passkey. The reply may be a challenge still: of somebody without a passkey, the choice of other ways.
 * @param {string} username  @param {LoginOptions} [options]  @returns {Promise<Reply>}
 */
export const signIn = async (username, options) => answer(await login(username, options, begin()));

/** Answer a challenge that asks for a passkey or offers one. @param {Reply} reply  @returns {Promise<Reply>} */
export async function answer(reply) {
  if (supported() && reply.challenge?.choices?.includes("WEB_AUTHN")) reply = await prove(reply, { choice: "WEB_AUTHN" });
  return asks(reply) ? prove(reply, { credential: await ask("get", optionsOf(reply), { signal: begin() }) }) : reply;
}

/**
 * Offer the user's passkey in the autofill of fields with `autocomplete="... webauthn"`, and sign in once it is picked there.
 * `null` says that there was nothing to offer, or that the offer is over; an error, that the passkey was picked and refused.
 * @param {string} username  @param {LoginOptions} [options]  @returns {Promise<Reply | null>}
 */
export async function autofill(username, options) {
  let reply, credential, lapse;
  try {
    const signal = begin();
    reply = (await autofillSupported()) && (await login(username, options, signal));
    if (!asks(reply)) return null;
    lapse = setTimeout(cancel, optionsOf(reply).timeout ?? 180_000); // as the challenge does
    credential = await ask("get", optionsOf(reply), { signal, mediation: "conditional" });
  } catch {
    return null;
  } finally {
    clearTimeout(lapse);
  }
  return prove(reply, { credential });
}

const login = (username, options, signal) => call("POST", "login", { ...options, username, preferred: "WEB_AUTHN" }, signal);
const asks = (reply) => reply?.challenge?.name === "WEB_AUTHN";
const optionsOf = (reply) => reply.challenge.request_options;
const prove = (reply, answer) => call("POST", "challenge", { state: reply.state, answer });

function begin() {
  if (!supported()) throw new PasskeyError(...REASONS.NotSupportedError);
  cancel();
  pending = new AbortController();
  return pending.signal;
}

async function call(method, path, members, signal) {
  const headers = new Headers(config.request.headers);
  if (members) headers.set("Content-Type", "application/json");
  const sent = { ...config.request, method, headers, signal, body: members && JSON.stringify(members) };
  const reply = await fetch(`${config.prefix}/${path}`, sent).catch((cause) => {
    throw explained(cause, "unreachable", "The server cannot be reached. Try again in a moment.");
  });
  const content = await reply.json().catch(() => ({}));
  if (reply.ok) return content;
  const { code = "failed", message = "Something went wrong." } = content.error ?? {};
  throw new PasskeyError(code, message, { status: reply.status });
}

async function ask(kind, options, more) {
  const parser = kind === "create" ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON";
  try {
    const publicKey = PublicKeyCredential[parser]?.(options) ?? parsed(options);
    return written(await navigator.credentials[kind]({ publicKey, ...more }));
  } catch (cause) {
    throw explained(cause, "failed", "The browser could not use a passkey.");
  }
}

const explained = (cause, ...otherwise) => new PasskeyError(...(REASONS[cause.name] ?? otherwise), { cause });

// WebAuthn's JSON, for browsers that do not know it and for credentials of password managers whose `toJSON` fails.
const decoded = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
const encoded = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

function parsed({ challenge, user, excludeCredentials: known, allowCredentials: own, ...options }) {
  const withId = (each) => ({ ...each, id: decoded(each.id) });
  const lists = { excludeCredentials: known?.map(withId), allowCredentials: own?.map(withId) };
  return { ...options, ...lists, challenge: decoded(challenge), user: user && withId(user) };
}

function written(credential) {
  try {
    return credential.toJSON();
  } catch {
    const { id, rawId, type, authenticatorAttachment: made, response: held } = credential;
    const response = { transports: held.getTransports?.() };
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
      if (held[name]) response[name] = encoded(held[name]);
    const told = { authenticatorAttachment: made ?? undefined, clientExtensionResults: credential.getClientExtensionResults() };
    return { id, rawId: encoded(rawId), type, response, ...told };
  }
}
