/** Where blocks are drawn (a message, a modal, the Home tab): who reads them and what pressing something does. */

import { post } from "./api.js";
import { confirmed } from "./confirm.js";
import { Form } from "./form.js";
import { state } from "./state.js";
import { report } from "./toasts.js";

/** One drawn message or view. `ids` is `{channel, message_ts}` or `{view_id}`. */
export class Surface {
  constructor(kind, ids, kept) {
    this.kind = kind;
    this.ids = ids;
    this.form = new Form(kept);
  }

  /** Tell the bot that an element was used; asks first if the element has a confirm dialog. Returns whether it was sent. */
  async act(blockId, element, payload, control) {
    if (element.confirm && !(await confirmed(element.confirm))) return false;
    const action = { type: element.type, ...payload };
    control?.setAttribute("aria-busy", "true");
    const answer = await post("/page/action", {
      as: state.me.id, ...this.ids, block_id: blockId, action_id: element.action_id, ...action, action,
      state: { values: this.form.values() },
    });
    control?.removeAttribute("aria-busy");
    return report(answer);
  }

  /** Ask the bot for the options of an external select. */
  async options(blockId, element, value) {
    const answer = await post("/page/options", {
      as: state.me.id, ...this.ids, block_id: blockId, action_id: element.action_id, value,
    });
    report(answer);
    return answer;
  }
}
