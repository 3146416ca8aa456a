// Uploading: each file on its own, two at a time, with its progress and its own result. Without this script the form
// sends all files at once.

const form = document.getElementById("upload");
const results = document.getElementById("results");
const list = results.querySelector("ul");
const input = document.getElementById("files");
const drop = document.getElementById("drop");
const words = form.dataset;
const waiting = [];
let running = 0;

document.getElementById("send").hidden = true;
input.required = false;

function line(file) {
  const item = document.createElement("li");
  const name = document.createElement("strong");
  const said = document.createElement("span");
  const bar = document.createElement("progress");
  name.textContent = file.name;
  said.textContent = words.waiting;
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  item.append(name, said, bar);
  list.append(item);
  return { item, said, bar };
}

function finish({ item, said, bar }, isTaken, message, href, file) {
  bar.remove();
  item.className = isTaken ? "is-good" : "is-bad";
  said.textContent = message;
  if (href) {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = words.open;
    item.append(link);
  } else if (file) {
    const again = document.createElement("button");
    again.type = "button";
    again.className = "button is-small";
    again.textContent = words.again;
    again.addEventListener("click", () => { item.remove(); add([file]); });
    item.append(again);
  }
}

function send(file, shown) {
  const body = new FormData(form);
  body.delete("files");
  body.append("files", file, file.name);
  const request = new XMLHttpRequest();
  request.open("POST", form.action || location.href);
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    shown.bar.value = event.loaded / event.total;
    shown.said.textContent = `${words.sending} ${Math.round(100 * event.loaded / event.total)} %`;
  });
  request.upload.addEventListener("load", () => {
    shown.bar.removeAttribute("value");
    shown.said.textContent = words.checking;
  });
  request.addEventListener("loadend", () => {
    running -= 1;
    let outcome = null;
    try { outcome = JSON.parse(request.responseText).files[0]; } catch { /* not our answer: see below */ }
    if (outcome) finish(shown, outcome.is_taken, outcome.message, outcome.href);
    else finish(shown, false, words.lost, "", file);
    next();
  });
  request.send(body);
}

function next() {
  while (running < 2 && waiting.length) {
    const [file, shown] = waiting.shift();
    if (file.size > Number(words.limit) * 1024 * 1024) {
      finish(shown, false, words.large);
      continue;
    }
    running += 1;
    send(file, shown);
  }
}

function add(files) {
  for (const file of files) waiting.push([file, line(file)]);
  results.hidden = !list.children.length;
  next();
}

input.addEventListener("change", () => { add([...input.files]); input.value = ""; });
for (const kind of ["dragenter", "dragover"]) {
  drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("is-over"); });
}
for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("is-over"));
drop.addEventListener("drop", (event) => { event.preventDefault(); add([...event.dataTransfer.files]); });
window.addEventListener("beforeunload", (event) => { if (running || waiting.length) event.preventDefault(); });
