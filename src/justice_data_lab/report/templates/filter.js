"use strict";
(() => {
  const filter = document.getElementById("filter");
  const shown = document.getElementById("shown");
  const results = [...document.querySelectorAll(".result")];
  const fits = (result, field) =>
    filter.elements[field].value === "*" || filter.elements[field].value === result.dataset[field];
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
  filter.addEventListener("change", update);
  filter.hidden = false;
  update();
})();
