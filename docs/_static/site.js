// What the theme and the extensions leave without a right name for screen readers.
document.addEventListener("DOMContentLoaded", () => {
  const text = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? "";
  const name = (selector, naming) => {
    for (const element of document.querySelectorAll(selector)) {
      element.setAttribute("aria-label", naming(element));
    }
  };
  name("summary:has(> .toctree-toggle)", (toggle) => {
    return `Pages of ${text(toggle.closest("li")?.querySelector("a")) || "this section"}`;
  });
  name(".search-button-field", text);
  // Their text is hidden, the title beside the picture is no link.
  name(".sphx-glr-thumbcontainer a", text);
  for (const fold of document.querySelectorAll("details.hide > summary")) {
    fold.removeAttribute("aria-label");
  }
});
