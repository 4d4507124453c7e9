// Room for the map: the filters out of the way, the whole screen.

import type { App } from "./app";
import { h, messageOf } from "./dom";

export function screenTools(app: App): HTMLElement {
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
    document.fullscreenEnabled ? full : null);
}
