// Light or dark: as JupyterLab is, else as the system is.

import type { ThemeName } from "./colours";

export class ThemeWatch {
  name: ThemeName = "light";
  private readonly preference = window.matchMedia("(prefers-color-scheme: dark)");
  private readonly watching: MutationObserver;

  constructor(private readonly root: HTMLElement, private readonly changed: () => void) {
    this.read();
    this.preference.addEventListener("change", this.read);
    this.watching = new MutationObserver(this.read);
    this.watching.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
  }

  private readonly read = (): void => {
    const lab = document.body.dataset["jpThemeLight"];
    const dark = lab === undefined ? this.preference.matches : lab === "false";
    this.name = dark ? "dark" : "light";
    this.root.dataset["theme"] = this.name;
    this.changed();
  };

  stop(): void {
    this.preference.removeEventListener("change", this.read);
    this.watching.disconnect();
  }
}
