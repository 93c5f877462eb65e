// Narrows a list down while one types. An item says in data-text by which words it is found, and in data-NAME, with
// bars between, by which choices. The choices stand in the address behind #, so that a link can carry them.
"use strict";
(() => {
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const linked = () => { try { return document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return null; } };

  const unfold = () => {
    const target = linked();
    if (!target) return;
    for (let at = target; at; at = at.parentElement) { if (at.tagName === "DETAILS") at.open = true; at.hidden = false; }
    target.scrollIntoView({ behavior: "instant" });
  };

  for (const form of document.querySelectorAll("form.filter")) {
    const list = document.getElementById(form.dataset.for);
    const items = [...list.querySelectorAll("[data-text]")];
    const texts = items.map((item) => plain(item.dataset.text));
    const fields = [...form.elements].filter((field) => field.name);
    const output = form.querySelector("output");

    const apply = () => {
      const words = plain(form.elements.q.value).split(/\s+/).filter(Boolean);
      const chosen = fields.filter((field) => field.name !== "q" && field.value);
      let shown = 0;
      items.forEach((item, k) => {
        const fits = words.every((word) => texts[k].includes(word))
          && chosen.every((field) => (item.dataset[field.name] || "").split("|").includes(field.value));
        item.hidden = !fits;
        shown += fits;
      });
      for (const group of list.querySelectorAll("[data-group]")) group.hidden = !group.querySelector("[data-text]:not([hidden])");
      output.textContent = `${shown} of ${items.length}`;
    };

    const keep = () => {
      const said = new URLSearchParams(fields.filter((field) => field.value).map((field) => [field.name, field.value]));
      history.replaceState(null, "", `#${said}`);
    };

    const restore = () => {
      if (linked()) { unfold(); return; }
      const said = new URLSearchParams(location.hash.slice(1));
      for (const field of fields) field.value = said.get(field.name) || "";
      apply();
    };

    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => { apply(); keep(); });
    form.addEventListener("reset", () => setTimeout(() => { apply(); keep(); }));
    addEventListener("hashchange", restore);
    addEventListener("load", () => { if (linked()) unfold(); });
    apply();
    restore();
  }
  if (!document.querySelector("form.filter")) unfold();

  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const source = document.getElementById(button.dataset.copy);
      source.closest("details").open = true;
      source.select();
      document.execCommand("copy");
      button.textContent = "copied";
    });
  }
})();
