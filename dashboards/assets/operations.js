/* The inbox by keyboard: arrows go from alert to alert, Enter opens (it is a link), Escape closes the opened one. */
"use strict";
document.addEventListener("keydown", (event) => {
  const link = event.target.closest ? event.target.closest(".alert-title") : null;
  if (event.key === "Escape" && !event.defaultPrevented) {
    const inside = event.target.closest && event.target.closest("#card-alert");
    const close = document.getElementById("alert-close");
    if (inside && close && !event.target.matches("input, textarea")) close.click();
    return;
  }
  if (!link || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  const links = [...document.querySelectorAll("#inbox-list .alert-title")];
  const next = links[links.indexOf(link) + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) {
    event.preventDefault();
    next.focus();
  }
});
