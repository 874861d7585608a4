"use strict";
// Counts the shown code down and hides it when its time is over. The server makes the next one (htmx asks for it);
// when that fails, an expired code must never look alive.
(() => {
  let box = null;
  let endsAt = 0;

  const begin = () => {
    const found = document.getElementById("code");
    if (!found || found === box) return;
    box = found;
    // Measured from now by the monotonic clock: a wrong clock on the phone does not matter.
    endsAt = performance.now() + Number(box.dataset.seconds) * 1000;
  };

  const tick = () => {
    begin();
    if (!box) return;
    const left = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
    const over = left === 0;
    box.querySelector("[data-count]").textContent = String(left);
    box.querySelector("progress").value = left;
    box.classList.toggle("is-over", over);
    box.querySelector(".code-live").hidden = over;
    box.querySelector(".code-over").hidden = !over;
    box.querySelector(".code-again").hidden = !over;
  };

  const renew = () => {
    tick();
    if (document.visibilityState === "visible" && window.htmx) window.htmx.trigger("#code", "renew");
  };

  // A phone that slept or was without signal has missed its timers: ask for a new code at once.
  document.addEventListener("visibilitychange", renew);
  window.addEventListener("online", renew);
  document.addEventListener("htmx:afterSwap", tick);
  setInterval(tick, 250);
  tick();
})();
