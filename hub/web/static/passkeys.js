"use strict";
// The four ceremonies: enrolment, one more passkey, login, proof within a session. The server says which by the addresses it gives.
(() => {
  const { startRegistration, startAuthentication, browserSupportsWebAuthn } = window.SimpleWebAuthnBrowser;
  const words = {
    unsupported: { zh: "此浏览器不支持通行密钥，请更换浏览器或设备。", en: "This browser has no passkeys. Use another browser or device." },
    cancelled: { zh: "未完成，请重试。", en: "Not completed. Please try again." },
    known: { zh: "此设备已有通行密钥。", en: "This device has a passkey already." },
  };

  const run = async (section, button) => {
    const registers = !["login", "prove"].includes(section.dataset.passkey);
    const label = section.querySelector("[data-passkey-label]");
    button.disabled = true;
    try {
      const optionsJSON = await window.hub.post(section.dataset.options);
      const credential = registers ? await startRegistration({ optionsJSON }) : await startAuthentication({ optionsJSON });
      const body = registers
        ? { credential, label: (label && label.value.trim()) || "Passkey" }
        : { credential, next: section.dataset.next };
      const answer = await window.hub.post(section.dataset.answer, body);
      window.location.assign(answer.next);
    } catch (error) {
      if (error.message === "STEP_UP_NEEDED") window.location.assign(`/access/prove?next=${encodeURIComponent(window.location.pathname)}`);
      else if (error.name === "NotAllowedError" || error.name === "AbortError") window.hub.showProblem({ message: words.cancelled });
      else if (error.name === "InvalidStateError") window.hub.showProblem({ message: words.known });
      else if (error.name === "WebAuthnError" || error.name === "SecurityError") window.hub.showProblem({ message: words.cancelled });
      button.disabled = false;
    }
  };

  for (const section of document.querySelectorAll("[data-passkey]")) {
    const button = section.querySelector("[data-passkey-start]");
    if (!button) continue;
    if (!browserSupportsWebAuthn()) {
      button.disabled = true;
      window.hub.showProblem({ message: words.unsupported });
      continue;
    }
    button.addEventListener("click", () => run(section, button));
  }
})();
