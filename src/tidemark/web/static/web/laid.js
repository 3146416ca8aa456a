// The line between draft and leak follows the slider. Without it the two pictures are cut in the middle.

document.addEventListener("input", (event) => {
  const figure = event.target.closest("[data-compare]");
  if (figure) figure.style.setProperty("--cut", `${event.target.value}%`);
});
