"use strict";
// Without this script the page is whole: sorting, filtering and the choice of a theme come on top.
(function () {
  // A cell without a figure sorts last, whichever way.
  function compare(a, b, column, down) {
    const x = a.cells[column], y = b.cells[column];
    if (column === 0) {
      const order = x.textContent.localeCompare(y.textContent, "en", { numeric: true });
      return down ? -order : order;
    }
    const p = x.dataset.v, q = y.dataset.v;
    if (p === undefined && q === undefined) {
      const r = x.textContent, s = y.textContent;
      if (!r || !s) return (r ? 0 : 1) - (s ? 0 : 1);
      return down ? s.localeCompare(r, "en", { numeric: true }) : r.localeCompare(s, "en", { numeric: true });
    }
    if (p === undefined || q === undefined) return p === undefined ? 1 : -1;
    return down ? q - p : p - q;
  }

  function sort(table, column) {
    const heads = table.tHead.rows[0].cells, body = table.tBodies[0];
    const down = heads[column].getAttribute("aria-sort") !== "descending" && column > 0 ||
      column === 0 && heads[0].getAttribute("aria-sort") === "ascending";
    const rows = Array.from(body.rows).map((row, i) => ({ row: row, i: i }));
    rows.sort((a, b) => compare(a.row, b.row, column, down) || a.i - b.i);
    for (const head of heads) head.removeAttribute("aria-sort");
    heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
    body.append(...rows.map((item) => item.row));
  }

  function addSorting(table) {
    Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent || "case";
      head.textContent = "";
      head.append(button);
      button.addEventListener("click", () => sort(table, column));
    });
  }

  function addFilter(table) {
    const rows = Array.from(table.tBodies[0].rows);
    if (rows.length < 8) return;
    const line = document.createElement("p"), input = document.createElement("input"), count = document.createElement("output");
    line.className = "filter";
    input.type = "search";
    input.placeholder = "Filter rows";
    input.setAttribute("aria-label", "Filter rows of: " + (table.caption ? table.caption.textContent : "table"));
    count.setAttribute("aria-live", "polite");
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        if (!row.hidden) shown++;
      }
      count.textContent = words.length ? shown + " of " + rows.length + " rows" : "";
    });
    line.append(input, count);
    table.closest(".table").prepend(line);
  }

  function addTheme() {
    const button = document.getElementById("theme"), root = document.documentElement;
    button.hidden = false;
    button.addEventListener("click", () => {
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
    });
  }

  function addAll() {
    for (const table of document.querySelectorAll("table")) {
      addSorting(table);
      addFilter(table);
    }
    addTheme();
  }

  // What a reader has chosen, by table, to be chosen again in the next version of the page.
  function choices() {
    const list = [];
    for (const box of document.querySelectorAll(".table")) {
      const head = box.querySelector("th[aria-sort]"), input = box.querySelector(".filter input");
      list.push({ id: box.id, column: head ? head.cellIndex : -1, down: head && head.getAttribute("aria-sort") === "descending",
        filter: input ? input.value : "" });
    }
    return list;
  }

  function choose(list) {
    for (const choice of list) {
      const box = document.getElementById(choice.id);
      if (!box) continue;
      const table = box.querySelector("table"), input = box.querySelector(".filter input");
      const head = choice.column >= 0 ? table.tHead.rows[0].cells[choice.column] : null;
      if (head) {
        sort(table, choice.column);
        if ((head.getAttribute("aria-sort") === "descending") !== choice.down) sort(table, choice.column);
      }
      if (input && choice.filter) {
        input.value = choice.filter;
        input.dispatchEvent(new Event("input"));
      }
    }
  }

  // A parsed document is inert: nothing in it runs, here as there.
  async function renew() {
    const answer = await fetch("/", { cache: "no-store" });
    if (!answer.ok) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html"), kept = choices();
    document.title = next.title;
    for (const part of ["header", "nav", "main"]) document.querySelector(part).replaceWith(next.querySelector(part));
    addAll();
    choose(kept);
  }

  addAll();
  if (document.documentElement.dataset.live)
    new EventSource(document.documentElement.dataset.live).addEventListener("message", () => { renew().catch(() => {}); });
})();
