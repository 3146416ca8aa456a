// The distribution matrix. Only the cells in sight are in the page; the data has a letter for each cell.

const box = document.getElementById("matrix");
const data = box && JSON.parse(document.getElementById("matrix-data").textContent);
const words = box && JSON.parse(document.getElementById("matrix-words").textContent);
const statusWords = box && JSON.parse(document.getElementById("matrix-statuses").textContent);

if (box) {
  const say = box.dataset;
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const [CELL, NAMES, HEADS, SPARE] = [1.75 * rem, 17 * rem, 8.5 * rem, 6];
  const [heads, names, cells, size] = ["heads", "names", "cells", "size"].map((part) => box.querySelector(`.m-${part}`));
  const find = (id) => document.getElementById(id);
  const filters = { text: find("f-text"), tier: find("f-tier"), status: find("f-status"), state: find("f-state") };
  const statuses = new Set(data.columns.map((column) => column[3]));
  const selected = new Set(); // "row:column", by their numbers in the data
  const current = { row: 0, column: 0 };
  let rows = [], columns = []; // numbers in the data of what the filters leave
  let drag = null, isAsked = false, drawn = null; // drawn: the window that is in the page, in rows and columns

  const isOpen = (letter) => letter === "o" || letter === "r";
  const isBarred = (row, column) => isOpen(row.cells[column]) && data.columns[column][3] in row.no;
  const escape = (text) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
  const holder = (row) => row.name ? `${row.party} › ${row.name}` : `${row.party} › ${say.noone}`;

  function describe(number, column) {
    const row = data.rows[number];
    const [, name, revision, status] = data.columns[column];
    const said = [`${holder(row)}: ${name}, ${say.revision} ${revision}, ${statusWords[status]}: ${words[row.cells[column]]}`];
    if (row.children[column]) said.push(`${row.children[column]} ${say.children}`);
    if (isBarred(row, column)) said.push(say.barred);
    if (row.no[status]) said.push(`${say.cannot} ${row.no[status]}`);
    else if (row.lapses && isOpen(row.cells[column])) said.push(`${say.lapses} ${row.lapses}`);
    return said.join(" · ");
  }

  function classOf(number, column) {
    const row = data.rows[number], letter = row.cells[column];
    const names = ["m-cell"];
    if (letter !== ".") names.push(`is-${letter}`);
    else if (data.columns[column][3] in row.no || !row.id) names.push("is-cannot");
    if (isBarred(row, column)) names.push("is-barred");
    if (row.children[column]) names.push("has-children");
    if (selected.has(`${number}:${column}`)) names.push("is-selected");
    return names.join(" ");
  }

  // What is in sight, with some spare cells around it. While scrolling stays within the spare, nothing is drawn.
  function inSight() {
    const [y, x] = [Math.floor(box.scrollTop / CELL), Math.floor(box.scrollLeft / CELL)];
    return {
      top: y, left: x,
      bottom: Math.min(rows.length, y + Math.ceil((box.clientHeight - HEADS) / CELL)),
      right: Math.min(columns.length, x + Math.ceil((box.clientWidth - NAMES) / CELL)),
    };
  }

  function drawIfNeeded() {
    const seen = inSight();
    isAsked = false;
    if (drawn && seen.top >= drawn.top && seen.left >= drawn.left && seen.bottom <= drawn.bottom && seen.right <= drawn.right) return;
    draw();
  }

  function draw() {
    isAsked = false;
    const seen = inSight();
    const top = Math.max(0, seen.top - SPARE), left = Math.max(0, seen.left - SPARE);
    const bottom = Math.min(rows.length, seen.bottom + SPARE), right = Math.min(columns.length, seen.right + SPARE);
    drawn = { top, left, bottom, right };
    const html = { heads: [], names: [], cells: [] };
    for (let x = left; x < right; x += 1) {
      const [, name, revision] = data.columns[columns[x]];
      html.heads.push(`<div class="m-head" role="columnheader" aria-colindex="${x + 2}" data-x="${x}" title="${escape(name)}, ${escape(say.revision)} ${revision}"><span>${escape(name.replace(/\.\w{1,4}$/, ""))} · ${revision}</span></div>`);
    }
    for (let y = top; y < bottom; y += 1) {
      const row = data.rows[rows[y]];
      const tone = Object.keys(row.no).length === statuses.size ? " is-barred" : row.lapses ? " is-lapsing" : "";
      const why = Object.values(row.no)[0] ?? (row.lapses ? `${say.lapses} ${row.lapses}` : "");
      html.names.push(`<div class="m-name is-${row.tier}${tone}" data-y="${y}" title="${escape(holder(row))}${why ? ` · ${escape(why)}` : ""}">${escape(row.name || say.noone)} <small>${escape(row.party)}</small></div>`);
      const line = [];
      for (let x = left; x < right; x += 1) {
        const letter = row.cells[columns[x]];
        const isCurrent = y === current.row && x === current.column;
        line.push(`<div class="${classOf(rows[y], columns[x])}${isCurrent ? " is-current" : ""}" role="gridcell" aria-colindex="${x + 2}" aria-selected="${selected.has(`${rows[y]}:${columns[x]}`)}"${isCurrent ? ' id="matrix-current"' : ""} data-x="${x}" data-y="${y}"${letter !== "." || isCurrent ? ` aria-label="${escape(describe(rows[y], columns[x]))}"` : ""}>${letter === "." ? "" : letter.toUpperCase()}</div>`);
      }
      html.cells.push(`<div class="m-row" role="row" aria-rowindex="${y + 2}" data-y="${y}">${line.join("")}</div>`);
    }
    heads.innerHTML = html.heads.join("");
    names.innerHTML = html.names.join("");
    cells.innerHTML = html.cells.join("");
    for (const head of heads.children) head.style.left = `${NAMES + head.dataset.x * CELL}px`;
    for (const name of names.children) name.style.top = `${HEADS + name.dataset.y * CELL}px`;
    for (const row of cells.children) {
      row.style.left = `${NAMES + left * CELL}px`;
      row.style.top = `${HEADS + row.dataset.y * CELL}px`;
    }
    if (find("matrix-current")) box.setAttribute("aria-activedescendant", "matrix-current");
  }

  function ask(isChanged = true) {
    if (isChanged) drawn = null;
    if (!isAsked) { isAsked = true; requestAnimationFrame(drawIfNeeded); }
  }

  function filter() {
    const text = filters.text.value.trim().toLowerCase();
    const state = filters.state.value;
    const fits = (number, column) => !state || (state === "!" ? isBarred(data.rows[number], column) : data.rows[number].cells[column] === state);
    const all = [...data.columns.keys()].filter((column) => !filters.status.value || data.columns[column][3] === filters.status.value);
    const people = [...data.rows.keys()].filter((row) => !filters.tier.value || String(data.rows[row].tier) === filters.tier.value);
    const byName = text ? people.filter((row) => holder(data.rows[row]).toLowerCase().includes(text)) : people;
    const byDraft = text ? all.filter((column) => data.columns[column][1].toLowerCase().includes(text)) : all;
    rows = byName.length || !byDraft.length ? byName : people;
    columns = byDraft.length && (!text || !byName.length) ? byDraft : byName.length ? all : [];
    if (state) {
      rows = rows.filter((row) => columns.some((column) => fits(row, column)));
      columns = columns.filter((column) => rows.some((row) => fits(row, column)));
    }
    Object.assign(current, { row: 0, column: 0 });
    size.style.width = `${NAMES + columns.length * CELL}px`;
    size.style.height = `${HEADS + rows.length * CELL}px`;
    heads.style.width = size.style.width;
    box.setAttribute("aria-rowcount", rows.length + 1);
    box.setAttribute("aria-colcount", columns.length + 1);
    box.style.height = `min(70vh, ${HEADS + rows.length * CELL + 1.2 * rem}px)`;
    find("matrix-count").textContent = `${rows.length} ${say.holders} × ${columns.length} ${say.drafts}`;
    box.scrollTo(0, 0);
    draw();
  }

  function select(pairs, isAdded) {
    for (const [y, x] of pairs) {
      const key = `${rows[y]}:${columns[x]}`;
      if (!data.rows[rows[y]].id) continue; // nobody to share with or to name
      if (isAdded) selected.add(key); else selected.delete(key);
    }
    const bar = find("matrix-bar");
    if (bar) {
      bar.hidden = !selected.size;
      find("matrix-selected").textContent = `${selected.size} ${say.selected}`;
    }
    ask();
  }

  const block = (from, to) => {
    const pairs = [];
    for (let y = Math.min(from.y, to.y); y <= Math.max(from.y, to.y); y += 1) {
      for (let x = Math.min(from.x, to.x); x <= Math.max(from.x, to.x); x += 1) pairs.push([y, x]);
    }
    return pairs;
  };
  const allSelected = (pairs) => pairs.every(([y, x]) => selected.has(`${rows[y]}:${columns[x]}`) || !data.rows[rows[y]].id);
  const placeOf = (element) => ({ x: Number(element.dataset.x), y: Number(element.dataset.y) });

  function move(row, column) {
    current.row = Math.max(0, Math.min(rows.length - 1, row));
    current.column = Math.max(0, Math.min(columns.length - 1, column));
    const [x, y] = [current.column * CELL, current.row * CELL];
    const [width, height] = [box.clientWidth - NAMES - CELL, box.clientHeight - HEADS - CELL];
    if (x < box.scrollLeft) box.scrollLeft = x; else if (x > box.scrollLeft + width) box.scrollLeft = x - width;
    if (y < box.scrollTop) box.scrollTop = y; else if (y > box.scrollTop + height) box.scrollTop = y - height;
    draw();
    if (rows.length && columns.length) find("matrix-said").textContent = describe(rows[current.row], columns[current.column]);
  }

  box.addEventListener("keydown", (event) => {
    const { row, column } = current;
    const page = Math.floor((box.clientHeight - HEADS) / CELL) - 1;
    const steps = { ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], Home: [row, 0], End: [row, columns.length - 1], PageUp: [row - page, column], PageDown: [row + page, column] };
    if (event.key in steps) {
      const from = { y: row, x: column };
      move(...steps[event.key]);
      if (event.shiftKey) select(block(from, { y: current.row, x: current.column }), true);
    } else if (event.key === " ") {
      const pair = [[row, column]];
      select(pair, !allSelected(pair));
    } else if (event.key === "Enter" && rows.length) {
      const { id } = data.rows[rows[row]];
      if (id) location.assign(say.holderUrl.replace("HOLDER", encodeURIComponent(id)));
    } else if (event.key === "Escape") {
      clear();
    } else return;
    event.preventDefault();
  });

  box.addEventListener("pointerdown", (event) => {
    const cell = event.target.closest(".m-cell");
    if (!cell || event.button) return;
    const place = placeOf(cell);
    drag = { from: place, isAdded: !allSelected([[place.y, place.x]]) };
    Object.assign(current, { row: place.y, column: place.x });
    select([[place.y, place.x]], drag.isAdded);
  });
  box.addEventListener("pointerover", (event) => {
    const cell = event.target.closest(".m-cell");
    if (!cell) return;
    const { x, y } = placeOf(cell);
    cell.title = describe(rows[y], columns[x]);
    if (drag) select(block(drag.from, placeOf(cell)), drag.isAdded);
  });
  window.addEventListener("pointerup", () => { drag = null; });
  box.addEventListener("click", (event) => {
    const head = event.target.closest(".m-head"), name = event.target.closest(".m-name");
    if (!head && !name) return;
    const pairs = head
      ? [...rows.keys()].map((y) => [y, Number(head.dataset.x)])
      : [...columns.keys()].map((x) => [Number(name.dataset.y), x]);
    select(pairs, !allSelected(pairs));
  });

  function clear() {
    selected.clear();
    select([], true);
  }
  find("matrix-clear")?.addEventListener("click", clear);
  for (const form of find("matrix-bar")?.querySelectorAll("form") ?? []) {
    form.addEventListener("submit", () => {
      form.elements.pairs.value = [...selected].map((key) => {
        const [row, column] = key.split(":");
        return `${data.rows[row].id}:${data.columns[column][0]}`;
      }).join("\n");
    });
  }

  const add = (list, value, text) => list.append(new Option(text, value));
  for (const tier of [...new Set(data.rows.map((row) => row.tier))].sort()) if (tier) add(filters.tier, tier, `${say.tier} ${tier}`);
  for (const status of statuses) add(filters.status, status, statusWords[status]);
  for (const [letter, word] of Object.entries(words)) if (letter !== ".") add(filters.state, letter, word);
  for (const each of Object.values(filters)) each.addEventListener("input", filter);
  find("matrix-filters").addEventListener("submit", (event) => event.preventDefault());
  for (const id of ["matrix", "matrix-filters", "matrix-keys"]) find(id).hidden = false;
  box.addEventListener("scroll", () => ask(false), { passive: true });
  window.addEventListener("resize", () => ask());
  filter();
}
