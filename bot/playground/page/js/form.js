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
    this.fields.set(`${blockId}\u0000${element.action_id}`, { blockId, element, start: JSON.stringify(field.read()), ...field });
  }

  /** `state.values`. */
  values(wanted = () => true) {
    const values = {};
    for (const field of [...this.fields.values()].filter(wanted)) {
      const { blockId, element, read } = field;
      values[blockId] = { ...values[blockId], [element.action_id]: { type: element.type, ...read() } };
    }
    return values;
  }

  /** Only what the reader has entered: what still stands as it came may come differently next time. */
  entered() {
    return this.values(({ blockId, element, read, start }) => this.earlier(blockId, element) || JSON.stringify(read()) !== start);
  }

  /** The fields of one block. */
  of(blockId) {
    return [...this.fields.values()].filter((field) => field.blockId === blockId);
  }
}
