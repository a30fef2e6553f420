// Filters the support table by Keras and by feature; without JavaScript the whole table is there.
function filterSupport() {
  const form = document.querySelector(".support-filter");
  if (!form || !form.hidden) return;
  const table = document.querySelector(".support table");
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows];
  const show = () => {
    const keras = form.elements.keras.value;
    const words = form.elements.feature.value.toLowerCase().split(/\s+/).filter(Boolean);
    const columns = heads.map((head, i) => i === 0 || !keras || head.dataset.keras === keras);
    let shown = 0;
    for (const row of [table.tHead.rows[0], ...rows]) {
      [...row.cells].forEach((cell, i) => { cell.hidden = !columns[i]; });
    }
    for (const row of rows) {
      const text = row.cells[0].textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      shown += !row.hidden;
    }
    form.querySelector("output").value = `${shown} of ${rows.length} features`;
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  show();
}
// What scrolls sideways can be reached without a mouse.
function focusScrollable() {
  for (const box of document.querySelectorAll("pre > code, .md-typeset__scrollwrap")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
}

// The theme leaves these without a name, and a screen reader with nothing to say.
function nameParts() {
  document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
  document.querySelectorAll(".md-code__nav").forEach((nav, i) => {
    nav.setAttribute("aria-label", `Code ${i + 1}`);
  });
}

function prepare() {
  filterSupport();
  focusScrollable();
  nameParts();
  setTimeout(nameParts, 500); // the theme adds buttons to code when it comes into view
}

document$.subscribe(prepare);
window.addEventListener("resize", focusScrollable);
