// Lists of choices: find in them, and choose all that is shown.

for (const tools of document.querySelectorAll(".tools[hidden]")) tools.hidden = false;

const itemsOf = (id) => [...document.getElementById(id)?.children ?? []];

document.addEventListener("input", (event) => {
  const list = event.target.dataset.finds;
  if (!list) return;
  const wanted = event.target.value.trim().toLowerCase();
  for (const item of itemsOf(list)) item.hidden = !item.textContent.toLowerCase().includes(wanted);
});

// Finding something is no change of the release.
document.addEventListener("change", (event) => { if (event.target.dataset.finds) event.stopPropagation(); }, true);

document.addEventListener("click", (event) => {
  const list = event.target.dataset.chooses;
  if (!list) return;
  const boxes = itemsOf(list).filter((item) => !item.hidden).map((item) => item.querySelector("input:not(:disabled)")).filter(Boolean);
  const isChosen = boxes.every((box) => box.checked);
  for (const box of boxes) box.checked = !isChosen;
  boxes[0]?.dispatchEvent(new Event("change", { bubbles: true }));
});
