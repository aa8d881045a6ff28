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

// Shortcuts: a page says with data-key what a key presses, opens or goes to (claims/admin/keys.py lists them).
const KEYS_OFF = "factcheck-single-keys-off";
let leading = "";

function openKeys() {
  const help = document.querySelector("[data-keys]");
  if (help && !help.open) help.showModal();
}

function keysAreOff() {
  return window.localStorage.getItem(KEYS_OFF) === "yes";
}

function follow(element) {
  if (element.matches("summary")) {
    const details = element.parentElement;
    details.open = !details.open || !details.contains(document.activeElement);
    const field = details.open && details.querySelector("input:not([type=hidden]), textarea, select");
    element.scrollIntoView({ block: "nearest" });
    (field || element).focus();
  } else if (element.matches("input, textarea, select")) {
    element.focus();
  } else {
    element.click();
  }
}

function rows() {
  return Array.from(document.querySelectorAll("[data-row]"));
}

function step(by) {
  const all = rows();
  if (!all.length) return false;
  const at = all.findIndex((row) => row.classList.contains("d-at"));
  const next = Math.max(0, Math.min(all.length - 1, at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by));
  all.forEach((row, index) => row.classList.toggle("d-at", index === next));
  all[next].querySelector("a").focus({ preventScroll: true });
  all[next].scrollIntoView({ block: "nearest" });
  return true;
}

function nextOf(key) {
  const all = Array.from(document.querySelectorAll(`[data-key-next="${key}"]`)).filter((one) => one.offsetParent);
  if (!all.length) return false;
  const at = all.findIndex((one) => one.parentElement.open);
  if (at >= 0) all[at].parentElement.open = false;
  follow(all[(at + 1) % all.length]);
  return true;
}

function rate(number) {
  const form = document.querySelector(".d-fold[open] .d-scale, .d-decision .d-scale");
  const choice = form && form.querySelectorAll("input[type=radio]")[number - 1];
  if (choice) choice.focus(), choice.click();
  return Boolean(choice);
}

function obey(key) {
  if (leading === "g") {
    leading = "";
    const link = document.querySelector({ q: 'a[href$="/claims/claim/"]', o: '#nav-sidebar a[href$="/admin/"]' }[key]);
    if (link) link.click();
    return Boolean(link);
  }
  if (key === "g") {
    leading = "g";
    window.setTimeout(() => (leading = ""), 1200);
    return true;
  }
  if (key === "?") return openKeys(), true;
  if ((key === "j" || key === "k") && rows().length) return step(key === "j" ? 1 : -1);
  if (key === "x") {
    const box = document.querySelector("[data-row].d-at input[name=claim]");
    if (box) box.click();
    return Boolean(box);
  }
  if (/^[1-9]$/.test(key)) return rate(Number(key));
  const press = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (press) return follow(press), true;
  const go = document.querySelector(`[data-key-focus="${CSS.escape(key)}"]`);
  if (go) return go.focus(), go.scrollIntoView({ block: "center" }), true;
  return nextOf(key);
}

document.addEventListener("keydown", (event) => {
  const field = event.target.closest("input, textarea, select, [contenteditable]");
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && field && field.form) {
    event.preventDefault();
    field.form.requestSubmit();
    return;
  }
  if (event.key === "Escape" && field) field.blur();
  const typing = field && !field.matches("[type=checkbox], [type=radio]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keysAreOff()) return;
  if (document.querySelector("dialog[open]")) return;
  if (obey(event.key)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys-open]")) openKeys();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-keys-off]")) {
    window.localStorage.setItem(KEYS_OFF, event.target.checked ? "yes" : "no");
  }
  const bulk = event.target.closest("[data-bulk]");
  if (!bulk) return;
  const boxes = Array.from(bulk.querySelectorAll("input[name=claim]"));
  if (event.target.matches("[data-all]")) boxes.forEach((box) => (box.checked = event.target.checked));
  const chosen = boxes.filter((box) => box.checked).length;
  bulk.querySelector("[data-count]").textContent = chosen;
  bulk.querySelector("[data-chosen]").hidden = !chosen;
});

document.addEventListener("DOMContentLoaded", () => {
  const off = document.querySelector("[data-keys-off]");
  if (off) off.checked = keysAreOff();
});

// A passage selected in a stored text goes into the form beside it, with its place counted in code points.
document.addEventListener("selectionchange", () => {
  const text = document.querySelector("[data-document]");
  const field = document.querySelector("[data-passage]");
  const chosen = window.getSelection();
  if (!text || !field || chosen.isCollapsed || !text.contains(chosen.anchorNode) || !text.contains(chosen.focusNode)) return;
  const range = chosen.getRangeAt(0);
  const passage = range.toString();
  if (!passage.trim()) return;
  const before = document.createRange();
  before.selectNodeContents(text);
  before.setEnd(range.startContainer, range.startOffset);
  const lead = passage.length - passage.trimStart().length;
  field.value = passage.trim();
  field.form.elements.start.value = Array.from(before.toString() + passage.slice(0, lead)).length;
});

// A part that takes longer than the page comes after it; until then, and without scripts, a link stands there.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-fetch]").forEach(async (place) => {
    try {
      const answer = await fetch(place.dataset.fetch, { credentials: "same-origin", redirect: "error" });
      if (!answer.ok) return;
      place.innerHTML = await answer.text();
      unfoldTarget();
    } catch {
      // The link stays.
    }
  });
});

// Unfold writes the name of a chosen file into the first text field it finds nearby: in our forms that is another's.
document.addEventListener(
  "change",
  (event) => {
    if (event.target.matches(".d-deed input[type=file], .d-page input[type=file]")) event.stopPropagation();
  },
  true,
);

// What people brought and a worker has before it asks again how far it is, ever more slowly, while somebody looks.
document.addEventListener("DOMContentLoaded", () => {
  const place = document.querySelector("[data-brought]");
  if (!place) return;
  const waiting = () => place.querySelectorAll("[data-again]");
  let pause = 2000;
  const ask = async () => {
    const before = waiting();
    if (!before.length) return;
    if (!document.hidden && !place.contains(document.activeElement)) {
      try {
        const answer = await fetch(before[0].dataset.again, { credentials: "same-origin", redirect: "error" });
        if (!answer.ok) return;
        place.innerHTML = await answer.text();
        if (waiting().length < before.length) document.querySelector("[data-read]").hidden = false;
      } catch {
        // It is asked again.
      }
    }
    pause = Math.min(pause * 1.3, 30000);
    window.setTimeout(ask, pause);
  };
  window.setTimeout(ask, pause);
});
