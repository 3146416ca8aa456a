// What every page does: the menu on narrow screens, and questions before what cannot be undone.

document.addEventListener("click", (event) => {
  const menu = event.target.closest("[data-opens]");
  if (!menu) return;
  const drawer = document.getElementById(menu.dataset.opens);
  const isOpen = drawer.classList.toggle("is-open");
  menu.setAttribute("aria-expanded", String(isOpen));
});

// <form data-confirm="Really?"> asks first.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// On a narrow screen the tab of this page may be out of sight.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
