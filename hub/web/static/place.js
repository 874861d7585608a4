"use strict";
// Sends the phone's position once, when its holder presses the button; rounded here, so that more never leaves the phone.
(() => {
  const form = document.getElementById("place");
  const status = document.getElementById("place-status");
  const DECIMALS = 3; // about 100 m, as the text beside the button says
  if (!navigator.geolocation) return;
  const field = (name, value) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.querySelector("button").disabled = true;
    status.textContent = form.dataset.asking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field("latitude", coords.latitude.toFixed(DECIMALS));
        field("longitude", coords.longitude.toFixed(DECIMALS));
        field("accuracy", String(Math.ceil(coords.accuracy)));
        form.submit();
      },
      () => {
        status.textContent = form.dataset.failed;
        form.querySelector("button").disabled = false;
      },
      { enableHighAccuracy: true, maximumAge: 0, timeout: 20000 },
    );
  });
})();
