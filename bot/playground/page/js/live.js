/** The live connection: what the server pushes to the acting person, and reconnecting when it is lost. */

import { announce, state } from "./state.js";

let socket = null;
let attempt = 0;
let timer = 0;

/** Announce one pushed event under `live:<type>`. */
function receive(event) {
  let data;
  try {
    data = JSON.parse(event.data);
  } catch {
    return;
  }
  announce(`live:${data.type}`, data);
}

/** Try again after 0.5, 1, 2, 4 … at most 8 seconds. */
function retry() {
  announce("connection", { up: false });
  attempt += 1;
  timer = window.setTimeout(connect, Math.min(8000, 250 * 2 ** attempt));
}

/** (Re)connect as the acting person; an older connection is dropped without noise. Resolves when it stands or has failed. */
export function connect() {
  window.clearTimeout(timer);
  if (socket) {
    socket.onclose = null;
    socket.close();
  }
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const mine = new WebSocket(`${scheme}://${location.host}/page/live?as=${encodeURIComponent(state.me.id)}`);
  socket = mine;
  mine.onmessage = receive;
  return new Promise((resolve) => {
    mine.onopen = () => {
      const again = attempt > 0;
      attempt = 0;
      announce("connection", { up: true, again });
      resolve();
    };
    mine.onclose = () => {
      retry();
      resolve();
    };
  });
}
