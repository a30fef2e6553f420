"use strict";
(function () {
  const root = document.documentElement;
  const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  let chosen = null;
  const paint = () => { root.dataset.theme = chosen || (dark.matches ? "dark" : "light"); };
  dark.addEventListener("change", paint);
  paint();
  document.getElementById("theme").addEventListener("click", () => {
    chosen = root.dataset.theme === "dark" ? "light" : "dark";
    paint();
  });

  document.body.classList.add("ready");
  all(".gap button").forEach((button) => button.addEventListener("click", () => {
    const folded = button.closest("tbody").nextElementSibling;
    const shown = folded.classList.toggle("shown");
    button.setAttribute("aria-expanded", String(shown));
  }));

  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.tagName === "DETAILS") target.open = true;
    target.scrollIntoView();
  };
  window.addEventListener("hashchange", reveal);

  const items = all(".item").map((node) => ({
    node, kinds: (node.dataset.kinds || "").split(" "), text: node.textContent.toLowerCase(),
  }));
  const search = document.getElementById("search");
  const chips = all(".chip");
  const matches = document.getElementById("matches");
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const kinds = chips.filter((c) => c.getAttribute("aria-pressed") === "true")
      .map((c) => c.dataset.kind);
    let shown = 0;
    items.forEach((item) => {
      const fits = words.every((word) => item.text.includes(word)) &&
        (!kinds.length || kinds.some((kind) => item.kinds.includes(kind)));
      item.node.toggleAttribute("data-hidden", !fits);
      shown += fits ? 1 : 0;
    });
    matches.textContent = words.length || kinds.length ? shown + " of " + items.length : "";
  };
  search.addEventListener("input", filter);
  chips.forEach((chip) => chip.addEventListener("click", () => {
    chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
    filter();
  }));
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== search) {
      event.preventDefault();
      search.focus();
    }
  });
  document.querySelector(".tools").hidden = false;
  reveal();
})();
