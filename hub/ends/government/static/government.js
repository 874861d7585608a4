"use strict";
// Conveniences of the government end. Everything works without them.
(() => {
  const WAIT = 400; // milliseconds in which the progress can be read before the next portion is asked for

  // Plates of a large area are made in portions: go on until the page says that none is waiting.
  const portion = document.querySelector("form[data-continue]");
  if (portion) window.setTimeout(() => portion.requestSubmit(), WAIT);

  const all = document.querySelector("[data-tick-all]");
  if (all) {
    const boxes = () => all.closest("form").querySelectorAll("input[name=plate]");
    all.addEventListener("change", () => {
      for (const box of boxes()) box.checked = all.checked;
    });
  }
})();
