"use strict";
(() => {
  const form = document.getElementById("filter");
  const shown = document.getElementById("shown");
  const results = [...document.querySelectorAll(".result")];
  const fits = (result, field) =>
    form.elements[field].value === "*" || form.elements[field].value === result.dataset[field];
  const update = () => {
    for (const result of results) {
      result.hidden = !(fits(result, "need") && fits(result, "sector"));
    }
    const count = results.filter((result) => !result.hidden).length;
    shown.textContent =
      count === results.length
        ? `All ${count} requests are shown.`
        : `${count} of ${results.length} requests are shown.`;
  };
  form.addEventListener("change", update);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  update();
})();
