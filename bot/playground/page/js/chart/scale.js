/** Round axis steps and number texts. */

const STEPS = [1, 2, 2.5, 5, 10];

/** A number with thousands separators and at most two decimals; a dash when it is absent. */
export function number(value) {
  if (value === undefined || value === null) return "–";
  return new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 }).format(value);
}

/** Round tick values that enclose [low, high]; whole numbers stay whole. */
export function ticks(low, high, wanted = 4) {
  const whole = Number.isInteger(low) && Number.isInteger(high);
  const span = high - low || 1;
  const power = 10 ** Math.floor(Math.log10(span / wanted));
  let step = STEPS.map((factor) => factor * power).find((size) => span / size <= wanted + 0.5) ?? 10 * power;
  if (whole) step = Math.max(1, Math.ceil(step));
  const first = Math.floor(low / step) * step;
  const values = [first];
  while (values.at(-1) < high - step * 1e-9) values.push(first + values.length * step);
  return values;
}

/** A function from values to pixels. */
export function linear([from, to], [start, end]) {
  return (value) => start + ((value - from) / (to - from || 1)) * (end - start);
}

/** Show every n-th label so that labels of `width` pixels do not touch. */
export function every(count, width, room) {
  return Math.max(1, Math.ceil((count * width) / Math.max(1, room)));
}
