// Building DOM without ever parsing text as HTML: whatever a title or a note holds is shown as text.

const NATIVE = new Set(["button", "input", "select", "textarea", "a", "summary"]);
const SVG = "http://www.w3.org/2000/svg";

/** Make an element; strings among the children become text nodes. */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  setAttributes(node, attributes);
  // JupyterLab's keyboard shortcuts look for this on the focused element itself, not on ancestors.
  if (NATIVE.has(tag) || "tabindex" in attributes) node.dataset.lmSuppressShortcuts = "true";
  if (tag === "button") node.type = "button";
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Make an SVG element. */
export function s(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  setAttributes(node, attributes);
  node.append(...children);
  return node;
}

export function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "text") node.textContent = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
}

/** Only web addresses become links: `javascript:` and the like stay text. */
export function webAddress(text) {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

export function link(text, address) {
  const href = webAddress(address);
  if (!href) return h("span", { text });
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", text });
}

/** A button that is disabled loses the focus: hand it on. */
export function enable(button, on, next) {
  if (!on && document.activeElement === button) next.focus();
  button.disabled = !on;
}

let serial = 0;
/** An id that no other explorer on the page has. */
export function freshId(name) {
  serial += 1;
  return `tk-${name}-${serial}-${Math.random().toString(36).slice(2, 8)}`;
}

export function count(number) {
  return number.toLocaleString("en-US");
}

export function plural(number, noun) {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}
