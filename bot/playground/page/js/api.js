/** The page's side of the server: JSON over HTTP. Every answer has `ok`; a failed one has `message`, a sentence. */

/** Turn a failed request into the same shape as a refusal by the server. */
function failure(message) {
  return { ok: false, error: "unreachable", message };
}

/** Send a request and read JSON, never throwing. */
async function call(path, init) {
  let response;
  try {
    response = await fetch(path, init);
  } catch {
    return failure("The local workspace does not answer. Is it still running?");
  }
  const body = await response.json().catch(() => null);
  if (body && typeof body === "object") return "ok" in body ? body : { ok: response.ok, ...body };
  return failure(`The local workspace answered ${response.status} to ${path}.`);
}

/** GET with query parameters. */
export function get(path, params = {}) {
  const known = Object.entries(params).filter(([, value]) => value !== undefined && value !== null);
  const query = new URLSearchParams(known).toString();
  return call(query ? `${path}?${query}` : path);
}

/** POST a JSON body. */
export function post(path, body) {
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** POST the bytes of a file, with query parameters. */
export function send(path, params, bytes) {
  return call(`${path}?${new URLSearchParams(params)}`, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream" },
    body: bytes,
  });
}

/** DELETE without a body. */
export function remove(path) {
  return call(path, { method: "DELETE" });
}
