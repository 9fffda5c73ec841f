// What every journey needs beside the client that it tries: what it was given, the pool's outbox and clock, one-time codes,
// and a report. Knows no client.
import { createHmac } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";

export const given = JSON.parse(process.argv[2]);
export const PASSWORD = "Correct-Horse-7";
export const NEW_PASSWORD = "Battery-Staple-8";

const tool = async (path, body) => {
  const headers = { "Content-Type": "application/json" };
  const url = `${given.endpoint}/_local/${path}`;
  const reply = await fetch(url, body && { method: "POST", headers, body: JSON.stringify(body) });
  return reply.json();
};

export const newestCode = async (username, userPoolId = given.userPoolId) => {
  const query = new URLSearchParams({ username, user_pool_id: userPoolId });
  const { messages } = await tool(`outbox?${query}`);
  return messages.at(-1).code;
};

const base32 = (text) => {
  const bits = [...text].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"));
  return Buffer.from(bits.join("").match(/.{8}/g).map((octet) => parseInt(octet, 2)));
};

// RFC 6238, for the next period of the pool's clock, so that the pool has not seen the code.
export const totp = async (secret) => {
  const { now } = await tool("clock", { move: 30 });
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30)));
  const digest = createHmac("sha1", base32(secret)).update(counter).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
};

// A code that is not `code`.
export const wrong = (code) => String((Number(code) + 1) % 1_000_000).padStart(6, "0");

// How an attempt ended: "none", or the error's name.
export const failure = (attempt) => attempt.then(() => "none", (error) => error.code ?? error.name);

// The operations that node asked of the pool, by whatever client, since the last time this was called.
export const operations = () => heard.splice(0);
const heard = [];
subscribe("undici:request:create", ({ request }) => {
  const found = /AWSCognitoIdentityProviderService\.(\w+)/.exec(request.headers);
  if (found) heard.push(found[1]);
});

// Runs the parts one after the other and prints what each found, or the error that ended it. Ends the process, because a
// client may leave timers behind.
export const report = async (parts) => {
  const facts = {};
  for (const [name, part] of Object.entries(parts)) {
    facts[name] = await part().catch((error) => ({ error: error.stack, code: error.code ?? error.name }));
  }
  process.stdout.write(`${JSON.stringify(facts)}\n`, () => process.exit());
};
