"use strict";
// Small things every page shares. Everything works without them.
(() => {
  const box = document.getElementById("problem");

  // Says what a refused background request says; used by htmx below and by the scripts of the ends.
  const showProblem = (problem) => {
    if (!box) return;
    const zh = document.documentElement.lang.startsWith("zh");
    const said = problem && problem.message ? (zh ? problem.message.zh : problem.message.en) : "";
    box.textContent = said || (zh ? "网络不可用，请稍后再试。" : "No connection. Please try again.");
    box.hidden = false;
    box.scrollIntoView({ block: "nearest" });
  };

  const csrf = () => document.querySelector("meta[name=csrf]").content;

  // POST JSON to our own origin; resolves with the answer, rejects after showing the problem.
  const post = async (url, body) => {
    let response;
    try {
      response = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": csrf() },
        body: JSON.stringify(body ?? {}),
      });
    } catch (error) {
      showProblem(null);
      throw error;
    }
    const answer = await response.json().catch(() => null);
    if (!response.ok) {
      showProblem(answer);
      throw new Error(answer && answer.reason ? answer.reason : String(response.status));
    }
    return answer;
  };

  window.hub = { showProblem, post, csrf };

  document.addEventListener("htmx:responseError", (event) => {
    let problem = null;
    try {
      problem = JSON.parse(event.detail.xhr.responseText);
    } catch {
      problem = null;
    }
    showProblem(problem);
  });
  document.addEventListener("htmx:sendError", () => showProblem(null));

  // A form is sent once: the second tap of an impatient thumb does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // A choice such as "Other" that asks for words: they are required while it is chosen.
  document.addEventListener("change", (event) => {
    const { form } = event.target;
    const asking = form ? form.querySelector("[data-asks]") : null;
    if (asking) form.elements[asking.dataset.asks].required = asking.checked;
  });

  // Opening one confirmation closes the others, Escape closes all.
  document.addEventListener("toggle", (event) => {
    const opened = event.target;
    if (!(opened instanceof HTMLDetailsElement) || !opened.open || !opened.classList.contains("confirm")) return;
    for (const other of document.querySelectorAll("details.confirm[open]")) if (other !== opened) other.open = false;
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const opened of document.querySelectorAll("details.confirm[open]")) opened.open = false;
  });
})();
