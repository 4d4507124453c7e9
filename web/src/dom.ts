// Building DOM without ever parsing text as HTML: whatever a title or a note holds is shown as text.

const NATIVE = new Set(["button", "input", "select", "textarea", "a", "summary"]);
const SVG = "http://www.w3.org/2000/svg";

type Value = string | number | boolean | null | undefined;
type Handlers = {
  [Name in keyof HTMLElementEventMap as `on${Name}`]?: (event: HTMLElementEventMap[Name]) => unknown;
};
export type Attributes = Handlers & Record<string, unknown>;
export type Child = Node | string | null | undefined;

/** Make an element; strings among the children become text nodes. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag, attributes: Attributes = {}, ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  setAttributes(node, attributes);
  // JupyterLab's keyboard shortcuts look for this on the focused element itself, not on ancestors.
  if (NATIVE.has(tag) || "tabindex" in attributes) node.dataset.lmSuppressShortcuts = "true";
  if (node instanceof HTMLButtonElement) node.type = "button";
  node.append(...present(children));
  return node;
}

/** Make an SVG element. */
export function s<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag, attributes: Record<string, Value> = {}, ...children: Child[]
): SVGElementTagNameMap[Tag] {
  const node = document.createElementNS(SVG, tag);
  setAttributes(node, attributes);
  node.append(...present(children));
  return node;
}

function present(children: Child[]): (Node | string)[] {
  return children.filter((child): child is Node | string => child !== null && child !== undefined);
}

export function setAttributes(node: Element, attributes: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value as EventListener);
    else if (name === "text" && typeof value === "string") node.textContent = value;
    else if (value === true) node.setAttribute(name, "");
    else if (typeof value === "string" || typeof value === "number") node.setAttribute(name, String(value));
  }
}

/** Only web addresses, and items of Zotero, become links: `javascript:` and the like stay text. */
export function webAddress(text: string): string | null {
  if (/^zotero:\/\/select\/[\w/]+$/.test(text)) return text;
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

export function link(text: string, address: string): HTMLElement {
  const href = webAddress(address);
  if (!href) return h("span", { text });
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", text });
}

/** A button that is disabled loses the focus: hand it on. */
export function enable(button: HTMLButtonElement, on: boolean, next: HTMLElement): void {
  if (!on && document.activeElement === button) next.focus();
  button.disabled = !on;
}

let serial = 0;
/** An id that no other explorer on the page has. */
export function freshId(name: string): string {
  serial += 1;
  return `tk-${name}-${serial}-${Math.random().toString(36).slice(2, 8)}`;
}

export function count(number: number): string {
  return number.toLocaleString("en-US");
}

export function plural(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function swatch(colour: string): HTMLElement {
  const node = h("span", { class: "tk-swatch", "aria-hidden": "true" });
  node.style.background = colour;
  return node;
}
