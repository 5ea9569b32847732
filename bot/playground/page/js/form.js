/** The values of one surface's interactive elements, in the shape of Slack's `state.values`. */

/** Collects readers; an element registers itself when it is drawn. */
export class Form {
  constructor(kept = {}) {
    this.fields = new Map();
    this.kept = kept;
  }

  /** What the reader had already entered before the surface was drawn anew, if it is the same kind of element. */
  earlier(blockId, element) {
    const value = this.kept[blockId]?.[element.action_id];
    return value?.type === element.type ? value : undefined;
  }

  /** Register `field`: `read()` gives Slack's value, `empty()` and `problem()` serve checks, `focus()` and `mark()` errors. */
  add(blockId, element, field) {
    this.fields.set(`${blockId}\u0000${element.action_id}`, { blockId, element, ...field });
  }

  /** `state.values`. */
  values() {
    const values = {};
    for (const { blockId, element, read } of this.fields.values()) {
      values[blockId] = { ...values[blockId], [element.action_id]: { type: element.type, ...read() } };
    }
    return values;
  }

  /** The fields of one block. */
  of(blockId) {
    return [...this.fields.values()].filter((field) => field.blockId === blockId);
  }
}
