// Room for the map: the filters out of the way, the whole screen; the address of what is shown.

import type { App } from "./app";
import { h, messageOf } from "./dom";

export function screenTools(app: App, present: HTMLElement): HTMLElement {
  const filters = h("button", { text: "Filters", "aria-pressed": "true",
    title: "Show or hide the filters", onclick: () => {
      const hidden = app.root.classList.toggle("tk-wide");
      filters.setAttribute("aria-pressed", String(!hidden));
    } });
  const full = h("button", { text: "Full screen", onclick: () => {
    const change = document.fullscreenElement ? document.exitFullscreen() : app.root.requestFullscreen();
    change.catch((error: unknown) => app.complain(messageOf(error)));
  } });
  return h("div", { class: "tk-group", role: "group", "aria-label": "Room for the map" }, filters,
    document.fullscreenEnabled ? full : null, present);
}

/** A button that copies the address of this view; null where a view has none. */
export function shareButton(app: App): HTMLElement | null {
  const { backend } = app;
  if (!backend.address) return null;
  const button = h("button", { text: "Copy link", title: "Copy the address of this page with this view", onclick: async () => {
    const address = backend.address!(app.state);
    try {
      await navigator.clipboard.writeText(address);
      app.notify("");
      button.textContent = "Link copied";
      app.say("Link copied.");
      setTimeout(() => {
        button.textContent = "Copy link";
      }, 2000);
    } catch {
      app.notify(`The browser does not let this page copy. The address of this view: ${address}`);
    }
  } });
  return button;
}
