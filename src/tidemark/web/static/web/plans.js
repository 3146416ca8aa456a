// The form of an action saves itself. If that fails, it says so instead of leaving the last "saved" standing.

for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.body.addEventListener(name, () => {
    const saved = document.getElementById("saved");
    if (!saved) return;
    saved.textContent = saved.dataset.unsent;
    saved.classList.add("is-fault");
  });
}
document.body.addEventListener("htmx:afterSwap", (event) => event.target.classList.remove("is-fault"));
