"use strict";
// Small conveniences on top of pages that work without them.

function closeMenus(except) {
  document.querySelectorAll("details.d-menu[open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details.d-menu"));
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus(null);
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-select]")) event.target.select();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// One press, one request: a form that was sent is not sent again by a second click.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if ((form.method || "").toLowerCase() === "post") {
    form.dataset.sent = "yes";
    window.setTimeout(() => delete form.dataset.sent, 8000);
  }
});

// A passage that is linked to may lie in a folded part.
function unfoldTarget() {
  const id = decodeURIComponent(window.location.hash.slice(1));
  const target = id && document.getElementById(id);
  const fold = target && target.closest("[data-unfold]");
  if (fold && !fold.open) {
    fold.open = true;
    target.scrollIntoView({ block: "center" });
  }
}
window.addEventListener("hashchange", unfoldTarget);

document.addEventListener("DOMContentLoaded", () => {
  // The claim in its article: scrolled into view inside its own box, not the page.
  const here = document.querySelector("[data-article] .d-current");
  if (here) {
    const box = here.closest("[data-article]");
    box.scrollTop = Math.max(0, here.offsetTop - box.clientHeight / 3);
  }
  unfoldTarget();
  const wrong = document.querySelector(".d-deed .d-refusal, .d-homeless");
  if (wrong) wrong.scrollIntoView({ block: "center" });
});
