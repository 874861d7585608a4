"use strict";
// Says whether the server can be reached, as far as the browser knows.
(() => {
  const line = document.getElementById("connection");
  if (!line) return;
  const word = line.querySelector(".connection-word");
  const tell = () => {
    const online = navigator.onLine;
    line.classList.toggle("is-offline", !online);
    word.textContent = online ? line.dataset.online : line.dataset.offline;
    line.hidden = false;
  };
  window.addEventListener("online", tell);
  window.addEventListener("offline", tell);
  tell();
})();
