/** The Home tab: the view that the bot has published for this person. */

import { get } from "./api.js";
import { renderBlocks } from "./blocks/index.js";
import { fill, h } from "./dom.js";
import { state } from "./state.js";
import { Surface } from "./surface.js";
import { report } from "./toasts.js";

/** Home of one person. */
export class HomeTab {
  constructor() {
    this.content = h("div", { class: "home", "data-testid": "home-content" }, h("p", { class: "muted" }, "Loading…"));
    this.node = h("div", { class: "home-scroll", tabindex: "0", role: "region", "aria-label": "Home" }, this.content);
    this.surface = null;
  }

  /** Tell the bot that Home was opened, and show what it has published. */
  async load() {
    const answer = await get("/page/home", { as: state.me.id });
    if (report(answer) && !this.surface) this.show(answer.view);
  }

  /** Show a view, keeping what was entered. */
  show(view) {
    if (!view) {
      fill(this.content, h("div", { class: "empty" }, h("h2", {}, "Nothing on Home yet"), h("p", {}, "The app has not published a Home tab for this person.")));
      return;
    }
    const kept = this.surface?.form.entered();
    this.surface = new Surface("home", { view_id: view.id }, kept);
    fill(this.content, renderBlocks(view.blocks, this.surface));
  }
}
