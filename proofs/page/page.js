"use strict";
// Search, filters, deep links into folded parts, the theme, copying, printing.
// Everything else works without this script.
(() => {
  const root = document.documentElement;
  const main = document.getElementById("main");
  const form = document.querySelector(".search");
  const field = document.getElementById("search");
  const byStatus = document.getElementById("by-status");
  const byKind = document.getElementById("by-kind");
  const hits = document.getElementById("hits");
  const found = document.getElementById("found");
  const claims = [...document.querySelectorAll("article.claim")];
  const groups = [".row", ".chapter", "section.part"].map((s) => [...document.querySelectorAll(s)]);
  const beside = [...document.querySelectorAll("[data-beside]")];

  // A Greek letter is found by its name, as a sign or as a command of TeX.
  const GREEK = {
    α: "alpha", β: "beta", γ: "gamma", δ: "delta", ε: "epsilon", ζ: "zeta", η: "eta", θ: "theta",
    ι: "iota", κ: "kappa", λ: "lambda", μ: "mu", ν: "nu", ξ: "xi", π: "pi", ρ: "rho", σ: "sigma",
    ς: "sigma", τ: "tau", υ: "upsilon", φ: "phi", χ: "chi", ψ: "psi", ω: "omega",
  };
  const NAMES = new Set(Object.values(GREEK));
  const spelt = (text) =>
    text.normalize("NFKC").toLowerCase().replace(/\p{Script=Greek}/gu, (c) => ` ${GREEK[c] ?? c} `);
  const terms_of = (text) =>
    spelt(text.replace(/\\(?=[A-Za-z])/g, " ").replace(/[{}$]/g, "")).split(/\s+/).filter(Boolean);
  // The name of a letter is a whole word: eta is not found in theta.
  const finds = (term) => {
    if (!NAMES.has(term)) return (text) => text.includes(term);
    const whole = new RegExp(`(?<![a-z])${term}(?![a-z])`);
    return (text) => whole.test(text);
  };

  // What is searched, made when it is first needed.
  let words = null;
  const indexed = () => {
    words ??= claims.map((claim) => {
      const told = [...claim.querySelectorAll(":scope > .doc, :scope > footer .source")];
      const parts = [claim.id, claim.dataset.symbols, ...told.map((t) => t.textContent)];
      return spelt(parts.join(" "));
    });
    return words;
  };

  const state = () => ({ q: field.value.trim(), status: byStatus.value, kind: byKind.value });
  const active = (s) => Boolean(s.q || s.status || s.kind);

  // What was found, in one line each: ids that are asked for first.
  const LISTED = 30;
  const list = (seen, terms) => {
    const named = (claim) => terms.filter((term) => claim.id.includes(term)).length;
    const ranked = [...seen].sort((a, b) => named(b) - named(a)).slice(0, LISTED);
    const lines = ranked.map((claim) => {
      const line = document.createElement("li");
      const link = document.createElement("a");
      const id = document.createElement("code");
      const told = document.createElement("span");
      link.href = `#${claim.id}`;
      id.textContent = claim.id;
      link.append(id);
      told.className = "told";
      told.append(...(claim.querySelector(".doc p")?.cloneNode(true).childNodes ?? []));
      const badge = claim.querySelector(".standing .badge");
      const mark = badge.firstElementChild.cloneNode(true);
      mark.removeAttribute("aria-hidden");
      mark.setAttribute("role", "img");
      mark.setAttribute("aria-label", badge.textContent);
      line.append(mark, link, told);
      return line;
    });
    if (seen.length > LISTED) {
      const rest = document.createElement("li");
      rest.className = "told";
      rest.textContent = `and ${seen.length - LISTED} more below`;
      lines.push(rest);
    }
    found.replaceChildren(...lines);
    found.hidden = lines.length === 0;
  };

  const apply = () => {
    const asked = state();
    const searching = active(asked);
    const terms = terms_of(asked.q);
    const index = terms.length ? indexed() : null;
    const tests = terms.map(finds);
    const seen = [];
    claims.forEach((claim, i) => {
      const fits =
        (!asked.status || claim.dataset.status === asked.status) &&
        (!asked.kind || claim.dataset.kind === asked.kind) &&
        tests.every((test) => test(index[i]));
      claim.hidden = !fits;
      if (fits) seen.push(claim);
    });
    for (const level of groups) {
      for (const group of level) group.hidden = !group.querySelector("article.claim:not([hidden])");
    }
    for (const part of beside) part.hidden = searching;
    root.classList.toggle("searching", searching);
    hits.textContent = searching ? `${seen.length} of ${claims.length} claims` : "";
    list(searching ? seen : [], terms);
    return searching;
  };

  const query = (s) => {
    const kept = Object.entries(s).filter(([, value]) => value);
    return kept.length ? `#?${new URLSearchParams(kept)}` : "#";
  };

  const search = () => {
    const searching = apply();
    try {
      history.replaceState(null, "", searching ? query(state()) : location.pathname + location.search);
    } catch {
      // A page opened in a frame without an address of its own keeps none.
    }
    if (searching) main.scrollIntoView({ block: "start", behavior: "instant" });
  };

  // Sizes of what was never drawn are estimates: look again, frame by frame, until it stays.
  const settle = (target, frames = 30, calm = 0) => {
    const before = target.getBoundingClientRect().top;
    target.scrollIntoView({ behavior: "instant" });
    requestAnimationFrame(() => {
      const still = Math.abs(target.getBoundingClientRect().top - before) < 1 ? calm + 1 : 0;
      if (frames > 0 && still < 3) settle(target, frames - 1, still);
    });
  };

  const show = (target) => {
    const claim = target.closest("article.claim");
    if (claim?.hidden || target.closest("[hidden]")) {
      form.reset();
      apply();
    }
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    settle(target);
    target.setAttribute("tabindex", "-1");
    target.focus({ preventScroll: true });
  };

  const follow = () => {
    const hash = location.hash;
    if (hash.startsWith("#?")) {
      const told = new URLSearchParams(hash.slice(2));
      field.value = told.get("q") ?? "";
      byStatus.value = told.get("status") ?? "";
      byKind.value = told.get("kind") ?? "";
      apply();
      return;
    }
    let id = hash.slice(1);
    try {
      id = decodeURIComponent(id);
    } catch {
      // No address of ours: it leads nowhere, or to an id that is spelled so.
    }
    const target = id && document.getElementById(id);
    if (target) show(target);
  };

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", search);
  addEventListener("hashchange", follow);
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field.focus();
    } else if (event.key === "Escape" && event.target === field && field.value) {
      field.value = "";
      search();
    }
  });

  // Light or dark: the system's choice until another one is made.
  const theme = document.querySelector(".theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const shown = () => root.dataset.theme ?? (dark.matches ? "dark" : "light");
  const label = () => {
    const other = shown() === "dark" ? "Light" : "Dark";
    theme.textContent = other;
    theme.setAttribute("aria-label", `${other} colours`);
  };
  const stored = (value) => {
    try {
      if (value) localStorage.setItem("lemmata-theme", value);
      return localStorage.getItem("lemmata-theme");
    } catch {
      return null;
    }
  };
  const kept = stored();
  if (kept === "light" || kept === "dark") root.dataset.theme = kept;
  theme.hidden = false;
  theme.addEventListener("click", () => {
    root.dataset.theme = shown() === "dark" ? "light" : "dark";
    stored(root.dataset.theme);
    label();
  });
  dark.addEventListener("change", label);
  label();

  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };
  for (const button of document.querySelectorAll(".copy")) button.hidden = false;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.(".copy");
    if (!button) return;
    await copied(button.dataset.copy);
    const before = button.textContent;
    button.textContent = "copied";
    setTimeout(() => { button.textContent = before; }, 1200);
  });

  // Boxes that scroll are reached by keyboard; those that fit are not stopped at.
  const reach = (inside) => {
    for (const box of inside.querySelectorAll(".scroll")) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    }
  };
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) reach(entry.target);
  });
  for (const part of [...claims, ...beside]) seen.observe(part);
  document.addEventListener("toggle", (event) => reach(event.target), true);

  // Paper has nothing to unfold.
  let opened = [];
  addEventListener("beforeprint", () => {
    for (const one of main.querySelectorAll("details:not([open])")) {
      one.open = true;
      opened.push(one);
    }
  });
  addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
    opened = [];
  });

  if (matchMedia("(max-width: 60rem)").matches) document.querySelector(".contents > details").open = false;
  follow();
})();
